package dev.patchbay.it.walls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.walls.BuiltModule.Kind;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for modules as a whole: names, services, what their build files and texts know. */
class ModulesTest {
  /** Names of modes that are words of the trade too, so that finding one in a class says nothing. */
  private static final Map<String, String> WORDS = Map.of("prefix", "a prefix of addresses", "ipv6", "a family of addresses");

  @TempDir Path scratch;

  static List<BuiltModule> modules() {
    return Checkout.here().modules();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void packagesStartWithTheModulesName(BuiltModule module) throws IOException {
    assertThat(Contents.packages(module.classes())).as("packages of %s", module).isNotEmpty().allMatch(module::owns);
  }

  @Test
  void aPackageOfAnotherNameIsSeen() throws IOException {
    Planted planted = new Planted(scratch, List.of("package dev.patchbay.storeroom; class T {}", "package dev.patchbay.store.fine; class T {}"));
    BuiltModule store = modules().stream().filter(m -> m.folder().equals("runtime/store")).findFirst().orElseThrow();
    assertThat(Contents.packages(planted.folder()).stream().filter(name -> !store.owns(name))).containsExactly("dev.patchbay.storeroom");
  }

  @ParameterizedTest
  @MethodSource("modules")
  void aModuleRequiresWhatItIsMeantToKnow(BuiltModule module) {
    assertThat(Requirements.breaches(module.kind(), module.descriptor())).isEmpty();
  }

  @Test
  void aModuleThatKnowsMoreIsSeen() {
    assertThat(Requirements.breaches(Kind.MODE, requiring("dev.patchbay.mode.x", "dev.patchbay.spi", "java.base"))).isEmpty();
    assertThat(Requirements.breaches(Kind.MODE, requiring("dev.patchbay.mode.x", "dev.patchbay.core", "dev.patchbay.spi", "org.slf4j")))
        .containsExactly("dev.patchbay.mode.x requires dev.patchbay.core", "dev.patchbay.mode.x requires org.slf4j");
    assertThat(Requirements.breaches(Kind.RUNTIME, requiring("dev.patchbay.aws", "dev.patchbay.core", "dev.patchbay.kube", "org.slf4j")))
        .containsExactly("dev.patchbay.aws requires dev.patchbay.kube");
    assertThat(Requirements.breaches(Kind.RUNTIME, requiring("dev.patchbay.core", "dev.patchbay.mode.prefix", "dev.patchbay.lab")))
        .containsExactly("dev.patchbay.core requires dev.patchbay.lab", "dev.patchbay.core requires dev.patchbay.mode.prefix");
    assertThat(Requirements.breaches(Kind.RUNTIME, requiring("dev.patchbay.unheard"))).singleElement().asString().contains("no line");
    assertThat(Requirements.breaches(Kind.API, requiring("dev.patchbay.tck", "dev.patchbay.spi", "dev.patchbay.core")))
        .containsExactly("dev.patchbay.tck requires dev.patchbay.core");
  }

  private static ModuleDescriptor requiring(String name, String... others) {
    ModuleDescriptor.Builder module = ModuleDescriptor.newModule(name);
    List.of(others).forEach(module::requires);
    return module.build();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void servicesAreDeclaredInModuleInfoAlone(BuiltModule module) throws IOException {
    Path folder = Checkout.ROOT.resolve(module.folder());
    assertThat(Contents.services(folder.resolve("src"))).isEmpty();
    assertThat(Contents.services(module.classes())).isEmpty();
  }

  @Test
  void aServiceThatIsDeclaredInAFileIsSeen() throws IOException {
    Path file = Files.writeString(Files.createDirectories(scratch.resolve("main/resources/META-INF/services")).resolve("x.Service"), "x.Y");
    assertThat(Contents.services(scratch)).containsExactly(file);
  }

  @Test
  void theRuntimeDoesNotKnowAModeByName() throws IOException {
    Set<String> modes = modules().stream().filter(m -> m.kind() == Kind.MODE)
        .flatMap(m -> Stream.of(m.name(), m.folder().substring("mode-".length()))).filter(name -> !WORDS.containsKey(name))
        .collect(Collectors.toSet());
    assertThat(modes).contains("secondary-ip", "dev.patchbay.mode.secondaryip");
    long seen = 0;
    for (BuiltModule module : modules()) {
      if (module.kind() == Kind.RUNTIME) {
        List<Contents.Text> texts = Contents.texts(module.classes());
        seen += texts.size();
        assertThat(naming(texts, modes)).as("texts that name a mode, in %s", module).isEmpty();
      }
    }
    assertThat(seen).isGreaterThan(2000);
  }

  @Test
  void aModesNameInATextIsSeen() throws IOException {
    Planted planted = new Planted(scratch, List.of(
        "package dev.patchbay.core.planted; class T { boolean base(String mode) { return mode.equals(\"secondary-ip\"); } }",
        "package dev.patchbay.core.planted; class T { String fine = \"tertiary-secondary-ips\"; }"));
    assertThat(naming(Contents.texts(planted.folder()), Set.of("secondary-ip")))
        .containsExactly(new Contents.Text("dev.patchbay.core.planted.Planted0", "secondary-ip"));
  }

  private static List<Contents.Text> naming(List<Contents.Text> texts, Set<String> modes) {
    return texts.stream().filter(text -> modes.stream().anyMatch(mode -> names(text.text(), mode))).toList();
  }

  private static boolean names(String text, String mode) {
    return Pattern.compile("(?<![\\w-])" + Pattern.quote(mode) + "(?![\\w-])").matcher(text).find();
  }

  @Test
  void buildFilesKnowNoMoreThanTheClasses() throws IOException {
    Map<String, Set<String>> dependencies = Contents.dependencies(Checkout.ROOT);
    assertThat(dependencies).containsKeys("api/spi", "mode-secondary-ip", "runtime/core", "it/lab/lab");
    dependencies.forEach((folder, artifacts) -> {
      if (folder.startsWith("it")) {
        return;
      }
      assertThat(artifacts).as("dependencies of %s on what is in it/", folder)
          .noneMatch(artifact -> artifact.startsWith("dev.patchbay.lab") || artifact.startsWith("dev.patchbay.it"));
      if (folder.startsWith("mode-")) {
        assertThat(artifacts).as("dependencies of %s", folder).contains("dev.patchbay.spi")
            .allMatch(artifact -> !artifact.startsWith("dev.patchbay") || Set.of("dev.patchbay.spi", "dev.patchbay.tck").contains(artifact));
      }
      if (folder.startsWith("api")) {
        assertThat(artifacts).as("dependencies of %s", folder)
            .allMatch(artifact -> !artifact.startsWith("dev.patchbay") || Set.of("dev.patchbay.spi", "dev.patchbay.tck").contains(artifact));
      }
    });
  }

  @Test
  void aModeIsSmall() throws IOException {
    assertThat(Contents.lines(Checkout.ROOT.resolve("mode-secondary-ip/src/main"))).isBetween(100L, 599L);
  }
}
