package dev.patchbay.it.walls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/incidents.md names tests that are there, and all of those that tell incidents. */
class IncidentsPageTest {
  private static final Pattern NAMED = Pattern.compile("`([A-Z][A-Za-z]*Test)\\.([a-z][A-Za-z0-9]*)`");
  private static final Pattern METHOD = Pattern.compile("@(?:Test|ParameterizedTest)\\b[^{;]*?void ([a-z][A-Za-z0-9]*)\\(");
  private static final int COLUMNS = 5;

  private static List<String> rows(String page) {
    return page.lines().filter(line -> line.startsWith("| ") && !line.startsWith("| incident ")).toList();
  }

  private static List<String> tests(String text) {
    return NAMED.matcher(text).results().map(match -> match.group(1) + "." + match.group(2)).toList();
  }

  /** The tests of the classes in a folder, CLASS.METHOD. */
  private static Set<String> testsIn(Path folder) throws IOException {
    Set<String> all = new TreeSet<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith("Test.java")).toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        METHOD.matcher(Files.readString(file)).results().map((MatchResult match) -> name + "." + match.group(1)).forEach(all::add);
      }
    }
    return all;
  }

  /** What is wrong with a page. */
  private static List<String> faults(String page, Set<String> simulated, Set<String> staged) {
    List<String> faults = new ArrayList<>();
    Set<String> named = new TreeSet<>();
    for (String row : rows(page)) {
      String[] cells = row.split("\\|", -1);
      if (cells.length != COLUMNS + 2) {
        faults.add("not " + COLUMNS + " columns: " + row);
        continue;
      }
      var kinds = new TreeMap<>(java.util.Map.of(4, simulated, 5, staged));
      kinds.forEach((column, there) -> {
        List<String> tests = tests(cells[column]);
        if (tests.isEmpty()) {
          faults.add("no test in column " + column + " of" + cells[1]);
        }
        tests.stream().filter(test -> !there.contains(test)).forEach(test -> faults.add("there is no test " + test));
        named.addAll(tests);
      });
    }
    Stream.concat(simulated.stream(), staged.stream())
        .filter(test -> test.matches("\\w*Incidents\\w*Test\\..*") && !named.contains(test))
        .forEach(test -> faults.add(test + " is not on the page"));
    return faults;
  }

  @Test
  void eachIncidentHasItsTests() throws IOException {
    Set<String> simulated = testsIn(Checkout.ROOT.resolve("it/simulation/src/test"));
    Set<String> staged = testsIn(Checkout.ROOT.resolve("it/e2e/src/test"));
    String page = Files.readString(Checkout.ROOT.resolve("docs/incidents.md"));
    assertThat(rows(page)).hasSizeGreaterThan(25);
    assertThat(faults(page, simulated, staged)).isEmpty();
    // And what is wrong would be found.
    assertThat(faults(page.replace("anInterfaceInUseStays", "anInterfaceGoes"), simulated, staged))
        .containsExactly("there is no test IncidentsTest.anInterfaceGoes", "IncidentsTest.anInterfaceInUseStays is not on the page");
    assertThat(faults(page + "| 1 | it failed | it does not | | `KillTest.killedTenTimes` |\n", simulated, staged))
        .containsExactly("no test in column 4 of 1 ");
  }
}
