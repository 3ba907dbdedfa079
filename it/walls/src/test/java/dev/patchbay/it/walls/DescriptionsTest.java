package dev.patchbay.it.walls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@code jar --describe-module} says of each jar is what is written in it/walls/descriptions, so that a change of what a module
 * shows or requires is a change that reviewers see. {@code make descriptions} writes them anew.
 */
class DescriptionsTest {
  private static final Path EXPECTED = Checkout.ROOT.resolve("it/walls/descriptions");
  private static final boolean RENEWING = Boolean.getBoolean("patchbay.descriptions.renew");

  static List<BuiltModule> modules() {
    return Checkout.here().modules();
  }

  private static String described(BuiltModule module) throws IOException {
    Path target = module.classes().resolveSibling(".").normalize();
    List<Path> jars;
    try (Stream<Path> files = Files.list(target)) {
      jars = files.filter(file -> file.getFileName().toString().matches(module.name().replace(".", "\\.") + "-\\d[^-]*(-SNAPSHOT)?\\.jar")).toList();
    }
    assertThat(jars).as("jars in %s", target).hasSize(1);
    StringWriter words = new StringWriter();
    PrintWriter out = new PrintWriter(words);
    int code = ToolProvider.findFirst("jar").orElseThrow().run(out, out, "--describe-module", "--file", jars.getFirst().toString());
    assertThat(code).as(words.toString()).isZero();
    // The first line goes on with the version and where the jar lies.
    return words.toString().replaceFirst("^(\\S+?)(@\\S+)? \\S+", "$1").strip() + "\n";
  }

  @ParameterizedTest
  @MethodSource("modules")
  void isAsWritten(BuiltModule module) throws IOException {
    Path file = EXPECTED.resolve(module.name() + ".txt");
    String described = described(module);
    if (RENEWING) {
      Files.createDirectories(EXPECTED);
      Files.writeString(file, described);
    }
    assertThat(file).as("the description of %s; 'make descriptions' writes it", module).exists();
    assertThat(described).as("%s, which 'make descriptions' writes anew where the change is wanted", file)
        .isEqualTo(Files.readString(file));
  }

  @Test
  void nothingIsDescribedThatIsNotThere() throws IOException {
    Set<String> names = modules().stream().map(module -> module.name() + ".txt").collect(Collectors.toCollection(TreeSet::new));
    try (Stream<Path> files = Files.list(EXPECTED)) {
      for (Path file : files.toList()) {
        if (RENEWING && !names.contains(file.getFileName().toString())) {
          Files.delete(file);
        } else {
          assertThat(names).contains(file.getFileName().toString());
        }
      }
    }
  }
}
