package dev.patchbay.spi.ipam;

import dev.patchbay.spi.net.AddressFamily;
import org.apiguardian.api.API;

/**
 * In what units EC2 puts addresses on an interface.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Unit {
  /** One address. */
  SINGLE,
  /** A prefix: /28 for IPv4, /80 for IPv6 (EC2 user guide, "Prefix delegation"). */
  PREFIX;

  /**
   * {@return the prefix length of a unit}
   * @param family the family
   */
  public int length(AddressFamily family) {
    boolean v4 = family == AddressFamily.IPV4;
    return this == SINGLE ? family.bits() : v4 ? 28 : 80;
  }
}
