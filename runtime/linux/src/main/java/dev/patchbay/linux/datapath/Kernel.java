package dev.patchbay.linux.datapath;

import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** The SPI's values as netlink's. */
final class Kernel {
  private Kernel() {}

  static InetAddress address(IpAddress address) {
    try {
      return InetAddress.getByAddress(address.bytes());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }

  static IpPrefix prefix(Cidr cidr) {
    return new IpPrefix(address(cidr.address()), cidr.length());
  }

  static IpPrefix host(IpAddress address) {
    return prefix(address.asCidr());
  }

  static Family family(AddressFamily family) {
    return switch (family) {
      case IPV4 -> Family.IPV4;
      case IPV6 -> Family.IPV6;
    };
  }

  static dev.patchbay.netlink.MacAddress mac(MacAddress mac) {
    return new dev.patchbay.netlink.MacAddress(mac.value());
  }

  static MacAddress mac(dev.patchbay.netlink.MacAddress mac) {
    return new MacAddress(mac.bits());
  }
}
