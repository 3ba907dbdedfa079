package dev.patchbay.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.SettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is loaded, what is refused, and in which words. */
class ModeLoaderTest {
  @TempDir
  private Path folder;

  private Jars jars;

  @BeforeEach
  void jars() {
    jars = new Jars(folder);
  }

  private static ModeLoading load(ModuleFile... files) {
    return new ModeLoader(ModuleLayer.boot()).load(List.of(files));
  }

  private static ModuleRefusal refusal(Path file) {
    return refusal(ModuleFile.of(file));
  }

  private static ModuleRefusal refusal(ModuleFile file) {
    ModeLoading loading = load(file);
    assertThat(loading.loaded()).isEmpty();
    assertThat(loading.refused()).hasSize(1);
    assertThat(loading.refused().getFirst().file()).isEqualTo(file.file());
    return loading.refused().getFirst();
  }

  private static void assertRefused(Path file, int code, String cause, String remedy) {
    ModuleRefusal refusal = refusal(file);
    assertThat(refusal.cause()).isEqualTo(cause);
    assertThat(refusal.remedy()).isEqualTo(remedy);
    assertThat(refusal.code().number()).isEqualTo(code);
    assertThat(refusal).hasToString(file + ": " + cause + " " + remedy);
  }

  private static List<Path> modulePathWith(Path... more) {
    List<Path> path = new ArrayList<>(Jars.annotations());
    path.add(Jars.spi());
    path.addAll(List.of(more));
    return path;
  }

  @Test
  void aModeIsLoadedIntoALayerOfItsOwn() throws IOException {
    Path jar = jars.module("1.4.2", Jars.mode("com.example.mode", "example", ""));
    ModeLoading loading = load(ModuleFile.of(jar));

    assertThat(loading.refused()).isEmpty();
    LoadedMode mode = loading.loaded().getFirst();
    assertThat(mode.id()).isEqualTo("example");
    assertThat(mode.version()).isEqualTo("1.4.2");
    assertThat(mode.moduleName()).isEqualTo("com.example.mode");
    assertThat(mode.file()).isEqualTo(jar);
    assertThat(mode.sha256()).isEqualTo(Digests.of(jar)).hasSize(64);
    assertThat(mode.libraries()).isEmpty();
    Module module = mode.provider().getClass().getModule();
    assertThat(module.getLayer()).isNotEqualTo(ModuleLayer.boot());
    assertThat(module.getLayer().modules()).containsExactly(module);
    assertThat(module.isNativeAccessEnabled()).isFalse();
    assertThat(mode.provider().descriptor().summary()).isEqualTo("A mode.");
    assertThat(load(ModuleFile.of(jar).pinned(mode.sha256())).loaded()).hasSize(1);
  }

  @Test
  void everyModeOfTheProjectIsLoaded() throws IOException {
    List<Path> folders = Jars.in(Path.of("..", "..")).stream()
        .filter(path -> path.getFileName().toString().startsWith("mode-") && Files.exists(path.resolve("pom.xml"))).toList();
    assertThat(folders).isNotEmpty();
    for (Path mode : folders) {
      Path sources = mode.resolve("src/main/java");
      List<Path> files;
      try (Stream<Path> walk = Files.walk(sources)) {
        files = walk.filter(path -> path.toString().endsWith(".java")).sorted().toList();
      }
      String name = Files.readString(sources.resolve("module-info.java")).replaceAll("(?s).*\nmodule (\\S+).*", "$1");
      Path jar = jars.pack(name + ".jar", jars.compileFiles(name, modulePathWith(), files), "--module-version", "0.1.0");
      long start = System.nanoTime();
      ModeLoading loading = load(ModuleFile.of(jar));
      System.out.printf("%s loaded in %.1f ms, scan included%n", name, (System.nanoTime() - start) / 1e6);
      assertThat(loading.refused()).isEmpty();
      assertThat(loading.loaded()).extracting(LoadedMode::moduleName).containsExactly(name);
      assertThat(mode.getFileName()).hasToString("mode-" + loading.loaded().getFirst().id());
    }
  }

