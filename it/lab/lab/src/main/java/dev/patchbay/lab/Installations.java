package dev.patchbay.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds what the lab needs of an installation of Patchbay. */
final class Installations {
  private static final Path TABLE = Path.of("lib", "layers.properties");

  private Installations() {}

  /** The folder of the installation at hand. */
  static Path home() {
    String named = System.getProperty("patchbay.home", "");
    if (!named.isEmpty()) {
      Path home = Path.of(named).toAbsolutePath().normalize();
      if (!Files.exists(home.resolve(TABLE))) {
        throw new LabException("-Dpatchbay.home=" + named + " is no installation of Patchbay: there is no " + TABLE + " in it");
      }
      return home;
    }
    if (System.getProperty("jdk.module.main", "").equals("dev.patchbay.launch")) {
      // Started by the launcher, which lies in HOME/lib/boot.
      Path boot = Path.of(System.getProperty("jdk.module.path", "")).toAbsolutePath().normalize();
      @Nullable Path lib = boot.getParent();
      if (lib != null && lib.getParent() != null && Files.exists(lib.getParent().resolve(TABLE))) {
        return lib.getParent();
      }
    }
    for (@Nullable Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      Path built = folder.resolve("build").resolve("home");
      if (Files.exists(built.resolve(TABLE))) {
        return built;
      }
    }
    throw new LabException(
        "no installation of Patchbay is at hand. Run bin/patchbay of a checkout, which builds one, or name its folder with"
            + " -Dpatchbay.home=");
  }

  static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  static Path executable(Path home) {
    List<Path> places = List.of(
        home.resolve("cni/patchbay-cni"),
        home.resolve("bin/patchbay-cni"),
        // Of a checkout, whose installation is build/home.
        home.resolve("../../runtime/cni/target/patchbay-cni").normalize());
    return places.stream()
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new LabException("there is no patchbay-cni; looked at " + places + ". Make it: make -C runtime/cni"));
  }

  /** The command of the daemon: as an installation starts it, with its cache of classes if it has one. */
  static List<String> daemon(LabSettings settings, Path configuration) {
    Path script = settings.home().resolve("bin/patchbay");
    Path jdk = settings.java().toAbsolutePath().resolve("../..").normalize();
    if (Files.isExecutable(script) && Files.isExecutable(jdk.resolve("bin/java"))) {
      return List.of("env", "JAVA_HOME=" + jdk, script.toString(), "node", "--config", configuration.toString());
    }
    return program(settings, "node", "--config", configuration.toString());
  }

  /** The command of a replica of the controller. */
  static List<String> controller(LabSettings settings, Path configuration) {
    return program(settings, "cluster", "--config", configuration.toString());
  }

  /** A command of the operator's. */
  static List<String> command(LabSettings settings, String... arguments) {
    return program(settings, "patchbay", arguments);
  }

  private static List<String> program(LabSettings settings, String program, String... arguments) {
    Path lib = settings.home().resolve("lib");
    Path options = lib.resolve(program + ".options");
    List<String> command = new ArrayList<>();
    command.add(settings.java().toString());
    command.add(Files.exists(options) ? "@" + options : "--enable-native-access=dev.patchbay.launch");
    command.addAll(List.of("-p", lib.resolve("boot").toString(), "-m", "dev.patchbay.launch/dev.patchbay.launch.Launcher"));
    command.add(program);
    command.addAll(List.of(arguments));
    return command;
  }

  /**
   * The module file of a mode: the folder or the one jar in {@code HOME/modes/MODE}, or a jar in {@code HOME/modes} that is
   * named for it.
   */
  static Path modeFile(Path home, String mode) {
    Path modes = home.resolve("modes");
    Path folder = modes.resolve(mode);
    if (Files.isDirectory(folder)) {
      List<Path> jars = jars(folder);
      return jars.size() == 1 ? jars.getFirst() : folder;
    }
    String module = "dev.patchbay.mode." + mode.replace("-", "");
    return jars(modes).stream()
        .filter(jar -> {
          String name = String.valueOf(jar.getFileName());
          return name.equals(module + ".jar") || name.startsWith(module + "-");
        })
        .findFirst()
        .orElseThrow(() -> new LabException(
            "the installation " + home + " has no mode " + mode + "; the configuration must name its file under modules"));
  }

  private static List<Path> jars(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (java.io.IOException failure) {
      throw new LabException("cannot list " + folder + ": " + failure.getMessage(), failure);
    }
  }
}
