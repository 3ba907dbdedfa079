package dev.patchbay.lab.vpc;

import java.util.Map;

/**
 * A part of a subnet that is kept for a use (Amazon VPC user guide, "Subnet CIDR reservations"). Whoever names an address or
 * prefix gets it all the same.
 *
 * @param id such as {@code scr-0…}
 * @param subnetId the subnet
 * @param cidr the part, of either family
 * @param kind what it is kept for
 * @param description free text
 * @param tags its tags
 */
public record CidrReservation(
    String id, String subnetId, Cidr cidr, Kind kind, String description, Map<String, String> tags) {
  /** What a part is kept for. */
  public enum Kind {
    /** Prefixes of EC2's choice come from it, single addresses of EC2's choice don't. */
    PREFIX,
    /** Nothing of EC2's choice comes from it. */
    EXPLICIT
  }

  /** Copies the tags. */
  public CidrReservation {
    tags = Tags.copy(tags);
  }

  CidrReservation withTags(Map<String, String> changed) {
    return new CidrReservation(id, subnetId, cidr, kind, description, changed);
  }
}
