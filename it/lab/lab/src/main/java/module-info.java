/**
 * The lab put together: a VPC of real packets, EC2, IMDS and Kubernetes on one Linux machine, and nodes in it that run the
 * real daemon. For tests in the same process ({@link dev.patchbay.lab.Lab}), and for people and other programs as the
 * command {@code patchbay lab}, which keeps a lab in a process of its own.
 */
module dev.patchbay.lab {
  requires transitive com.fasterxml.jackson.databind;
  requires transitive dev.patchbay.lab.calls;
  requires transitive dev.patchbay.lab.ec2;
  requires transitive dev.patchbay.lab.fabric;
  requires transitive dev.patchbay.lab.kube;
  requires transitive dev.patchbay.lab.vpc;
  requires dev.patchbay.cli;
  requires info.picocli;
  requires jdk.httpserver;
  requires org.snakeyaml.engine;
  // Annotations only: nothing of it is needed at run time.
  requires static transitive org.jspecify;

  exports dev.patchbay.lab;
  exports dev.patchbay.lab.services;

  // Reads options and parameters from the commands' fields.
  opens dev.patchbay.lab.command to info.picocli;

  provides dev.patchbay.cli.Command with dev.patchbay.lab.command.LabCommands;
}
