package dev.patchbay.it.walls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.walls.BuiltModule.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The layers of the installation in build/home: each jar in one of them, and all of them resolve. */
class InstallationTest {
  private static final Path HOME = Checkout.ROOT.resolve("build/home");

  private final Installation home = new Installation(HOME);

  @TempDir Path scratch;

  @Test
  void aJarIsInOneLayer() {
    home.programs().forEach((program, layers) -> assertThat(home.twice(layers)).as("layers of %s", program).isEmpty());
    // The lab stands in no program beside the cloud layer, and in no distribution; both have AWS's libraries.
    Set<String> shipped = new TreeSet<>(home.layers());
    assertThat(shipped.remove("lab")).isTrue();
    assertThat(home.twice(shipped)).isEmpty();
    assertThat(shipped).containsAll(List.of("boot", "serving", "cloud", "cli"));
    assertThat(home.modulesOf("boot")).containsExactly("dev.patchbay.launch", "dev.patchbay.spi");
  }

  @Test
  void everyModuleOfTheRuntimeIsInALayerAndEveryModeBesideThem() {
    assertThat(home.layers().stream().flatMap(layer -> home.modulesOf(layer).stream()))
        .containsAll(Checkout.here().modules(Kind.RUNTIME).stream().map(BuiltModule::name).toList());
    assertThat(home.modes()).containsExactlyInAnyOrderElementsOf(
        Checkout.here().modules(Kind.MODE).stream().map(module -> module.name() + ".jar").toList());
  }

  @Test
  void aModeBringsNothingOfTheRuntime() {
    assertThat(home.modes().stream().flatMap(mode -> home.foreign(mode).stream())).isEmpty();
  }

  @Test
  void layersAndModesResolve() {
    assertThat(home.unresolved()).isEmpty();
  }

  @Test
  void whatIsWrongIsSeen() throws IOException {
    for (String file : List.of("lib/boot", "lib/serving", "lib/cloud", "modes/broken")) {
      Files.createDirectories(scratch.resolve(file));
    }
    copy("lib/boot", "dev.patchbay.launch", "lib/boot");
    copy("lib/boot", "dev.patchbay.spi", "lib/boot");
    copy("lib/boot", "dev.patchbay.spi", "modes/broken");
    copy("lib/serving", "dev.patchbay.config", "lib/serving");
    copy("lib/serving", "dev.patchbay.wire", "lib/serving");
    copy("lib/serving", "dev.patchbay.wire", "lib/cloud");
    Files.writeString(scratch.resolve("lib/layers.properties"), "node = serving, cloud\n");
    Installation planted = new Installation(scratch);
    assertThat(planted.twice(planted.layers())).containsExactly("dev.patchbay.wire is in cloud and serving");
    assertThat(planted.foreign("broken")).containsExactly("broken brings dev.patchbay.spi");
    assertThat(planted.unresolved()).containsExactly(
        "node: serving: Module org.snakeyaml.engine not found, required by dev.patchbay.config",
        "mode broken: dev.patchbay.spi is taken from a layer below");
  }

  private void copy(String from, String module, String to) throws IOException {
    try (Stream<Path> files = Files.list(HOME.resolve(from))) {
      Path jar = files.filter(file -> file.getFileName().toString().matches(module.replace(".", "\\.") + "-\\d.*\\.jar")).findFirst()
          .orElseThrow();
      Files.copy(jar, scratch.resolve(to).resolve(jar.getFileName()));
    }
  }
}
