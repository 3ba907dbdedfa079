package dev.patchbay.core.compose;

import dev.patchbay.spi.Code;

/**
 * Why modes do not fit together.
 *
 * @param code what it is
 * @param subject the mode or modes that it is about
 * @param cause why, as a sentence
 * @param remedy what to do: the nearest configuration that works
 */
public record Problem(Code code, String subject, String cause, String remedy) {
  @Override
  public String toString() {
    return code + ": " + cause + " " + remedy;
  }
}
