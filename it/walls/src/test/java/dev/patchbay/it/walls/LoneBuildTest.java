package dev.patchbay.it.walls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.walls.BuiltModule.Kind;
import dev.patchbay.it.walls.LoneBuild.Outcome;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every mode can be built alone: its folder copied elsewhere, with nothing of Patchbay but the artifacts of {@code api/}, passes
 * {@code mvn verify} where the java on the PATH is older than 25.
 */
class LoneBuildTest {
  private static final List<String> API = List.of("dev.patchbay.bom", "dev.patchbay.parent", "dev.patchbay.spi", "dev.patchbay.tck");

  @TempDir Path scratch;

  static List<BuiltModule> modes() {
    return Checkout.here().modules(Kind.MODE);
  }

  @ParameterizedTest
  @MethodSource("modes")
  void aModeBuildsAlone(BuiltModule mode) throws IOException {
    List<String> before = LocalRepository.ordinary();
    try (LocalRepository repository = new LocalRepository(scratch.resolve("repository"))) {
      LoneBuild alone = new LoneBuild(mode.folder(), scratch.resolve("alone"), repository);
      Outcome outcome = alone.verify();
      assertThat(outcome.exit()).as(outcome.output()).isZero();
      assertThat(outcome.tests()[0]).as("tests that ran").isGreaterThan(10);
      assertThat(outcome.tests()[1]).as("tests that failed").isZero();
      assertThat(ModuleFinder.of(alone.jar()).findAll()).singleElement().satisfies(built -> {
        assertThat(built.descriptor().name()).isEqualTo(mode.name());
        assertThat(built.descriptor().requires()).extracting(ModuleDescriptor.Requires::name)
            .contains("dev.patchbay.spi").isSubsetOf("java.base", "dev.patchbay.spi", "org.jspecify", "org.apiguardian.api");
        assertThat(built.descriptor().provides()).extracting(ModuleDescriptor.Provides::service)
            .containsExactly("dev.patchbay.spi.NetworkModeProvider");
      });
      assertThat(repository.artifacts()).isEqualTo(API);
      assertThat(LocalRepository.ordinary()).as("this machine's own repository").isEqualTo(before);
      System.out.printf("%s built alone, %d tests, Maven on %s%n", mode.folder(), outcome.tests()[0],
          LoneBuild.oldJava().map(java -> String.valueOf(java.getFileName())).orElse("the same Java"));
    }
  }

  @Test
  void aModeThatNeedsTheRuntimeDoesNot() throws IOException {
    try (LocalRepository repository = new LocalRepository(scratch.resolve("repository"))) {
      LoneBuild alone = new LoneBuild("mode-secondary-ip", scratch.resolve("alone"), repository);
      Path pom = alone.folder().resolve("pom.xml");
      Files.writeString(pom, Files.readString(pom).replaceFirst("<dependencies>", """
          <dependencies>
              <dependency>
                <groupId>dev.patchbay</groupId>
                <artifactId>dev.patchbay.core</artifactId>
                <version>0.1.0-SNAPSHOT</version>
              </dependency>"""));
      Outcome outcome = alone.maven("--offline", "verify");
      assertThat(outcome.exit()).as(outcome.output()).isNotZero();
      assertThat(outcome.output()).contains("dev.patchbay:dev.patchbay.core");
    }
  }
}
