package dev.patchbay.cli.vendor;

import dev.patchbay.cli.ContractTests;
import dev.patchbay.core.compose.Composition;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.compose.Problem;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.launch.LaunchCodes;
import dev.patchbay.launch.LibraryReport;
import dev.patchbay.launch.LoadedMode;
import dev.patchbay.launch.ModeBrokenException;
import dev.patchbay.launch.ModeLoading;
import dev.patchbay.launch.ModuleFile;
import dev.patchbay.launch.ModuleRefusal;
import dev.patchbay.simulation.Choice;
import dev.patchbay.simulation.History;
import dev.patchbay.simulation.Outcome;
import dev.patchbay.simulation.PodKind;
import dev.patchbay.simulation.Shrinker;
import dev.patchbay.simulation.model.Ec2Model;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.SettingException;
import dev.patchbay.spi.net.AddressFamily;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Looks at a module file as a node would, and further: loading, what the mode says of itself, whether it can be made and fits beside the
 * installation's modes; then the contract, and histories of the simulation. Whatever the mode's code does, this comes back.
 */
public final class Verification {
  /** How long the code of a mode may take for one step. Planners have a second; this is for a machine that has other work. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final int MOST_LINES = 6;
  private static final int MOST_WIDTH = 400;
  private static final String DEFECT = "This is a defect of the mode: report it to its maker.";

  private final Function<List<ModuleFile>, ModeLoading> loader;
  private final Supplier<Optional<ContractTests>> contract;
  private final List<Path> installed;
  private final List<ObjectRecord> objects;
  private final int histories;
  private final Limited limited;

  /**
   * Makes one.
   *
   * @param loader what loads module files
   * @param contract what has the contract's tests; empty where the installation has none
   * @param installed the module files of the installation, beside which a mode that is no base is tried
   * @param objects what the mode can read, and the pods that come, beside plain ones
   * @param histories how many histories are run
   */
  public Verification(Function<List<ModuleFile>, ModeLoading> loader, Supplier<Optional<ContractTests>> contract, List<Path> installed,
      List<ObjectRecord> objects, int histories) {
    this(loader, contract, installed, objects, histories, LIMIT);
  }

  Verification(Function<List<ModuleFile>, ModeLoading> loader, Supplier<Optional<ContractTests>> contract, List<Path> installed,
      List<ObjectRecord> objects, int histories, Duration limit) {
    this.loader = loader;
    this.contract = contract;
    this.installed = List.copyOf(installed);
    this.objects = List.copyOf(objects);
    this.histories = histories;
    this.limited = new Limited(limit);
  }

  /**
   * Looks at a file.
   *
   * @param file the file, with a digest if it must have one
   * @return a verdict for each mode that it has; one if it has none
   */
  public List<Verdict> of(ModuleFile file) {
    return switch (limited.run("loading", () -> loader.apply(List.of(file)))) {
      case Limited.Outcome.Came<ModeLoading>(ModeLoading loading) -> verdicts(file.file(), loading);
      case Limited.Outcome.Threw<ModeLoading>(Throwable thrown) -> List.of(nothing(file.file(),
          Step.refused("loading", text(LaunchCodes.MODULE_BROKEN), "it threw " + thrown + ".", DEFECT)));
      case Limited.Outcome.StillRuns<ModeLoading> _ -> List.of(nothing(file.file(),
          Step.refused("loading", text(LaunchCodes.MODULE_BROKEN), "its provider has been made, but " + limited.words() + ".", DEFECT)));
    };
  }

  private static String text(Code code) {
    return code.number() + " " + code.name();
  }

  private static Verdict nothing(Path file, Step step) {
    return new Verdict(file, file.toString(), List.of(step));
  }

  private List<Verdict> verdicts(Path file, ModeLoading loading) {
    List<Verdict> verdicts = new ArrayList<>();
    for (ModuleRefusal refusal : loading.refused()) {
      verdicts.add(nothing(file, Step.refused("loading", text(refusal.code()), refusal.cause(), refusal.remedy())));
    }
    loading.loaded().forEach(mode -> verdicts.add(verdict(mode)));
    return verdicts;
  }

