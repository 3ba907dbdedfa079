package dev.patchbay.mode.ipv6;

import dev.patchbay.spi.ModeContext;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.NetworkModeProvider;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.Setting;
import dev.patchbay.spi.net.AddressFamily;

/**
 * Provides the mode {@code ipv6}.
 *
 * <p>It reads no object of the cluster, so it needs no RBAC rule.
 */
public final class Ipv6Provider implements NetworkModeProvider {
  static final String IPV4_EGRESS = "ipv4Egress";

  /**
   * Made by the service loader; does no work.
   */
  public Ipv6Provider() {}

  @Override
  public String id() {
    return "ipv6";
  }

  @Override
  public ModeDescriptor descriptor() {
    return ModeDescriptor.of("Pods get IPv6 addresses of one /80 prefix per node: no EC2 call for a pod, and no limit to count.")
        .role(Role.base(AddressFamily.IPV6))
        .setting(Setting.truth(IPV4_EGRESS, "Whether pods reach IPv4 as the node, by an address of their own that never leaves"
            + " it. Has no effect where another mode gives pods IPv4 addresses.")
            .withDefault(true).fromEnvironment("ENABLE_V4_EGRESS"))
        .chosenBy("ENABLE_IPv6", "true")
        .needs(needs())
        .build();
  }

  private static Needs needs() {
    return Needs.none()
        .withNodeActions("AssignIpv6Addresses", "DescribeInstanceTypes", "DescribeInstances", "DescribeNetworkInterfaces")
        .withKernelFeatures("veth", "nftables")
        .withSysctls("net.ipv6.conf.all.disable_ipv6=0", "net.ipv6.conf.all.forwarding=1", "net.ipv4.ip_forward=1");
  }

  @Override
  public NetworkMode create(ModeContext context) {
    return new Ipv6Mode(context.settings());
  }
}
