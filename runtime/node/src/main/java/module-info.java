/**
 * The daemon of a node: it drives the brain, serves the CNI socket, and shows its state.
 */
module dev.patchbay.node {
  requires transitive dev.patchbay.config;
  requires transitive dev.patchbay.core;
  requires transitive dev.patchbay.launch;
  requires dev.patchbay.linux;
  requires dev.patchbay.netlink;
  requires transitive dev.patchbay.store;
  requires transitive dev.patchbay.wire;
  requires ch.qos.logback.classic;
  requires ch.qos.logback.core;
  requires io.avaje.json;
  requires java.management;
  requires jdk.httpserver;
  requires org.slf4j;
  // Annotations only: nothing of it is needed at run time.
  requires static org.jspecify;

  uses dev.patchbay.core.cloud.CloudClients;
  uses dev.patchbay.core.objects.ClusterClients;
  uses dev.patchbay.node.Telemetry;

  exports dev.patchbay.node;
  // The verbs of CNI, for whoever shows figures about them.
  exports dev.patchbay.node.cni;

  provides ch.qos.logback.classic.spi.Configurator with dev.patchbay.node.logging.LogsLater;
  provides dev.patchbay.launch.Program with dev.patchbay.node.NodeProgram;
}
