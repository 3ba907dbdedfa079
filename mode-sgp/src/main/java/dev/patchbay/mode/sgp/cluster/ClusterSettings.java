package dev.patchbay.mode.sgp.cluster;

import dev.patchbay.mode.sgp.policy.WithoutTrunk;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Setting;
import java.util.List;

/**
 * What the operator says of the cluster side.
 *
 * @param cooldown how long a branch that no pod has any more keeps its address, in milliseconds
 * @param warm how many such branches are kept for the next pods, for each node and set of groups
 * @param warmFor how long they are kept, in milliseconds
 * @param follows whether pods that run follow their policies
 * @param ipv6 whether branches have IPv6 addresses, too
 * @param withoutTrunk what becomes of pods where there is no trunk
 */
record ClusterSettings(long cooldown, long warm, long warmFor, boolean follows, boolean ipv6, WithoutTrunk withoutTrunk) {
  private static final String COOLDOWN = "branchCooldown";
  private static final String WARM = "warmBranches";
  private static final String WARM_FOR = "warmBranchesFor";
  private static final String FOLLOWS = "followPolicies";
  private static final String IPV6 = "branchIpv6";

  static List<Setting> all() {
    return List.of(
        Setting.duration(COOLDOWN, "How long the branch of a pod that is gone keeps its address and VLAN id before it is deleted or given"
            + " to another pod: until all nodes have forgotten the pod. EKS's controller waits 60s, and never less than 30s.")
            .withDefault(60_000L),
        Setting.number(WARM, "How many branches that have cooled down are kept for the next pods, for each node and set of security"
            + " groups, so that a rollout needs no new ones. They count against what the instance type carries, and are given up for"
            + " other pods that need the room. 0 keeps none.", 0, 120).withDefault(2L),
        Setting.duration(WARM_FOR, "How long a branch is kept so, from the moment at which its pod was gone.").withDefault(600_000L),
        Setting.truth(FOLLOWS, "Whether the branches of pods that run get other security groups when their policies change. EKS's"
            + " controller leaves them as they were; only pods made afterwards see the change.").withDefault(false),
        Setting.truth(IPV6, "Whether a branch that is made has an IPv6 address, too, where its subnet has an IPv6 network, and so a pod"
            + " that shares an interface. Not under an ENIConfig.").withDefault(false));
  }

  static ClusterSettings of(Fields settings) {
    return new ClusterSettings(settings.number(COOLDOWN).orElse(60_000), settings.number(WARM).orElse(2),
        settings.number(WARM_FOR).orElse(600_000), settings.isTrue(FOLLOWS), settings.isTrue(IPV6), WithoutTrunk.of(settings, true));
  }
}
