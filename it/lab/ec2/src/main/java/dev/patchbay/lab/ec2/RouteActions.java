package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.Ec2Error;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.RouteTarget;
import dev.patchbay.lab.vpc.VpcModel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.CreateRouteRequest;
import software.amazon.awssdk.services.ec2.model.CreateRouteResponse;
import software.amazon.awssdk.services.ec2.model.DeleteRouteRequest;
import software.amazon.awssdk.services.ec2.model.DeleteRouteResponse;
import software.amazon.awssdk.services.ec2.model.ReplaceRouteRequest;
import software.amazon.awssdk.services.ec2.model.ReplaceRouteResponse;

/** Actions on the routes of tables. */
final class RouteActions {
  private final VpcModel model;

  RouteActions(VpcModel model) {
    this.model = model;
  }

  void register(Actions actions) {
    actions.change("CreateRoute", CreateRouteRequest::builder, this::create, "RouteTableId");
    actions.change("ReplaceRoute", ReplaceRouteRequest::builder, this::replace, "RouteTableId");
    actions.change("DeleteRoute", DeleteRouteRequest::builder, this::delete, "RouteTableId");
  }

  private CreateRouteResponse create(CreateRouteRequest request) {
    Actions.notModelled(request.destinationPrefixListId(), "destinationPrefixListId");
    Actions.notModelled(request.vpcEndpointId(), "vpcEndpointId");
    Actions.notModelled(request.transitGatewayId(), "transitGatewayId");
    Actions.notModelled(request.localGatewayId(), "localGatewayId");
    Actions.notModelled(request.carrierGatewayId(), "carrierGatewayId");
    Actions.notModelled(request.coreNetworkArn(), "coreNetworkArn");
    Actions.notModelled(request.odbNetworkArn(), "odbNetworkArn");
    Actions.notModelled(request.vpcPeeringConnectionId(), "vpcPeeringConnectionId");
    Cidr destination = destination(request.destinationCidrBlock(), request.destinationIpv6CidrBlock());
    RouteTarget target =
        target(
            request.gatewayId(),
            request.natGatewayId(),
            request.egressOnlyInternetGatewayId(),
            request.networkInterfaceId(),
            request.instanceId());
    model.routes().create(request.routeTableId(), destination, target);
    return CreateRouteResponse.builder().returnValue(true).build();
  }

  private ReplaceRouteResponse replace(ReplaceRouteRequest request) {
    Actions.notModelled(request.destinationPrefixListId(), "destinationPrefixListId");
    Actions.notModelled(request.vpcEndpointId(), "vpcEndpointId");
    Actions.notModelled(request.localTarget(), "localTarget");
    Actions.notModelled(request.transitGatewayId(), "transitGatewayId");
    Actions.notModelled(request.localGatewayId(), "localGatewayId");
    Actions.notModelled(request.carrierGatewayId(), "carrierGatewayId");
    Actions.notModelled(request.coreNetworkArn(), "coreNetworkArn");
    Actions.notModelled(request.odbNetworkArn(), "odbNetworkArn");
    Actions.notModelled(request.vpcPeeringConnectionId(), "vpcPeeringConnectionId");
    Cidr destination = destination(request.destinationCidrBlock(), request.destinationIpv6CidrBlock());
    RouteTarget target =
        target(
            request.gatewayId(),
            request.natGatewayId(),
            request.egressOnlyInternetGatewayId(),
            request.networkInterfaceId(),
            request.instanceId());
    model.routes().replace(request.routeTableId(), destination, target);
    return ReplaceRouteResponse.builder().build();
  }

  private DeleteRouteResponse delete(DeleteRouteRequest request) {
    Actions.notModelled(request.destinationPrefixListId(), "destinationPrefixListId");
    model
        .routes()
        .delete(
            request.routeTableId(), destination(request.destinationCidrBlock(), request.destinationIpv6CidrBlock()));
    return DeleteRouteResponse.builder().build();
  }

  private static Cidr destination(@Nullable String four, @Nullable String six) {
    if (four != null && six != null) {
      throw new Ec2Error(
          "InvalidParameterCombination",
          "Only one of destinationCidrBlock and destinationIpv6CidrBlock can be specified.");
    }
    if (four == null && six == null) {
      throw new Ec2Error("MissingParameter", "The request must contain the parameter destinationCidrBlock");
    }
    String name = four == null ? "destinationIpv6CidrBlock" : "destinationCidrBlock";
    Cidr block = SubnetActions.block(four == null ? six : four, name);
    if (block.six() != (four == null)) {
      throw new Ec2Error(
          "InvalidParameterValue", "Value (" + block + ") for parameter " + name + " is of the other address family.");
    }
    return block;
  }

  private RouteTarget target(
      @Nullable String gateway,
      @Nullable String nat,
      @Nullable String egressOnly,
      @Nullable String eni,
      @Nullable String instance) {
    List<Supplier<RouteTarget>> said = new ArrayList<>();
    if (gateway != null) {
      said.add(() -> gateway(gateway));
    }
    if (nat != null) {
      said.add(() -> new RouteTarget.Nat(nat));
    }
    if (egressOnly != null) {
      said.add(() -> new RouteTarget.EgressOnly(egressOnly));
    }
    if (eni != null) {
      said.add(() -> new RouteTarget.Interface(eni));
    }
    if (instance != null) {
      said.add(() -> new RouteTarget.Interface(onlyInterface(instance)));
    }
    if (said.size() != 1) {
      throw new Ec2Error(
          said.isEmpty() ? "MissingParameter" : "InvalidParameterCombination",
          "The request must contain exactly one of gatewayId, natGatewayId, networkInterfaceId,"
              + " egressOnlyInternetGatewayId and instanceId.");
    }
    return said.getFirst().get();
  }

  private static RouteTarget gateway(String id) {
    if (id.equals("local")) {
      return new RouteTarget.Local();
    }
    if (id.startsWith("vgw-") || id.startsWith("vpce-")) {
      throw new Ec2Error("UnsupportedOperation", "The lab does not model routes to " + id + ", only to igw-….");
    }
    return new RouteTarget.Internet(id);
  }

  private String onlyInterface(String instanceId) {
    List<NetworkInterface> all = model.state().interfacesOf(model.state().instance(instanceId).id());
    if (all.size() != 1) {
      throw new Ec2Error(
          "InvalidInstanceID",
          all.isEmpty()
              ? "There is no interface attached to instance '" + instanceId + "'."
              : "There are multiple interfaces attached to instance '"
                  + instanceId
                  + "'. Please specify an interface ID for the operation instead.");
    }
    return all.getFirst().id();
  }
}
