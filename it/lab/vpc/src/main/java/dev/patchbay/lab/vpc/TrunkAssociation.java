package dev.patchbay.lab.vpc;

import java.util.Map;

/**
 * A branch interface behind a trunk.
 *
 * @param id such as {@code trunk-assoc-0…}
 * @param trunkId the trunk interface
 * @param branchId the branch interface
 * @param vlan the VLAN that tells its frames apart on the trunk, 1 to 4094
 * @param tags its tags
 */
public record TrunkAssociation(String id, String trunkId, String branchId, int vlan, Map<String, String> tags) {
  /** Copies the tags. */
  public TrunkAssociation {
    tags = Tags.copy(tags);
  }

  TrunkAssociation withTags(Map<String, String> changed) {
    return new TrunkAssociation(id, trunkId, branchId, vlan, changed);
  }
}
