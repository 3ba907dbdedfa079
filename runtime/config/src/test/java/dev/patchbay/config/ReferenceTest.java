package dev.patchbay.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The reference says what the code does, and its examples are taken by the code. */
class ReferenceTest {
  private static final Path REFERENCE = Path.of("..", "..", "docs", "configuration.md");
  private static final Pattern KEYS = Pattern.compile("(<!-- keys:[^>]*-->\n)(.*?)(<!-- end of keys -->)", Pattern.DOTALL);

  @Test
  void theTablesAreThoseOfTheCode() throws IOException {
    String text = Files.readString(REFERENCE);
    String wanted = KEYS.matcher(text).replaceAll(match -> Matcher.quoteReplacement(
        match.group(1) + tables() + match.group(3)));
    if (Boolean.getBoolean("patchbay.write.reference")) {
      Files.writeString(REFERENCE, wanted);
    }
    assertThat(Files.readString(REFERENCE))
        .as("docs/configuration.md; mvn -pl runtime/config -am test -Dpatchbay.write.reference=true writes it anew")
        .isEqualTo(wanted);
  }

  private static String tables() {
    StringBuilder text = new StringBuilder();
    for (String section : Keys.sections()) {
      String path = Keys.of(section).isEmpty() ? section + "[]" : section;
      text.append("\n### ").append(section).append("\n");
      if (path.endsWith("[]")) {
        text.append("A list; each of its items has:\n");
      }
      text.append("| key | value | default | what it does |\n|---|---|---|---|\n");
      for (Key key : Keys.of(path)) {
        text.append("| `").append(key.name()).append("` | ").append(key.form()).append(" | ").append(defaultOf(key))
            .append(" | ").append(wordsOf(key)).append(" |\n");
      }
    }
    return text.append("\n").toString();
  }

  private static String defaultOf(Key key) {
    if (key.required()) {
      return "must be there";
    }
    return key.defaultValue() == null ? "" : "`" + Texts.of(key.defaultValue(), key.kind()) + "`";
  }

  private static String wordsOf(Key key) {
    StringBuilder words = new StringBuilder(key.documentation());
    if (!key.perNode() && !key.path().startsWith("modules")) {
      words.append(" *One for all nodes.*");
    }
    if (key.atStartAlone()) {
      words.append(" *Taken at start alone.*");
    }
    if (!key.environment().isEmpty()) {
      words.append(" From the environment: ").append(code(key.environment())).append(".");
    }
    if (!key.counterparts().isEmpty()) {
      words.append(" In aws-node: ").append(code(key.counterparts())).append(".");
    }
    return words.toString().replace("|", "\\|");
  }

  private static String code(List<String> names) {
    return "`" + String.join("`, `", names) + "`";
  }

  @Test
  void theExamplesAreTaken() throws IOException {
    List<String> examples = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(REFERENCE)).results()
        .map((MatchResult match) -> match.group(1)).toList();
    assertThat(examples).hasSizeGreaterThanOrEqualTo(2);
    for (String example : examples) {
      ConfigurationFile file =
          ConfigurationFile.parse(Path.of("/etc/patchbay/patchbay.yaml"), example.getBytes(StandardCharsets.UTF_8), Map.of());
      assertThat(file.forNode(Map.of("pool", "batch")).modes()).isNotEmpty();
    }
  }

  @Test
  void defaultsPassTheirOwnChecks() {
    for (Key key : Keys.ALL) {
      if (key.defaultValue() instanceof String text) {
        assertThat(key.check().check(text)).as(key.path()).isEmpty();
        assertThat(key.choices().isEmpty() || key.choices().contains(text)).as(key.path()).isTrue();
      } else if (key.defaultValue() instanceof Long number) {
        assertThat(number).as(key.path()).isBetween(key.least(), key.most());
      }
      assertThat(key.documentation()).as(key.path()).endsWith(".");
    }
  }

  @Test
  void noTwoKeysHaveOnePathAndNoVariableSuppliesTwo() {
    Set<String> paths = new TreeSet<>();
    Set<String> variables = new TreeSet<>();
    for (Key key : Keys.ALL) {
      assertThat(paths.add(key.path())).as(key.path()).isTrue();
      key.environment().forEach(variable -> assertThat(variables.add(variable)).as(variable).isTrue());
    }
  }
}
