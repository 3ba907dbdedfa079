package dev.patchbay.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher as a process of its own, in an installation made for the test: programs in layers, and a mode that brings
 * other versions of the libraries that the runtime has.
 */
class LauncherProcessTest {
  private static final Path LIBRARIES = Path.of("target", "libraries").toAbsolutePath();

  @TempDir
  private Path folder;

  private Jars jars;
  private Path home;

  @BeforeEach
  void install() throws IOException {
    jars = new Jars(folder);
    home = Files.createDirectories(folder.resolve("home"));
    Files.createDirectories(home.resolve("lib/boot"));
    Files.copy(jars.spiAs("0.1.0"), home.resolve("lib/boot/spi.jar"));
    Files.copy(jars.pack("launch.jar", Jars.launcherClasses(), "--module-version", "0.1.0", "--main-class",
        Launcher.class.getName()), home.resolve("lib/boot/launch.jar"));
  }

  private record Ended(int code, List<String> out, String err) {}

  private Ended launch(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=dev.patchbay.launch",
        "-p", home.resolve("lib/boot").toString(), "-m", "dev.patchbay.launch"));
    command.addAll(List.of(arguments));
    Path err = folder.resolve("err");
    Process process = new ProcessBuilder(command).redirectError(err.toFile()).start();
    List<String> out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    return new Ended(process.waitFor(), out, Files.readString(err));
  }

  private void layer(String name, List<Path> jarsOfIt) {
    jars.directory("home/lib/" + name, jarsOfIt);
  }

  private void table(String... lines) throws IOException {
    Files.write(home.resolve("lib/layers.properties"), List.of(lines));
  }

  private static List<Path> modulePathWith(List<Path> more) {
    List<Path> path = new ArrayList<>(Jars.annotations());
    path.addAll(List.of(Jars.spi(), Jars.launcherClasses()));
    path.addAll(more);
    return path;
  }

  private static String descriptor(String module, String requires) {
    return "module " + module + " { requires dev.patchbay.launch; " + requires + " provides dev.patchbay.launch.Program with "
        + module + ".Main; }";
  }

  private static String program(String module, String name, String body) {
    return "package " + module + """
        ;
        import dev.patchbay.launch.*;
        public final class Main implements Program {
          @Override public String name() { return "%s"; }
          @Override public int run(LaunchContext context) throws Exception {
            %s
          }
        }
        """.formatted(name, body);
  }

  @Test
  void aModeWithOtherVersionsOfTheRuntimesLibrariesSeesItsOwn() throws Exception {
    List<Path> ours = Jars.in(LIBRARIES.resolve("runtime"));
    Path probe = jars.module("1", modulePathWith(ours),
        descriptor("test.probe", "requires com.fasterxml.jackson.databind; requires software.amazon.awssdk.utils;"),
        program("test.probe", "probe", """
            System.out.println("runtime " + new com.fasterxml.jackson.databind.ObjectMapper().version());
            System.out.println("runtime " + software.amazon.awssdk.utils.StringUtils.class.getProtectionDomain().getCodeSource()
                .getLocation().getPath().replaceAll(".*/", ""));
            ModeLoading loading = context.loadModes(java.util.List.of(ModuleFile.of(java.nio.file.Path.of(
                context.arguments().get(0)))));
            loading.refused().forEach(System.out::println);
            for (LoadedMode mode : loading.loaded()) {
              System.out.println("mode " + mode.id() + " " + mode.version() + " " + mode.provider().descriptor().summary());
              Class<?> utils = mode.provider().getClass().getClassLoader()
                  .loadClass("software.amazon.awssdk.utils.StringUtils");
              System.out.println("mode " + utils.getProtectionDomain().getCodeSource().getLocation().getPath()
                  .replaceAll(".*/", "") + " " + utils.getModule().getDescriptor().isAutomatic()
                  + " " + (utils == software.amazon.awssdk.utils.StringUtils.class));
              mode.libraries().forEach(library -> System.out.println(library.moduleName() + " " + library.version() + " "
                  + new java.util.TreeSet<>(library.uses().keySet())));
            }
            return 7;"""));
    layer("serving", concat(ours, probe));
    table("probe = serving");

    List<Path> theirs = Jars.in(LIBRARIES.resolve("mode"));
    String[] sources = Jars.mode("com.example.mode", "example", "");
    sources[0] = sources[0].replace("requires dev.patchbay.spi;", "requires dev.patchbay.spi;"
        + " requires com.fasterxml.jackson.databind; requires software.amazon.awssdk.utils;");
    sources[1] = sources[1].replace("ModeDescriptor.of(\"A mode.\")", """
        ModeDescriptor.of("reads " + new com.fasterxml.jackson.databind.ObjectMapper().version() + " and "
            + software.amazon.awssdk.utils.StringUtils.upperCase("words"))""");
    Path mode = jars.module("2.3.4", modulePathWith(theirs), sources);

    Ended ended = launch("probe", jars.directory("vendor", concat(theirs, mode)).toString());

    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isEqualTo(7);
    assertThat(ended.out()).startsWith(
        "runtime 2.21.4",
        "runtime utils-2.56.0.jar",
        "mode example 2.3.4 reads 2.15.2 and WORDS",
        "mode utils-2.20.162.jar true false");
    assertThat(ended.out()).filteredOn(line -> line.startsWith("com.fasterxml.jackson.databind 2.15.2")).singleElement().asString()
        .contains("INPUT_OUTPUT", "REFLECTION", "CLOCK");
  }

  private static List<Path> concat(List<Path> paths, Path more) {
    List<Path> all = new ArrayList<>(paths);
    all.add(more);
    return all;
  }

  @Test
  void laterLayersAreBuiltInTheBackgroundAndShareWhatLiesBelow() throws Exception {
    Path api = jars.module("1", "module test.port { exports test.port; }",
        "package test.port; public interface Port { String say(); }");
    Path first = jars.module("1", modulePathWith(List.of(api)),
        descriptor("test.first", "requires test.port; uses test.port.Port;"),
        program("test.first", "first", """
            System.out.println(context.layers() + " " + context.arguments() + " " + context.home().getFileName());
            ProgramLayer cloud = context.layer("cloud").get();
            System.out.println(context.layer("cloud").get() == cloud);
            java.util.List<test.port.Port> ports = cloud.services(l -> java.util.ServiceLoader.load(l, test.port.Port.class));
            ports.forEach(port -> System.out.println(port.say()));
            System.out.println(cloud.inContext(() -> Thread.currentThread().getContextClassLoader()
                == ports.get(0).getClass().getClassLoader()));
            System.out.println(Thread.currentThread().getContextClassLoader() == Main.class.getClassLoader());
            System.out.println(cloud.buildTime().isPositive());
            try {
              context.layer("other");
            } catch (IllegalArgumentException e) {
              System.out.println(e.getMessage());
            }
            return 0;"""));
    String port = """
        package test.NAME;
        public final class Talker implements test.port.Port {
          @Override public String say() {
            return "NAME in " + (Thread.currentThread().getContextClassLoader() == null);
          }
        }
        """;
    // The layer of the first program has a port too; only that of the cloud layer is wanted.
    Path below = jars.module("1", List.of(api), "module test.below { requires test.port; provides test.port.Port with"
        + " test.below.Talker; }", port.replace("NAME", "below"));
    Path above = jars.module("1", List.of(api), "module test.above { requires test.port; provides test.port.Port with"
        + " test.above.Talker; }", port.replace("NAME", "above"));
    layer("serving", List.of(api, first, below));
    layer("cloud", List.of(above));
    table("first = serving, cloud");

    Ended ended = launch("first", "a", "b c");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out()).containsExactly("[serving, cloud] [a, b c] home", "true", "above in false", "true", "true", "true",
        "the program has no layer other; it has serving, cloud");
    assertThat(ended.code()).isZero();
  }

  @Test
  void aProgramMayStartInAnyOfItsLayers() throws Exception {
    Path library = jars.module("1", "module test.library { exports test.library; }",
        "package test.library; public class Library { public static String word() { return \"found\"; } }");
    Path command = jars.module("1", modulePathWith(List.of(library)), descriptor("test.command", "requires test.library;"),
        program("test.command", "command", "System.out.println(test.library.Library.word()"
            + " + (test.library.Library.class.getModule().getLayer() == Main.class.getModule().getLayer())); return 3;"));
    layer("serving", List.of(library));
    // A copy of what lies below is not loaded again.
    layer("cli", List.of(command, library));
    table("command = serving, cli, lab", "other = serving");

    Ended ended = launch("command");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out()).containsExactly("foundfalse");
    assertThat(ended.code()).isEqualTo(3);

    assertThat(launch("other").err()).isEqualTo("patchbay: none of the layers serving provides the program other. Put its jar"
        + " into " + home.resolve("lib") + ", or correct its line in layers.properties.\n");
  }

  @Test
  void onlyTheTwoModulesThatNeedItGetNativeAccess() throws Exception {
    Path netlink = jars.module("1", "module dev.patchbay.netlink { exports dev.patchbay.netlink; }",
        "package dev.patchbay.netlink; public interface Marker { }");
    Path linux = jars.module("1", "module dev.patchbay.linux { exports dev.patchbay.linux; }",
        "package dev.patchbay.linux; public interface Marker { }");
    Path program = jars.module("1", modulePathWith(List.of(netlink, linux)),
        descriptor("test.asks", "requires dev.patchbay.netlink; requires dev.patchbay.linux;"),
        program("test.asks", "asks", """
            for (Class<?> type : java.util.List.of(dev.patchbay.netlink.Marker.class, dev.patchbay.linux.Marker.class,
                Main.class)) {
              System.out.println(type.getModule().getName() + " " + type.getModule().isNativeAccessEnabled());
            }
            return 0;"""));
    layer("serving", List.of(netlink, linux, program));
    table("asks = serving");

    Ended ended = launch("asks");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out()).containsExactly("dev.patchbay.netlink true", "dev.patchbay.linux true", "test.asks false");
  }

  @Test
  void whatIsWrongWithTheInstallationIsSaid() throws Exception {
    Ended noTable = launch("node");
    assertThat(noTable.code()).isEqualTo(Launcher.FAILED);
    assertThat(noTable.err()).startsWith("patchbay: can't read " + home.resolve("lib/layers.properties"));

    table("node = serving", "patchbay = serving, cli");
    Ended unknown = launch("nod");
    assertThat(unknown.code()).isEqualTo(Launcher.MISUSED);
    assertThat(unknown.err()).isEqualTo(
        "patchbay: there is no program nod. The programs of this installation are node, patchbay.\n");
    assertThat(launch().err()).isEqualTo(
        "patchbay: no program is named. The programs of this installation are node, patchbay.\n");

    Ended noLayer = launch("node");
    assertThat(noLayer.code()).isEqualTo(Launcher.FAILED);
    assertThat(noLayer.err()).isEqualTo("patchbay: there is no folder " + home.resolve("lib/serving")
        + ", which holds the layer serving. Install Patchbay anew, or take the layer out of layers.properties.\n");

    Path library = jars.module("1", "module test.library { exports test.library; }",
        "package test.library; public interface Library { }");
    Path throwing = jars.module("1", modulePathWith(List.of(library)), descriptor("test.throwing", "requires test.library;"),
        program("test.throwing", "node", "throw new IllegalStateException(\"broken\");"));
    layer("serving", List.of(throwing));
    assertThat(launch("node").err()).startsWith("patchbay: the layer serving in " + home.resolve("lib/serving")
        + " can't be built: Module test.library not found, required by test.throwing. Install Patchbay anew;");

    Files.copy(library, home.resolve("lib/serving/library.jar"));
    Ended thrown = launch("node", "--x");
    assertThat(thrown.code()).isEqualTo(Launcher.FAILED);
    assertThat(thrown.err()).startsWith("patchbay: node --x ended with an exception.\njava.lang.IllegalStateException: broken\n");
  }
}
