package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.EgressOnlyGateway;
import dev.patchbay.lab.vpc.InternetGateway;
import dev.patchbay.lab.vpc.VpcModel;
import dev.patchbay.lab.vpc.VpcState;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ec2.model.AttachInternetGatewayRequest;
import software.amazon.awssdk.services.ec2.model.AttachInternetGatewayResponse;
import software.amazon.awssdk.services.ec2.model.CreateEgressOnlyInternetGatewayRequest;
import software.amazon.awssdk.services.ec2.model.CreateEgressOnlyInternetGatewayResponse;
import software.amazon.awssdk.services.ec2.model.CreateInternetGatewayRequest;
import software.amazon.awssdk.services.ec2.model.CreateInternetGatewayResponse;
import software.amazon.awssdk.services.ec2.model.DeleteEgressOnlyInternetGatewayRequest;
import software.amazon.awssdk.services.ec2.model.DeleteEgressOnlyInternetGatewayResponse;
import software.amazon.awssdk.services.ec2.model.DeleteInternetGatewayRequest;
import software.amazon.awssdk.services.ec2.model.DeleteInternetGatewayResponse;
import software.amazon.awssdk.services.ec2.model.DescribeEgressOnlyInternetGatewaysRequest;
import software.amazon.awssdk.services.ec2.model.DescribeEgressOnlyInternetGatewaysResponse;
import software.amazon.awssdk.services.ec2.model.DescribeInternetGatewaysRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInternetGatewaysResponse;
import software.amazon.awssdk.services.ec2.model.DetachInternetGatewayRequest;
import software.amazon.awssdk.services.ec2.model.DetachInternetGatewayResponse;

/** Actions on internet gateways and egress-only ones. */
final class GatewayActions {
  private final VpcModel model;
  private final RoutingShapes shapes;
  private final Filters<InternetGateway> filters;
  private final Filters<EgressOnlyGateway> egressOnlyFilters = new Filters<>(EgressOnlyGateway::tags);

  GatewayActions(VpcModel model, RoutingShapes shapes) {
    this.model = model;
    this.shapes = shapes;
    filters =
        new Filters<>(InternetGateway::tags)
            .one("internet-gateway-id", InternetGateway::id)
            .one("owner-id", gateway -> model.settings().accountId())
            .maybe("attachment.vpc-id", InternetGateway::vpcId)
            .maybe("attachment.state", gateway -> gateway.vpcId().map(vpcId -> "available"));
  }

  void register(Actions actions) {
    actions.read("DescribeInternetGateways", DescribeInternetGatewaysRequest::builder, this::describe);
    actions.change("CreateInternetGateway", CreateInternetGatewayRequest::builder, this::create);
    actions.change(
        "AttachInternetGateway", AttachInternetGatewayRequest::builder, this::attach, "InternetGatewayId", "VpcId");
    actions.change(
        "DetachInternetGateway", DetachInternetGatewayRequest::builder, this::detach, "InternetGatewayId", "VpcId");
    actions.change("DeleteInternetGateway", DeleteInternetGatewayRequest::builder, this::delete, "InternetGatewayId");
    actions.read(
        "DescribeEgressOnlyInternetGateways",
        DescribeEgressOnlyInternetGatewaysRequest::builder,
        this::describeEgressOnly);
    actions.change(
        "CreateEgressOnlyInternetGateway",
        CreateEgressOnlyInternetGatewayRequest::builder,
        this::createEgressOnly,
        "VpcId");
    actions.change(
        "DeleteEgressOnlyInternetGateway",
        DeleteEgressOnlyInternetGatewayRequest::builder,
        this::deleteEgressOnly,
        "EgressOnlyInternetGatewayId");
  }

  private DescribeInternetGatewaysResponse describe(VpcState state, DescribeInternetGatewaysRequest request) {
    List<InternetGateway> named =
        request.internetGatewayIds().isEmpty()
            ? List.copyOf(state.gateways(InternetGateway.class).values())
            : request.internetGatewayIds().stream().map(state::internetGateway).distinct().toList();
    Page<InternetGateway> page =
        Page.of(
            named.stream().filter(filters.of(request.filters())).toList(),
            InternetGateway::id,
            request.maxResults(),
            request.nextToken(),
            request.internetGatewayIds().size());
    return DescribeInternetGatewaysResponse.builder()
        .internetGateways(page.items().stream().map(shapes::internet).toList())
        .nextToken(page.nextToken())
        .build();
  }

  private CreateInternetGatewayResponse create(CreateInternetGatewayRequest request) {
    Map<String, String> tags = TagActions.specified(request.tagSpecifications(), "internet-gateway");
    return CreateInternetGatewayResponse.builder()
        .internetGateway(shapes.internet(model.gateways().create(tags)))
        .build();
  }

  private AttachInternetGatewayResponse attach(AttachInternetGatewayRequest request) {
    model.gateways().attach(request.internetGatewayId(), request.vpcId());
    return AttachInternetGatewayResponse.builder().build();
  }

  private DetachInternetGatewayResponse detach(DetachInternetGatewayRequest request) {
    model.gateways().detach(request.internetGatewayId(), request.vpcId());
    return DetachInternetGatewayResponse.builder().build();
  }

  private DeleteInternetGatewayResponse delete(DeleteInternetGatewayRequest request) {
    model.gateways().delete(request.internetGatewayId());
    return DeleteInternetGatewayResponse.builder().build();
  }

  private DescribeEgressOnlyInternetGatewaysResponse describeEgressOnly(
      VpcState state, DescribeEgressOnlyInternetGatewaysRequest request) {
    List<EgressOnlyGateway> named =
        request.egressOnlyInternetGatewayIds().isEmpty()
            ? List.copyOf(state.gateways(EgressOnlyGateway.class).values())
            : request.egressOnlyInternetGatewayIds().stream().map(state::egressOnlyGateway).distinct().toList();
    Page<EgressOnlyGateway> page =
        Page.of(
            named.stream().filter(egressOnlyFilters.of(request.filters())).toList(),
            EgressOnlyGateway::id,
            request.maxResults(),
            request.nextToken(),
            request.egressOnlyInternetGatewayIds().size());
    return DescribeEgressOnlyInternetGatewaysResponse.builder()
        .egressOnlyInternetGateways(page.items().stream().map(shapes::egressOnly).toList())
        .nextToken(page.nextToken())
        .build();
  }

  private CreateEgressOnlyInternetGatewayResponse createEgressOnly(CreateEgressOnlyInternetGatewayRequest request) {
    EgressOnlyGateway made =
        model
            .gateways()
            .createEgressOnly(
                request.vpcId(),
                TagActions.specified(request.tagSpecifications(), "egress-only-internet-gateway"),
                request.clientToken() == null ? "" : request.clientToken());
    return CreateEgressOnlyInternetGatewayResponse.builder()
        .egressOnlyInternetGateway(shapes.egressOnly(made))
        .clientToken(request.clientToken())
        .build();
  }

  private DeleteEgressOnlyInternetGatewayResponse deleteEgressOnly(DeleteEgressOnlyInternetGatewayRequest request) {
    model.gateways().deleteEgressOnly(request.egressOnlyInternetGatewayId());
    return DeleteEgressOnlyInternetGatewayResponse.builder().returnCode(true).build();
  }
}
