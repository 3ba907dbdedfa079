package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.CidrReservation;
import dev.patchbay.lab.vpc.Ec2Error;
import dev.patchbay.lab.vpc.Subnet;
import dev.patchbay.lab.vpc.VpcModel;
import dev.patchbay.lab.vpc.VpcState;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.CreateSubnetCidrReservationRequest;
import software.amazon.awssdk.services.ec2.model.CreateSubnetCidrReservationResponse;
import software.amazon.awssdk.services.ec2.model.CreateSubnetRequest;
import software.amazon.awssdk.services.ec2.model.CreateSubnetResponse;
import software.amazon.awssdk.services.ec2.model.DeleteSubnetCidrReservationRequest;
import software.amazon.awssdk.services.ec2.model.DeleteSubnetCidrReservationResponse;
import software.amazon.awssdk.services.ec2.model.DeleteSubnetRequest;
import software.amazon.awssdk.services.ec2.model.DeleteSubnetResponse;
import software.amazon.awssdk.services.ec2.model.GetSubnetCidrReservationsRequest;
import software.amazon.awssdk.services.ec2.model.GetSubnetCidrReservationsResponse;
import software.amazon.awssdk.services.ec2.model.ModifySubnetAttributeRequest;
import software.amazon.awssdk.services.ec2.model.ModifySubnetAttributeResponse;
import software.amazon.awssdk.services.ec2.model.SubnetCidrReservation;

/** Actions that make and change subnets, and keep parts of them for a use. */
final class SubnetActions {
  private final VpcModel model;
  private final Shapes shapes;
  private final Filters<CidrReservation> reservationFilters =
      new Filters<>(CidrReservation::tags)
          .one("reservationType", each -> kind(each.kind()))
          .one("subnet-id", CidrReservation::subnetId);

  SubnetActions(VpcModel model, Shapes shapes) {
    this.model = model;
    this.shapes = shapes;
  }

  void register(Actions actions) {
    actions.change("CreateSubnet", CreateSubnetRequest::builder, this::create, "VpcId");
    actions.change("DeleteSubnet", DeleteSubnetRequest::builder, this::delete, "SubnetId");
    actions.change("ModifySubnetAttribute", ModifySubnetAttributeRequest::builder, this::modify, "SubnetId");
    actions.change(
        "CreateSubnetCidrReservation",
        CreateSubnetCidrReservationRequest::builder,
        this::reserve,
        "SubnetId",
        "Cidr",
        "ReservationType");
    actions.change(
        "DeleteSubnetCidrReservation",
        DeleteSubnetCidrReservationRequest::builder,
        this::unreserve,
        "SubnetCidrReservationId");
    actions.read(
        "GetSubnetCidrReservations", GetSubnetCidrReservationsRequest::builder, this::reservations, "SubnetId");
  }

  private CreateSubnetResponse create(CreateSubnetRequest request) {
    Actions.notModelled(request.outpostArn(), "outpostArn");
    Actions.notModelled(request.ipv4NetmaskLength(), "ipv4NetmaskLength");
    Actions.notModelled(request.ipv6NetmaskLength(), "ipv6NetmaskLength");
    Actions.notModelled(request.ipv4IpamPoolId(), "ipv4IpamPoolId");
    Actions.notModelled(request.ipv6IpamPoolId(), "ipv6IpamPoolId");
    Actions.notModelled(Boolean.TRUE.equals(request.ipv6Native()) ? request.ipv6Native() : null, "ipv6Native");
    if (request.cidrBlock() == null) {
      throw new Ec2Error("MissingParameter", "The request must contain the parameter cidrBlock");
    }
    Subnet made =
        model
            .network()
            .createSubnet(
                request.vpcId(),
                zone(request),
                block(request.cidrBlock(), "cidrBlock"),
                Optional.ofNullable(request.ipv6CidrBlock()).map(text -> block(text, "ipv6CidrBlock")),
                false,
                TagActions.specified(request.tagSpecifications(), "subnet"));
    return CreateSubnetResponse.builder().subnet(shapes.subnet(model.state(), made)).build();
  }

  /** The zone asked for, or the first one that the lab has; one with a new letter is as good, since EC2 has several. */
  private String zone(CreateSubnetRequest request) {
    String region = model.settings().region();
    if (request.availabilityZoneId() != null) {
      for (char letter = 'a'; letter <= 'f'; letter++) {
        if (Shapes.zoneId(region + letter).equals(request.availabilityZoneId())) {
          return region + letter;
        }
      }
      throw new Ec2Error("InvalidParameterValue", "Invalid availability zone id: [" + request.availabilityZoneId() + "]");
    }
    String zone = request.availabilityZone();
    if (zone == null) {
      return region + "a";
    }
    if (!zone.matches(region + "[a-f]")) {
      throw new Ec2Error(
          "InvalidParameterValue",
          "Value (" + zone + ") for parameter availabilityZone is invalid. Subnets can currently only be created in"
              + " the following availability zones: " + region + "a to " + region + "f.");
    }
    return zone;
  }