  @Test
  void severalFilesAreLoadedAndRefusedInOneGo() {
    Path good = jars.module("1", Jars.mode("com.example.good", "good", ""));
    Path missing = folder.resolve("missing.jar");
    Path other = jars.module("1", Jars.mode("com.example.other", "other", ""));
    ModeLoading loading = load(ModuleFile.of(good), ModuleFile.of(missing), ModuleFile.of(other));

    assertThat(loading.loaded()).extracting(LoadedMode::id).containsExactly("good", "other");
    assertThat(loading.loaded()).extracting(mode -> mode.provider().getClass().getModule().getLayer()).doesNotHaveDuplicates();
    assertThat(loading.refused()).extracting(ModuleRefusal::file).containsExactly(missing);
  }

  @Test
  void anExplodedModuleIsTakenToo() {
    Path classes = jars.compile("com.example.mode", modulePathWith(), Jars.mode("com.example.mode", "example", ""));
    LoadedMode mode = load(ModuleFile.of(classes)).loaded().getFirst();
    assertThat(mode.version()).isEqualTo("unversioned");
  }

  @Test
  void aProviderOfTheLayerBelowIsNotTheModes() {
    Path below = jars.module("1", Jars.mode("com.example.below", "below", ""));
    ModuleLayer boot = load(ModuleFile.of(below)).loaded().getFirst().provider().getClass().getModule().getLayer();
    Path jar = jars.module("1", Jars.mode("com.example.mode", "example", ""));
    assertThat(new ModeLoader(boot).load(List.of(ModuleFile.of(jar))).loaded()).extracting(LoadedMode::id)
        .containsExactly("example");
  }

  @Test
  void aMissingFile() {
    assertRefused(folder.resolve("nowhere.jar"), 130, "there is no such file.",
        "Put the module there, or correct its path under modules.");
  }

  @Test
  void noModule() throws IOException {
    Path text = Files.writeString(folder.resolve("text.jar"), "no jar");
    ModuleRefusal refusal = refusal(text);
    assertThat(refusal.code()).isEqualTo(LaunchCodes.MODULE_INVALID);
    assertThat(refusal.cause()).startsWith("it can't be read as a module: ");

    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertRefused(empty, 131, "there is no module in it.",
        "Name a modular jar, or a directory with one and the libraries it brings.");
  }

  @Test
  void anAlteredFile() throws IOException {
    Path jar = jars.module("1", Jars.mode("com.example.mode", "example", ""));
    ModuleRefusal refusal = refusal(ModuleFile.of(jar).pinned("0".repeat(64)));
    assertThat(refusal.cause()).isEqualTo(
        "its SHA-256 is " + Digests.of(jar) + ", and the configuration pins " + "0".repeat(64) + ".");
    assertThat(refusal.remedy()).isEqualTo("Put the right file back, or pin the new digest if the change is meant.");
    assertThat(refusal.code().number()).isEqualTo(132);
  }

  @Test
  void aDirectoryThatCarriesTheSpi() {
    Path mode = jars.module("1", Jars.mode("com.example.mode", "example", ""));
    Path spi = jars.spiAs("0.1.0");
    assertRefused(jars.directory("both", List.of(mode, spi)), 133,
        "it carries the module dev.patchbay.spi, which is Patchbay's own.",
        "Take that jar away; a mode gets the SPI from the runtime and brings nothing else of it.");
  }

  @Test
  void aDirectoryThatCarriesAModuleOfTheRuntime() {
    Path mode = jars.module("1", Jars.mode("com.example.mode", "example", ""));
    Path core = jars.module("1", "module dev.patchbay.core { }");
    assertThat(refusal(jars.directory("both", List.of(mode, core))).cause())
        .isEqualTo("it carries the module dev.patchbay.core, which is Patchbay's own.");
    assertThat(refusal(jars.module("1", Jars.mode("dev.patchbay.sneaky", "example", ""))).cause())
        .isEqualTo("it carries the module dev.patchbay.sneaky, which is Patchbay's own.");
    assertThat(load(ModuleFile.of(jars.module("1", Jars.mode("dev.patchbay.mode.own", "own", "")))).loaded()).hasSize(1);
  }

  @Test
  void aDirectoryThatCarriesAModuleOfTheJdk() {
    Path mode = jars.module("1", Jars.mode("com.example.mode", "example", ""));
    Path jdk = jars.pack("jdk.jfr.jar", jars.compile("jdk.jfrx", modulePathWith(), "module jdk.jfrx { }"));
    assertThat(load(ModuleFile.of(jars.directory("fine", List.of(mode, jdk)))).refused()).isEmpty();
    Path logging = jars.pack("x.jar", jars.compile("java.scripting", List.of(), "module java.scripting { }"));
    assertThat(refusal(jars.directory("both", List.of(mode, logging))).cause())
        .isEqualTo("it carries the module java.scripting, which is the JDK's.");
  }

