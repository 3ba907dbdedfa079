/**
 * The process of the cluster side, of which several replicas run and one acts: watches, asks EC2, carries out what the controller
 * wants, and serves health, figures and state.
 */
module dev.patchbay.controller {
  requires transitive dev.patchbay.cluster;
  requires transitive dev.patchbay.config;
  requires transitive dev.patchbay.core;
  requires transitive dev.patchbay.launch;
  // What every process of the runtime has: the choice of modes, logs, endpoints.
  requires dev.patchbay.node;
  requires io.avaje.json;
  requires jdk.httpserver;
  requires org.slf4j;
  // Annotations only: nothing of it is needed at run time.
  requires static org.jspecify;

  uses dev.patchbay.cluster.ControllerTelemetry;
  uses dev.patchbay.controller.Admissions;
  uses dev.patchbay.core.cloud.CloudClients;
  uses dev.patchbay.core.objects.ClusterClients;

  exports dev.patchbay.controller;

  provides dev.patchbay.launch.Program with dev.patchbay.controller.ClusterProgram;
}
