package dev.patchbay.it.adapters;

import dev.patchbay.netlink.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Recovers a ledger in the daemon of the installation, which says itself how long that took, in a network namespace with nothing in it. */
final class DaemonRecovery {
  private static final Path HOME = Path.of("../../build/home").toAbsolutePath().normalize();
  private static final Pattern SAID = Pattern.compile("The ledger has (\\d+) attachments; read in ([0-9.]+) ms");
  private static final long LONGEST_SECONDS = 120;

  private DaemonRecovery() {}

  /** Makes the installation's cache of classes, if there is none that fits. */
  static void makeCache() throws IOException, InterruptedException {
    Process process = builder(List.of(HOME.resolve("bin/patchbay").toString(), "cache")).inheritIO().start();
    if (process.waitFor() != 0) {
      throw new AssertionError("there is no cache of classes");
    }
  }

  /**
   * Starts a daemon and ends it when it listens.
   *
   * @param folder the folder of both parts, {@code run} and {@code lib}; the daemon has it for itself
   * @param attachments how many it must find
   * @param cached whether it is started with the cache of classes
   * @return how long the recovery took, in milliseconds
   */
  static double run(Path folder, int attachments, boolean cached) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("patchbay.yaml"), """
        cni: {socket: %1$s/cni.sock, confDir: %1$s/net.d, binDir: %1$s/bin}
        state: {run: %1$s/state, lib: %1$s/lib}
        introspection: {address: off}
        metrics: {address: off}
        modes: [{use: secondary-ip}]
        modules: [{file: %2$s/modes/dev.patchbay.mode.secondaryip.jar}]
        """.formatted(folder, HOME));
    List<String> command = new ArrayList<>();
    if (cached) {
      command.addAll(List.of(HOME.resolve("bin/patchbay").toString(), "node"));
    } else {
      command.addAll(List.of(java().toString(), "@" + HOME.resolve("lib/node.options"), "-p", HOME.resolve("lib/boot").toString(), "-m",
          "dev.patchbay.launch", "node"));
    }
    command.addAll(List.of("--config", file.toString()));
    Path log = folder.resolve("log");
    ProcessBuilder builder = builder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    Process process;
    try (Netns empty = Netns.create()) {
      process = empty.call(builder::start);
    }
    try {
      long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
      Matcher said = SAID.matcher(Files.readString(log));
      while (!said.find()) {
        if (System.nanoTime() > limit || process.waitFor(20, TimeUnit.MILLISECONDS)) {
          throw new AssertionError("the daemon did not say how long it took: " + Files.readString(log));
        }
        said = SAID.matcher(Files.readString(log));
      }
      if (Integer.parseInt(said.group(1)) != attachments) {
        throw new AssertionError("the daemon found " + said.group(1) + " attachments");
      }
      return Double.parseDouble(said.group(2));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    return builder;
  }

  private static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }
}
