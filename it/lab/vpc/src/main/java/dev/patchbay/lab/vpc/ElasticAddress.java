package dev.patchbay.lab.vpc;

import java.util.Map;

/**
 * A public address that the account keeps, for NAT gateways.
 *
 * @param allocationId such as {@code eipalloc-0…}
 * @param address the address
 * @param tags its tags
 */
public record ElasticAddress(String allocationId, Ip address, Map<String, String> tags) {
  /** Copies the tags. */
  public ElasticAddress {
    tags = Tags.copy(tags);
  }

  ElasticAddress withTags(Map<String, String> changed) {
    return new ElasticAddress(allocationId, address, changed);
  }
}