  private Verdict verdict(LoadedMode mode) {
    List<Step> steps = new ArrayList<>();
    steps.add(Step.good("loading", "its files are in order, and nothing in its own module reaches outside.", "sha256: " + mode.sha256()));
    List<LibraryReport> libraries = mode.libraries();
    if (!libraries.isEmpty()) {
      steps.add(Step.good("libraries", "it brings some that could reach outside; whether it calls that can't be seen.",
          libraries.stream().map(Verification::told).toArray(String[]::new)));
    }
    make(mode, steps).ifPresent(instance -> tried(mode, instance, steps));
    return new Verdict(mode.file(), mode.id() + " " + mode.version() + ", module " + mode.moduleName() + " in " + mode.file(), steps);
  }

  private static String told(LibraryReport report) {
    String uses = report.uses().entrySet().stream().sorted(Map.Entry.comparingByKey())
        .map(use -> use.getKey().words() + " (" + use.getValue() + (use.getValue() == 1 ? " place)" : " places)"))
        .reduce((a, b) -> a + ", " + b).orElse("");
    return report.moduleName() + " " + report.version() + ": " + uses;
  }

  /** What it says of itself, and the mode made with its defaults. */
  private Optional<ModeInstance> make(LoadedMode mode, List<Step> steps) {
    ModeDescriptor descriptor = mode.descriptor();
    steps.add(Step.good("descriptor", descriptor.summary() + " " + descriptor.roles()));
    Map<String, Object> values = new TreeMap<>();
    descriptor.settings().forEach(setting -> setting.defaultValue().ifPresent(value -> values.put(setting.name(), value)));
    Fields settings = Fields.of(values);
    return switch (limited.run("settings", () -> mode.make(settings))) {
      case Limited.Outcome.Came<NetworkMode>(NetworkMode made) -> {
        steps.add(Step.good("settings", descriptor.settings().isEmpty() ? "it has none."
            : "it can be made with their defaults (" + descriptor.settings().size() + ")."));
        yield Optional.of(new ModeInstance(mode.id(), mode.version(), descriptor, made));
      }
      case Limited.Outcome.Threw<NetworkMode>(SettingException needs) -> {
        steps.add(Step.leftOut("settings", "it can't be made with the defaults of its settings: " + needs.getMessage(),
            "Try it with a configuration that sets what it needs: `patchbay config check`, `patchbay simulate --config`."));
        yield Optional.empty();
      }
      case Limited.Outcome<NetworkMode> other -> {
        steps.add(broken("settings", "when it is made with the defaults of its settings", other));
        yield Optional.empty();
      }
    };
  }

  private <T> Step broken(String step, String when, Limited.Outcome<T> outcome) {
    String what = switch (outcome) {
      case Limited.Outcome.Came<T> _ -> "it returned null";
      case Limited.Outcome.Threw<T>(Throwable thrown) ->
          thrown instanceof ModeBrokenException ? "it " + thrown.getMessage() : "it threw " + thrown;
      case Limited.Outcome.StillRuns<T> _ -> limited.words();
    };
    return Step.refused(step, text(LaunchCodes.MODULE_BROKEN), what + " " + when + ".", DEFECT);
  }

  private void tried(LoadedMode loaded, ModeInstance mode, List<Step> steps) {
    List<Choice> choices = choices(mode, steps);
    boolean spins = contract(loaded, steps);
    if (!choices.isEmpty() && histories > 0) {
      steps.add(spins ? Step.leftOut("histories", "a planner that does not come back would hold them up for ever.", "Mend that first.")
          : histories(choices, blind(mode)));
    }
  }

  /** The kinds of objects that it reads and of which it was given none. */
  private List<String> blind(ModeInstance mode) {
    return mode.descriptor().nodeReads().stream().filter(kind -> !kind.equals(ObjectKind.POD) && !kind.equals(ObjectKind.NODE))
        .filter(kind -> objects.stream().noneMatch(object -> object.ref().kind().equals(kind))).map(ObjectKind::kind).toList();
  }

