package dev.patchbay.mode.sgp.cluster;

import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.view.ObjectView;

/** What stands in the way of a pod's branch, in words for whoever looks at the pod. */
final class Obstacles {
  private Obstacles() {}

  static Finding of(ObjectView pod, Match match, Finding why) {
    String whose = match.policies().isEmpty() ? "its node's groups" : "the groups " + String.join(", ", match.groups()) + " of "
        + match.words();
    return Finding.of(ClusterCodes.FAILED, why.code() + ": " + why.cause(), remedy(pod, match, why, whose));
  }

  /** Whether EC2 refuses the groups. */
  static boolean isOfGroups(Finding why) {
    return why.cause().contains("InvalidGroup") || why.cause().contains("InvalidSecurityGroupID")
        || why.cause().contains("SecurityGroupsPerInterfaceLimitExceeded");
  }

  /** By EC2's own codes: how many groups an interface may have, and which there are, it alone knows. */
  private static String remedy(ObjectView pod, Match match, Finding why, String whose) {
    if (why.cause().contains("SecurityGroupsPerInterfaceLimitExceeded")) {
      return "The pod gets " + whose + ", which are " + match.groups().size() + ": let fewer groups come together, or have the account's"
          + " quota of groups per interface raised.";
    }
    if (isOfGroups(why)) {
      return "The pod gets " + whose + ": see in the policy that each exists and is of the cluster's VPC. The branch is made once it is"
          + " corrected.";
    }
    if (why.code().equals(Codes.SUBNET_FULL)) {
      return "Free addresses in the subnet of node " + pod.content().fields("spec").text("nodeName").orElse("") + "'s branches, or let an"
          + " ENIConfig name another one. It is tried again.";
    }
    return why.remedy();
  }
}