  @Test
  void noProvider() {
    Path library = jars.module("1", "module com.example.library { }");
    assertRefused(library, 131,
        "none of its modules (com.example.library) provides dev.patchbay.spi.NetworkModeProvider.",
        "Name a mode's file; a mode's module-info says provides dev.patchbay.spi.NetworkModeProvider with ....");
  }

  @Test
  void severalModesInOneDirectory() {
    Path a = jars.module("1", Jars.mode("com.example.a", "a", ""));
    Path b = jars.module("1", Jars.mode("com.example.b", "b", ""));
    assertRefused(jars.directory("both", List.of(a, b)), 131,
        "it holds the modules of several modes: com.example.a, com.example.b.", "Give each mode a file or directory of its own.");
  }

  @Test
  void anAutomaticModule() throws IOException {
    String[] sources = Jars.mode("com.example.mode", "example", "");
    Path classes = jars.compile("com.example.mode", modulePathWith(), sources);
    Files.delete(classes.resolve("module-info.class"));
    Files.createDirectories(classes.resolve("META-INF/services"));
    Files.writeString(classes.resolve("META-INF/services/dev.patchbay.spi.NetworkModeProvider"), "com.example.mode.Provider\n");
    assertRefused(jars.pack("vendors-mode-1.0.jar", classes), 131, "its module vendors.mode has no module-info.",
        "Give it a module-info that requires dev.patchbay.spi.");
  }

  @Test
  void aModeThatAsksForTheRuntime() {
    String[] sources = Jars.mode("com.example.mode", "example", "");
    sources[0] = sources[0].replace("requires dev.patchbay.spi;", "requires dev.patchbay.spi; requires dev.patchbay.launch;");
    assertRefused(jars.module("1", modulePathWith(Jars.launcherClasses()), sources), 133,
        "its module com.example.mode requires dev.patchbay.launch, which belongs to the runtime.",
        "A mode requires dev.patchbay.spi and its own libraries, and nothing else of Patchbay.");
  }

  @Test
  void aModeForAnotherVersionOfTheSpi() {
    String running = ModuleLayer.boot().findModule("dev.patchbay.spi").orElseThrow().getDescriptor().rawVersion().orElseThrow();
    for (String other : List.of("0.99.0", "1.0.0", "9.3")) {
      List<Path> path = new ArrayList<>(Jars.annotations());
      path.add(jars.spiAs(other));
      Path mode = jars.module("1", path, Jars.mode("com.example.mode", "example", ""));
      SpiVersion here = SpiVersion.parse(running).orElseThrow();
      assertRefused(mode, 135, "its module com.example.mode was compiled against dev.patchbay.spi " + other
              + ", and this runtime has " + running + ".",
          "Take the mode's release for dev.patchbay.spi " + here.major() + "." + here.minor()
              + (here.major() == 0 ? "; while the SPI is 0.x, its minor versions differ."
                  : " or older of the same major, or a newer Patchbay."));
    }
  }

  @Test
  void versionsOfTheSpi() {
    SpiVersion zero = SpiVersion.parse("0.4.1-SNAPSHOT").orElseThrow();
    assertThat(zero).isEqualTo(new SpiVersion(0, 4));
    assertThat(zero.serves(new SpiVersion(0, 4))).isTrue();
    assertThat(zero.serves(new SpiVersion(0, 3))).isFalse();
    assertThat(zero.serves(new SpiVersion(0, 5))).isFalse();
    SpiVersion two = SpiVersion.parse("2.3").orElseThrow();
    assertThat(two.serves(new SpiVersion(2, 0))).isTrue();
    assertThat(two.serves(new SpiVersion(2, 3))).isTrue();
    assertThat(two.serves(new SpiVersion(2, 4))).isFalse();
    assertThat(two.serves(new SpiVersion(1, 3))).isFalse();
    assertThat(SpiVersion.parse("next")).isEmpty();
  }

