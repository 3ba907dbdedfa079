package dev.patchbay.lab.vpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A VPC.
 *
 * @param id such as {@code vpc-0…}
 * @param cidrs its IPv4 blocks, the primary one first
 * @param ipv6 its /56, if it has one
 * @param defaultGroupId the security group of whoever names none
 * @param tags its tags
 */
public record Vpc(String id, List<Cidr> cidrs, Optional<Cidr> ipv6, String defaultGroupId, Map<String, String> tags) {
  /** Copies the collections. */
  public Vpc {
    cidrs = List.copyOf(cidrs);
    tags = Tags.copy(tags);
  }

  Vpc withCidr(Cidr added) {
    List<Cidr> all = new ArrayList<>(cidrs);
    all.add(added);
    return new Vpc(id, all, ipv6, defaultGroupId, tags);
  }

  Vpc withoutCidr(Cidr gone) {
    return new Vpc(id, cidrs.stream().filter(each -> !each.equals(gone)).toList(), ipv6, defaultGroupId, tags);
  }

  Vpc withIpv6(Optional<Cidr> changed) {
    return new Vpc(id, cidrs, changed, defaultGroupId, tags);
  }

  Vpc withTags(Map<String, String> changed) {
    return new Vpc(id, cidrs, ipv6, defaultGroupId, changed);
  }
}
