package dev.patchbay.cli.command;

import dev.patchbay.cli.CommandContext;
import dev.patchbay.cli.CommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * Stands for the controller in the list of commands. The controller is a program of its own, with a virtual machine of its own measure and
 * layers that this one has not; the installation's script starts it for {@code patchbay cluster}.
 */
@Command(name = "cluster",
    description = "Runs a replica of the cluster's controller, until it is told to end.", mixinStandardHelpOptions = false)
public final class ClusterCommand implements Callable<Integer> {
  private final CommandContext context;

  @Unmatched
  private List<String> arguments = new ArrayList<>();

  /**
   * Makes the command.
   *
   * @param context what it works with
   */
  public ClusterCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    throw new CommandException("The controller is a program of its own.", "Start it by " + context.launch().home().resolve("bin/patchbay")
        + " cluster" + (arguments.isEmpty() ? "" : " " + String.join(" ", arguments)) + ", which calls it with its own options.");
  }
}
