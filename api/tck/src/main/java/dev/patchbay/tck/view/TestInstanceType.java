package dev.patchbay.tck.view;

import dev.patchbay.spi.view.InstanceTypeView;
import java.util.List;
import org.apiguardian.api.API;

/**
 * An instance type. The ready-made ones have the figures of EC2's DescribeInstanceTypes; branches per trunk are those of the
 * EKS user guide, "Security groups for pods".
 *
 * @param name the name
 * @param interfacesPerCard the most interfaces per network card
 * @param ipv4PerInterface the most IPv4 addresses per interface
 * @param ipv6PerInterface the most IPv6 addresses per interface
 * @param prefixes whether interfaces may carry prefixes
 * @param trunking whether it can carry a trunk
 * @param branches the most branches of a trunk
 * @param vcpus the number of vCPUs
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TestInstanceType(String name, List<Integer> interfacesPerCard, int ipv4PerInterface, int ipv6PerInterface,
    boolean prefixes, boolean trunking, int branches, int vcpus) implements InstanceTypeView {
  /** 3 interfaces of 10 addresses; Nitro. */
  public static final TestInstanceType M5_LARGE =
      new TestInstanceType("m5.large", List.of(3), 10, 10, true, true, 9, 2);
  /** 8 interfaces of 30 addresses; Nitro. */
  public static final TestInstanceType M5_4XLARGE =
      new TestInstanceType("m5.4xlarge", List.of(8), 30, 30, true, true, 54, 16);
  /** 2 interfaces of 2 addresses; Nitro, no trunk. */
  public static final TestInstanceType T3_NANO = new TestInstanceType("t3.nano", List.of(2), 2, 2, true, false, 0, 2);
  /** 3 interfaces of 6 addresses; Xen, so without prefixes and trunk. */
  public static final TestInstanceType T2_MEDIUM = new TestInstanceType("t2.medium", List.of(3), 6, 6, false, false, 0, 2);
  /** 2 interfaces of 4 IPv4 addresses and no IPv6 at all; Xen. */
  public static final TestInstanceType M1_SMALL = new TestInstanceType("m1.small", List.of(2), 4, 0, false, false, 0, 1);
  /** 4 network cards of 15 interfaces of 50 addresses; Nitro. */
  public static final TestInstanceType P4D_24XLARGE =
      new TestInstanceType("p4d.24xlarge", List.of(15, 15, 15, 15), 50, 50, true, true, 62, 96);

  /**
   * Copies the list.
   */
  public TestInstanceType {
    interfacesPerCard = List.copyOf(interfacesPerCard);
  }
}
