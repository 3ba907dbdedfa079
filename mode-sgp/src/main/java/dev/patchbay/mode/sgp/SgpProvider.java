package dev.patchbay.mode.sgp;

import dev.patchbay.mode.sgp.cluster.SgpCluster;
import dev.patchbay.mode.sgp.policy.CniNodes;
import dev.patchbay.mode.sgp.policy.EniConfigs;
import dev.patchbay.mode.sgp.policy.Policies;
import dev.patchbay.mode.sgp.policy.WithoutTrunk;
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
 * Provides the mode {@code sgp}.
 */
public final class SgpProvider implements NetworkModeProvider {
  static final String ENFORCING = "enforcing";
  static final String STRICT = "strict";
  static final String STANDARD = "standard";
  static final String WRITERS = "annotationWriters";
  static final String CONTROLLER = "controller";
  static final String PATCHBAY = "patchbay";
  static final String EKS = "eks";

  private static final String VLAN = "8021q";

  /** The nodes' objects by which they ask the controller for a trunk. */
  static final ObjectKind CNI_NODE = CniNodes.KIND;

  /**
   * Made by the service loader; does no work.
   */
  public SgpProvider() {}

  @Override
  public String id() {
    return "sgp";
  }

  @Override
  public ModeDescriptor descriptor() {
    ModeDescriptor.Builder descriptor = ModeDescriptor.of("Pods that a SecurityGroupPolicy matches have security groups of their own, each on a branch interface"
            + " that a controller makes and names in the annotation vpc.amazonaws.com/pod-eni.")
        .role(Role.claim(Role.WhenUnreadable.REFUSE, AddressFamily.IPV4, AddressFamily.IPV6))
        .nodeReads(ObjectKind.POD)
        .nodeReads(ObjectKind.SERVICE_ACCOUNT)
        .nodeReads(Policies.KIND)
        .nodeReads(CNI_NODE)
        .nodeReads(EniConfigs.KIND)
        .setting(Setting.choice(ENFORCING, "What passes through a branch, and so its security groups: all that such a pod sends and"
            + " receives (strict), or what leaves its node for the VPC (standard), where the node's own pods meet directly and"
            + " what leaves the VPC goes as the node. Pods that run keep what they started with.", STRICT, STANDARD)
            .withDefault(STRICT).fromEnvironment("POD_SECURITY_GROUP_ENFORCING_MODE"))
        .setting(Setting.choice(CONTROLLER, "Whose controller makes trunks and branches: Patchbay's (patchbay cluster), or EKS's managed"
            + " one, which each EKS cluster has. Both would each give a pod a branch, so there must be one.", PATCHBAY, EKS)
            .withDefault(PATCHBAY))
        .setting(Setting.texts(WRITERS, "The users that may write the annotation vpc.amazonaws.com/pod-eni, beside Patchbay's own"
            + " controller: controllers of others that allocate branches.").withDefault(List.of(
                "eks:vpc-resource-controller", "system:serviceaccount:kube-system:eks-vpc-resource-controller",
                "system:serviceaccount:kube-system:vpc-resource-controller")))
        .admits()
        .chosenBy("ENABLE_POD_ENI", "true")
        .needs(SgpCluster.needs(needs()))
        .needsWhere(WithoutTrunk.NAME, WithoutTrunk.REFUSE, Needs.none().withKernelFeatures(VLAN))
        .needsWhere(WithoutTrunk.NAME, WithoutTrunk.SHARED_ENI, Needs.none().withKernelFeaturesOfSome(VLAN)
            .withNodeActions("AssignIpv6Addresses", "AssignPrivateIpAddresses", "AttachNetworkInterface", "CreateNetworkInterface",
                "CreateTags", "DeleteNetworkInterface", "DescribeSubnets", "DetachNetworkInterface", "ModifyNetworkInterfaceAttribute",
                "UnassignIpv6Addresses", "UnassignPrivateIpAddresses"));
    WithoutTrunk.settings().forEach(descriptor::setting);
    SgpCluster.settings().forEach(descriptor::setting);
    SgpCluster.reads().forEach(descriptor::clusterReads);
    return descriptor.build();
  }

  private static Needs needs() {
    return Needs.none()
        .withNodeActions("DescribeNetworkInterfaces")
        .withNodeObjects(ObjectKind.POD, "get", "list", "watch")
        .withNodeObjects(ObjectKind.SERVICE_ACCOUNT, "get", "list", "watch")
        .withNodeObjects(Policies.KIND, "get", "list", "watch")
        .withNodeObjects(CNI_NODE, "get", "list", "watch", "create", "patch")
        .withNodeObjects(EniConfigs.KIND, "get", "list", "watch")
        .withCrd("/dev/patchbay/mode/sgp/securitygrouppolicies.yaml")
        .withCrd("/dev/patchbay/mode/sgp/cninodes.yaml")
        .withCrd("/dev/patchbay/mode/sgp/eniconfigs.yaml")
        .withKernelFeatures("policy-routing", "veth");
  }

  @Override
  public NetworkMode create(ModeContext context) {
    return new SgpMode(context.settings());
  }
}