  private DeleteSubnetResponse delete(DeleteSubnetRequest request) {
    model.network().deleteSubnet(request.subnetId());
    return DeleteSubnetResponse.builder().build();
  }

  private ModifySubnetAttributeResponse modify(ModifySubnetAttributeRequest request) {
    Actions.notModelled(request.assignIpv6AddressOnCreation(), "assignIpv6AddressOnCreation");
    Actions.notModelled(request.mapCustomerOwnedIpOnLaunch(), "mapCustomerOwnedIpOnLaunch");
    Actions.notModelled(request.enableDns64(), "enableDns64");
    Actions.notModelled(request.privateDnsHostnameTypeOnLaunch(), "privateDnsHostnameTypeOnLaunch");
    Actions.notModelled(request.enableResourceNameDnsARecordOnLaunch(), "enableResourceNameDnsARecordOnLaunch");
    Actions.notModelled(request.enableResourceNameDnsAAAARecordOnLaunch(), "enableResourceNameDnsAAAARecordOnLaunch");
    Actions.notModelled(request.customerOwnedIpv4Pool(), "customerOwnedIpv4Pool");
    Actions.notModelled(request.enableLniAtDeviceIndex(), "enableLniAtDeviceIndex");
    Actions.notModelled(request.disableLniAtDeviceIndex(), "disableLniAtDeviceIndex");
    if (request.mapPublicIpOnLaunch() == null) {
      throw new Ec2Error("MissingParameter", "The request must contain an attribute of the subnet.");
    }
    model.network().setPublicOnLaunch(request.subnetId(), Boolean.TRUE.equals(request.mapPublicIpOnLaunch().value()));
    return ModifySubnetAttributeResponse.builder().build();
  }

  private CreateSubnetCidrReservationResponse reserve(CreateSubnetCidrReservationRequest request) {
    CidrReservation.Kind kind =
        switch (request.reservationTypeAsString()) {
          case "prefix" -> CidrReservation.Kind.PREFIX;
          case "explicit" -> CidrReservation.Kind.EXPLICIT;
          default ->
              throw new Ec2Error(
                  "InvalidParameterValue",
                  "Value (" + request.reservationTypeAsString() + ") for parameter reservationType is invalid.");
        };
    CidrReservation made =
        model
            .network()
            .reserve(
                request.subnetId(),
                block(request.cidr(), "cidr"),
                kind,
                request.description() == null ? "" : request.description(),
                TagActions.specified(request.tagSpecifications(), "subnet-cidr-reservation"));
    return CreateSubnetCidrReservationResponse.builder().subnetCidrReservation(shape(made)).build();
  }

  private DeleteSubnetCidrReservationResponse unreserve(DeleteSubnetCidrReservationRequest request) {
    CidrReservation gone = model.network().unreserve(request.subnetCidrReservationId());
    return DeleteSubnetCidrReservationResponse.builder().deletedSubnetCidrReservation(shape(gone)).build();
  }

  private GetSubnetCidrReservationsResponse reservations(VpcState state, GetSubnetCidrReservationsRequest request) {
    Page<CidrReservation> page =
        Page.of(
            state
                .reservationsOf(state.subnet(request.subnetId()).id())
                .filter(reservationFilters.of(request.filters()))
                .toList(),
            CidrReservation::id,
            request.maxResults(),
            request.nextToken(),
            0);
    List<CidrReservation> found = page.items();
    return GetSubnetCidrReservationsResponse.builder()
        .subnetIpv4CidrReservations(found.stream().filter(each -> !each.cidr().six()).map(this::shape).toList())
        .subnetIpv6CidrReservations(found.stream().filter(each -> each.cidr().six()).map(this::shape).toList())
        .nextToken(page.nextToken())
        .build();
  }

  private SubnetCidrReservation shape(CidrReservation each) {
    return SubnetCidrReservation.builder()
        .subnetCidrReservationId(each.id())
        .subnetId(each.subnetId())
        .cidr(each.cidr().toString())
        .reservationType(kind(each.kind()))
        .ownerId(shapes.account())
        .description(each.description())
        .tags(Shapes.tags(each.tags()))
        .build();
  }

  private static String kind(CidrReservation.Kind kind) {
    return switch (kind) {
      case PREFIX -> "prefix";
      case EXPLICIT -> "explicit";
    };
  }

  static Cidr block(@Nullable String text, String name) {
    try {
      return Cidr.parse(text == null ? "" : text);
    } catch (IllegalArgumentException e) {
      throw new Ec2Error(
          "InvalidParameterValue",
          "Value (" + text + ") for parameter " + name + " is invalid. This is not a valid CIDR block.");
    }
  }
}
