package dev.patchbay.it.histories;

import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Stands in for the process of the histories: it holds the lock until somebody tells it what to leave behind. */
public final class Holder {
  private Holder() {}

  /**
   * Holds the lock.
   *
   * @param arguments the folder
   * @throws Exception if that fails
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    try (FileChannel channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.lock();
      Files.writeString(folder.resolve("pid"), String.valueOf(ProcessHandle.current().pid()));
      System.out.println("begun");
      String result = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
      if (!result.isEmpty()) {
        Files.writeString(folder.resolve("result"), result);
      }
    }
  }
}
