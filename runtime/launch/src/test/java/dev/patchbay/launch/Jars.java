package dev.patchbay.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** Compiles modules and packs them, in a folder of the test's. */
final class Jars {
  private final Path folder;

  Jars(Path folder) {
    this.folder = folder;
  }

  /** The SPI as the boot layer has it. */
  static Path spi() {
    return Path.of(ModuleLayer.boot().configuration().findModule("dev.patchbay.spi").orElseThrow()
        .reference().location().orElseThrow());
  }

  /** A copy of the SPI of the boot layer that says it is of another version. */
  Path spiAs(String version) {
    try {
      if (Files.isDirectory(spi())) {
        return pack("spi.jar", spi(), "--module-version", version);
      }
      Path copy = Files.copy(spi(), Files.createTempDirectory(folder, "spi").resolve("spi.jar"));
      run("jar", "--update", "--file", copy.toString(), "--module-version", version);
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The launcher's own classes, without the tests'. */
  static Path launcherClasses() {
    Path classes = Path.of("target", "classes").toAbsolutePath();
    assertThat(classes.resolve("module-info.class")).exists();
    return classes;
  }

  /** The jars of annotations that the SPI's descriptor names, which the compiler wants. */
  static List<Path> annotations() {
    String paths = System.getProperty("java.class.path", "") + File.pathSeparator
        + System.getProperty("jdk.module.path", "");
    List<Path> found = Arrays.stream(paths.split(File.pathSeparator))
        .filter(path -> path.matches(".*/(jspecify|apiguardian-api)-[^/]*\\.jar")).distinct().map(Path::of).toList();
    assertThat(found).as("jars of annotations").hasSize(2);
    return found;
  }

  static List<Path> in(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A module of these sources, compiled against the SPI of the boot layer. */
  Path module(String version, String... sources) {
    List<Path> path = new ArrayList<>(annotations());
    path.add(spi());
    return module(version, path, sources);
  }

  /** A module of these sources: the first is its module-info. The jar's name is the module's. */
  Path module(String version, List<Path> modulePath, String... sources) {
    String name = find("module ([a-z0-9.]+)", sources[0]);
    Path classes = compile(name, modulePath, sources);
    return pack(name + ".jar", classes, "--module-version", version);
  }

  Path compile(String name, List<Path> modulePath, String... sources) {
    try {
      Path work = Files.createTempDirectory(folder, name);
      List<Path> files = new ArrayList<>();
      for (String source : sources) {
        String file = source.contains("module " + name) ? "module-info.java"
            : find("(?:class|interface|record|enum) (\\w+)", source) + ".java";
        Path target = work.resolve("src").resolve(find("package ([a-z0-9.]+);|(^)", source).replace('.', '/')).resolve(file);
        Files.createDirectories(target.getParent());
        files.add(Files.writeString(target, source));
      }
      return compileFiles(name, modulePath, files);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path compileFiles(String name, List<Path> modulePath, List<Path> sources) {
    try {
      Path classes = Files.createTempDirectory(folder, name + "-classes");
      List<String> arguments = new ArrayList<>(List.of("-d", classes.toString(), "--release", "25",
          "--module-path", String.join(File.pathSeparator, modulePath.stream().map(Path::toString).toList())));
      sources.forEach(source -> arguments.add(source.toString()));
      run("javac", arguments.toArray(String[]::new));
      return classes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A jar of a folder of classes, in a folder of its own. */
  Path pack(String jarName, Path classes, String... options) {
    try {
      Path jar = Files.createTempDirectory(folder, "jar").resolve(jarName);
      List<String> arguments = new ArrayList<>(List.of("--create", "--file", jar.toString()));
      arguments.addAll(List.of(options));
      arguments.addAll(List.of("-C", classes.toString(), "."));
      run("jar", arguments.toArray(String[]::new));
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A directory that holds copies of jars. */
  Path directory(String name, List<Path> jars) {
    try {
      Path directory = Files.createDirectories(folder.resolve(name));
      for (Path jar : jars) {
        Files.copy(jar, directory.resolve(jar.getFileName()));
      }
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String find(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(pattern + " in " + text).isTrue();
    String group = matcher.group(1);
    return group == null ? "" : group;
  }

  private static void run(String tool, String... arguments) {
    StringWriter out = new StringWriter();
    PrintWriter printer = new PrintWriter(out);
    int code = ToolProvider.findFirst(tool).orElseThrow().run(printer, printer, arguments);
    assertThat(code).as(tool + " " + List.of(arguments) + "\n" + out).isZero();
  }

  /** The sources of a mode whose provider has this name and body. */
  static String[] mode(String module, String id, String body) {
    return new String[] {
      "module " + module + " { requires dev.patchbay.spi; provides dev.patchbay.spi.NetworkModeProvider with " + module
          + ".Provider; }",
      provider(module, id, body)};
  }

  static String provider(String module, String id, String body) {
    return "package " + module + """
        ;
        import dev.patchbay.spi.*;
        public final class Provider implements NetworkModeProvider {
          @Override public String id() { return "%s"; }
          @Override public ModeDescriptor descriptor() { return ModeDescriptor.of("A mode.").build(); }
          @Override public NetworkMode create(ModeContext context) { return new NetworkMode() {}; }
          %s
        }
        """.formatted(id, body);
  }
}
