package dev.patchbay.it.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Of the changes to core, one instruction at a time, its tests notice most; those that are known to survive are in {@code survivors.txt}, each
 * with the reason why nothing notices it, or with the word {@code open}.
 *
 * <p>{@code -Dpatchbay.mutants.of=brain,ledger} says in which packages, {@code -Dpatchbay.mutants.one-of=10} that one change of ten is tried,
 * drawn by lot from {@code -Dpatchbay.mutants.seed=1}; {@code -Dpatchbay.mutants.only='Draws.*'} tries those of that name.
 */
class MutantsTest {
  /** So many are noticed at least, and not fewer from now on; nine in ten is where it is to go. */
  private static final double LEAST_KILLED = 0.85;
  private static final Path CLASSES = Path.of("../../runtime/core/target/classes").toAbsolutePath().normalize();
  private static final Path TESTS = Path.of("../../runtime/core/target/test-classes").toAbsolutePath().normalize();
  private static final Path SIMULATION = Path.of("../simulation/target/test-classes").toAbsolutePath().normalize();

  @TempDir Path scratch;

  @Test
  @Tag("soak")
  void mostAreNoticed() throws Exception {
    String packages = System.getProperty("patchbay.mutants.of", "brain,ledger");
    int oneOf = Integer.getInteger("patchbay.mutants.one-of", 1);
    long seed = Long.getLong("patchbay.mutants.seed", 1);
    Map<String, Set<String>> outcomes = run(packages, oneOf, seed);
    int killed = outcomes.getOrDefault("killed", Set.of()).size();
    Set<String> left = new TreeSet<>();
    Stream.of("survived", "unreached").forEach(o -> outcomes.getOrDefault(o, Set.of()).forEach(change -> left.add(key(change))));
    Set<String> known = survivors().keySet();
    System.out.println(killed + " of " + (killed + left.size()) + " changes to " + packages + " are noticed; of the others these are not on the list:\n  "
        + left.stream().filter(change -> !known.contains(change)).collect(Collectors.joining("\n  ")));
    assertThat(killed / (double) (killed + left.size())).isGreaterThanOrEqualTo(LEAST_KILLED);
    assertThat(outcomes.getOrDefault("killed", Set.of()).stream().map(MutantsTest::key)).as("the list has none that are noticed")
        .doesNotContainAnyElementsOf(known);
  }

  @Test
  void theListOfSurvivorsHasAReasonForEach() throws IOException {
    assertThat(survivors()).allSatisfy((change, reason) -> {
      assertThat(change).matches("[A-Za-z.]+\\.[A-Za-z<>]+ (negated|boundary|arithmetic|counter|nothing|true|left_out) \\d+");
      assertThat(reason).isNotBlank();
    });
  }

  /** By outcome, the changes with that outcome. */
  private Map<String, Set<String>> run(String packages, int oneOf, long seed) throws IOException, InterruptedException {
    Path agent = scratch.resolve("agent.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", Mutants.class.getName());
    manifest.getMainAttributes().putValue("Can-Redefine-Classes", "true");
    try (OutputStream file = Files.newOutputStream(agent)) {
      new JarOutputStream(file, manifest).close();
    }
    String tests = TESTS + File.pathSeparator + SIMULATION;
    // The jar of core has no tests, and the tests want its package: its folders come first.
    String path = String.join(File.pathSeparator, CLASSES.toString(), tests, System.getProperty("java.class.path"));
    List<String> command = List.of(ProcessHandle.current().info().command().orElseThrow(), "-XX:+UseSerialGC", "-Xmx1g",
        "-javaagent:" + agent, "-cp", path, Mutants.class.getName(), CLASSES.toString(), tests, packages,
        String.valueOf(oneOf), String.valueOf(seed), System.getProperty("patchbay.mutants.only", ".*"));
    Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Map<String, Set<String>> outcomes = new TreeMap<>();
    List<String> other = new ArrayList<>();
    try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ", 2);
        if (Set.of("killed", "survived", "unreached").contains(words[0])) {
          outcomes.computeIfAbsent(words[0], o -> new TreeSet<>()).add(words[1]);
        } else {
          other.add(line);
        }
      }
    }
    assertThat(process.waitFor()).as(String.join("\n", other)).isZero();
    assertThat(other).noneMatch(line -> line.startsWith("fails without any change"));
    assertThat(outcomes).isNotEmpty();
    return outcomes;
  }

  private static String key(String change) {
    return change.replaceAll(" \\(line \\d+\\)$", "");
  }

  /** The changes on the list, with what is said of each. */
  private static Map<String, String> survivors() {
    try (var file = MutantsTest.class.getResourceAsStream("survivors.txt")) {
      Map<String, String> survivors = new TreeMap<>();
      if (file != null) {
        new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.isBlank() && !line.startsWith("#"))
            .forEach(line -> survivors.put(line.split(": ", 2)[0], line.contains(": ") ? line.split(": ", 2)[1] : ""));
      }
      return survivors;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
