package dev.patchbay.lab.vpc;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A public NAT gateway.
 *
 * @param id such as {@code nat-0…}
 * @param vpcId its VPC
 * @param subnetId its subnet, by whose route table it reaches the internet
 * @param allocationId the elastic address that it has, or had
 * @param publicAddress that address
 * @param interfaceId its interface; gone when it is deleted
 * @param privateAddress its address in the subnet
 * @param made when it was made
 * @param deleted when it was deleted; it is described for an hour more
 * @param tags its tags
 */
public record NatGateway(
    String id,
    String vpcId,
    String subnetId,
    String allocationId,
    Ip publicAddress,
    String interfaceId,
    Ip privateAddress,
    Instant made,
    Optional<Instant> deleted,
    Map<String, String> tags)
    implements Gateway {
  /** How long a NAT gateway is described after it was deleted. */
  public static final Duration REMEMBERED = Duration.ofHours(1);

  /** Copies the tags. */
  public NatGateway {
    tags = Tags.copy(tags);
  }

  /** Whether it translates. */
  public boolean available() {
    return deleted.isEmpty();
  }

  /** Whether describes still show it. */
  public boolean remembered(Instant now) {
    return deleted.map(when -> now.isBefore(when.plus(REMEMBERED))).orElse(true);
  }

  NatGateway withDeleted(Instant when) {
    return new NatGateway(
        id, vpcId, subnetId, allocationId, publicAddress, interfaceId, privateAddress, made, Optional.of(when), tags);
  }

  NatGateway withTags(Map<String, String> changed) {
    return new NatGateway(
        id, vpcId, subnetId, allocationId, publicAddress, interfaceId, privateAddress, made, deleted, changed);
  }
}
