package dev.patchbay.lab.command;

import picocli.CommandLine;

/** Runs the commands without an installation of Patchbay around them, from the class path. */
public final class Main {
  private Main() {}

  /**
   * Runs one.
   *
   * @param arguments as after {@code patchbay lab}
   */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new LabCommand()).execute(arguments));
  }
}
