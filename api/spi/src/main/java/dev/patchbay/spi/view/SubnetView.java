package dev.patchbay.spi.view;

import dev.patchbay.spi.ImplementedByRuntime;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apiguardian.api.API;

/**
 * A subnet of the VPC.
 */
@ImplementedByRuntime
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface SubnetView {
  /**
   * {@return the id, {@code subnet-…}}
   */
  String id();

  /**
   * {@return the availability zone's name; empty if not known yet}
   */
  String zone();

  /**
   * {@return the subnet's networks of a family: one for IPv4, any number for IPv6}
   * @param family the family
   */
  List<Cidr> cidrs(AddressFamily family);

  /**
   * The VPC router's address: the first after the network for IPv4, {@code fe80:ec2::1} for IPv6.
   *
   * @param family the family
   * @return the address; empty if the subnet has no network of the family
   */
  Optional<IpAddress> gateway(AddressFamily family);

  /**
   * {@return the free IPv4 addresses when EC2 was last asked; empty if it never was}
   */
  OptionalInt free();

  /**
   * {@return the subnet's tags; empty if EC2 was never asked}
   */
  Map<String, String> tags();
}
