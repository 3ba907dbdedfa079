package dev.patchbay.lab.vpc;

import java.util.List;
import java.util.Map;

/** Puts branch interfaces behind trunks. */
public final class TrunkOperations {
  private static final int HIGHEST_VLAN = 4094;

  private final VpcModel model;

  TrunkOperations(VpcModel model) {
    this.model = model;
  }

  /**
   * Associates a branch with a trunk under a VLAN (EC2 API reference, AssociateTrunkInterface). Neither that page nor the
   * list of error codes says how EC2 refuses a VLAN in use or one branch too many; the codes here are our guess.
   *
   * @param clientToken makes the request idempotent; may be empty
   */
  public TrunkAssociation associate(String branchId, String trunkId, int vlan, String clientToken) {
    String id =
        model.once(
            "associate",
            clientToken,
            branchId + " " + trunkId + " " + vlan,
            draft -> associate(draft, branchId, trunkId, vlan).id());
    return model.state().association(id);
  }

  /**
   * Ends an association; the branch is free again.
   *
   * @param clientToken makes the request idempotent; may be empty
   */
  public void disassociate(String associationId, String clientToken) {
    model.once(
        "disassociate",
        clientToken,
        associationId,
        draft -> {
          dissolve(draft, draft.state().association(associationId));
          return associationId;
        });
  }

  static void dissolve(Draft draft, TrunkAssociation association) {
    draft.remove(association);
    NetworkInterface.Edit edit = draft.state().networkInterface(association.branchId()).edit();
    edit.kind = NetworkInterface.Kind.INTERFACE;
    draft.put(edit.done());
  }

  private TrunkAssociation associate(Draft draft, String branchId, String trunkId, int vlan) {
    VpcState state = draft.state();
    NetworkInterface branch = state.networkInterface(branchId);
    NetworkInterface trunk = state.networkInterface(trunkId);
    if (trunk.kind() != NetworkInterface.Kind.TRUNK) {
      throw new Ec2Error("InvalidParameterValue", "The network interface '" + trunkId + "' is not a trunk interface.");
    }
    boolean ordinary =
        switch (branch.kind()) {
          case INTERFACE, BRANCH -> true;
          case TRUNK, EFA, EFA_ONLY, NAT_GATEWAY -> false;
        };
    if (!ordinary || branch.attachment().isPresent() || state.trunkOf(branchId).isPresent()) {
      throw new Ec2Error("InvalidNetworkInterface.InUse", "Interface: [" + branchId + "] in use.");
    }
    if (!branch.zone().equals(trunk.zone()) || !branch.vpcId().equals(trunk.vpcId())) {
      throw new Ec2Error(
          "InvalidParameterCombination", "The branch and the trunk interface are not in the same availability zone and VPC.");
    }
    if (vlan < 1 || vlan > HIGHEST_VLAN) {
      throw new Ec2Error("InvalidParameterValue", "Invalid VLAN ID " + vlan + ": 1 to " + HIGHEST_VLAN + " is allowed.");
    }
    List<TrunkAssociation> others = state.branchesOf(trunkId).toList();
    if (others.stream().anyMatch(other -> other.vlan() == vlan)) {
      throw new Ec2Error("InvalidParameterValue", "VLAN ID " + vlan + " is already in use on trunk '" + trunkId + "'.");
    }
    int limit =
        InterfaceOperations.type(state, trunk).map(type -> type.branchInterfaces().orElse(0)).orElse(Integer.MAX_VALUE);
    if (others.size() >= limit) {
      throw new Ec2Error(
          "AttachmentLimitExceeded", "The trunk '" + trunkId + "' already has " + limit + " branch interfaces.");
    }
    TrunkAssociation association =
        new TrunkAssociation(model.ids().next("trunk-assoc-"), trunkId, branchId, vlan, Map.of());
    draft.put(association);
    NetworkInterface.Edit edit = branch.edit();
    edit.kind = NetworkInterface.Kind.BRANCH;
    draft.put(edit.done());
    return association;
  }
}
