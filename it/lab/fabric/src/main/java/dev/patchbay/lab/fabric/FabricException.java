package dev.patchbay.lab.fabric;

/** The kernel, or a command that was run for the fabric, refused what was asked. The message says what, why and what helps. */
public final class FabricException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  FabricException(String message) {
    super(message);
  }

  FabricException(String message, Throwable cause) {
    super(message, cause);
  }
}