  /** The mode alone, or with each base of the installation that suits it. */
  private List<Choice> choices(ModeInstance mode, List<Step> steps) {
    List<List<ModeInstance>> ways = new ArrayList<>(List.of(List.of(mode)));
    if (mode.baseFamilies().isEmpty()) {
      Set<AddressFamily> families = families(mode);
      loader.apply(installed.stream().map(ModuleFile::of).toList()).loaded().stream().filter(other -> !other.id().equals(mode.id()))
          .flatMap(other -> installed(other).stream()).filter(base -> !Collections.disjoint(base.baseFamilies(), families))
          .forEach(base -> ways.add(List.of(base, mode)));
    }
    List<Choice> choices = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (List<ModeInstance> way : ways) {
      Limited.Outcome<Composition.Outcome> outcome = limited.run("roles", () -> Composition.of(way));
      if (!(outcome instanceof Limited.Outcome.Came<Composition.Outcome>(Composition.Outcome came))) {
        steps.add(broken("roles", "when it is asked for its planners", outcome));
        return List.of();
      }
      switch (came) {
        case Composition.Outcome.Fits fits -> choices.add(new Choice(way.size() == 1 ? mode.id() : mode.id() + " beside "
            + way.getFirst().id(), fits.composition(), List.of(objects.stream().filter(o -> !isPod(o)).toList()), pods()));
        case Composition.Outcome.Clashes clashes ->
            clashes.problems().stream().filter(problem -> !problem.code().equals(Composition.NO_BASE)).forEach(problems::add);
      }
    }
    if (!choices.isEmpty()) {
      steps.add(Step.good("roles", mode.baseFamilies().isEmpty() ? "it fits: " + names(choices) + "." : "it can be a node's only mode."));
    } else if (problems.isEmpty()) {
      steps.add(Step.leftOut("roles", "it supplies no addresses by itself, and this installation has no mode beside which it could be tried.",
          "Verify it where a mode is installed that is a base."));
    } else {
      steps.add(Step.refused("roles", text(problems.getFirst().code()), problems.getFirst().cause(), problems.getFirst().remedy()));
    }
    return choices;
  }

  private static String names(List<Choice> choices) {
    return choices.stream().map(Choice::name).reduce((a, b) -> a + ", " + b).orElse("");
  }

  private static Set<AddressFamily> families(ModeInstance mode) {
    Set<AddressFamily> families = EnumSet.noneOf(AddressFamily.class);
    mode.role(Role.Claim.class).ifPresent(claim -> families.addAll(claim.families()));
    mode.role(Role.Modifier.class).ifPresent(modifier -> families.addAll(modifier.families()));
    return families.isEmpty() ? EnumSet.allOf(AddressFamily.class) : families;
  }

  private static Optional<ModeInstance> installed(LoadedMode mode) {
    Map<String, Object> values = new TreeMap<>();
    ModeDescriptor descriptor = mode.descriptor();
    descriptor.settings().forEach(setting -> setting.defaultValue().ifPresent(value -> values.put(setting.name(), value)));
    Fields settings = Fields.of(values);
    try {
      return Optional.of(new ModeInstance(mode.id(), mode.version(), descriptor, mode.make(settings)));
    } catch (SettingException needs) {
      return Optional.empty();
    }
  }

  private static boolean isPod(ObjectRecord object) {
    return object.ref().kind().equals(ObjectKind.POD);
  }

  private List<PodKind> pods() {
    List<PodKind> kinds = new ArrayList<>(List.of(PodKind.PLAIN));
    objects.stream().filter(Verification::isPod)
        .forEach(pod -> kinds.add(new PodKind(pod.ref().namespace(), pod.labels(), pod.annotations(), true)));
    return kinds;
  }

