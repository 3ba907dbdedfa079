package dev.patchbay.cli.command;

import dev.patchbay.cli.CommandContext;
import dev.patchbay.cli.CommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * Stands for the daemon in the list of commands. The daemon is a program of its own, with a virtual machine of its own measure and
 * layers that this one has not; the installation's script starts it for {@code patchbay node}.
 */
@Command(name = "node", description = "Runs the daemon of this node, until it is told to end.", mixinStandardHelpOptions = false)
public final class NodeCommand implements Callable<Integer> {
  private final CommandContext context;

  @Unmatched
  private List<String> arguments = new ArrayList<>();

  /**
   * Makes the command.
   *
   * @param context what it works with
   */
  public NodeCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    throw new CommandException("The daemon is a program of its own.", "Start it by " + context.launch().home().resolve("bin/patchbay")
        + " node" + (arguments.isEmpty() ? "" : " " + String.join(" ", arguments)) + ", which calls it with its own options.");
  }
}
