package dev.patchbay.linux.host;

import java.io.IOException;
import java.nio.file.NoSuchFileException;

/** A sysctl could not be read or set. */
public final class SysctlException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean missing;

  SysctlException(String verb, Sysctls.Key key, String value, IOException cause) {
    super("Cannot " + verb + " sysctl " + key + (value.isEmpty() ? "" : " to \"" + value + "\"") + ": "
        + (cause instanceof NoSuchFileException ? "this kernel has none of that name"
            : cause.getMessage() + "; see that the daemon may write /proc/sys and the value is in its range"), cause);
    this.missing = cause instanceof NoSuchFileException;
  }

  /**
   * {@return whether the kernel has no sysctl of that name}
   */
  public boolean isMissing() {
    return missing;
  }
}
