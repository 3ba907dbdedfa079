package dev.patchbay.it.e2e.modes;

import dev.patchbay.it.e2e.Installed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The executable of the original Multus, built from its public Go module of a fixed version, whose sums and those of all that it needs
 * stand in {@code src/test/go/multus/go.sum}. It is kept under {@code build}.
 */
final class MultusProgram {
  private static final Path MODULE = Path.of("src/test/go/multus").toAbsolutePath();
  private static final String PROGRAM = "gopkg.in/k8snetworkplumbingwg/multus-cni.v4/cmd/multus";
  /** Compiling it takes two minutes of a processor. */
  private static final long MINUTES = 15;

  private MultusProgram() {}

  /** It can't be had here. */
  static final class Missing extends Exception {
    private static final long serialVersionUID = 1;

    Missing(String why) {
      super(why);
    }
  }

  /**
   * Gives the executable, built before or now.
   *
   * @throws Missing if there is no Go toolchain, or the module can't be had or built with it; the message says why
   */
  static Path build() throws Missing, IOException, InterruptedException {
    Path folder = Files.createDirectories(Installed.HOME.resolveSibling("multus"));
    Path program = folder.resolve("multus");
    Path made = folder.resolve("go.sum");
    if (Files.isExecutable(program) && Files.exists(made) && Files.mismatch(made, MODULE.resolve("go.sum")) == -1) {
      return program;
    }
    Files.copy(MODULE.resolve("go.mod"), folder.resolve("go.mod"), StandardCopyOption.REPLACE_EXISTING);
    Files.copy(MODULE.resolve("go.sum"), made, StandardCopyOption.REPLACE_EXISTING);
    Files.deleteIfExists(program);
    Path words = folder.resolve("words");
    ProcessBuilder builder = new ProcessBuilder("nice", "-n", "10", "sh", "-c", "exec go build -trimpath -o multus " + PROGRAM)
        .directory(folder.toFile()).redirectErrorStream(true).redirectOutput(words.toFile());
    // The file of modules is a copy, so that Go may write the indirect ones into it; sums that differ from those kept are refused.
    builder.environment().putAll(Map.of("GOFLAGS", "-mod=mod -buildvcs=false", "GOTOOLCHAIN", "local", "CGO_ENABLED", "0", "GOWORK", "off"));
    Process process = builder.start();
    try {
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        throw new Missing("it was not built within " + MINUTES + " minutes");
      }
    } finally {
      process.destroy();
    }
    if (process.exitValue() != 0) {
      throw new Missing("it can't be built: " + Files.readString(words).lines().reduce((first, last) -> last).orElse("no words"));
    }
    return program;
  }
}
