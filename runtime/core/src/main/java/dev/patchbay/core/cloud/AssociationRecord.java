package dev.patchbay.core.cloud;

/**
 * A branch that hangs on a trunk, as EC2 described it at one moment.
 *
 * @param id the association's id
 * @param branchId the branch
 * @param trunkId the trunk
 * @param vlanId the VLAN id
 */
public record AssociationRecord(String id, String branchId, String trunkId, int vlanId) {}
