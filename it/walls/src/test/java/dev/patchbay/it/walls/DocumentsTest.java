package dev.patchbay.it.walls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.walls.BuiltModule.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README and the pages of docs/ point at is there, and what is there is in their tables. */
class DocumentsTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]*)(?:#([^)]*))?\\)");
  private static final Pattern MAKE = Pattern.compile("`make ([a-z]+)`|^make ([a-z]+) ", Pattern.MULTILINE);
  private static final Pattern TARGET = Pattern.compile("^([a-z ]+):", Pattern.MULTILINE);
  private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

  @TempDir Path scratch;

  private static List<Path> documents() throws IOException {
    try (Stream<Path> pages = Files.list(Checkout.ROOT.resolve("docs"))) {
      return Stream.concat(Stream.of(Checkout.ROOT.resolve("README.md")), pages.filter(page -> page.toString().endsWith(".md"))).sorted()
          .toList();
    }
  }

  /** Links of a page to files and headings that are not there. */
  private static List<String> broken(Path page) throws IOException {
    List<String> broken = new ArrayList<>();
    for (MatchResult link : LINK.matcher(Files.readString(page)).results().toList()) {
      if (link.group(1).contains(":")) {
        continue;
      }
      Path file = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1)).normalize();
      if (!Files.exists(file) || link.group(2) != null && !headings(file).contains(link.group(2))) {
        broken.add(page.getFileName() + ": " + link.group());
      }
    }
    return broken;
  }

  private static Set<String> headings(Path page) throws IOException {
    return HEADING.matcher(Files.readString(page)).results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The targets of make that a text names. */
  private static Set<String> made(String text) {
    return MAKE.matcher(text).results().map(match -> match.group(1) == null ? match.group(2) : match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    for (Path page : documents()) {
      assertThat(broken(page)).isEmpty();
    }
  }

  @Test
  void aLinkThatLeadsNowhereIsSeen() throws IOException {
    Path page = Files.writeString(scratch.resolve("page.md"),
        "# One thing\n[a](gone.md) [b](#one-thing) [c](#other) [d](page.md#one-thing) [e](https://example.com/gone)");
    assertThat(broken(page)).containsExactly("page.md: ](gone.md)", "page.md: ](#other)");
  }

  @Test
  void commandsOfMakeAreThere() throws IOException {
    String makefile = Files.readString(Checkout.ROOT.resolve("Makefile"));
    Set<String> targets = TARGET.matcher(makefile).results().flatMap(match -> Stream.of(match.group(1).split(" ")))
        .collect(Collectors.toCollection(TreeSet::new));
    Set<String> named = new TreeSet<>();
    for (Path page : documents()) {
      named.addAll(made(Files.readString(page)));
    }
    assertThat(named).contains("demo", "test");
    assertThat(targets).containsAll(named);
    targets.remove("help");
    assertThat(targets).as("each has a line in make help").allMatch(target -> makefile.contains("@echo 'make " + target + " "));
  }

  @Test
  void modulesAreInTheTables() throws IOException {
    String readme = Files.readString(Checkout.ROOT.resolve("README.md"));
    assertThat(Checkout.here().modules(Kind.MODE)).allSatisfy(mode -> assertThat(readme).contains("| `" + mode.folder() + "/` |"));
    String architecture = Files.readString(Checkout.ROOT.resolve("docs/architecture.md"));
    assertThat(Checkout.here().modules(Kind.RUNTIME)).allSatisfy(module -> assertThat(architecture).contains("| `" + module.folder() + "` |"));
    for (Path page : documents()) {
      if (!page.endsWith("README.md")) {
        assertThat(readme).as("README leads to every page").contains("(docs/" + page.getFileName() + ")");
      }
    }
  }
}
