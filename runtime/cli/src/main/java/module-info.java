/**
 * The operator's command, {@code patchbay}. Its subcommands are services of {@link dev.patchbay.cli.Command}, its own and those that
 * other layers of the installation bring.
 */
module dev.patchbay.cli {
  requires dev.patchbay.config;
  requires dev.patchbay.core;
  requires transitive dev.patchbay.launch;
  requires dev.patchbay.linux;
  requires dev.patchbay.netlink;
  requires dev.patchbay.node;
  requires dev.patchbay.simulation;
  requires dev.patchbay.store;
  requires dev.patchbay.types;
  requires dev.patchbay.wire;
  requires info.picocli;
  requires io.avaje.json;
  requires org.snakeyaml.engine;
  // Annotations only: nothing of it is needed at run time.
  requires static transitive org.jspecify;

  uses dev.patchbay.cli.Command;
  uses dev.patchbay.cli.ContractTests;

  exports dev.patchbay.cli;

  // picocli reads options and parameters from the fields of commands.
  opens dev.patchbay.cli to info.picocli;
  opens dev.patchbay.cli.command to info.picocli;
  opens dev.patchbay.cli.daemon to info.picocli;

  provides dev.patchbay.core.cloud.CloudClients with dev.patchbay.cli.training.TrainingClouds;
  provides dev.patchbay.launch.Program with dev.patchbay.cli.PatchbayProgram, dev.patchbay.cli.training.TrainingProgram;
}