  /** Returns whether some code of the mode did not come back. */
  private boolean contract(LoadedMode mode, List<Step> steps) {
    Optional<ContractTests> tests = contract.get();
    if (tests.isEmpty()) {
      steps.add(Step.leftOut("contract", "this installation does not have the contract tests.",
          "Run the tests of the mode's own build, or verify it where lib/contract is installed."));
      return false;
    }
    List<String> broken = new ArrayList<>();
    int kept = 0;
    boolean spins = false;
    boolean untried = false;
    for (ContractTests.Rule rule : tests.get().rules()) {
      Optional<Throwable> breach = Optional.empty();
      if (!spins) {
        Limited.Outcome<Optional<Throwable>> outcome = limited.run(rule.name(), () -> rule.breach(mode.provider(), objects));
        switch (outcome) {
          case Limited.Outcome.Came<Optional<Throwable>>(Optional<Throwable> came) -> breach = came;
          case Limited.Outcome.Threw<Optional<Throwable>>(Throwable thrown) -> breach = Optional.of(thrown);
          case Limited.Outcome.StillRuns<Optional<Throwable>> _ -> {
            // One thread that spins is enough.
            spins = true;
            broken.add(rule.words() + " (" + rule.name() + ")");
            broken.add("  " + limited.words() + "; the rules after this one were not tried");
          }
        }
        if (breach.isPresent() && rule.isAboutTheTrial()) {
          untried = true;
          kept++;
        } else if (breach.isPresent()) {
          broken.add(rule.words() + " (" + rule.name() + ")");
          told(breach.get()).forEach(line -> broken.add("  " + line));
        } else if (!spins) {
          kept++;
        }
      }
    }
    int all = tests.get().rules().size();
    if (kept < all) {
      steps.add(Step.broken("contract", kept + " of " + all + " rules hold.", "Each that does not is named below; its javadoc in "
          + "dev.patchbay.tck says what it asks.", broken));
    } else if (untried) {
      steps.add(Step.leftOut("contract", "all rules hold, but it planned none of the pods that it was tried with, so they have shown little.",
          "Name manifests of pods that it does plan, and of what it reads for them, with --objects."));
    } else {
      steps.add(Step.good("contract", "all " + all + " rules hold, with the defaults of its settings."));
    }
    return spins;
  }

  private static List<String> told(Throwable breach) {
    String message = breach instanceof AssertionError ? String.valueOf(breach.getMessage()) : "it threw " + breach;
    return message.lines().map(String::strip).filter(line -> !line.isEmpty()).limit(MOST_LINES)
        .map(line -> line.length() <= MOST_WIDTH ? line : line.substring(0, MOST_WIDTH) + "...").toList();
  }

  private Step histories(List<Choice> choices, List<String> blind) {
    for (int seed = 1; seed <= histories; seed++) {
      History history = History.of(seed, choices);
      Limited.Outcome<Outcome> outcome = limited.run("history", () -> history.run(false));
      switch (outcome) {
        case Limited.Outcome.Threw<Outcome>(Throwable thrown) -> {
          return Step.broken("histories", "the one of seed " + seed + " ended with " + thrown + ".", DEFECT, List.of());
        }
        case Limited.Outcome.StillRuns<Outcome> _ -> {
          return Step.broken("histories", "the one of seed " + seed + " has no end: " + limited.words() + ".", DEFECT, List.of());
        }
        case Limited.Outcome.Came<Outcome>(Outcome came) -> {
          if (came.violation().isPresent() && !blind.isEmpty()) {
            return Step.leftOut("histories", "without any " + String.join(", ", blind) + ", which it reads, they came to this: "
                + came.violation().get() + ".", "Name manifests of such objects with --objects; their subnets are " + Ec2Model.NODES + ", "
                + Ec2Model.PODS + " and " + Ec2Model.OTHER + ".");
          }
          if (came.violation().isPresent()) {
            Shrinker.Shrunk shrunk = Shrinker.shrink(history);
            return Step.broken("histories", "the one of seed " + seed + " (" + names(choices) + ") violated " + came.violation().get() + ".",
                "The shortest story that violates the same is told below. If the mode's plans are as the contract asks, report it.",
                shrunk.outcome().lines());
          }
        }
      }
    }
    return Step.good("histories", histories + " of " + names(choices) + ", with faults at every step: all invariants held.");
  }
}
