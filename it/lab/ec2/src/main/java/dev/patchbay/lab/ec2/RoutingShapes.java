package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Attachment;
import dev.patchbay.lab.vpc.EgressOnlyGateway;
import dev.patchbay.lab.vpc.ElasticAddress;
import dev.patchbay.lab.vpc.InternetGateway;
import dev.patchbay.lab.vpc.NatGateway;
import dev.patchbay.lab.vpc.NatOperations;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.Route;
import dev.patchbay.lab.vpc.RouteTable;
import dev.patchbay.lab.vpc.RouteTarget;
import dev.patchbay.lab.vpc.Routing;
import dev.patchbay.lab.vpc.VpcModel;
import dev.patchbay.lab.vpc.VpcState;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.model.Address;
import software.amazon.awssdk.services.ec2.model.EgressOnlyInternetGateway;
import software.amazon.awssdk.services.ec2.model.InternetGatewayAttachment;
import software.amazon.awssdk.services.ec2.model.NatGatewayAddress;
import software.amazon.awssdk.services.ec2.model.RouteTableAssociation;

/** How route tables and gateways look in EC2's answers. */
final class RoutingShapes {
  private final String region;
  private final String account;

  RoutingShapes(VpcModel.Settings settings) {
    region = settings.region();
    account = settings.accountId();
  }

  software.amazon.awssdk.services.ec2.model.RouteTable table(VpcState state, RouteTable table) {
    Routing routing = Routing.of(state);
    return software.amazon.awssdk.services.ec2.model.RouteTable.builder()
        .routeTableId(table.id())
        .vpcId(table.vpcId())
        .ownerId(account)
        .associations(table.associations().stream().map(each -> association(table, each)).toList())
        .propagatingVgws(List.of())
        .routes(routing.routes(table).stream().map(route -> route(state, table, route)).toList())
        .tags(Shapes.tags(table.tags()))
        .build();
  }

  private static RouteTableAssociation association(RouteTable table, RouteTable.Association each) {
    return RouteTableAssociation.builder()
        .main(each.main())
        .routeTableAssociationId(each.id())
        .routeTableId(table.id())
        .subnetId(each.subnetId().orElse(null))
        .associationState(state -> state.state("associated"))
        .build();
  }

  software.amazon.awssdk.services.ec2.model.Route route(VpcState state, RouteTable table, Route route) {
    var shape = software.amazon.awssdk.services.ec2.model.Route.builder();
    if (route.destination().six()) {
      shape.destinationIpv6CidrBlock(route.destination().toString());
    } else {
      shape.destinationCidrBlock(route.destination().toString());
    }
    switch (route.target()) {
      case RouteTarget.Local() -> shape.gatewayId("local");
      case RouteTarget.Internet(String id) -> shape.gatewayId(id);
      case RouteTarget.Nat(String id) -> shape.natGatewayId(id);
      case RouteTarget.EgressOnly(String id) -> shape.egressOnlyInternetGatewayId(id);
      case RouteTarget.Interface(String id) -> {
        shape.networkInterfaceId(id);
        instanceOf(state, id).ifPresent(instance -> shape.instanceId(instance).instanceOwnerId(account));
      }
    }
    return shape
        .origin(route.target() instanceof RouteTarget.Local ? "CreateRouteTable" : "CreateRoute")
        .state(Routing.of(state).active(table, route) ? "active" : "blackhole")
        .build();
  }

  private static Optional<String> instanceOf(VpcState state, String interfaceId) {
    return Optional.ofNullable(state.interfaces().get(interfaceId))
        .flatMap(NetworkInterface::attachment)
        .map(Attachment::instanceId);
  }

  software.amazon.awssdk.services.ec2.model.InternetGateway internet(InternetGateway gateway) {
    return software.amazon.awssdk.services.ec2.model.InternetGateway.builder()
        .internetGatewayId(gateway.id())
        .ownerId(account)
        .attachments(gateway.vpcId().stream().map(vpcId -> attachment(vpcId, "available")).toList())
        .tags(Shapes.tags(gateway.tags()))
        .build();
  }

  EgressOnlyInternetGateway egressOnly(EgressOnlyGateway gateway) {
    return EgressOnlyInternetGateway.builder()
        .egressOnlyInternetGatewayId(gateway.id())
        .attachments(attachment(gateway.vpcId(), "attached"))
        .tags(Shapes.tags(gateway.tags()))
        .build();
  }

  private static InternetGatewayAttachment attachment(String vpcId, String state) {
    return InternetGatewayAttachment.builder().vpcId(vpcId).state(state).build();
  }

  static String natState(NatGateway gateway) {
    return gateway.available() ? "available" : "deleted";
  }

  software.amazon.awssdk.services.ec2.model.NatGateway nat(NatGateway gateway, String state) {
    NatGatewayAddress address =
        NatGatewayAddress.builder()
            .allocationId(gateway.allocationId())
            .networkInterfaceId(gateway.interfaceId())
            .privateIp(gateway.privateAddress().toString())
            .publicIp(gateway.publicAddress().toString())
            .associationId(association(gateway))
            .isPrimary(true)
            .status(gateway.available() ? "succeeded" : "disassociating")
            .build();
    return software.amazon.awssdk.services.ec2.model.NatGateway.builder()
        .natGatewayId(gateway.id())
        .subnetId(gateway.subnetId())
        .vpcId(gateway.vpcId())
        .createTime(gateway.made())
        .deleteTime(gateway.deleted().orElse(null))
        .state(state)
        .connectivityType("public")
        .natGatewayAddresses(address)
        .tags(Shapes.tags(gateway.tags()))
        .build();
  }

  private static String association(NatGateway gateway) {
    return "eipassoc-" + Shapes.derived(gateway.id(), gateway.allocationId());
  }

  Address address(VpcState state, ElasticAddress each) {
    Address.Builder shape =
        Address.builder()
            .allocationId(each.allocationId())
            .publicIp(each.address().toString())
            .domain("vpc")
            .publicIpv4Pool("amazon")
            .networkBorderGroup(region)
            .tags(Shapes.tags(each.tags()));
    NatOperations.userOf(state, each.allocationId())
        .ifPresent(
            gateway ->
                shape
                    .associationId(association(gateway))
                    .networkInterfaceId(gateway.interfaceId())
                    .networkInterfaceOwnerId(account)
                    .privateIpAddress(gateway.privateAddress().toString()));
    return shape.build();
  }
}
