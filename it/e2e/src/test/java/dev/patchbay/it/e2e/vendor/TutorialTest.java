package dev.patchbay.it.e2e.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.e2e.Labs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/vendor.md do what the page says, in one shell, on a machine that has of Patchbay's artifacts the API's alone. */
@Order(Labs.EARLY)
class TutorialTest {
  private static final Path PAGE = Workshop.CHECKOUT.resolve("docs/vendor.md");
  private static final Pattern BLOCK = Pattern.compile("^```sh\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final String NEXT = "=== next\n";

  private static List<String> blocks() throws IOException {
    return BLOCK.matcher(Files.readString(PAGE)).results().map(block -> block.group(1)).toList();
  }

  @Test
  void everyCommandOfThePageWorks(@TempDir Path folder) throws IOException, InterruptedException {
    String name = Labs.name();
    List<String> blocks = blocks();
    assertThat(blocks).hasSize(5);
    // Whatever fails, the lab does not stay.
    StringBuilder script = new StringBuilder("set -e -o pipefail\nexport PATCHBAY_LAB=" + name + "\n"
        + "trap 'code=$?; [ $code = 0 ] || patchbay lab down; exit $code' EXIT\n");
    blocks.forEach(block -> script.append(block).append("echo '").append(NEXT.strip()).append("'\n"));
    try (Workshop workshop = new Workshop(folder)) {
      Workshop.Printed printed = workshop.run(folder, List.of("bash", "-c", script.toString()));
      assertThat(printed.exit()).as(printed.text()).isZero();
      String[] parts = printed.text().split(NEXT, -1);
      assertThat(parts).as(printed.text()).hasSize(6);
      assertThat(parts[0]).contains("steady/src/main/java/com/example/steady/SteadyMode.java").doesNotContain("ERROR");
      assertThat(parts[1]).contains("steady 0.1.0, module com.example.steady").contains("all 25 rules hold")
          .contains("100 of steady, with faults at every step: all invariants held.")
          .endsWith("A node would take it, and it keeps the contract.\n");
      assertThat(parts[2]).contains("REFUSED [136 ModuleImpure]").contains("calls java.lang.System.nanoTime (a clock)")
          .endsWith("A node would not take it.\n");
      assertThat(parts[3]).contains("BROKEN: 24 of 25 rules hold.", "equal views get equal answers (PurityContract.equalViewsGetEqualAnswers)")
          .contains("A node would take it, but it does not keep the contract");
      assertThat(parts[4]).contains("default/here on node-0: 10.0.", "default/there on node-1: 10.0.").contains("3 received");
    }
  }
}
