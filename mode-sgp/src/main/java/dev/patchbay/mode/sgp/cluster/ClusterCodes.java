package dev.patchbay.mode.sgp.cluster;

import dev.patchbay.spi.Code;

/** The codes of what the cluster side does and finds. Where EKS's controller has a name for it, it is that. */
final class ClusterCodes {
  /** A pod has its branch. */
  static final Code ALLOCATED = Code.of(350, "ResourceAllocated");
  /** No policy matches a pod that asked. */
  static final Code REQUESTED = Code.of(351, "SecurityGroupRequested");
  /** A pod's branch can't be made, or not as it should be. */
  static final Code FAILED = Code.of(352, "BranchAllocationFailed");
  /** A node has its trunk. */
  static final Code TRUNK_READY = Code.of(353, "NodeTrunkInitiated");
  /** A node's trunk can't be made. */
  static final Code TRUNK_FAILED = Code.of(354, "TrunkENICreationFailed");
  /** A node's instance type carries no trunk. */
  static final Code UNSUPPORTED = Code.of(355, "Unsupported");
  /** What names a node's ENIConfig names none. */
  static final Code ENI_CONFIG = Code.of(356, "EniConfigNameNotFound");
  /** A policy that means nothing. */
  static final Code POLICY_INVALID = Code.of(357, "SecurityGroupPolicyInvalid");
  /** A node carries no more branches now. */
  static final Code LIMIT = Code.of(358, "BranchLimitReached");
  /** The branch that a pod's annotation names is not there, or is another pod's. */
  static final Code VANISHED = Code.of(359, "BranchVanished");
  /** A pod asked for a branch on a node that has no trunk. */
  static final Code NO_TRUNK = Code.of(360, "NodeWithoutTrunk");

  private ClusterCodes() {}
}
