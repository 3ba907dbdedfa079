package dev.patchbay.lab.command;

import dev.patchbay.cli.Command;
import dev.patchbay.cli.CommandContext;

/** Brings {@code lab} to the operator's command, where the lab is installed. */
public final class LabCommands implements Command {
  /** Started as a service; does nothing yet. */
  public LabCommands() {}

  @Override
  public Object command(CommandContext context) {
    return new LabCommand();
  }
}
