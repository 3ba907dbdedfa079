package dev.patchbay.netlink;

import dev.patchbay.netlink.sys.NetlinkConstants;
import java.net.Inet4Address;
import java.net.InetAddress;

/** An address family. */
public enum Family {
  IPV4(NetlinkConstants.AF_INET, 4),
  IPV6(NetlinkConstants.AF_INET6, 16);

  private final int number;
  private final int addressBytes;

  Family(int number, int addressBytes) {
    this.number = number;
    this.addressBytes = addressBytes;
  }

  /** The family of an address. */
  public static Family of(InetAddress address) {
    return address instanceof Inet4Address ? IPV4 : IPV6;
  }

  /** The kernel's number of this family, {@code AF_INET} or {@code AF_INET6}. */
  public int number() {
    return number;
  }

  /** The length of an address: 4 or 16 bytes. */
  public int addressBytes() {
    return addressBytes;
  }
}
