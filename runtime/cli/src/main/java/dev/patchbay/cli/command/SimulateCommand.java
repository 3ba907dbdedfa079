package dev.patchbay.cli.command;

import dev.patchbay.cli.CommandContext;
import dev.patchbay.cli.CommandException;
import dev.patchbay.simulation.Choice;
import dev.patchbay.simulation.History;
import dev.patchbay.simulation.Outcome;
import dev.patchbay.simulation.Sabotage;
import dev.patchbay.simulation.Shrinker;
import dev.patchbay.simulation.Tally;
import dev.patchbay.simulation.model.Fault;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs histories of the simulation. */
@Command(name = "simulate", mixinStandardHelpOptions = true, sortOptions = false,
    header = "Runs the daemon's decisions against models of all that is outside, with faults, in virtual time.",
    description = "Runs the real brain, the ledger's real code and real modes against models of EC2, IMDS, API server, kernel, disk and "
        + "container runtime, with faults at every step, and watches the invariants. All that happens follows from the seed: the same "
        + "seed, modes and version give the same history. A history that violates an invariant is shrunk to a short story, with the "
        + "options that tell it again.",
    footer = {"", "Exit codes: 0 all invariants held, 1 one was violated, 2 wrong usage."})
public final class SimulateCommand implements Callable<Integer> {
  private final CommandContext context;

  @Option(names = "--seed", paramLabel = "N", description = "The first history's seed. Default: ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Option(names = "--histories", paramLabel = "N",
      description = "How many histories are run, each with the next seed. With 1 its story is told. Default: ${DEFAULT-VALUE}.")
  private long histories = 1;

  @Option(names = "--steps", paramLabel = "N", description = "How many steps each history has. Default: ${DEFAULT-VALUE}.")
  private int steps = History.STEPS;

  @Option(names = "--only", paramLabel = "STEPS", description = "Take these steps alone, for example 3,7-9; none for none.")
  private @Nullable String only;

  @Option(names = "--faults", paramLabel = "FAULT,...",
      description = "The faults that may happen; none for none. Default: all. --list-faults shows them.")
  private @Nullable String faults;

  @Option(names = "--list-faults", description = "Show the faults that there are.")
  private boolean list;

  @Option(names = "--modules", paramLabel = "FILE", arity = "1..*",
      description = "Module files: each base among them is simulated alone, with the defaults of its settings. Unless named: those in the "
          + "installation's folder modes.")
  private List<Path> modules = List.of();

  @Option(names = "--config", paramLabel = "FILE", arity = "1..*",
      description = "Simulate the modes that configurations choose; with several, daemons are started with one and then another.")
  private List<Path> configurations = List.of();

  @Option(names = "--whole", description = "Don't shrink a history that violates an invariant.")
  private boolean whole;

  /**
   * Makes the command.
   *
   * @param context what it works with
   */
  public SimulateCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (list) {
      for (Fault fault : Fault.values()) {
        context.out().printf("%-20s %s%n", fault.id(), fault.words());
      }
      return 0;
    }
    List<Choice> choices = configurations.isEmpty() ? SimulatedModes.ofModules(context, modules)
        : SimulatedModes.ofConfigurations(context, configurations);
    BitSet taken = taken();
    History first = new History(seed, steps, only == null ? step -> true : taken::get, choices, chosen(), Sabotage.NONE);
    return histories == 1 ? one(first) : many(first);
  }

  private int one(History history) {
    Outcome outcome = history.run(true);
    tell(outcome);
    if (outcome.violation().isPresent() && !whole) {
      shrink(history);
    }
    return outcome.violation().isPresent() ? 1 : 0;
  }

  private int many(History first) {
    Tally tally = new Tally();
    Optional<History> broken = Optional.empty();
    for (long n = 0; n < histories && broken.isEmpty(); n++) {
      History history = new History(seed + n, steps, first.left(), first.choices(), first.faults(), Sabotage.NONE);
      Outcome outcome = history.run(false);
      tally.add(outcome);
      broken = outcome.violation().map(v -> history);
    }
    context.out().print(tally.words());
    broken.ifPresent(history -> {
      if (whole) {
        tell(history.run(true));
      } else {
        shrink(history);
      }
    });
    return broken.isPresent() ? 1 : 0;
  }

  private void tell(Outcome outcome) {
    context.out().println(outcome.profile());
    outcome.lines().forEach(context.out()::println);
    context.out().printf("digest %016x%n", outcome.digest());
  }

  private void shrink(History history) {
    Shrinker.Shrunk shrunk = Shrinker.shrink(history);
    context.out().println();
    context.out().println("The shortest story that violates the same:");
    shrunk.outcome().lines().forEach(context.out()::println);
    context.out().println("Told again by: patchbay simulate " + shrunk.options()
        + Stream.concat(modules.stream().map(m -> " --modules " + m), configurations.stream().map(c -> " --config " + c))
            .collect(Collectors.joining()));
  }

  private BitSet taken() {
    try {
      return only == null ? new BitSet() : Shrinker.steps(only);
    } catch (IllegalArgumentException e) {
      throw new CommandException("--only can't be understood: " + e.getMessage() + ".", "Write steps as 3,7-9.");
    }
  }

  private Set<Fault> chosen() {
    if (faults == null) {
      return EnumSet.allOf(Fault.class);
    }
    Set<Fault> some = EnumSet.noneOf(Fault.class);
    for (String id : faults.equals("none") ? new String[0] : faults.split(",", -1)) {
      some.add(Stream.of(Fault.values()).filter(f -> f.id().equals(id)).findFirst().orElseThrow(
          () -> new CommandException("There is no fault called \"" + id + "\".", "--list-faults shows those that there are.")));
    }
    return some;
  }
}
