package dev.patchbay.spi.view;

import dev.patchbay.spi.ImplementedByRuntime;
import java.util.List;
import org.apiguardian.api.API;

/**
 * What an instance type can carry. Source: EC2 API reference, DescribeInstanceTypes, {@code NetworkInfo}.
 */
@ImplementedByRuntime
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface InstanceTypeView {
  /**
   * {@return the name, {@code m5.large} say}
   */
  String name();

  /**
   * {@return the most interfaces per network card, in the order of the cards' indexes; at least one card}
   */
  List<Integer> interfacesPerCard();

  /**
   * {@return the most private IPv4 addresses per interface, the primary included; a prefix takes the place of one}
   */
  int ipv4PerInterface();

  /**
   * {@return the most IPv6 addresses per interface, 0 if the type has none}
   */
  int ipv6PerInterface();

  /**
   * {@return whether interfaces may carry prefixes: the type is Nitro or bare metal}
   */
  boolean prefixes();

  /**
   * {@return whether the type can carry a trunk interface}
   */
  boolean trunking();

  /**
   * {@return the most branch interfaces of a trunk, 0 without trunking}
   */
  int branches();

  /**
   * {@return the number of vCPUs, 0 if unknown}
   */
  int vcpus();
}
