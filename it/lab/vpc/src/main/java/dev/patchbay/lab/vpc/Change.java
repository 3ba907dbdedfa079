package dev.patchbay.lab.vpc;

import java.util.Optional;

/**
 * One thing that differs between two states. No {@code before}: it came to be; no {@code after}: it is gone.
 *
 * <p>What changed inside is the difference of the two records, for example
 * {@link NetworkInterface#deviceOf} for a device that an instance gained or lost, and
 * {@link NetworkInterface#delivered} for addresses and prefixes.
 */
public sealed interface Change {
  /**
   * A VPC, for example one with a new block.
   *
   * @param before the former
   * @param after the latter
   */
  record OfVpc(Optional<Vpc> before, Optional<Vpc> after) implements Change {}

  /**
   * A subnet.
   *
   * @param before the former
   * @param after the latter
   */
  record OfSubnet(Optional<Subnet> before, Optional<Subnet> after) implements Change {}

  /**
   * A security group or its rules.
   *
   * @param before the former
   * @param after the latter
   */
  record OfGroup(Optional<SecurityGroup> before, Optional<SecurityGroup> after) implements Change {}

  /**
   * An instance.
   *
   * @param before the former
   * @param after the latter
   */
  record OfInstance(Optional<Instance> before, Optional<Instance> after) implements Change {}

  /**
   * An interface: its attachment, addresses, prefixes, groups, source/destination check, tags.
   *
   * @param before the former
   * @param after the latter
   */
  record OfInterface(Optional<NetworkInterface> before, Optional<NetworkInterface> after) implements Change {
    /** The instance that gained this device by the change. */
    public Optional<String> deviceAppeared() {
      Optional<String> was = before.flatMap(NetworkInterface::deviceOf);
      Optional<String> is = after.flatMap(NetworkInterface::deviceOf);
      return is.equals(was) ? Optional.empty() : is;
    }

    /** The instance that lost this device by the change. */
    public Optional<String> deviceVanished() {
      Optional<String> was = before.flatMap(NetworkInterface::deviceOf);
      Optional<String> is = after.flatMap(NetworkInterface::deviceOf);
      return is.equals(was) ? Optional.empty() : was;
    }
  }

  /**
   * A branch behind a trunk.
   *
   * @param before the former
   * @param after the latter
   */
  record OfAssociation(Optional<TrunkAssociation> before, Optional<TrunkAssociation> after) implements Change {}

  /**
   * A part of a subnet that is kept for a use.
   *
   * @param before the former
   * @param after the latter
   */
  record OfReservation(Optional<CidrReservation> before, Optional<CidrReservation> after) implements Change {}

  /**
   * A route table, its routes or whose it is.
   *
   * @param before the former
   * @param after the latter
   */
  record OfRouteTable(Optional<RouteTable> before, Optional<RouteTable> after) implements Change {}

  /**
   * A gateway of any kind.
   *
   * @param before the former
   * @param after the latter
   */
  record OfGateway(Optional<Gateway> before, Optional<Gateway> after) implements Change {}

  /**
   * An elastic address.
   *
   * @param before the former
   * @param after the latter
   */
  record OfElasticAddress(Optional<ElasticAddress> before, Optional<ElasticAddress> after) implements Change {}
}
