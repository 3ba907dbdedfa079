package dev.patchbay.tck;

import org.apiguardian.api.API;

/**
 * What every contract asks for: the mode.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface ModeTest {
  /**
   * {@return the mode, with what it needs to plan something; equal at each call}
   */
  ModeUnderTest mode();
}
