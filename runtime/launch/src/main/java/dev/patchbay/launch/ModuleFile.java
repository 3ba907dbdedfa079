package dev.patchbay.launch;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A module file that may be loaded.
 *
 * @param file the jar, or the directory that holds the mode's jar and the libraries it brings
 * @param sha256 the digest that it must have, 64 lower-case hexadecimal digits; see {@link LoadedMode#sha256()}
 */
public record ModuleFile(Path file, Optional<String> sha256) {
  /**
   * {@return a file that may have any content}
   * @param file the file
   */
  public static ModuleFile of(Path file) {
    return new ModuleFile(file, Optional.empty());
  }

  /**
   * {@return this file with a digest that it must have}
   * @param sha256 64 lower-case hexadecimal digits
   */
  public ModuleFile pinned(String sha256) {
    return new ModuleFile(file, Optional.of(sha256));
  }
}
