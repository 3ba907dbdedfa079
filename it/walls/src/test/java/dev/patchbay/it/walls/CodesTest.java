package dev.patchbay.it.walls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The codes of errors: people and their alerts know a number by one name, so no two modules may give one number to two. */
class CodesTest {
  private static final Pattern CODE = Pattern.compile("Code\\.of\\(\\s*(\\d+),\\s*\"(\\w+)\"");

  private static Map<Integer, Set<String>> names(Path folder) throws IOException {
    Map<Integer, Set<String>> names = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java") && f.toString().contains("/src/main/java/")).toList()) {
        CODE.matcher(Files.readString(file)).results()
            .forEach(m -> names.computeIfAbsent(Integer.valueOf(m.group(1)), number -> new TreeSet<>()).add(m.group(2)));
      }
    }
    return names;
  }

  @Test
  void everyNumberHasOneNameAndEveryNameOneNumber() throws IOException {
    Map<Integer, Set<String>> all = new TreeMap<>();
    try (Stream<Path> folders = Files.list(Checkout.ROOT)) {
      for (Path folder : folders.filter(f -> f.getFileName().toString().matches("api|runtime|mode-.+")).toList()) {
        names(folder).forEach((number, names) -> all.computeIfAbsent(number, n -> new TreeSet<>()).addAll(names));
      }
    }
    assertThat(all).as("the codes that there are").hasSizeGreaterThan(50);
    assertThat(all.entrySet()).as("numbers with two names").allMatch(each -> each.getValue().size() == 1);
    List<String> names = all.values().stream().flatMap(Set::stream).toList();
    assertThat(names).as("names with two numbers").doesNotHaveDuplicates();
  }
}
