/**
 * A Kubernetes API server for the lab: real clients talk to it over TLS, with service-account tokens, RBAC, resource
 * versions, watches, patches, custom resources and admission webhooks. It keeps everything in memory and runs no
 * controllers but those that belong to the API server's contract: default service accounts, emptying of namespaces,
 * garbage collection by owner, and service addresses.
 *
 * <p>What it does not do: built-in kinds have no schema, so that unknown fields are kept and only those fields checked
 * that networking depends on; Deployments, DaemonSets and the like are stored, and nobody acts on them; no scheduler
 * and no kubelet, which is the lab's part; no conversion between versions but of {@code apiVersion}; of CEL as much as
 * conditions of webhooks mostly need; no tables,
 * scale, log, exec or proxy; no client certificates; watches by WebSocket are refused in the way that makes clients
 * watch over plain HTTP. Protobuf is read for the kinds that command-line tools send in it, and never written.
 */
module dev.patchbay.lab.kube {
  requires transitive com.fasterxml.jackson.databind;
  requires transitive dev.patchbay.lab.calls;
  requires java.net.http;
  requires jdk.httpserver;
  requires org.bouncycastle.pkix;
  requires org.bouncycastle.provider;
  // Annotations only: nothing reads them while running.
  requires static transitive org.jspecify;

  exports dev.patchbay.lab.kube;
}
