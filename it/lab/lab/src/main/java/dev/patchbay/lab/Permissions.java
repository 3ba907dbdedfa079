package dev.patchbay.lab;

import java.util.Set;

/**
 * What the daemon may do in the lab, and no more: a call that is not listed is refused, so a permission that is missing from
 * what Patchbay asks its users for shows here first.
 */
final class Permissions {
  /**
   * The policy of a node's role. What the mode secondary-ip declares as needs, which is also all that the runtime itself
   * calls; to be taken from the policy that Patchbay generates from the modes chosen.
   */
  static final Set<String> NODE_ACTIONS =
      Set.of(
          "ec2:AssignPrivateIpAddresses",
          "ec2:AttachNetworkInterface",
          "ec2:CreateNetworkInterface",
          "ec2:CreateTags",
          "ec2:DeleteNetworkInterface",
          "ec2:DescribeInstanceTypes",
          "ec2:DescribeInstances",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSubnets",
          "ec2:DetachNetworkInterface",
          "ec2:ModifyNetworkInterfaceAttribute",
          "ec2:UnassignPrivateIpAddresses");

  /** The rules of the cluster role of the daemon's service account; to be generated likewise. */
  static final String NODE_RULES =
      """
      [
        {"apiGroups": [""], "resources": ["nodes", "pods", "namespaces"], "verbs": ["get", "list", "watch"]},
        {"apiGroups": [""], "resources": ["nodes/status", "pods/status"], "verbs": ["patch"]},
        {"apiGroups": ["", "events.k8s.io"], "resources": ["events"], "verbs": ["create", "patch"]}
      ]
      """;

  private Permissions() {}
}
