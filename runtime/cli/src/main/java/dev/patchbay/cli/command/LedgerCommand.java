package dev.patchbay.cli.command;

import dev.patchbay.cli.CommandContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The ledger of a node: who has which address, and what was made in EC2. */
@Command(name = "ledger", mixinStandardHelpOptions = true, sortOptions = false, header = "Reads the ledger of this node.",
    description = "Reads the ledger of this node from its files: who has which address, and what Patchbay made in EC2. It changes nothing, "
        + "works beside a daemon and without one, and on copies of the files.",
    synopsisSubcommandLabel = "COMMAND", footer = {"", "Each has --json. Exit codes: 0 all is well, 1 something was found or failed, 2 wrong usage."})
public final class LedgerCommand implements Runnable {
  private final CommandContext context;

  @CommandLine.Spec
  private CommandLine.Model.@Nullable CommandSpec spec;

  /**
   * Makes the command.
   *
   * @param context what it works with
   */
  public LedgerCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public void run() {
    if (spec != null) {
      spec.commandLine().usage(context.out());
    }
  }
}
