package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Ec2Error;
import dev.patchbay.lab.vpc.RouteTable;
import dev.patchbay.lab.vpc.VpcModel;
import dev.patchbay.lab.vpc.VpcState;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.AssociateRouteTableRequest;
import software.amazon.awssdk.services.ec2.model.AssociateRouteTableResponse;
import software.amazon.awssdk.services.ec2.model.CreateRouteTableRequest;
import software.amazon.awssdk.services.ec2.model.CreateRouteTableResponse;
import software.amazon.awssdk.services.ec2.model.DeleteRouteTableRequest;
import software.amazon.awssdk.services.ec2.model.DeleteRouteTableResponse;
import software.amazon.awssdk.services.ec2.model.DescribeRouteTablesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeRouteTablesResponse;
import software.amazon.awssdk.services.ec2.model.DisassociateRouteTableRequest;
import software.amazon.awssdk.services.ec2.model.DisassociateRouteTableResponse;
import software.amazon.awssdk.services.ec2.model.ReplaceRouteTableAssociationRequest;
import software.amazon.awssdk.services.ec2.model.ReplaceRouteTableAssociationResponse;
import software.amazon.awssdk.services.ec2.model.Route;

/** Actions on route tables, and on whose they are. */
final class RouteTableActions {
  private final VpcModel model;
  private final RoutingShapes shapes;

  RouteTableActions(VpcModel model, RoutingShapes shapes) {
    this.model = model;
    this.shapes = shapes;
  }

  void register(Actions actions) {
    actions.read("DescribeRouteTables", DescribeRouteTablesRequest::builder, this::describe);
    actions.change("CreateRouteTable", CreateRouteTableRequest::builder, this::create, "VpcId");
    actions.change("DeleteRouteTable", DeleteRouteTableRequest::builder, this::delete, "RouteTableId");
    actions.change("AssociateRouteTable", AssociateRouteTableRequest::builder, this::associate, "RouteTableId");
    actions.change("DisassociateRouteTable", DisassociateRouteTableRequest::builder, this::disassociate, "AssociationId");
    actions.change(
        "ReplaceRouteTableAssociation",
        ReplaceRouteTableAssociationRequest::builder,
        this::replace,
        "AssociationId",
        "RouteTableId");
  }

  private Filters<RouteTable> filters(VpcState state) {
    return new Filters<>(RouteTable::tags)
        .one("route-table-id", RouteTable::id)
        .one("vpc-id", RouteTable::vpcId)
        .one("owner-id", table -> shapes.table(state, table).ownerId())
        .many("association.main", table -> table.associations().stream().map(each -> String.valueOf(each.main())))
        .many("association.route-table-association-id", table -> table.associations().stream().map(RouteTable.Association::id))
        .many("association.route-table-id", table -> table.associations().stream().map(each -> table.id()))
        .many("association.subnet-id", table -> table.associations().stream().flatMap(each -> each.subnetId().stream()))
        .many("association.gateway-id", table -> Stream.empty())
        .many("route.destination-cidr-block", routes(state, Route::destinationCidrBlock))
        .many("route.destination-ipv6-cidr-block", routes(state, Route::destinationIpv6CidrBlock))
        .many("route.destination-prefix-list-id", routes(state, Route::destinationPrefixListId))
        .many("route.egress-only-internet-gateway-id", routes(state, Route::egressOnlyInternetGatewayId))
        .many("route.gateway-id", routes(state, Route::gatewayId))
        .many("route.instance-id", routes(state, Route::instanceId))
        .many("route.nat-gateway-id", routes(state, Route::natGatewayId))
        .many("route.transit-gateway-id", routes(state, Route::transitGatewayId))
        .many("route.vpc-peering-connection-id", routes(state, Route::vpcPeeringConnectionId))
        .many("route.origin", routes(state, Route::originAsString))
        .many("route.state", routes(state, Route::stateAsString));
  }

  private Function<RouteTable, Stream<String>> routes(VpcState state, Function<Route, String> value) {
    return table -> shapes.table(state, table).routes().stream().map(value).filter(Objects::nonNull);
  }

  private DescribeRouteTablesResponse describe(VpcState state, DescribeRouteTablesRequest request) {
    List<RouteTable> named =
        request.routeTableIds().isEmpty()
            ? List.copyOf(state.routeTables().values())
            : request.routeTableIds().stream().map(state::routeTable).distinct().toList();
    Page<RouteTable> page =
        Page.of(
            named.stream().filter(filters(state).of(request.filters())).toList(),
            RouteTable::id,
            request.maxResults(),
            request.nextToken(),
            request.routeTableIds().size());
    return DescribeRouteTablesResponse.builder()
        .routeTables(page.items().stream().map(table -> shapes.table(state, table)).toList())
        .nextToken(page.nextToken())
        .build();
  }

  private CreateRouteTableResponse create(CreateRouteTableRequest request) {
    RouteTable made =
        model
            .routeTables()
            .create(
                request.vpcId(),
                TagActions.specified(request.tagSpecifications(), "route-table"),
                request.clientToken() == null ? "" : request.clientToken());
    return CreateRouteTableResponse.builder()
        .routeTable(shapes.table(model.state(), made))
        .clientToken(request.clientToken())
        .build();
  }

  private DeleteRouteTableResponse delete(DeleteRouteTableRequest request) {
    model.routeTables().delete(request.routeTableId());
    return DeleteRouteTableResponse.builder().build();
  }

  private AssociateRouteTableResponse associate(AssociateRouteTableRequest request) {
    Actions.notModelled(request.gatewayId(), "gatewayId");
    Actions.notModelled(request.publicIpv4Pool(), "publicIpv4Pool");
    if (request.subnetId() == null) {
      throw new Ec2Error("MissingParameter", "The request must contain the parameter subnetId");
    }
    RouteTable.Association made = model.routeTables().associate(request.routeTableId(), request.subnetId());
    return AssociateRouteTableResponse.builder()
        .associationId(made.id())
        .associationState(state -> state.state("associated"))
        .build();
  }

  private DisassociateRouteTableResponse disassociate(DisassociateRouteTableRequest request) {
    model.routeTables().disassociate(request.associationId());
    return DisassociateRouteTableResponse.builder().build();
  }

  private ReplaceRouteTableAssociationResponse replace(ReplaceRouteTableAssociationRequest request) {
    RouteTable.Association made = model.routeTables().replace(request.associationId(), request.routeTableId());
    return ReplaceRouteTableAssociationResponse.builder()
        .newAssociationId(made.id())
        .associationState(state -> state.state("associated"))
        .build();
  }
}
