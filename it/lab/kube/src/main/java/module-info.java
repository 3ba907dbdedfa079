/**
 * A Kubernetes API server for the lab: real clients talk to it over TLS, with service-account tokens, RBAC, resource
 * versions, watches, patches, custom resources and admission webhooks. It keeps everything in memory and runs no
 * controllers but those that belong to the API server's contract: default service accounts, emptying of namespaces,
 * garbage collection by owner, and service addresses.
 */
module dev.patchbay.lab.kube {
  requires transitive com.fasterxml.jackson.databind;
  requires jdk.httpserver;
  requires org.bouncycastle.pkix;
  requires org.bouncycastle.provider;
  // Annotations only: nothing reads them while running.
  requires static transitive org.jspecify;

  exports dev.patchbay.lab.kube;
}
