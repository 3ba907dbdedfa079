package dev.patchbay.linux.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** The boot that the machine is in. */
public final class Boot {
  private static final Path ID = Path.of("/proc/sys/kernel/random/boot_id");

  private Boot() {}

  /**
   * {@return the id of this boot, which no other has (proc_sys_kernel(5), random/boot_id)}
   * @throws UncheckedIOException if it can't be read
   */
  public static UUID id() {
    try {
      return UUID.fromString(Files.readString(ID).strip());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + ID + ", by which boots are told apart; see that /proc is mounted", e);
    }
  }
}
