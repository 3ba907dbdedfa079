package dev.patchbay.lab.command;

import dev.patchbay.launch.LaunchContext;
import dev.patchbay.launch.Program;
import picocli.CommandLine;

/** The program {@code lab}: as what the launcher starts the process that keeps a lab. It has all of the lab's commands. */
public final class LabProgram implements Program {
  /** Started as a service; does nothing yet. */
  public LabProgram() {}

  @Override
  public String name() {
    return "lab";
  }

  @Override
  public int run(LaunchContext context) {
    return new CommandLine(new LabCommand()).execute(context.arguments().toArray(String[]::new));
  }
}
