package dev.patchbay.lab.vpc;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A new interface (EC2 API reference, CreateNetworkInterface).
 *
 * @param subnetId where
 * @param kind what it is for
 * @param description free text
 * @param groups its security groups; none: the VPC's default group
 * @param primary its primary address, if it must be this one
 * @param secondaries further IPv4 addresses that it must have
 * @param secondaryCount how many further IPv4 addresses of EC2's choice
 * @param ipv4PrefixCount how many /28 prefixes of EC2's choice
 * @param ipv4Prefixes /28 prefixes that it must have
 * @param ipv6Count how many IPv6 addresses of EC2's choice
 * @param ipv6Addresses IPv6 addresses that it must have
 * @param ipv6PrefixCount how many /80 prefixes of EC2's choice
 * @param ipv6Prefixes /80 prefixes that it must have
 * @param connectionTracking how long idle connections are remembered
 * @param tags its tags
 * @param requesterManaged whether a service of AWS makes it for itself
 * @param clientToken makes the request idempotent; may be empty
 */
public record InterfaceRequest(
    String subnetId,
    NetworkInterface.Kind kind,
    String description,
    List<String> groups,
    Optional<Ip> primary,
    List<Ip> secondaries,
    int secondaryCount,
    int ipv4PrefixCount,
    List<Cidr> ipv4Prefixes,
    int ipv6Count,
    List<Ip> ipv6Addresses,
    int ipv6PrefixCount,
    List<Cidr> ipv6Prefixes,
    ConnectionTracking connectionTracking,
    Map<String, String> tags,
    boolean requesterManaged,
    String clientToken) {
  /** Copies the collections. */
  public InterfaceRequest {
    groups = List.copyOf(groups);
    secondaries = List.copyOf(secondaries);
    ipv4Prefixes = List.copyOf(ipv4Prefixes);
    ipv6Addresses = List.copyOf(ipv6Addresses);
    ipv6Prefixes = List.copyOf(ipv6Prefixes);
    tags = Tags.copy(tags);
  }

  /** An ordinary interface in a subnet, with one address of EC2's choice and the default group. */
  public static Builder in(String subnetId) {
    return new Builder(subnetId);
  }

  /** Collects the parts of a request. */
  public static final class Builder {
    private final String subnetId;
    private NetworkInterface.Kind kind = NetworkInterface.Kind.INTERFACE;
    private String description = "";
    private List<String> groups = List.of();
    private Optional<Ip> primary = Optional.empty();
    private List<Ip> secondaries = List.of();
    private int secondaryCount;
    private int ipv4PrefixCount;
    private List<Cidr> ipv4Prefixes = List.of();
    private int ipv6Count;
    private List<Ip> ipv6Addresses = List.of();
    private int ipv6PrefixCount;
    private List<Cidr> ipv6Prefixes = List.of();
    private ConnectionTracking connectionTracking = ConnectionTracking.DEFAULT;
    private Map<String, String> tags = Map.of();
    private boolean requesterManaged;
    private String clientToken = "";

    private Builder(String subnetId) {
      this.subnetId = subnetId;
    }

    /** What it is for. */
    public Builder kind(NetworkInterface.Kind value) {
      kind = value;
      return this;
    }

    /** Free text. */
    public Builder description(String value) {
      description = value;
      return this;
    }

    /** Its security groups. */
    public Builder groups(List<String> value) {
      groups = value;
      return this;
    }

    /** The primary address that it must have. */
    public Builder primary(Ip value) {
      primary = Optional.of(value);
      return this;
    }

    /** Further IPv4 addresses that it must have. */
    public Builder secondaries(List<Ip> value) {
      secondaries = value;
      return this;
    }

    /** How many further IPv4 addresses of EC2's choice. */
    public Builder secondaryCount(int value) {
      secondaryCount = value;
      return this;
    }

    /** How many /28 prefixes of EC2's choice. */
    public Builder ipv4PrefixCount(int value) {
      ipv4PrefixCount = value;
      return this;
    }

    /** The /28 prefixes that it must have. */
    public Builder ipv4Prefixes(List<Cidr> value) {
      ipv4Prefixes = value;
      return this;
    }

    /** How many IPv6 addresses of EC2's choice. */
    public Builder ipv6Count(int value) {
      ipv6Count = value;
      return this;
    }

    /** The IPv6 addresses that it must have. */
    public Builder ipv6Addresses(List<Ip> value) {
      ipv6Addresses = value;
      return this;
    }

    /** How many /80 prefixes of EC2's choice. */
    public Builder ipv6PrefixCount(int value) {
      ipv6PrefixCount = value;
      return this;
    }

    /** The /80 prefixes that it must have. */
    public Builder ipv6Prefixes(List<Cidr> value) {
      ipv6Prefixes = value;
      return this;
    }

    /** How long idle connections are remembered. */
    public Builder connectionTracking(ConnectionTracking value) {
      connectionTracking = value;
      return this;
    }

    /** Its tags. */
    public Builder tags(Map<String, String> value) {
      tags = value;
      return this;
    }

    /** Marks it as made by a service of AWS for itself. */
    public Builder requesterManaged() {
      requesterManaged = true;
      return this;
    }

    /** Makes the request idempotent. */
    public Builder clientToken(String value) {
      clientToken = value;
      return this;
    }

    /** The request. */
    public InterfaceRequest build() {
      return new InterfaceRequest(
          subnetId,
          kind,
          description,
          groups,
          primary,
          secondaries,
          secondaryCount,
          ipv4PrefixCount,
          ipv4Prefixes,
          ipv6Count,
          ipv6Addresses,
          ipv6PrefixCount,
          ipv6Prefixes,
          connectionTracking,
          tags,
          requesterManaged,
          clientToken);
    }
  }
}
