package dev.patchbay.config;

import dev.patchbay.spi.Code;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A module file that may be loaded.
 */
public final class ModuleEntry {
  private final Path file;
  private final @Nullable String sha256;
  private final Origin origin;

  ModuleEntry(Path file, @Nullable String sha256, Origin origin) {
    this.file = file;
    this.sha256 = sha256;
    this.origin = origin;
  }

  /**
   * {@return the jar, or the directory that holds the mode's jar and the libraries it brings; absolute}
   */
  public Path file() {
    return file;
  }

  /**
   * {@return the digest that the file must have, 64 lower-case hexadecimal digits}
   */
  public Optional<String> sha256() {
    return Optional.ofNullable(sha256);
  }

  /**
   * {@return where the file is named}
   */
  public Origin origin() {
    return origin;
  }

  /**
   * The words for something that is wrong with the file.
   *
   * @param code what it is
   * @param cause why, as a sentence about the file
   * @param remedy what to do, as a sentence
   * @return the problem, where the file is named
   */
  public Problem problem(Code code, String cause, String remedy) {
    return new Problem(code, origin, "module " + file + ": " + cause, remedy);
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
