package dev.patchbay.it.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.CoverageBuilder;
import org.jacoco.core.analysis.IBundleCoverage;
import org.jacoco.core.analysis.IClassCoverage;
import org.jacoco.core.analysis.ICounter;
import org.jacoco.core.analysis.ILine;
import org.jacoco.core.analysis.IPackageCoverage;
import org.jacoco.core.tools.ExecFileLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How much of brain and ledger the tests of their own modules reach, branch by branch: no history of the simulation is counted. What is
 * missed is printed by class and line.
 */
class CoverageTest {
  private static final double LEAST = 0.9;
  /** What is counted, and the module whose tests count. */
  private static final Map<String, String> PARTS =
      Map.of("dev/patchbay/core/brain", "core", "dev/patchbay/core/ledger", "core", "dev/patchbay/store", "store");

  @TempDir Path scratch;

  @Test
  @Tag("soak")
  void nineBranchesInTenAreReached() throws Exception {
    Map<String, IPackageCoverage> reached = new TreeMap<>();
    for (String module : List.of("core", "store")) {
      reached(module).getPackages().stream().filter(p -> p.getBranchCounter().getTotalCount() > 0).forEach(p -> reached.put(p.getName(), p));
    }
    reached.values().forEach(p -> System.out.println(words(p.getName(), p.getBranchCounter())
        + (PARTS.containsKey(p.getName()) ? missed(p) : "")));
    assertThat(reached).containsKeys(PARTS.keySet().toArray(String[]::new));
    assertThat(reached.values()).filteredOn(p -> PARTS.containsKey(p.getName()))
        .allSatisfy(p -> assertThat(p.getBranchCounter().getCoveredRatio()).as(p.getName()).isGreaterThanOrEqualTo(LEAST));
  }

  private static String words(String name, ICounter branches) {
    return "%-45s %3d %% of %d branches".formatted(name, Math.round(Math.floor(100 * branches.getCoveredRatio())), branches.getTotalCount());
  }

  private static String missed(IPackageCoverage of) {
    return of.getClasses().stream().filter(c -> c.getBranchCounter().getMissedCount() > 0)
        .sorted(Comparator.comparing((IClassCoverage c) -> c.getBranchCounter().getMissedCount()).reversed())
        .map(c -> "\n  %3d of %3d %s: lines %s".formatted(c.getBranchCounter().getMissedCount(), c.getBranchCounter().getTotalCount(),
            c.getName().substring(of.getName().length() + 1), lines(c))).collect(Collectors.joining());
  }

  private static String lines(IClassCoverage of) {
    return IntStream.rangeClosed(of.getFirstLine(), of.getLastLine()).filter(n -> {
      ILine line = of.getLine(n);
      return line.getBranchCounter().getMissedCount() > 0;
    }).mapToObj(String::valueOf).collect(Collectors.joining(" "));
  }

  /** What the tests of a module reach of it, in a process of their own. */
  private IBundleCoverage reached(String module) throws IOException, InterruptedException {
    Path classes = target(module, "classes");
    Path tests = target(module, "test-classes");
    String agent = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(jar -> jar.contains("org.jacoco.agent")).findFirst().orElseThrow();
    Path seen = scratch.resolve(module + ".exec");
    // A jar has no tests, and the tests want its package: the folders come first.
    String path = String.join(File.pathSeparator, classes.toString(), tests.toString(), System.getProperty("java.class.path"));
    Process process = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-XX:+UseSerialGC",
        "-javaagent:" + agent + "=includes=dev.patchbay.*,destfile=" + seen, "-cp", path, Ran.class.getName(), tests.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<String> said;
    try (Stream<String> lines = process.inputReader(StandardCharsets.UTF_8).lines()) {
      said = lines.toList();
    }
    assertThat(process.waitFor()).as(String.join("\n", said)).isZero();
    assertThat(said).noneMatch(line -> line.startsWith("failed")).anyMatch(line -> line.matches("passed [1-9]\\d+"));
    ExecFileLoader loader = new ExecFileLoader();
    loader.load(seen.toFile());
    CoverageBuilder builder = new CoverageBuilder();
    new Analyzer(loader.getExecutionDataStore(), builder).analyzeAll(classes.toFile());
    return builder.getBundle(module);
  }

  private static Path target(String module, String folder) {
    return Path.of("../../runtime", module, "target", folder).toAbsolutePath().normalize();
  }
}
