package dev.patchbay.lab.vpc;

import java.util.List;

/**
 * Addresses and prefixes of one family for an interface (EC2 API reference, AssignPrivateIpAddresses and
 * AssignIpv6Addresses). Exactly one of the four must be asked for.
 *
 * @param count how many addresses of EC2's choice
 * @param addresses these addresses
 * @param prefixCount how many prefixes of EC2's choice
 * @param prefixes these prefixes
 * @param reassign whether addresses may be taken from another interface; IPv4 only
 */
public record AddressRequest(int count, List<Ip> addresses, int prefixCount, List<Cidr> prefixes, boolean reassign) {
  /** Copies the collections. */
  public AddressRequest {
    addresses = List.copyOf(addresses);
    prefixes = List.copyOf(prefixes);
  }

  /** That many addresses. */
  public static AddressRequest count(int count) {
    return new AddressRequest(count, List.of(), 0, List.of(), false);
  }

  /** These addresses. */
  public static AddressRequest of(List<Ip> addresses, boolean reassign) {
    return new AddressRequest(0, addresses, 0, List.of(), reassign);
  }

  /** That many prefixes. */
  public static AddressRequest prefixCount(int count) {
    return new AddressRequest(0, List.of(), count, List.of(), false);
  }

  /** These prefixes. */
  public static AddressRequest prefixes(List<Cidr> prefixes) {
    return new AddressRequest(0, List.of(), 0, prefixes, false);
  }

  int slots() {
    return count + addresses.size() + prefixCount + prefixes.size();
  }
}
