package dev.patchbay.lab.fabric;

import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.MacAddress;
import dev.patchbay.netlink.nft.Value;
import java.net.InetAddress;

/**
 * The router's side of an attached interface.
 *
 * @param number its number, never used again in this fabric
 * @param spec the interface
 */
record Port(int number, InterfaceSpec spec) {
  /** The router's address on every port: as in a VPC, it is the same whoever asks. */
  static final MacAddress ROUTER = MacAddress.of("02:56:50:43:00:01");

  /** What the router sends to on every port, so that an address is one route and no neighbour entry. */
  static final InetAddress NEXT_HOP_4 = InetAddress.ofLiteral("169.254.0.2");

  static final InetAddress NEXT_HOP_6 = InetAddress.ofLiteral("fe80::ec2:2");

  static InetAddress nextHop(Family family) {
    return switch (family) {
      case IPV4 -> NEXT_HOP_4;
      case IPV6 -> NEXT_HOP_6;
    };
  }

  /** Chosen and not read back: ports have indexes of their own range. */
  int index() {
    return 1000 + number;
  }

  String device() {
    return "p" + number;
  }

  /** The port as nftables knows it. */
  Value key() {
    return Value.number(index());
  }

  Port with(InterfaceSpec changed) {
    return new Port(number, changed);
  }
}
