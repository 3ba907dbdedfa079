package dev.patchbay.lab.ec2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.patchbay.lab.calls.Breakable;
import dev.patchbay.lab.calls.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The page about the lab's EC2 says what there is, all of it and nothing else. */
class DocumentationTest {
  private final World world = new World();
  private final String page = read();

  private static String read() {
    try {
      return Files.readString(Path.of("../../../docs/lab-cloud.md"));
    } catch (IOException e) {
      throw new AssertionError("docs/lab-cloud.md is gone", e);
    }
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void hasEveryAction() {
    TreeSet<String> said =
        section("## What is modelled")
            .lines()
            .filter(line -> line.startsWith("| ") && line.contains("`"))
            .flatMap(line -> Pattern.compile("`([A-Za-z0-9]+)`").matcher(line).results())
            .map(match -> match.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(said).isEqualTo(new TreeSet<>(world.server.actions()));
  }

  @Test
  void hasEveryWordOfFaults() {
    String faults = section("## Faults");
    for (Breakable service : world.server.faults().services().values()) {
      for (String word : service.words()) {
        assertThat(faults).containsPattern("\\| `" + word + "[=`]");
      }
      service.acts().keySet().forEach(act -> assertThat(faults).contains("| `" + service.service() + " " + act + "="));
    }
  }

  @Test
  void itsExamplesAreFaults() {
    String block = section("## Faults");
    block = block.substring(block.lastIndexOf("```", block.lastIndexOf("```") - 1) + 4, block.lastIndexOf("```"));
    assertThat(block.lines()).hasSizeGreaterThan(4);
    block.lines().forEach(line -> assertThatCode(() -> Fault.parse(line)).as(line).doesNotThrowAnyException());
  }

  private String section(String title) {
    int start = page.indexOf(title);
    int end = page.indexOf("\n## ", start + 1);
    assertThat(start).as(title).isGreaterThanOrEqualTo(0);
    return page.substring(start, end < 0 ? page.length() : end);
  }
}
