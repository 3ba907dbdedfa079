package dev.patchbay.mode.customnet;

import dev.patchbay.spi.ModeContext;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.NetworkModeProvider;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.Setting;
import dev.patchbay.spi.net.AddressFamily;

/**
 * Provides the mode {@code custom-net}.
 */
public final class CustomNetProvider implements NetworkModeProvider {
  static final String ANNOTATION = "annotation";
  static final String LABEL = "label";
  static final String SUBNETS = "subnets";
  static final String SUBNET_TAGS = "subnetTags";
  static final String DISCOVER = "discoverSubnets";
  static final String ORDER = "order";
  static final String SECURITY_GROUPS = "securityGroups";
  static final String SECURITY_GROUP_TAGS = "securityGroupTags";
  static final String NAMESPACES = "namespaces";

  /** The key under which aws-node reads a node's choice unless told otherwise. */
  private static final String KEY = "k8s.amazonaws.com/eniConfig";

  /**
   * Made by the service loader; does no work.
   */
  public CustomNetProvider() {}

  @Override
  public String id() {
    return "custom-net";
  }

  @Override
  public ModeDescriptor descriptor() {
    return ModeDescriptor.of("Pods lie in other subnets and security groups than their node, chosen by ENIConfig objects, by id"
            + " or by tag, for the whole node or for the pods of a namespace.")
        .role(Role.modifier(Role.WhenUnreadable.REFUSE, AddressFamily.IPV4))
        .nodeReads(ObjectKind.NODE)
        .nodeReads(EniConfigs.KIND)
        .setting(Setting.text(ANNOTATION, "The annotation of the Node object that names its ENIConfig.")
            .withDefault(KEY).fromEnvironment("ENI_CONFIG_ANNOTATION_DEF"))
        .setting(Setting.text(LABEL, "The label of the Node object that names its ENIConfig where the annotation does not;"
            + " topology.kubernetes.io/zone gives each zone the one of its name.")
            .withDefault(KEY).fromEnvironment("ENI_CONFIG_LABEL_DEF"))
        .setting(Setting.texts(SUBNETS, "The subnets in which pods' interfaces are made, by id, instead of an ENIConfig. Those"
            + " of other zones than the node's are left out, so one list serves all zones."))
        .setting(Setting.fields(SUBNET_TAGS, "The subnets by their tags, names and values, instead of an ENIConfig; an empty"
            + " value stands for any."))
        .setting(Setting.truth(DISCOVER, "The subnets are found as aws-node's subnet discovery finds them, instead of an ENIConfig:"
            + " those with the tag kubernetes.io/role/cni, and the node's own, which needs no tag; none in which the tag is 0, and"
            + " none with tags cni.networking.k8s.aws/cluster/NAME of other clusters alone (cluster.name says which one this is).")
            .withDefault(false))
        .setting(Setting.choice(ORDER, "Which of several subnets is taken for a new interface: the first as they are written that has"
            + " room, that with the most free addresses, or where a prefix is likeliest to be had: none first that had no free block of"
            + " 16 when it was asked last, then one with a range that is reserved for prefixes, then that with the most free"
            + " addresses.", "as-written", "most-free", "prefix-friendly")
            .withDefault("most-free"))
        .setting(Setting.texts(SECURITY_GROUPS, "The security groups of pods' interfaces, by id, where no ENIConfig is used."
            + " Unless set, they have those of the node's primary interface, and follow when those change."))
        .setting(Setting.fields(SECURITY_GROUP_TAGS, "The security groups by their tags, names and values, where no ENIConfig is"
            + " used."))
        .setting(Setting.fields(NAMESPACES, "Lanes for the pods of some namespaces: by the lane's name, an object with"
            + " namespaces (a list of their names) and eniConfig (a name), or with subnets, subnetTags, discoverSubnets, order, securityGroups"
            + " and securityGroupTags as above. Pods of other namespaces draw from the node's own lane."))
        .chosenBy("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", "true")
        .needs(needs())
        .build();
  }

  private static Needs needs() {
    return Needs.none()
        .withNodeObjects(ObjectKind.NODE, "get", "list", "watch")
        .withNodeObjects(EniConfigs.KIND, "get", "list", "watch")
        .withNodeActions("DescribeSecurityGroups", "DescribeSubnets", "GetSubnetCidrReservations")
        .withCrd("/dev/patchbay/mode/customnet/eniconfigs.yaml");
  }

  @Override
  public NetworkMode create(ModeContext context) {
    return new CustomNetMode(context.settings());
  }
}