  @Test
  void aModeThatDoesNotSayItsVersionOfTheSpi() throws IOException {
    Path classes = jars.compile("dev.patchbay.spi", List.of(), "module dev.patchbay.spi { exports dev.patchbay.spi; }",
        "package dev.patchbay.spi; public interface NetworkModeProvider { }");
    Path unversioned = jars.compile("com.example.mode", List.of(classes),
        "module com.example.mode { requires dev.patchbay.spi; provides dev.patchbay.spi.NetworkModeProvider with"
            + " com.example.mode.Provider; }",
        "package com.example.mode; public class Provider implements dev.patchbay.spi.NetworkModeProvider { }");
    assertRefused(jars.pack("m.jar", unversioned), 135,
        "its module com.example.mode does not say which version of dev.patchbay.spi it was compiled against.",
        "Compile it against the published jar of dev.patchbay.spi; the compiler writes the version down.");
  }

  @Test
  void aMissingModule() {
    Path library = jars.module("1", "module com.example.library { exports com.example.library; }",
        "package com.example.library; public interface Library { }");
    String[] sources = Jars.mode("com.example.mode", "example", "");
    sources[0] = sources[0].replace("requires dev.patchbay.spi;", "requires dev.patchbay.spi; requires com.example.library;");
    Path mode = jars.module("1", modulePathWith(library), sources);
    assertRefused(mode, 134,
        "a module is missing: Module com.example.library not found, required by com.example.mode.",
        "Name a directory that holds the mode's jar and every library it needs, and none that it does not.");
    assertThat(load(ModuleFile.of(jars.directory("both", List.of(mode, library)))).loaded()).hasSize(1);
  }

  @Test
  void modulesThatDontFitTogether() {
    Path a = jars.module("1", "module com.example.a { exports com.example.shared; }",
        "package com.example.shared; public interface A { }");
    Path b = jars.module("1", "module com.example.b { exports com.example.shared; }",
        "package com.example.shared; public interface B { }");
    Path mode = jars.module("1", Jars.mode("com.example.mode", "example", ""));
    ModuleRefusal refusal = refusal(jars.directory("all", List.of(a, b, mode)));
    assertThat(refusal.code()).isEqualTo(LaunchCodes.MODULE_INVALID);
    assertThat(refusal.cause()).startsWith("its modules don't fit together: ").contains("com.example.shared");
  }

  @Test
  void twoProvidersOfOneMode() {
    Path first = jars.module("1", Jars.mode("com.example.first", "example", ""));
    Path second = jars.module("1", Jars.mode("com.example.second", "example", ""));
    ModeLoading loading = load(ModuleFile.of(first), ModuleFile.of(second));

    assertThat(loading.loaded()).extracting(LoadedMode::moduleName).containsExactly("com.example.first");
    assertThat(loading.refused()).extracting(ModuleRefusal::toString).containsExactly(second
        + ": its module com.example.second provides the mode example, and so does com.example.first in " + first
        + ". Name one of the two files under modules.");
    assertThat(loading.refused().getFirst().code().number()).isEqualTo(137);
  }

  @Test
  void aModeThatIsImpure() {
    Path mode = jars.module("1", Jars.mode("com.example.mode", "example", "\n  long now() { return System.nanoTime(); }"));
    assertRefused(mode, 136, "its module com.example.mode does what a mode must not do: com.example.mode.Provider.now (line 8)"
            + " calls java.lang.System.nanoTime (a clock).",
        "What a planner may know stands in its view, and what should be done goes into its plan; take these calls out.");
  }

  @Test
  void ofManyBreachesTheFirstAreShown() {
    String calls = "int a() { System.exit(1); System.exit(2); return (int) System.nanoTime(); }\n"
        + "void b() { System.gc(); }\nvoid c() { Thread.yield(); }\nvoid d() { Thread.yield(); }\n"
        + "void e() { Thread.yield(); }\nvoid f() { Thread.yield(); }\n";
    assertThat(refusal(jars.module("1", Jars.mode("com.example.mode", "example", calls))).cause()).endsWith("; and 2 more.");
  }

  private void assertBroken(String body, String what) {
    assertRefused(jars.module("1", Jars.mode("com.example.mode", "example", body)), 138,
        "the provider of its module com.example.mode " + what + ".", "A provider does no work; report this to whoever made the mode.");
  }

