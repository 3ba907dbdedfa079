package dev.patchbay.cli.command;

import dev.patchbay.cli.CommandContext;
import dev.patchbay.cli.files.LedgerReading;
import dev.patchbay.cli.files.PartReading;
import dev.patchbay.cli.words.LedgerText;
import dev.patchbay.core.invariants.Breach;
import dev.patchbay.core.invariants.Invariants;
import dev.patchbay.core.invariants.Look;
import dev.patchbay.store.Damage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks the ledger's files. */
@Command(name = "verify", mixinStandardHelpOptions = true, sortOptions = false, header = "Checks the ledger's files, byte by byte.",
    description = "Checks the ledger's files: that every byte is what was written, that every record is an entry, that the entries do not "
        + "contradict one another, and the invariants that the ledger alone can break.",
    footer = {"", "Exit codes: 0 all is well, 1 there is no ledger, or something is wrong with it, 2 wrong usage."})
public final class LedgerVerifyCommand implements Callable<Integer> {
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
  public LedgerVerifyCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<PartReading> parts = folders.read(context);
    LedgerReading reading = LedgerReading.of(parts);
    List<Breach> breaches = Invariants.breaches(Invariants.all(), Look.of(System.nanoTime() / 1_000_000, reading.ledger()));
    boolean well = reading.there() && reading.problems().isEmpty() && breaches.isEmpty();
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("well", well);
      all.put("parts", parts.stream().map(LedgerVerifyCommand::part).toList());
      all.put("problems", reading.problems());
      all.put("breaches", breaches.stream().map(Breach::toString).toList());
      context.json(all);
    } else {
      LedgerText.verify(reading, parts, breaches, context.colour()).forEach(context.out()::println);
    }
    return well ? 0 : 1;
  }

  private static Map<String, Object> part(PartReading part) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("part", part.part().name().toLowerCase(java.util.Locale.ROOT));
    one.put("folder", part.folder().toString());
    one.put("there", part.there());
    one.put("snapshotEntries", part.state().size());
    one.put("records", part.records().size());
    one.put("bytes", part.bytes());
    one.put("cut", part.cut());
    one.put("damages", part.damages().stream().map(LedgerVerifyCommand::damage).toList());
    return one;
  }

  private static Map<String, Object> damage(Damage damage) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("file", damage.file());
    one.put("offset", damage.offset());
    one.put("kind", damage.kind().name());
    one.put("afterRecord", damage.after());
    one.put("healed", damage.healed());
    one.put("words", damage.toString());
    return one;
  }
}
