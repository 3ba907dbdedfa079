package dev.patchbay.launch;

import dev.patchbay.spi.Code;
import java.nio.file.Path;

/**
 * Why a module file was not loaded.
 *
 * @param file the file, as it was asked for
 * @param code what it is, one of {@link LaunchCodes}
 * @param cause why, as a sentence
 * @param remedy what to do, as a sentence
 */
public record ModuleRefusal(Path file, Code code, String cause, String remedy) {
  @Override
  public String toString() {
    return file + ": " + cause + " " + remedy;
  }
}
