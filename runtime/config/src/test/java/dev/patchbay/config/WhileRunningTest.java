package dev.patchbay.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Of every key there is: another value is either taken by a daemon that runs, or named as what it takes at its start. */
class WhileRunningTest {
  private static final String LEAST = "modules:\n  - file: /modes/a.jar\nmodes:\n  - use: a\n";

  static List<String> keys() {
    return Keys.ALL.stream().map(Key::path).toList();
  }

  private static Configuration configuration(String text) {
    return ConfigurationFile.parse(Path.of("/etc/patchbay/patchbay.yaml"), text.getBytes(StandardCharsets.UTF_8), Map.of())
        .forNode(Map.of());
  }

  /** Another value than the default, of the key's own kind. */
  private static String other(Key key) {
    return switch (key.kind()) {
      case TRUTH -> String.valueOf(!Boolean.TRUE.equals(key.defaultValue()));
      case NUMBER -> String.valueOf(key.defaultValue() instanceof Long number && number.equals(key.least()) ? key.most() : key.least());
      case DURATION -> Durations.format(Math.max(17_000, key.least()));
      case CHOICE -> key.choices().stream().filter(word -> !word.equals(key.defaultValue())).findFirst().orElseThrow();
      case CIDRS -> "[192.0.2.0/24]";
      case TEXTS -> "[one]";
      case OBJECTS -> "[{type: one}]";
      case LABELS, FIELDS -> "{one: two}";
      case TEXT -> List.of("/other/path", "http://192.0.2.1:80", "127.0.0.1:7", "other.conflist", "oth", "other", "f".repeat(64)).stream()
          .filter(text -> key.check().check(text).isEmpty()).findFirst().orElseThrow();
    };
  }

  private static String changed(Key key) {
    String value = key.name() + ": " + other(key);
    return switch (key.path().replaceAll("\\..*", "")) {
      case "modules[]" -> key.name().equals("file") ? LEAST.replace("/modes/a.jar", "/modes/b.jar")
          : LEAST.replace("a.jar\n", "a.jar\n    " + value + "\n");
      case "modes[]" -> key.name().equals("use") ? LEAST.replace("use: a", "use: b") : LEAST + "    " + value + "\n";
      default -> LEAST + key.path().replaceAll("\\..*", "") + ": {" + value + "}\n";
    };
  }

  @ParameterizedTest
  @MethodSource("keys")
  void anotherValueIsTakenOrNamed(String path) {
    Key key = Keys.ALL.stream().filter(k -> k.path().equals(path)).findFirst().orElseThrow();
    Configuration before = configuration(LEAST);
    Configuration wanted = configuration(changed(key));
    assertThat(before.differences(wanted)).as("the test changes the key").containsExactly(path.replace("[]", "[0]"));

    Configuration inForce = wanted.whileRunning(before);
    SortedSet<String> named = before.differencesAtStart(wanted);
    boolean taken = inForce.differences(wanted).isEmpty();
    assertThat(named.isEmpty()).as("taken, or named; not both, not neither").isEqualTo(taken);
    assertThat(before.differences(inForce)).isEqualTo(taken ? before.differences(wanted) : new java.util.TreeSet<>());
    assertThat(inForce.origin(path.replace("[]", "[0]"))).isEqualTo((taken ? wanted : before).origin(path.replace("[]", "[0]")));
    // What is for all nodes alike is what a running daemon can't be rid of; modules are loaded whenever a node begins, and what is for the
    // controller does not concern a node.
    assertThat(taken).isEqualTo(path.startsWith("modules") || path.startsWith("controller.") || (key.perNode() && !path.equals("node.name")));
  }
}
