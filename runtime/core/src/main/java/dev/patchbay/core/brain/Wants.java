package dev.patchbay.core.brain;

import dev.patchbay.spi.net.AddressFamily;

/** What pods wait for, as words: the same where they wait and where it is fetched. */
final class Wants {
  private Wants() {}

  /** An address of a lane's stock, or of its range. */
  static String stock(String lane, AddressFamily family) {
    return lane + " " + family;
  }

  /** Room for a particular address on one of a lane's interfaces. */
  static String slot(String lane, AddressFamily family) {
    return "room on " + lane + " " + family;
  }
}
