/**
 * The way to the Kubernetes API: what is watched there, and what is written there. Lives in the cloud layer, above the one that
 * serves pods, so that pods are answered while the client still loads.
 *
 * <p>Of the client, kubeconfig files, credentials and their renewal, TLS and HTTP are used. Lists and watches are read from the
 * stream straight into values, since a node has no memory to spare for objects that nobody looks at, and since whether the API
 * server is heard must be known here, which the client's informers do not tell.
 */
module dev.patchbay.kube {
  requires dev.patchbay.core;
  requires com.fasterxml.jackson.core;
  requires io.fabric8.kubernetes.client.jdkhttp;
  requires java.net.http;
  requires kubernetes.client.api;
  requires org.slf4j;
  requires org.snakeyaml.engine;
  // Annotations only: nothing of it is needed at run time.
  requires static transitive org.jspecify;

  provides dev.patchbay.core.objects.ClusterClients with dev.patchbay.kube.KubeClusterClients;
}
