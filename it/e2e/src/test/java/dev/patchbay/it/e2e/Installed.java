package dev.patchbay.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command of the installation that is tested, run as an operator runs it where there is no node. */
public final class Installed {
  /** The folder of the installation. */
  public static final Path HOME = Path.of(System.getProperty("patchbay.home")).toAbsolutePath().normalize();

  private Installed() {}

  /** How a command ended, and what it printed. */
  public record Result(int status, String out, String err) {}

  /**
   * Runs {@code patchbay} with arguments, without a configuration that the environment names; the folder is for what it prints. It must
   * end within the seconds given.
   */
  public static Result patchbay(Path folder, int seconds, List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(HOME.resolve("bin/patchbay").toString()));
    command.addAll(arguments);
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().remove("PATCHBAY_CONFIG");
    Process process = builder.start();
    try {
      assertThat(process.waitFor(seconds, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
  }
}
