package dev.patchbay.cli.command;

import dev.patchbay.cli.CommandContext;
import dev.patchbay.cli.files.AddressHistory;
import dev.patchbay.cli.files.PartReading;
import dev.patchbay.cli.words.EntryText;
import dev.patchbay.spi.net.IpAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what the ledger says of an address, from the first to the last. */
@Command(name = "history", mixinStandardHelpOptions = true, sortOptions = false, header = "Shows what happened to an address.",
    description = "Shows every entry of the ledger that concerns an address, in the order in which they were written. What was before the "
        + "last snapshot but one is not kept.",
    footer = {"", "Exit codes: 0 there is something, 1 there is nothing, or something can't be read, 2 wrong usage."})
public final class LedgerHistoryCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(paramLabel = "ADDRESS", description = "The address.")
  private String address = "";

  @Mixin
  private LedgerFolders folders = new LedgerFolders();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @CommandLine.Spec
  private CommandLine.Model.@Nullable CommandSpec spec;

  /**
   * Makes the command.
   *
   * @param context what it works with
   */
  public LedgerHistoryCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    IpAddress ip = parsed();
    List<PartReading> parts = folders.read(context);
    List<AddressHistory.Step> steps = AddressHistory.of(ip, parts);
    List<String> problems = parts.stream().flatMap(p -> p.problems().stream()).toList();
    long now = System.nanoTime() / 1_000_000;
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("address", ip.toString());
      all.put("steps", steps.stream().map(s -> step(s, now)).toList());
      all.put("problems", problems);
      context.json(all);
    } else {
      print(ip, steps, problems, now);
    }
    return steps.isEmpty() || !problems.isEmpty() ? 1 : 0;
  }

  private void print(IpAddress ip, List<AddressHistory.Step> steps, List<String> problems, long now) {
    if (steps.isEmpty()) {
      context.out().println("The ledger says nothing of " + ip + ".");
    }
    for (AddressHistory.Step s : steps) {
      String place = s.number() == 0 ? "snapshot" : "record " + s.number();
      context.out().println(String.format("%-4s %-14s %s", s.part().name().toLowerCase(java.util.Locale.ROOT), place,
          EntryText.of(s.entry(), now)));
    }
    problems.forEach(context.out()::println);
  }

  private static Map<String, Object> step(AddressHistory.Step s, long now) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("part", s.part().name().toLowerCase(java.util.Locale.ROOT));
    one.put("record", s.number());
    one.put("entry", s.entry().getClass().getSimpleName());
    one.put("words", EntryText.of(s.entry(), now));
    return one;
  }

  private IpAddress parsed() {
    try {
      return IpAddress.of(address);
    } catch (IllegalArgumentException e) {
      String shown = address.length() < 80 ? address : address.substring(0, 80) + "...";
      throw new CommandLine.ParameterException(java.util.Objects.requireNonNull(spec).commandLine(),
          "\"" + shown.replaceAll("\\p{Cntrl}", "?") + "\" is no address; write one such as 10.0.0.7.");
    }
  }
}
