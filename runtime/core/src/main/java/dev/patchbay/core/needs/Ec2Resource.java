package dev.patchbay.core.needs;

import java.util.List;
import java.util.Map;

/**
 * Kinds of resources that EC2 checks permissions on.
 *
 * <p>Source: AWS Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2".
 */
enum Ec2Resource {
  INSTANCE("instance"),
  NETWORK_INTERFACE("network-interface"),
  SECURITY_GROUP("security-group"),
  SUBNET("subnet");

  /**
   * The kinds on which each action is checked, of the actions for which a policy may name resources. Describing actions have none,
   * and for an action that is not in this table a policy names everything.
   */
  private static final Map<String, List<Ec2Resource>> OF = Map.of(
      "AssignIpv6Addresses", List.of(NETWORK_INTERFACE),
      "AssignPrivateIpAddresses", List.of(NETWORK_INTERFACE),
      "AttachNetworkInterface", List.of(INSTANCE, NETWORK_INTERFACE),
      "CreateNetworkInterface", List.of(NETWORK_INTERFACE, SECURITY_GROUP, SUBNET),
      "CreateTags", List.of(NETWORK_INTERFACE),
      "DeleteNetworkInterface", List.of(NETWORK_INTERFACE),
      "DetachNetworkInterface", List.of(INSTANCE, NETWORK_INTERFACE),
      "ModifyNetworkInterfaceAttribute", List.of(INSTANCE, NETWORK_INTERFACE, SECURITY_GROUP),
      "UnassignIpv6Addresses", List.of(NETWORK_INTERFACE),
      "UnassignPrivateIpAddresses", List.of(NETWORK_INTERFACE));

  private final String word;

  Ec2Resource(String word) {
    this.word = word;
  }

  /** The kinds on which an action is checked; empty if a policy can't or need not tell. */
  static List<Ec2Resource> of(String action) {
    return OF.getOrDefault(action, List.of());
  }

  /** All resources of the kind, in any region and account. */
  String arn(String partition) {
    return "arn:" + partition + ":ec2:*:*:" + word + "/*";
  }
}
