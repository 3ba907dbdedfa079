package dev.patchbay.it.mutants;

import java.io.File;
import java.io.IOException;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * A process of its own: runs the tests once to see what each reaches, then makes the changes one by one, each with the tests that reach it
 * until one fails. A line on standard output for each: {@code killed}, {@code survived} or {@code unreached}, and which it was.
 *
 * <p>The tests are core's own, and those of the simulation that are short: histories whose invariants are watched, and incidents.
 *
 * <p>Arguments: the folder of the classes, those of the tests with the path's separator, the packages that are changed (names below {@code dev.patchbay.core}, with
 * commas), of how many changes one is tried, the seed by which those are drawn, and a pattern of those that are tried alone.
 */
public final class Mutants {
  private static final String ROOT = "dev/patchbay/core/";
  private static final long ROUNDS_MORE = 2_000_000;
  /** What the names of core's own tests have: they are quicker than a history. */
  private static final String ROOT_OF_TESTS = "[class:dev.patchbay.core.";
  private static final int FIRST = 4;
  private static final int RECENT = 4;
  /** Tests of the simulation that take seconds, processes or threads. */
  private static final String TOO_LONG = ".*\\.it\\.simulation\\.(HistoriesTest|ClusterHistoriesTest|SoakTest|TwoProcessesTest|DayAloneTest)|.*\\.it\\.mutants\\..*";

  private static volatile @Nullable Instrumentation instrumentation;

  private final Path classes;
  private final Set<Path> tests;
  private final List<String> packages;
  private final Map<String, Mutator> mutators = new TreeMap<>();
  private final List<Mutation> mutations = new ArrayList<>();
  private final List<String> classOf = new ArrayList<>();
  private final Deque<String> noticed = new ArrayDeque<>();
  private final Launcher launcher = LauncherFactory.create();

  private Mutants(Path classes, Set<Path> tests, List<String> packages) {
    this.classes = classes;
    this.tests = tests;
    this.packages = packages;
  }

  /**
   * The agent's entry: keeps what can change classes.
   *
   * @param arguments none
   * @param given what can
   */
  public static void premain(String arguments, Instrumentation given) {
    instrumentation = given;
  }

  /**
   * Runs.
   *
   * @param arguments as the class says
   */
  public static void main(String[] arguments) throws Exception {
    Mutants mutants = new Mutants(Path.of(arguments[0]), paths(arguments[1]), List.of(arguments[2].split(",", -1)));
    mutants.find();
    mutants.run(Integer.parseInt(arguments[3]), Long.parseLong(arguments[4]), Pattern.compile(arguments[5]));
    System.exit(0);
  }

  private static Set<Path> paths(String arguments) {
    Set<Path> paths = new LinkedHashSet<>();
    for (String path : arguments.split(File.pathSeparator, -1)) {
      paths.add(Path.of(path));
    }
    return paths;
  }