  @Test
  void aProviderThatFails() {
    assertBroken("public Provider() { throw new IllegalStateException(\"not today\"); }",
        "threw java.lang.IllegalStateException: not today when it was made");
    assertBroken("static { deep(); } static int deep() { return deep() + 1; }", "threw java.lang.StackOverflowError when it was made");
    assertBroken("static { fail(); } static void fail() { throw new Error(\"never\"); }", "threw java.lang.Error: never when it was made");
    Path name = jars.module("1", Jars.mode("com.example.mode", "No Name", ""));
    assertThat(refusal(name).cause()).isEqualTo(
        "its module com.example.mode calls its mode \"No Name\", which is no name of a mode.");
  }

  @Test
  void aProviderWhoseWordsFail() {
    for (String name : List.of("return null;", "throw new AssertionError(1);")) {
      String[] sources = Jars.mode("com.example.mode", "example", "");
      sources[1] = sources[1].replace("return \"example\";", name);
      assertThat(refusal(jars.module("1", sources)).cause()).isEqualTo("the provider of its module com.example.mode "
          + (name.contains("null") ? "returned null" : "threw java.lang.AssertionError: 1") + " when it was asked for its name.");
    }
    for (String descriptor : List.of("return null;", "throw new IllegalArgumentException(\"no\");")) {
      String[] sources = Jars.mode("com.example.mode", "example", "");
      sources[1] = sources[1].replace("return ModeDescriptor.of(\"A mode.\").build();", descriptor);
      assertThat(refusal(jars.module("1", sources)).cause()).isEqualTo("the provider of its module com.example.mode "
          + (descriptor.contains("null") ? "returned null" : "threw java.lang.IllegalArgumentException: no")
          + " when it was asked for its descriptor.");
    }
  }

  @Test
  void aProviderThatNeverComesBack() {
    Path good = jars.module("1", Jars.mode("com.example.good", "good", ""));
    Path endless = jars.module("1", Jars.mode("com.example.endless", "endless",
        "static { spin(); } static void spin() { for (long i = 0; i < Long.MAX_VALUE; i++) { turns += i; } } static long turns;"));
    ModeLoading loading = new ModeLoader(ModuleLayer.boot(), Duration.ofSeconds(1)).load(List.of(ModuleFile.of(endless), ModuleFile.of(good)));
    assertThat(loading.refused()).extracting(ModuleRefusal::cause)
        .containsExactly("the provider of its module com.example.endless did not come back within 1 s when it was made.");
    assertThat(loading.refused().getFirst().code()).isEqualTo(LaunchCodes.MODULE_BROKEN);
    assertThat(loading.loaded()).extracting(LoadedMode::id).containsExactly("good");
  }

  /** A mode whose code goes wrong when it is made. */
  private LoadedMode made(String create) {
    String[] sources = Jars.mode("com.example.mode", "example", "");
    sources[1] = sources[1].replace("return new NetworkMode() {};", create);
    return load(ModuleFile.of(jars.module("1", sources))).loaded().getFirst();
  }

  @Test
  void aModeThatCantBeMadeSaysHow() {
    assertThat(made("return new NetworkMode() {};").make(Fields.empty()).eniPlanner()).isEmpty();
    assertThatThrownBy(() -> made("return null;").make(Fields.empty())).isInstanceOf(ModeBrokenException.class)
        .hasMessageStartingWith("threw java.lang.NullPointerException");
    assertThatThrownBy(() -> made("throw new Error(\"no\");").make(Fields.empty())).isInstanceOf(ModeBrokenException.class)
        .hasMessage("threw java.lang.Error: no");
    assertThatThrownBy(() -> made("return new NetworkMode() { public java.util.Optional<dev.patchbay.spi.ipam.PodClaim> podClaim() {"
        + " throw new IllegalStateException(\"no claim\"); } };").make(Fields.empty())).isInstanceOf(ModeBrokenException.class)
        .hasMessage("threw java.lang.IllegalStateException: no claim");
    assertThatThrownBy(() -> made("return new NetworkMode() { public java.util.Optional<dev.patchbay.spi.ipam.PodClaim> podClaim() {"
        + " return null; } };").make(Fields.empty())).isInstanceOf(ModeBrokenException.class);
    assertThatThrownBy(() -> made("throw new SettingException(\"x\", \"is needed\", \"Set it.\");").make(Fields.empty()))
        .isInstanceOf(SettingException.class);
  }
}
