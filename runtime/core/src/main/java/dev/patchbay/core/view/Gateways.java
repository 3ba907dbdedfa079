package dev.patchbay.core.view;

import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.IpAddress;
import java.util.Optional;

/**
 * Where the VPC's router is in a subnet.
 */
public final class Gateways {
  /** The router's address in every IPv6 subnet. Source: EC2 user guide, "IPv6 addressing", fe80:ec2::1. */
  private static final IpAddress ROUTER_V6 = IpAddress.of("fe80:ec2::1");

  private Gateways() {}

  /**
   * {@return the router's address: the first after the network's for IPv4 (VPC user guide, "Subnet sizing")}
   * @param subnet the subnet
   * @param family the family
   */
  public static Optional<IpAddress> of(SubnetRecord subnet, AddressFamily family) {
    return subnet.cidrs().stream().filter(c -> c.family() == family).findFirst()
        .map(c -> family == AddressFamily.IPV4 ? c.at(1) : ROUTER_V6);
  }
}
