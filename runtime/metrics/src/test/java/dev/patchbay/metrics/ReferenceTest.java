package dev.patchbay.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table in the documentation says what the code does. */
class ReferenceTest {
  private static final Path REFERENCE = Path.of("..", "..", "docs", "metrics.md");
  private static final Pattern TABLE = Pattern.compile("(<!-- metrics:[^>]*-->\n)(.*?)(<!-- end of metrics -->)", Pattern.DOTALL);

  @Test
  void tableIsThatOfTheCode() throws IOException {
    Matcher table = TABLE.matcher(Files.readString(REFERENCE));
    assertThat(table.find()).isTrue();
    String wanted = table.replaceAll(match -> Matcher.quoteReplacement(match.group(1) + table() + match.group(3)));
    if (Boolean.getBoolean("patchbay.write.reference")) {
      Files.writeString(REFERENCE, wanted);
    }
    assertThat(Files.readString(REFERENCE))
        .as("docs/metrics.md; mvn -pl runtime/metrics -am test -Dpatchbay.write.reference=true writes it anew")
        .isEqualTo(wanted);
  }

  private static String table() {
    StringBuilder text = new StringBuilder("\n| metric | type | labels | what it says |\n|---|---|---|---|\n");
    for (Family family : Family.values()) {
      text.append("| `").append(family.title()).append("` | ").append(family.type()).append(" | ")
          .append(String.join(", ", family.labels().stream().map(label -> "`" + label + "`").toList())).append(" | ")
          .append(family.help()).append(" |\n");
    }
    return text.append("\n").toString();
  }
}
