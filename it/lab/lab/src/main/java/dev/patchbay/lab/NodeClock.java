package dev.patchbay.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;

/**
 * The wall clock of a node, as its daemon sees it: the machine's, and what the lab has stepped it by. A library that is preloaded into
 * the daemon ({@code it/lab/clock}) reads from a file how much that is; nobody else's clock is touched. Thread-safe.
 */
final class NodeClock {
  private final Path library;
  private final Path file;
  private Duration ahead = Duration.ZERO;

  /**
   * Makes it; nothing is written yet.
   *
   * @param home the installation
   * @param file where the library reads
   */
  NodeClock(Path home, Path file) {
    this.library = home.resolve("lab").resolve("clock.so");
    this.file = file;
  }

  /** How far it is ahead of the machine's; negative if behind. */
  synchronized Duration ahead() {
    return ahead;
  }

  /**
   * Steps it; back if the step is negative. Steps add up.
   *
   * @throws LabException if the installation lacks what is needed
   */
  synchronized void step(Duration by) {
    if (!Files.isRegularFile(library)) {
      throw new LabException("the clock of a node can't be stepped: there is no " + library + " in the installation; make build puts it there");
    }
    write(ahead.plus(by));
    ahead = ahead.plus(by);
  }

  /** What the environment of the daemon must have. */
  synchronized Map<String, String> environment() {
    if (!Files.isRegularFile(library)) {
      return Map.of();
    }
    write(ahead);
    return Map.of("LD_PRELOAD", library.toString(), "PATCHBAY_LAB_CLOCK", file.toString());
  }

  private void write(Duration value) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(0, value.toMillis());
    // In place, and in one piece: the daemon has the file in its memory.
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(bytes, 0);
    } catch (IOException failure) {
      throw new LabException("cannot write " + file + ": " + failure.getMessage(), failure);
    }
  }
}
