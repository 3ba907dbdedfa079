package com.example.fixedaddresses;

import dev.patchbay.spi.ModeContext;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.NetworkModeProvider;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.Setting;
import dev.patchbay.spi.net.AddressFamily;

/** Provides the mode {@code fixed-addresses}. */
public final class FixedAddressesProvider implements NetworkModeProvider {
  /** The annotation, unless the operator chooses another. */
  static final String ANNOTATION = "fixed-addresses.example.com/addresses";

  private static final String SETTING = "annotation";

  /** Made by the service loader; does no work. */
  public FixedAddressesProvider() {}

  @Override
  public String id() {
    return "fixed-addresses";
  }

  @Override
  public ModeDescriptor descriptor() {
    return ModeDescriptor.of("Pods of a StatefulSet have the addresses that their annotation names, on whatever node they run.")
        // A database that comes up with some other address is worse than one that waits until its object can be read.
        .role(Role.claim(Role.WhenUnreadable.REFUSE, AddressFamily.IPV4))
        .setting(Setting.text(SETTING, "The annotation of the pod template that names the addresses: a list of addresses and blocks, in YAML."
            + " The pod of ordinal 0 has the first of them, and so on.").withDefault(ANNOTATION))
        .nodeReads(ObjectKind.POD)
        .needs(Needs.none().withNodeObjects(ObjectKind.POD, "get", "list", "watch").withKernelFeatures("veth", "nftables")
            .withNodeActions("AssignPrivateIpAddresses", "UnassignPrivateIpAddresses", "DescribeNetworkInterfaces"))
        .build();
  }

  @Override
  public NetworkMode create(ModeContext context) {
    return new FixedAddressesMode(context.settings().text(SETTING).orElse(ANNOTATION));
  }
}
