package dev.patchbay.spi;

import org.apiguardian.api.API;

/**
 * What a mode is made with.
 */
@ImplementedByRuntime
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface ModeContext {
  /**
   * {@return the mode's settings by name, every one that has a value or a default: checked, typed as {@link Setting.Type}
   * says, time spans in milliseconds, networks as lists of text}
   */
  Fields settings();
}
