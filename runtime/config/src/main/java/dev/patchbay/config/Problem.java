package dev.patchbay.config;

import dev.patchbay.spi.Code;

/**
 * One thing that is wrong with the configuration.
 *
 * @param code what kind of mistake it is, 100 to 199
 * @param origin where it is
 * @param cause what is wrong, as a sentence
 * @param remedy what to do, as a sentence
 */
public record Problem(Code code, Origin origin, String cause, String remedy) {
  /**
   * {@return the line that the operator reads: place, cause, remedy}
   */
  @Override
  public String toString() {
    return origin + ": " + cause + " " + remedy;
  }
}
