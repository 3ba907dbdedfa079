package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Ec2Error;

/** IP protocols by EC2's names and by IANA's numbers. */
final class Protocols {
  static final int ALL = -1;

  private Protocols() {}

  static String name(int protocol) {
    return switch (protocol) {
      case 1 -> "icmp";
      case 6 -> "tcp";
      case 17 -> "udp";
      case 58 -> "icmpv6";
      default -> Integer.toString(protocol);
    };
  }

  static int number(String name) {
    return switch (name) {
      case "-1", "all" -> ALL;
      case "icmp" -> 1;
      case "tcp" -> 6;
      case "udp" -> 17;
      case "icmpv6" -> 58;
      default -> {
        if (!name.matches("[0-9]{1,3}") || Integer.parseInt(name) > 255) {
          throw new Ec2Error("InvalidParameterValue", "Invalid value '" + name + "' for IP protocol. Unknown protocol.");
        }
        yield Integer.parseInt(name);
      }
    };
  }
}
