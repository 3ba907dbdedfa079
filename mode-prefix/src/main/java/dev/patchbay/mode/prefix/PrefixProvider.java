package dev.patchbay.mode.prefix;

import dev.patchbay.spi.ModeContext;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.NetworkModeProvider;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.Setting;
import dev.patchbay.spi.net.AddressFamily;

/**
 * Provides the mode {@code prefix}.
 *
 * <p>It reads no object of the cluster, so it needs no RBAC rule.
 */
public final class PrefixProvider implements NetworkModeProvider {
  static final String WARM_PREFIX_TARGET = "warmPrefixTarget";
  static final String WARM_IP_TARGET = "warmIpTarget";
  static final String MINIMUM_IP_TARGET = "minimumIpTarget";
  static final String MAX_ENI = "maxEni";
  static final String IPV6_EGRESS = "ipv6Egress";
  static final String SINGLE_ADDRESSES = "singleAddresses";

  /** More interfaces than any instance type carries. */
  private static final long MOST_INTERFACES = 1_000;
  /** More addresses than any instance type carries in prefixes. */
  private static final long MOST_ADDRESSES = 100_000;

  /**
   * Made by the service loader; does no work.
   */
  public PrefixProvider() {}

  @Override
  public String id() {
    return "prefix";
  }

  @Override
  public ModeDescriptor descriptor() {
    return ModeDescriptor.of("Pods get addresses of /28 prefixes on the instance's interfaces: sixteen pods for each EC2 call.")
        .role(Role.base(AddressFamily.IPV4))
        .setting(Setting.number(WARM_PREFIX_TARGET, "How many prefixes of 16 addresses are held wholly free for pods to come."
            + " Has no effect once " + WARM_IP_TARGET + " or " + MINIMUM_IP_TARGET + " is greater than 0. With 0 nothing is"
            + " held free, and pods wait until EC2 has given a prefix.", 0, MOST_ADDRESSES / 16)
            .withDefault(1).fromEnvironment("WARM_PREFIX_TARGET"))
        .setting(Setting.number(WARM_IP_TARGET, "How many addresses are held free for pods to come, rounded up to whole"
            + " prefixes. A number below 16 holds fewer of the subnet's addresses than a warm prefix does. 0 means not set.",
            0, MOST_ADDRESSES).withDefault(0).fromEnvironment("WARM_IP_TARGET"))
        .setting(Setting.number(MINIMUM_IP_TARGET, "How many addresses the node has at least, those that pods hold included,"
            + " rounded up to whole prefixes. Set it to the number of pods expected, so that they need no further EC2 call."
            + " 0 means not set.", 0, MOST_ADDRESSES).withDefault(0).fromEnvironment("MINIMUM_IP_TARGET"))
        .setting(Setting.number(MAX_ENI, "How many interfaces with addresses for pods the instance has at most, the primary"
            + " included. 0 means as many as its type carries.", 0, MOST_INTERFACES)
            .withDefault(0).fromEnvironment("MAX_ENI"))
        .setting(Setting.truth(SINGLE_ADDRESSES, "Whether single addresses are taken where the subnet has free addresses but no"
            + " free block of 16 in a row. With false, pods wait until there is one.").withDefault(true))
        .setting(Setting.truth(IPV6_EGRESS, "Whether pods reach IPv6 as the node, by an address of their own that never leaves it."
            + " The instance needs an IPv6 address, and the node net.ipv6.conf.all.forwarding=1. Has no effect where another mode gives pods IPv6 addresses.")
            .withDefault(false).fromEnvironment("ENABLE_V6_EGRESS"))
        .chosenBy("ENABLE_PREFIX_DELEGATION", "true")
        .chosenBy("ENABLE_IPv6", "false")
        .needs(needs())
        .build();
  }

  private static Needs needs() {
    return Needs.none()
        .withNodeActions("AssignPrivateIpAddresses", "AttachNetworkInterface", "CreateNetworkInterface", "CreateTags",
            "DeleteNetworkInterface", "DescribeInstanceTypes", "DescribeInstances", "DescribeNetworkInterfaces",
            "DescribeSubnets", "DetachNetworkInterface", "ModifyNetworkInterfaceAttribute", "UnassignPrivateIpAddresses")
        .withKernelFeatures("veth", "nftables")
        .withSysctls("net.ipv4.ip_forward=1");
  }

  @Override
  public NetworkMode create(ModeContext context) {
    return new PrefixMode(context.settings());
  }
}
