package dev.patchbay.lab.vpc;

import java.util.OptionalInt;

/**
 * How long the VPC remembers idle connections of an interface, in seconds (Amazon EC2 user guide, "Idle connection
 * tracking timeout"). Kept and shown; the lab's security groups do not follow it.
 *
 * @param tcpEstablished 60 to 432,000
 * @param udpStream 60 to 180
 * @param udp 30 to 60
 */
public record ConnectionTracking(OptionalInt tcpEstablished, OptionalInt udpStream, OptionalInt udp) {
  /** EC2's own times. */
  public static final ConnectionTracking DEFAULT =
      new ConnectionTracking(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

  /** Checks the ranges. */
  public ConnectionTracking {
    check("tcpEstablishedTimeout", tcpEstablished, 60, 432_000);
    check("udpStreamTimeout", udpStream, 60, 180);
    check("udpTimeout", udp, 30, 60);
  }

  private static void check(String name, OptionalInt seconds, int least, int most) {
    if (seconds.isPresent() && (seconds.getAsInt() < least || seconds.getAsInt() > most)) {
      throw new Ec2Error(
          "InvalidParameterValue",
          "Value (%d) for parameter %s is invalid. Expecting a value between %d and %d."
              .formatted(seconds.getAsInt(), name, least, most));
    }
  }
}
