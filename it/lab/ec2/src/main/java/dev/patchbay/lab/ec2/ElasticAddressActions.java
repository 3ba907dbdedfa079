package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Ec2Error;
import dev.patchbay.lab.vpc.ElasticAddress;
import dev.patchbay.lab.vpc.VpcModel;
import dev.patchbay.lab.vpc.VpcState;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.Address;
import software.amazon.awssdk.services.ec2.model.AllocateAddressRequest;
import software.amazon.awssdk.services.ec2.model.AllocateAddressResponse;
import software.amazon.awssdk.services.ec2.model.DescribeAddressesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeAddressesResponse;
import software.amazon.awssdk.services.ec2.model.ReleaseAddressRequest;
import software.amazon.awssdk.services.ec2.model.ReleaseAddressResponse;

/** Actions on elastic addresses, as NAT gateways need them. */
final class ElasticAddressActions {
  private final VpcModel model;
  private final RoutingShapes shapes;

  ElasticAddressActions(VpcModel model, RoutingShapes shapes) {
    this.model = model;
    this.shapes = shapes;
  }

  void register(Actions actions) {
    actions.read("DescribeAddresses", DescribeAddressesRequest::builder, this::describe);
    actions.change("AllocateAddress", AllocateAddressRequest::builder, this::allocate);
    actions.change("ReleaseAddress", ReleaseAddressRequest::builder, this::release);
  }

  private Filters<ElasticAddress> filters(VpcState state) {
    return new Filters<>(ElasticAddress::tags)
        .one("allocation-id", ElasticAddress::allocationId)
        .one("public-ip", each -> each.address().toString())
        .one("domain", each -> "vpc")
        .one("network-border-group", each -> model.settings().region())
        .many("association-id", value(state, Address::associationId))
        .many("instance-id", value(state, Address::instanceId))
        .many("network-interface-id", value(state, Address::networkInterfaceId))
        .many("network-interface-owner-id", value(state, Address::networkInterfaceOwnerId))
        .many("private-ip-address", value(state, Address::privateIpAddress));
  }

  private Function<ElasticAddress, Stream<String>> value(VpcState state, Function<Address, String> value) {
    return each -> Stream.of(shapes.address(state, each)).map(value).filter(Objects::nonNull);
  }

  private DescribeAddressesResponse describe(VpcState state, DescribeAddressesRequest request) {
    List<ElasticAddress> all = List.copyOf(state.elasticAddresses().values());
    request.allocationIds().forEach(state::elasticAddress);
    for (String address : request.publicIps()) {
      if (all.stream().noneMatch(each -> each.address().toString().equals(address))) {
        throw new Ec2Error("InvalidAddress.NotFound", "Address '" + address + "' not found.");
      }
    }
    boolean any = request.allocationIds().isEmpty() && request.publicIps().isEmpty();
    return DescribeAddressesResponse.builder()
        .addresses(
            all.stream()
                .filter(
                    each ->
                        any
                            || request.allocationIds().contains(each.allocationId())
                            || request.publicIps().contains(each.address().toString()))
                .filter(filters(state).of(request.filters()))
                .map(each -> shapes.address(state, each))
                .toList())
        .build();
  }

  private AllocateAddressResponse allocate(AllocateAddressRequest request) {
    Actions.notModelled(request.address(), "address");
    Actions.notModelled(request.publicIpv4Pool(), "publicIpv4Pool");
    Actions.notModelled(request.customerOwnedIpv4Pool(), "customerOwnedIpv4Pool");
    Actions.notModelled(request.ipamPoolId(), "ipamPoolId");
    String region = model.settings().region();
    if (request.networkBorderGroup() != null && !request.networkBorderGroup().equals(region)) {
      throw new Ec2Error(
          "InvalidParameterValue", "Value (" + request.networkBorderGroup() + ") for parameter networkBorderGroup is invalid.");
    }
    if (request.domainAsString() != null && !request.domainAsString().equals("vpc")) {
      throw new Ec2Error("InvalidParameterValue", "Value (" + request.domainAsString() + ") for parameter domain is invalid.");
    }
    ElasticAddress made = model.nats().allocate(TagActions.specified(request.tagSpecifications(), "elastic-ip"));
    return AllocateAddressResponse.builder()
        .allocationId(made.allocationId())
        .publicIp(made.address().toString())
        .publicIpv4Pool("amazon")
        .networkBorderGroup(region)
        .domain("vpc")
        .build();
  }

  private ReleaseAddressResponse release(ReleaseAddressRequest request) {
    Actions.notModelled(request.publicIp(), "publicIp");
    Actions.notModelled(request.networkBorderGroup(), "networkBorderGroup");
    if (request.allocationId() == null) {
      throw new Ec2Error("MissingParameter", "The request must contain the parameter allocationId");
    }
    model.nats().release(request.allocationId());
    return ReleaseAddressResponse.builder().build();
  }
}
