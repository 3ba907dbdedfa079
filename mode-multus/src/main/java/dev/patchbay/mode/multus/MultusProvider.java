package dev.patchbay.mode.multus;

import dev.patchbay.spi.ModeContext;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.NetworkModeProvider;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.Setting;
import dev.patchbay.spi.net.AddressFamily;
import java.util.List;

/**
 * Provides the mode {@code multus}.
 */
public final class MultusProvider implements NetworkModeProvider {
  static final String ISOLATION = "namespaceIsolation";
  static final String GLOBAL = "globalNamespaces";
  static final String DEFAULT_NETWORKS = "defaultNetworks";
  static final String SYSTEM_NAMESPACES = "systemNamespaces";
  static final String NAMESPACE = "multusNamespace";
  static final String STATUS_OF_ALL = "statusOfAllPods";

  /**
   * Made by the service loader; does no work.
   */
  public MultusProvider() {}

  @Override
  public String id() {
    return "multus";
  }

  @Override
  public ModeDescriptor descriptor() {
    return ModeDescriptor.of("Pods have more than one interface, on the networks that their annotation k8s.v1.cni.cncf.io/networks"
            + " names: other CNI plugins make them, or they get addresses of the VPC from subnets of their own.")
        .role(Role.extra(Role.WhenUnreadable.REFUSE))
        .role(Role.claim(Role.WhenUnreadable.REFUSE, AddressFamily.IPV4, AddressFamily.IPV6))
        .nodeReads(ObjectKind.POD)
        .nodeReads(Definitions.KIND)
        .nodeReads(ObjectKind.NETWORK_FILE)
        .setting(Setting.truth(ISOLATION, "Whether pods may name networks of their own namespace and of globalNamespaces alone.")
            .withDefault(false))
        .setting(Setting.texts(GLOBAL, "The namespaces whose networks all pods may name where namespaceIsolation holds.")
            .withDefault(List.of("default")))
        .setting(Setting.texts(DEFAULT_NETWORKS, "Networks, each as namespace/name@interface, that every pod gets before those that"
            + " it names itself; without a namespace they are of multusNamespace.").withDefault(List.of()))
        .setting(Setting.texts(SYSTEM_NAMESPACES, "The namespaces whose pods don't get defaultNetworks.")
            .withDefault(List.of("kube-system")))
        .setting(Setting.text(NAMESPACE, "The namespace of networks that defaultNetworks and the annotation"
            + " v1.multus-cni.io/default-network name without one.").withDefault("kube-system"))
        .setting(Setting.truth(STATUS_OF_ALL, "Whether pods with one interface get the annotation k8s.v1.cni.cncf.io/network-status,"
            + " too.").withDefault(true))
        .needs(needs())
        .build();
  }

  private static Needs needs() {
    return Needs.none()
        .withNodeActions("AssignIpv6Addresses", "AssignPrivateIpAddresses", "AttachNetworkInterface", "CreateNetworkInterface",
            "CreateTags", "DeleteNetworkInterface", "DescribeNetworkInterfaces", "DescribeSecurityGroups", "DescribeSubnets",
            "DetachNetworkInterface", "ModifyNetworkInterfaceAttribute", "UnassignIpv6Addresses", "UnassignPrivateIpAddresses")
        .withNodeObjects(ObjectKind.POD, "get", "list", "watch")
        .withNodeSubresource(ObjectKind.POD, "status", "patch")
        .withNodeObjects(Definitions.KIND, "get", "list", "watch")
        .withCrd("/dev/patchbay/mode/multus/networkattachmentdefinitions.yaml")
        .withKernelFeatures("policy-routing", "veth");
  }

  @Override
  public NetworkMode create(ModeContext context) {
    return new MultusMode(context.settings());
  }
}