  private void find() throws IOException {
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
        String name = classes.relativize(file).toString().replace(".class", "");
        if (packages.stream().anyMatch(p -> name.startsWith(ROOT + p + "/")) && !name.endsWith("-info")) {
          Mutator mutator = new Mutator(Files.readAllBytes(file), mutations.size());
          List<Mutation> found = mutator.mutations();
          mutators.put(name, mutator);
          mutations.addAll(found);
          found.forEach(mutation -> classOf.add(name));
        }
      }
    }
    Instrumentation given = instrumentation;
    if (given == null) {
      throw new IllegalStateException("this process has no agent; MutantsTest starts it with one");
    }
    given.addTransformer(new Rewriting());
  }

  /** Every class of core says what is reached in it, and counts rounds; every class of its tests counts rounds. */
  private final class Rewriting implements ClassFileTransformer {
    @Override
    public byte @Nullable [] transform(@Nullable ClassLoader loader, String name, @Nullable Class<?> redefined, ProtectionDomain domain,
        byte[] bytes) {
      if (redefined != null || !name.startsWith(ROOT) || name.startsWith(ROOT + "mutants/")) {
        return null;
      }
      Mutator mutator = mutators.get(name);
      return mutator != null ? mutator.with(-1) : Mutator.counting(bytes);
    }
  }

  /** What one test needs and reaches. */
  private static final class Seen {
    private BitSet reached = new BitSet();
    private long rounds;
    private long nanos;
  }

  private void run(int oneOf, long seed, Pattern only) throws Exception {
    // Once to warm up: what a test reaches the first time is said of that test alone, so what counts is the second time.
    baseline();
    Map<String, Seen> seen = baseline();
    List<Integer> sample = new ArrayList<>();
    for (int change = 0; change < mutations.size(); change++) {
      sample.add(change);
    }
    // Drawn by lot and tried in that order: what has been tried when somebody loses patience is a fair sample, too.
    Collections.shuffle(sample, new Random(seed));
    sample = sample.subList(0, (mutations.size() + oneOf - 1) / oneOf);
    sample.removeIf(change -> !only.matcher(mutations.get(change).key()).matches());
    System.out.println("tests " + seen.size() + " changes " + mutations.size() + " tried " + sample.size());
    for (int number : sample) {
      List<String> those = seen.entrySet().stream().filter(test -> test.getValue().reached.get(number))
          .sorted(Comparator.comparing((Map.Entry<String, Seen> test) -> !test.getKey().contains(ROOT_OF_TESTS))
              .thenComparingLong(test -> test.getValue().nanos)).map(Map.Entry::getKey).toList();
      System.out.println((those.isEmpty() ? "unreached " : killed(number, those, seen) ? "killed " : "survived ") + mutations.get(number));
      System.out.flush();
    }
  }

  private Map<String, Seen> baseline() {
    Map<String, Seen> seen = new LinkedHashMap<>();
    LauncherDiscoveryRequest all = LauncherDiscoveryRequestBuilder.request().selectors(
        DiscoverySelectors.selectClasspathRoots(tests)).filters(TagFilter.excludeTags("soak", "bench"),
            ClassNameFilter.excludeClassNamePatterns(TOO_LONG)).build();
    launcher.execute(all, new TestExecutionListener() {
      private long began;

      @Override
      public void executionStarted(TestIdentifier test) {
        if (test.isTest()) {
          Probe.begin(Long.MAX_VALUE);
          began = System.nanoTime();
        }
      }

      @Override
      public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (test.isTest() && result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
          Seen s = new Seen();
          s.nanos = System.nanoTime() - began;
          s.reached = Probe.reached();
          s.rounds = Probe.rounds();
          seen.put(test.getUniqueId(), s);
        } else if (test.isTest()) {
          System.out.println("fails without any change: " + test.getUniqueId() + " " + result.getThrowable().orElse(null));
        }
      }
    });
    return seen;
  }

  private boolean killed(int change, List<String> those, Map<String, Seen> seen) throws Exception {
    Class<?> changed = Class.forName(classOf.get(change).replace('/', '.'));
    Mutator mutator = mutators.get(classOf.get(change));
    if (mutator == null) {
      throw new IllegalStateException("no class " + classOf.get(change));
    }
    redefine(changed, mutator.with(change));
    try {
      // Those that noticed the change before come first: its neighbour is often noticed by the same.
      List<String> order = new ArrayList<>(those);
      List<String> recent = noticed.stream().filter(those::contains).toList();
      order.removeAll(recent);
      order.addAll(0, recent);
      // Starting the engine takes longer than most tests: a few at first, then more at once.
      for (int from = 0, many = FIRST; from < order.size(); from += many, many *= 4) {
        if (fails(order.subList(from, Math.min(order.size(), from + many)), seen)) {
          return true;
        }
      }
      return false;
    } finally {
      redefine(changed, mutator.with(-1));
    }
  }

  private static void redefine(Class<?> changed, byte[] bytes) throws UnmodifiableClassException, ClassNotFoundException {
    Instrumentation given = instrumentation;
    if (given != null) {
      given.redefineClasses(new ClassDefinition(changed, bytes));
    }
  }

  private boolean fails(List<String> tests, Map<String, Seen> seen) {
    boolean[] failed = new boolean[1];
    LauncherDiscoveryRequest some = LauncherDiscoveryRequestBuilder.request()
        .selectors(tests.stream().map(DiscoverySelectors::selectUniqueId).toList()).build();
    launcher.execute(some, new TestExecutionListener() {
      @Override
      public void executionStarted(TestIdentifier each) {
        if (each.isTest()) {
          Seen before = seen.get(each.getUniqueId());
          // Once one has failed, none of the others has to come to its end.
          Probe.begin(failed[0] ? 0 : 10 * (before == null ? 0 : before.rounds) + ROUNDS_MORE);
        }
      }

      @Override
      public void executionFinished(TestIdentifier each, TestExecutionResult result) {
        if (result.getStatus() == TestExecutionResult.Status.FAILED && !failed[0]) {
          failed[0] = true;
          noticed.remove(each.getUniqueId());
          noticed.addFirst(each.getUniqueId());
          if (noticed.size() > RECENT) {
            noticed.removeLast();
          }
        }
      }
    });
    return failed[0];
  }
}
