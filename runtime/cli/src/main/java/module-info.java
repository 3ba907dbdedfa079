/**
 * The operator's command, {@code patchbay}. Its subcommands are services of {@link dev.patchbay.cli.Command}, its own and those that
 * other layers of the installation bring.
 */
module dev.patchbay.cli {
  requires transitive dev.patchbay.launch;
  requires info.picocli;
  requires io.avaje.json;
  // Annotations only: nothing of it is needed at run time.
  requires static transitive org.jspecify;

  uses dev.patchbay.cli.Command;

  exports dev.patchbay.cli;
}
