package dev.patchbay.cli.command;

import dev.patchbay.cli.CommandContext;
import dev.patchbay.cli.files.LedgerReading;
import dev.patchbay.cli.files.PartReading;
import dev.patchbay.cli.words.LedgerText;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what the ledger adds up to. */
@Command(name = "show", mixinStandardHelpOptions = true, sortOptions = false, header = "Shows what the ledger adds up to.",
    description = "Shows what the ledger adds up to: the attachments with their addresses, what cools down, and which interfaces, addresses "
        + "and prefixes Patchbay made in EC2.",
    footer = {"", "Exit codes: 0 it was read, 1 there is none, or something in it can't be read, 2 wrong usage."})
public final class LedgerShowCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin
  private LedgerFolders folders = new LedgerFolders();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /**
   * Makes the command.
   *
   * @param context what it works with
   */
  public LedgerShowCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<PartReading> parts = folders.read(context);
    LedgerReading reading = LedgerReading.of(parts);
    long now = System.nanoTime() / 1_000_000;
    if (json) {
      context.json(LedgerText.json(reading, parts, now));
    } else {
      LedgerText.show(reading, parts, now, context.colour()).forEach(context.out()::println);
    }
    return reading.there() && reading.problems().isEmpty() ? 0 : 1;
  }
}
