package dev.patchbay.mode.secondaryip;

import dev.patchbay.spi.ModeContext;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.NetworkModeProvider;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.Setting;
import dev.patchbay.spi.net.AddressFamily;

/**
 * Provides the mode {@code secondary-ip}.
 *
 * <p>It reads no object of the cluster, so it needs no RBAC rule.
 */
public final class SecondaryIpProvider implements NetworkModeProvider {
  static final String WARM_ENI_TARGET = "warmEniTarget";
  static final String WARM_IP_TARGET = "warmIpTarget";
  static final String MINIMUM_IP_TARGET = "minimumIpTarget";
  static final String MAX_ENI = "maxEni";
  static final String IPV6_EGRESS = "ipv6Egress";

  /** More interfaces than any instance type carries. */
  private static final long MOST_INTERFACES = 1_000;
  /** More secondary addresses than any instance type carries. */
  private static final long MOST_ADDRESSES = 100_000;

  /**
   * Made by the service loader; does no work.
   */
  public SecondaryIpProvider() {}

  @Override
  public String id() {
    return "secondary-ip";
  }

  @Override
  public ModeDescriptor descriptor() {
    return ModeDescriptor.of("Pods get secondary private IPv4 addresses of the instance's interfaces.")
        .role(Role.base(AddressFamily.IPV4))
        .setting(Setting.number(WARM_ENI_TARGET, "How many whole interfaces' worth of addresses are held free for pods to come."
            + " Has no effect once " + WARM_IP_TARGET + " or " + MINIMUM_IP_TARGET + " is greater than 0. With 0 nothing is"
            + " held free, and pods wait until EC2 has given their addresses.", 0, MOST_INTERFACES)
            .withDefault(1).fromEnvironment("WARM_ENI_TARGET"))
        .setting(Setting.number(WARM_IP_TARGET, "How many addresses are held free for pods to come. A small number spares the"
            + " subnet's addresses and costs more EC2 calls. 0 means not set.", 0, MOST_ADDRESSES)
            .withDefault(0).fromEnvironment("WARM_IP_TARGET"))
        .setting(Setting.number(MINIMUM_IP_TARGET, "How many addresses the node has at least, those that pods hold"
            + " included. Set it to the number of pods expected, so that they need no further EC2 call. 0 means not set.",
            0, MOST_ADDRESSES).withDefault(0).fromEnvironment("MINIMUM_IP_TARGET"))
        .setting(Setting.number(MAX_ENI, "How many interfaces with addresses for pods the instance has at most, the primary"
            + " included. 0 means as many as its type carries.", 0, MOST_INTERFACES)
            .withDefault(0).fromEnvironment("MAX_ENI"))
        .setting(Setting.truth(IPV6_EGRESS, "Whether pods reach IPv6 as the node, by an address of their own that never leaves it."
            + " The instance needs an IPv6 address, and the node net.ipv6.conf.all.forwarding=1. Has no effect where another mode gives pods IPv6 addresses.")
            .withDefault(false).fromEnvironment("ENABLE_V6_EGRESS"))
        .usual()
        .needs(needs())
        .build();
  }

  private static Needs needs() {
    return Needs.none()
        .withNodeActions("AssignPrivateIpAddresses", "AttachNetworkInterface", "CreateNetworkInterface", "CreateTags",
            "DeleteNetworkInterface", "DescribeInstanceTypes", "DescribeNetworkInterfaces",
            "DescribeSubnets", "DetachNetworkInterface", "ModifyNetworkInterfaceAttribute", "UnassignPrivateIpAddresses")
        .withKernelFeatures("veth", "nftables")
        .withSysctls("net.ipv4.ip_forward=1");
  }

  @Override
  public NetworkMode create(ModeContext context) {
    return new SecondaryIpMode(context.settings());
  }
}
