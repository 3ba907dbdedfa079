package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Ec2Error;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.NatGateway;
import dev.patchbay.lab.vpc.VpcModel;
import dev.patchbay.lab.vpc.VpcState;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.CreateNatGatewayRequest;
import software.amazon.awssdk.services.ec2.model.CreateNatGatewayResponse;
import software.amazon.awssdk.services.ec2.model.DeleteNatGatewayRequest;
import software.amazon.awssdk.services.ec2.model.DeleteNatGatewayResponse;
import software.amazon.awssdk.services.ec2.model.DescribeNatGatewaysRequest;
import software.amazon.awssdk.services.ec2.model.DescribeNatGatewaysResponse;

/** Actions on NAT gateways: public ones, in one zone. */
final class NatActions {
  private final VpcModel model;
  private final RoutingShapes shapes;
  private final InstantSource clock;
  private final Filters<NatGateway> filters =
      new Filters<>(NatGateway::tags)
          .one("nat-gateway-id", NatGateway::id)
          .one("state", RoutingShapes::natState)
          .one("subnet-id", NatGateway::subnetId)
          .one("vpc-id", NatGateway::vpcId);

  NatActions(VpcModel model, RoutingShapes shapes, InstantSource clock) {
    this.model = model;
    this.shapes = shapes;
    this.clock = clock;
  }

  void register(Actions actions) {
    actions.read("DescribeNatGateways", DescribeNatGatewaysRequest::builder, this::describe);
    actions.change("CreateNatGateway", CreateNatGatewayRequest::builder, this::create);
    actions.change("DeleteNatGateway", DeleteNatGatewayRequest::builder, this::delete, "NatGatewayId");
  }

  private DescribeNatGatewaysResponse describe(VpcState state, DescribeNatGatewaysRequest request) {
    List<NatGateway> named =
        request.natGatewayIds().isEmpty()
            ? state.natGateways().toList()
            : request.natGatewayIds().stream().map(state::natGateway).distinct().toList();
    Page<NatGateway> page =
        Page.of(
            named.stream()
                .filter(gateway -> gateway.remembered(clock.instant()))
                .filter(filters.of(request.filter()))
                .toList(),
            NatGateway::id,
            request.maxResults(),
            request.nextToken(),
            request.natGatewayIds().size());
    return DescribeNatGatewaysResponse.builder()
        .natGateways(page.items().stream().map(each -> shapes.nat(each, RoutingShapes.natState(each))).toList())
        .nextToken(page.nextToken())
        .build();
  }

  private CreateNatGatewayResponse create(CreateNatGatewayRequest request) {
    only(request.availabilityModeAsString(), "zonal", "availabilityMode");
    only(request.connectivityTypeAsString(), "public", "connectivityType");
    Actions.notModelled(none(request.availabilityZoneAddresses()), "availabilityZoneAddress");
    Actions.notModelled(none(request.secondaryAllocationIds()), "secondaryAllocationId");
    Actions.notModelled(none(request.secondaryPrivateIpAddresses()), "secondaryPrivateIpAddress");
    Actions.notModelled(request.secondaryPrivateIpAddressCount(), "secondaryPrivateIpAddressCount");
    Actions.notModelled(request.vpcId(), "vpcId");
    if (request.subnetId() == null || request.allocationId() == null) {
      throw new Ec2Error(
          "MissingParameter",
          "The request must contain the parameter " + (request.subnetId() == null ? "subnetId" : "allocationId"));
    }
    NatGateway made =
        model
            .nats()
            .create(
                request.subnetId(),
                request.allocationId(),
                Optional.ofNullable(request.privateIpAddress()).map(NatActions::ip),
                TagActions.specified(request.tagSpecifications(), "natgateway"),
                request.clientToken() == null ? "" : request.clientToken());
    // EC2 answers "pending", and describes "available" some minutes later; here it is ready at once.
    return CreateNatGatewayResponse.builder()
        .natGateway(shapes.nat(made, "pending"))
        .clientToken(request.clientToken())
        .build();
  }

  private DeleteNatGatewayResponse delete(DeleteNatGatewayRequest request) {
    model.nats().delete(request.natGatewayId());
    return DeleteNatGatewayResponse.builder().natGatewayId(request.natGatewayId()).build();
  }

  private static void only(@Nullable String value, String modelled, String name) {
    if (value != null && !value.equals(modelled)) {
      throw new Ec2Error(
          "UnsupportedOperation", "The lab does not model the parameter " + name + " but as " + modelled + ".");
    }
  }

  private static @Nullable Object none(List<?> values) {
    return values.isEmpty() ? null : values;
  }

  private static Ip ip(String text) {
    try {
      return Ip.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Ec2Error("InvalidParameterValue", "invalid value for parameter address: " + text);
    }
  }
}
