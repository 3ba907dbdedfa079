package dev.patchbay.launch;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The process's main class: {@code java -p HOME/lib/boot -m dev.patchbay.launch PROGRAM ARGUMENTS}. It knows programs and
 * layers by name only, from {@code HOME/lib/layers.properties}:
 * <pre>
 * node = serving, cloud
 * patchbay = serving, cli
 * </pre>
 * A program's layers stand on one another in that order, the first on the boot layer. They are built until one provides the
 * program; those after it are built when the program asks for them.
 */
public final class Launcher {
  /** The exit code when the program can't be started, or ended with an exception. */
  public static final int FAILED = 1;

  /** The exit code when the command line makes no sense. */
  public static final int MISUSED = 64;

  private Launcher() {}

  /**
   * Runs a program and ends the process with its exit code.
   *
   * @param arguments the program's name and its arguments
   */
  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments), System.err));
  }

  private static int run(List<String> arguments, PrintStream err) {
    try {
      return start(home(), arguments, err);
    } catch (LaunchException e) {
      err.println("patchbay: " + e.getMessage());
      if (e.getCause() != null) {
        e.getCause().printStackTrace(err);
      }
      return FAILED;
    } catch (Exception | LinkageError e) {
      err.println("patchbay: " + String.join(" ", arguments) + " ended with an exception.");
      e.printStackTrace(err);
      return FAILED;
    }
  }

  private static int start(Path home, List<String> arguments, PrintStream err) throws Exception {
    Path table = home.resolve("lib").resolve("layers.properties");
    Programs programs;
    try {
      programs = Programs.read(table);
    } catch (IOException e) {
      throw new LaunchException("can't read " + table + ", which says what the programs are made of (" + e
          + "). Install Patchbay anew, or name its folder with -Dpatchbay.home=.", e);
    }
    Optional<List<String>> layers = arguments.isEmpty() ? Optional.empty() : programs.layers(arguments.getFirst());
    if (layers.isEmpty()) {
      err.println("patchbay: " + (arguments.isEmpty() ? "no program is named." : "there is no program " + arguments.getFirst()
          + ".") + " The programs of this installation are " + String.join(", ", programs.names()) + ".");
      return MISUSED;
    }
    ProgramLayers built = new ProgramLayers(home.resolve("lib"), layers.get(), ModuleLayer.boot());
    ProgramLayers.Found found = built.find(arguments.getFirst());
    try (ContextLoader _ = ContextLoader.of(found.layer().layer())) {
      return found.program().run(new Context(home, arguments.subList(1, arguments.size()), built));
    }
  }

  /** The folder of the installation: the one whose lib/boot holds this class. */
  private static Path home() {
    String named = System.getProperty("patchbay.home");
    if (named != null) {
      return Path.of(named).toAbsolutePath().normalize();
    }
    URI place;
    try {
      place = Launcher.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    } catch (URISyntaxException e) {
      throw new LaunchException("the place of the launcher's own jar is no URI. Name Patchbay's folder with -Dpatchbay.home=.",
          e);
    }
    Path boot = Path.of(place).toAbsolutePath().normalize().getParent();
    Path lib = boot == null ? null : boot.getParent();
    Path home = lib == null ? null : lib.getParent();
    if (home == null) {
      throw new LaunchException("the launcher's own jar lies at " + place
          + ", which is no lib/boot of an installation. Name Patchbay's folder with -Dpatchbay.home=.");
    }
    return home;
  }

  private record Context(Path home, List<String> arguments, ProgramLayers built) implements LaunchContext {
    @Override
    public List<String> layers() {
      return built.names();
    }

    @Override
    public CompletableFuture<ProgramLayer> layer(String name) {
      return built.layer(name);
    }

    @Override
    public ModeLoading loadModes(List<ModuleFile> files) {
      return new ModeLoader(ModuleLayer.boot()).load(files);
    }
  }
}
