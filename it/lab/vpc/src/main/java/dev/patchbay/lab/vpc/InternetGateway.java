package dev.patchbay.lab.vpc;

import java.util.Map;
import java.util.Optional;

/**
 * An internet gateway.
 *
 * @param id such as {@code igw-0…}
 * @param vpcId the VPC to which it is attached
 * @param tags its tags
 */
public record InternetGateway(String id, Optional<String> vpcId, Map<String, String> tags) implements Gateway {
  /** Copies the tags. */
  public InternetGateway {
    tags = Tags.copy(tags);
  }

  InternetGateway withVpc(Optional<String> changed) {
    return new InternetGateway(id, changed, tags);
  }

  InternetGateway withTags(Map<String, String> changed) {
    return new InternetGateway(id, vpcId, changed);
  }
}
