package dev.patchbay.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SPI is built so that it can grow; and each rule finds a breach that was planted. */
class ShapeTest {
  private static Path classes() {
    try {
      return Path.of(Answer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theSpiKeepsTheRules() {
    Shape shape = new Shape(classes());
    assertThat(shape.publicTypes()).as("types read").hasSizeGreaterThan(70);
    assertThat(shape.withoutStability()).as("public types without @API").isEmpty();
    assertThat(shape.withoutImplementer()).as("types without exactly one of @ImplementedByMode and @ImplementedByRuntime, or"
        + " with one where nobody can implement them").isEmpty();
    assertThat(shape.extensible()).as("classes that anybody could extend").isEmpty();
    assertThat(shape.switchable()).as("enums and sealed types in views").isEmpty();
  }

  @Test
  void eachRuleFindsAPlantedBreach(@TempDir Path scratch) throws IOException {
    Path source = Files.writeString(scratch.resolve("X.java"), """
        package x;
        import dev.patchbay.spi.*;
        import java.util.List;
        import org.apiguardian.api.API;
        @API(status = API.Status.STABLE) public final class X {
          public static final class Unstable {}
          @API(status = API.Status.STABLE) public interface Nobodys {}
          @API(status = API.Status.STABLE) @ImplementedByMode @ImplementedByRuntime public interface Everybodys {}
          @API(status = API.Status.STABLE) @ImplementedByMode public static final class Nobody {}
          @API(status = API.Status.STABLE) public static class Open {}
          @API(status = API.Status.STABLE) public enum State { ON, OFF }
          @API(status = API.Status.STABLE) public sealed interface Shut { }
          @API(status = API.Status.STABLE) public record Only() implements Shut {}
          @API(status = API.Status.STABLE) @ImplementedByRuntime public interface View {
            State state();
            List<Shut> all();
            Only only();
          }
          static class Hidden {}
        }
        """);
    Path out = Files.createDirectories(scratch.resolve("out"));
    assertThat(ToolProvider.findFirst("javac").orElseThrow().run(System.out, System.err, "-proc:none", "-d", out.toString(),
        "-classpath", System.getProperty("java.class.path"), source.toString())).isZero();
    Shape shape = new Shape(out);
    assertThat(shape.withoutStability()).containsExactly("x.X$Unstable");
    assertThat(shape.withoutImplementer()).containsExactly("x.X$Everybodys", "x.X$Nobody", "x.X$Nobodys");
    assertThat(shape.extensible()).containsExactly("x.X$Open");
    assertThat(shape.switchable()).containsExactlyInAnyOrder("x.X$View.state gives x.X$State", "x.X$View.all gives x.X$Shut");
    assertThat(shape.packages()).containsExactly("x");
  }

  @Test
  void packagesStartWithTheModulesNameAndAllAreExported() throws IOException {
    ModuleDescriptor module;
    try (InputStream in = Files.newInputStream(classes().resolve("module-info.class"))) {
      module = ModuleDescriptor.read(in);
    }
    Shape shape = new Shape(classes());
    assertThat(shape.packages()).allMatch(p -> p.equals(module.name()) || p.startsWith(module.name() + "."));
    assertThat(module.exports()).extracting(ModuleDescriptor.Exports::source)
        .containsExactlyInAnyOrderElementsOf(shape.packages());
    assertThat(module.exports()).noneMatch(ModuleDescriptor.Exports::isQualified);
    assertThat(module.requires().stream().filter(r -> !r.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
        .map(ModuleDescriptor.Requires::name)).containsExactly("java.base");
  }
}
