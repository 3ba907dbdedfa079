package dev.patchbay.lab.vpc;

import java.util.Map;

/**
 * An egress-only internet gateway.
 *
 * @param id such as {@code eigw-0…}
 * @param vpcId its VPC
 * @param tags its tags
 */
public record EgressOnlyGateway(String id, String vpcId, Map<String, String> tags) implements Gateway {
  /** Copies the tags. */
  public EgressOnlyGateway {
    tags = Tags.copy(tags);
  }

  EgressOnlyGateway withTags(Map<String, String> changed) {
    return new EgressOnlyGateway(id, vpcId, changed);
  }
}
