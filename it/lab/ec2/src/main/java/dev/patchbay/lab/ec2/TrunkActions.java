package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Ec2Error;
import dev.patchbay.lab.vpc.TrunkAssociation;
import dev.patchbay.lab.vpc.VpcModel;
import dev.patchbay.lab.vpc.VpcState;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.AssociateTrunkInterfaceRequest;
import software.amazon.awssdk.services.ec2.model.AssociateTrunkInterfaceResponse;
import software.amazon.awssdk.services.ec2.model.DescribeTrunkInterfaceAssociationsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeTrunkInterfaceAssociationsResponse;
import software.amazon.awssdk.services.ec2.model.DisassociateTrunkInterfaceRequest;
import software.amazon.awssdk.services.ec2.model.DisassociateTrunkInterfaceResponse;

/** Actions on branches behind trunks. */
final class TrunkActions {
  private final VpcModel model;
  private final Shapes shapes;
  private final Filters<TrunkAssociation> associationFilters =
      new Filters<>(TrunkAssociation::tags)
          .one("association-id", TrunkAssociation::id)
          .one("trunk-interface-association.trunk-interface-id", TrunkAssociation::trunkId)
          .one("trunk-interface-association.branch-interface-id", TrunkAssociation::branchId)
          .one("trunk-interface-id", TrunkAssociation::trunkId)
          .one("branch-interface-id", TrunkAssociation::branchId)
          .one("interface-protocol", a -> "VLAN");

  TrunkActions(VpcModel model, Shapes shapes) {
    this.model = model;
    this.shapes = shapes;
  }

  void register(Actions actions) {
    actions.change(
        "AssociateTrunkInterface",
        AssociateTrunkInterfaceRequest::builder,
        this::associate,
        "BranchInterfaceId",
        "TrunkInterfaceId");
    actions.change(
        "DisassociateTrunkInterface",
        DisassociateTrunkInterfaceRequest::builder,
        this::disassociate,
        "AssociationId");
    actions.read(
        "DescribeTrunkInterfaceAssociations", DescribeTrunkInterfaceAssociationsRequest::builder, this::associations);
  }

  private AssociateTrunkInterfaceResponse associate(AssociateTrunkInterfaceRequest request) {
    Actions.notModelled(request.greKey(), "greKey");
    if (request.vlanId() == null) {
      throw new Ec2Error("MissingParameter", "The request must contain the parameter vlanId: GRE is not modelled.");
    }
    TrunkAssociation made =
        model
            .trunks()
            .associate(
                request.branchInterfaceId(),
                request.trunkInterfaceId(),
                request.vlanId(),
                text(request.clientToken()));
    return AssociateTrunkInterfaceResponse.builder()
        .interfaceAssociation(shapes.association(made))
        .clientToken(request.clientToken())
        .build();
  }

  private DisassociateTrunkInterfaceResponse disassociate(DisassociateTrunkInterfaceRequest request) {
    model.trunks().disassociate(request.associationId(), text(request.clientToken()));
    return DisassociateTrunkInterfaceResponse.builder().returnValue(true).clientToken(request.clientToken()).build();
  }

  private DescribeTrunkInterfaceAssociationsResponse associations(
      VpcState state, DescribeTrunkInterfaceAssociationsRequest request) {
    List<TrunkAssociation> named =
        request.associationIds().isEmpty()
            ? List.copyOf(state.associations().values())
            : request.associationIds().stream().map(state::association).toList();
    Page<TrunkAssociation> page =
        Page.of(
            named.stream().filter(associationFilters.of(request.filters())).toList(),
            TrunkAssociation::id,
            request.maxResults(),
            request.nextToken(),
            request.associationIds().size());
    return DescribeTrunkInterfaceAssociationsResponse.builder()
        .interfaceAssociations(page.items().stream().map(shapes::association).toList())
        .nextToken(page.nextToken())
        .build();
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }
}
