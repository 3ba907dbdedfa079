package dev.patchbay.it.adapters;

import dev.patchbay.core.salvage.Salvage;
import dev.patchbay.node.engine.LedgerFiles;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Recovers a ledger in a process of its own, and says how much of the processor's time that took. */
final class ColdRecovery {
  private static final Path OPTIONS = Path.of("../home/node.options");

  private ColdRecovery() {}

  /**
   * Starts one.
   *
   * @param folder where the ledger is
   * @param attachments how many it must find
   * @return the time that the processor spent on the recovery, in milliseconds
   */
  static double run(Path folder, int attachments) throws IOException {
    List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
    // The daemon's own but for what is of its modules alone.
    Files.readAllLines(OPTIONS).stream().filter(line -> line.startsWith("-X")).forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), ColdRecovery.class.getName(), folder.toString()));
    Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String[] words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip().split(" ", -1);
    if (words.length != 2 || !words[0].equals(String.valueOf(attachments))) {
      throw new AssertionError("the process recovered " + String.join(" ", words));
    }
    return Long.parseLong(words[1]) / 1e6;
  }

  /**
   * Recovers.
   *
   * @param arguments the folder
   */
  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    var thread = ManagementFactory.getThreadMXBean();
    // Once for its own classes.
    long before = thread.getCurrentThreadCpuTime();
    before = thread.getCurrentThreadCpuTime();
    try (LedgerFiles files = LedgerFiles.open(new LedgerFiles.Place(folder.resolve("run"), folder.resolve("lib"), "boot", List::of,
        new Salvage.Circumstances("patchbay", 0, 30_000)))) {
      long after = thread.getCurrentThreadCpuTime();
      System.out.println(files.recovered().attachments().size() + " " + (after - before));
    }
  }
}
