package dev.patchbay.lab.fabric;

import java.util.Locale;

/** Why the fabric did not deliver a packet. */
public enum DropReason {
  /** Its source address is not assigned to the interface that it came from. */
  SPOOFED_ADDRESS,
  /** Its source MAC address is not that of the interface that it came from. */
  SPOOFED_MAC,
  /** Nobody in the VPC holds its destination. */
  UNASSIGNED,
  /** Its subnet's route table leads nowhere for its destination. */
  NO_ROUTE,
  /** Its route leads to an interface whose source/destination check is on, and its destination is not assigned to that. */
  DESTINATION_CHECK,
  /** No security group of its sender allows it to leave. */
  GROUP_EGRESS,
  /** No security group of its receiver allows it to arrive. */
  GROUP_INGRESS,
  /** Its route leads to the internet gateway, and its source address has no public one. */
  NO_PUBLIC_ADDRESS,
  /** It comes from the internet, to an address that is not reached from there. */
  INBOUND,
  /** Broadcast or multicast, which a VPC does not carry. */
  MULTICAST;

  String counter() {
    return name().toLowerCase(Locale.ROOT);
  }
}
