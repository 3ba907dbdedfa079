package dev.patchbay.spi.net;

import org.apiguardian.api.API;

/**
 * The two address families. Closed by nature: a mode may switch over it.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum AddressFamily {
  /** 32-bit addresses. */
  IPV4(32),
  /** 128-bit addresses. */
  IPV6(128);

  private final int bits;

  AddressFamily(int bits) {
    this.bits = bits;
  }

  /**
   * {@return the length of an address in bits: 32 or 128}
   */
  public int bits() {
    return bits;
  }
}
