package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.AddressRequest;
import dev.patchbay.lab.vpc.Assigned;
import dev.patchbay.lab.vpc.Attachment;
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.ConnectionTracking;
import dev.patchbay.lab.vpc.Ec2Error;
import dev.patchbay.lab.vpc.InterfaceRequest;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.VpcModel;
import dev.patchbay.lab.vpc.VpcState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.AssignIpv6AddressesRequest;
import software.amazon.awssdk.services.ec2.model.AssignIpv6AddressesResponse;
import software.amazon.awssdk.services.ec2.model.AssignPrivateIpAddressesRequest;
import software.amazon.awssdk.services.ec2.model.AssignPrivateIpAddressesResponse;
import software.amazon.awssdk.services.ec2.model.AssignedPrivateIpAddress;
import software.amazon.awssdk.services.ec2.model.AttachNetworkInterfaceRequest;
import software.amazon.awssdk.services.ec2.model.AttachNetworkInterfaceResponse;
import software.amazon.awssdk.services.ec2.model.ConnectionTrackingSpecificationRequest;
import software.amazon.awssdk.services.ec2.model.CreateNetworkInterfacePermissionRequest;
import software.amazon.awssdk.services.ec2.model.CreateNetworkInterfacePermissionResponse;
import software.amazon.awssdk.services.ec2.model.CreateNetworkInterfaceRequest;
import software.amazon.awssdk.services.ec2.model.CreateNetworkInterfaceResponse;
import software.amazon.awssdk.services.ec2.model.DeleteNetworkInterfaceRequest;
import software.amazon.awssdk.services.ec2.model.DeleteNetworkInterfaceResponse;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfaceAttributeRequest;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfaceAttributeResponse;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfacesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfacesResponse;
import software.amazon.awssdk.services.ec2.model.DetachNetworkInterfaceRequest;
import software.amazon.awssdk.services.ec2.model.DetachNetworkInterfaceResponse;
import software.amazon.awssdk.services.ec2.model.Ipv4PrefixSpecification;
import software.amazon.awssdk.services.ec2.model.Ipv4PrefixSpecificationRequest;
import software.amazon.awssdk.services.ec2.model.Ipv6PrefixSpecificationRequest;
import software.amazon.awssdk.services.ec2.model.InstanceIpv6Address;
import software.amazon.awssdk.services.ec2.model.ModifyNetworkInterfaceAttributeRequest;
import software.amazon.awssdk.services.ec2.model.ModifyNetworkInterfaceAttributeResponse;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceAttachmentChanges;
import software.amazon.awssdk.services.ec2.model.PrivateIpAddressSpecification;
import software.amazon.awssdk.services.ec2.model.UnassignIpv6AddressesRequest;
import software.amazon.awssdk.services.ec2.model.UnassignIpv6AddressesResponse;
import software.amazon.awssdk.services.ec2.model.UnassignPrivateIpAddressesRequest;
import software.amazon.awssdk.services.ec2.model.UnassignPrivateIpAddressesResponse;

/** Actions on interfaces, their addresses, attachments and trunks. */
final class InterfaceActions {
  private final VpcModel model;
  private final Shapes shapes;

  InterfaceActions(VpcModel model, Shapes shapes) {
    this.model = model;
    this.shapes = shapes;
  }

  void register(Actions actions) {
    actions.read("DescribeNetworkInterfaces", DescribeNetworkInterfacesRequest::builder, this::describe);
    actions.read(
        "DescribeNetworkInterfaceAttribute",
        DescribeNetworkInterfaceAttributeRequest::builder,
        this::attribute,
        "NetworkInterfaceId");
    actions.change(
        "CreateNetworkInterface",
        CreateNetworkInterfaceRequest::builder,
        this::create,
        "SubnetId");
    actions.change(
        "DeleteNetworkInterface",
        DeleteNetworkInterfaceRequest::builder,
        this::delete,
        "NetworkInterfaceId");
    actions.change(
        "ModifyNetworkInterfaceAttribute",
        ModifyNetworkInterfaceAttributeRequest::builder,
        this::modify,
        "NetworkInterfaceId");
    actions.start(
        "AttachNetworkInterface",
        AttachNetworkInterfaceRequest::builder,
        this::attach,
        "NetworkInterfaceId",
        "InstanceId",
        "DeviceIndex");
    actions.start(
        "DetachNetworkInterface",
        DetachNetworkInterfaceRequest::builder,
        this::detach,
        "AttachmentId");
    actions.change(
        "AssignPrivateIpAddresses",
        AssignPrivateIpAddressesRequest::builder,
        this::assignIpv4,
        "NetworkInterfaceId");
    actions.change(
        "UnassignPrivateIpAddresses",
        UnassignPrivateIpAddressesRequest::builder,
        this::unassignIpv4,
        "NetworkInterfaceId");
    actions.change(
        "AssignIpv6Addresses",
        AssignIpv6AddressesRequest::builder,
        this::assignIpv6,
        "NetworkInterfaceId");
    actions.change(
        "UnassignIpv6Addresses",
        UnassignIpv6AddressesRequest::builder,
        this::unassignIpv6,
        "NetworkInterfaceId");
    actions.change(
        "CreateNetworkInterfacePermission",
        CreateNetworkInterfacePermissionRequest::builder,
        this::permit,
        "NetworkInterfaceId",
        "Permission");
  }

  private DescribeNetworkInterfacesResponse describe(VpcState state, DescribeNetworkInterfacesRequest request) {
    List<NetworkInterface> named =
        request.networkInterfaceIds().isEmpty()
            ? List.copyOf(state.interfaces().values())
            : request.networkInterfaceIds().stream().map(state::networkInterface).distinct().toList();
    List<NetworkInterface> found =
        named.stream().filter(InterfaceFilters.of(state, shapes).of(request.filters())).toList();
    Page<NetworkInterface> page =
        Page.of(
            found,
            NetworkInterface::id,
            request.maxResults(),
            request.nextToken(),
            request.networkInterfaceIds().size());
    return DescribeNetworkInterfacesResponse.builder()
        .networkInterfaces(page.items().stream().map(each -> shapes.networkInterface(state, each)).toList())
        .nextToken(page.nextToken())
        .build();
  }

  private DescribeNetworkInterfaceAttributeResponse attribute(
      VpcState state, DescribeNetworkInterfaceAttributeRequest request) {
    NetworkInterface each = state.networkInterface(request.networkInterfaceId());
    DescribeNetworkInterfaceAttributeResponse.Builder answer =
        DescribeNetworkInterfaceAttributeResponse.builder().networkInterfaceId(each.id());
    String attribute = request.attributeAsString() == null ? "" : request.attributeAsString();
    return switch (attribute) {
      case "description" -> answer.description(value -> value.value(each.description())).build();
      case "groupSet" -> answer.groups(Shapes.groups(state, each.groups())).build();
      case "sourceDestCheck" -> answer.sourceDestCheck(value -> value.value(each.sourceDestCheck())).build();
      case "attachment" -> {
        each.attachment().ifPresent(a -> answer.attachment(shapes.attachment(a)));
        yield answer.build();
      }
      case "" -> throw new Ec2Error("MissingParameter", "The request must contain the parameter attribute");
      default ->
          throw new Ec2Error("InvalidParameterValue", "Value (" + attribute + ") for parameter attribute is invalid.");
    };
  }

  private CreateNetworkInterfaceResponse create(CreateNetworkInterfaceRequest request) {
    Actions.notModelled(request.enablePrimaryIpv6(), "enablePrimaryIpv6");
    Actions.notModelled(request.operator(), "operator");
    InterfaceRequest.Builder wanted =
        InterfaceRequest.in(request.subnetId())
            .kind(kind(request.interfaceTypeAsString()))
            .description(text(request.description()))
            .groups(request.groups())
            .secondaryCount(count(request.secondaryPrivateIpAddressCount(), "secondaryPrivateIpAddressCount"))
            .ipv4PrefixCount(count(request.ipv4PrefixCount(), "ipv4PrefixCount"))
            .ipv4Prefixes(
                request.ipv4Prefixes().stream().map(Ipv4PrefixSpecificationRequest::ipv4Prefix).map(this::cidr).toList())
            .ipv6Count(count(request.ipv6AddressCount(), "ipv6AddressCount"))
            .ipv6Addresses(request.ipv6Addresses().stream().map(InstanceIpv6Address::ipv6Address).map(this::ip).toList())
            .ipv6PrefixCount(count(request.ipv6PrefixCount(), "ipv6PrefixCount"))
            .ipv6Prefixes(
                request.ipv6Prefixes().stream().map(Ipv6PrefixSpecificationRequest::ipv6Prefix).map(this::cidr).toList())
            .connectionTracking(tracking(request.connectionTrackingSpecification()))
            .tags(TagActions.specified(request.tagSpecifications(), "network-interface"))
            .clientToken(text(request.clientToken()));
    List<Ip> secondaries = new ArrayList<>();
    Optional<Ip> primary = Optional.ofNullable(request.privateIpAddress()).map(this::ip);
    for (PrivateIpAddressSpecification each : request.privateIpAddresses()) {
      if (Boolean.TRUE.equals(each.primary())) {
        if (primary.isPresent()) {
          throw new Ec2Error("InvalidParameterCombination", "Only one primary private IP address can be specified.");
        }
        primary = Optional.of(ip(each.privateIpAddress()));
      } else {
        secondaries.add(ip(each.privateIpAddress()));
      }
    }
    primary.ifPresent(wanted::primary);
    NetworkInterface created = model.interfaces().create(wanted.secondaries(secondaries).build());
    // EC2 answers "pending", and describes "available" a moment later.
    return CreateNetworkInterfaceResponse.builder()
        .networkInterface(shapes.networkInterface(model.state(), created).toBuilder().status("pending").build())
        .clientToken(request.clientToken())
        .build();
  }

  private DeleteNetworkInterfaceResponse delete(DeleteNetworkInterfaceRequest request) {
    model.interfaces().delete(request.networkInterfaceId());
    return DeleteNetworkInterfaceResponse.builder().build();
  }

  private ModifyNetworkInterfaceAttributeResponse modify(ModifyNetworkInterfaceAttributeRequest request) {
    Actions.notModelled(request.enablePrimaryIpv6(), "enablePrimaryIpv6");
    Actions.notModelled(request.enaSrdSpecification(), "enaSrdSpecification");
    Actions.notModelled(request.associatePublicIpAddress(), "associatePublicIpAddress");
    Actions.notModelled(request.associatedSubnetIds().isEmpty() ? null : request.associatedSubnetIds(), "associatedSubnetId");
    String id = request.networkInterfaceId();
    NetworkInterfaceAttachmentChanges attachment = request.attachment();
    int asked =
        (request.description() == null ? 0 : 1)
            + (request.groups().isEmpty() ? 0 : 1)
            + (request.sourceDestCheck() == null ? 0 : 1)
            + (request.connectionTrackingSpecification() == null ? 0 : 1)
            + (attachment == null ? 0 : 1);
    if (asked != 1) {
      throw new Ec2Error(
          asked == 0 ? "MissingParameter" : "InvalidParameterCombination",
          "Exactly one attribute of the network interface can be modified at a time.");
    }
    if (request.description() != null) {
      model.interfaces().setDescription(id, text(request.description().value()));
    } else if (request.sourceDestCheck() != null) {
      model.interfaces().setSourceDestCheck(id, Boolean.TRUE.equals(request.sourceDestCheck().value()));
    } else if (request.connectionTrackingSpecification() != null) {
      model.interfaces().setConnectionTracking(id, tracking(request.connectionTrackingSpecification()));
    } else if (attachment != null) {
      if (attachment.attachmentId() == null || attachment.deleteOnTermination() == null) {
        throw new Ec2Error(
            "MissingParameter", "The request must contain attachment.attachmentId and attachment.deleteOnTermination");
      }
      model.interfaces().setDeleteOnTermination(id, attachment.attachmentId(), attachment.deleteOnTermination());
    } else {
      model.interfaces().setGroups(id, request.groups());
    }
    return ModifyNetworkInterfaceAttributeResponse.builder().build();
  }

  private AttachNetworkInterfaceResponse attach(Optional<Duration> time, AttachNetworkInterfaceRequest request) {
    Actions.notModelled(request.enaSrdSpecification(), "enaSrdSpecification");
    Actions.notModelled(request.enaQueueCount(), "enaQueueCount");
    int card = count(request.networkCardIndex(), "networkCardIndex");
    Attachment made =
        model
            .attachments()
            .attach(
                request.networkInterfaceId(),
                request.instanceId(),
                count(request.deviceIndex(), "deviceIndex"),
                card,
                time);
    return AttachNetworkInterfaceResponse.builder().attachmentId(made.id()).networkCardIndex(card).build();
  }

  private DetachNetworkInterfaceResponse detach(Optional<Duration> time, DetachNetworkInterfaceRequest request) {
    model.attachments().detach(request.attachmentId(), Boolean.TRUE.equals(request.force()), time);
    return DetachNetworkInterfaceResponse.builder().build();
  }

  private AssignPrivateIpAddressesResponse assignIpv4(AssignPrivateIpAddressesRequest request) {
    Assigned assigned =
        model
            .addresses()
            .assignIpv4(
                request.networkInterfaceId(),
                wanted(
                    request.secondaryPrivateIpAddressCount(),
                    request.privateIpAddresses(),
                    request.ipv4PrefixCount(),
                    request.ipv4Prefixes(),
                    Boolean.TRUE.equals(request.allowReassignment())));
    AssignPrivateIpAddressesResponse.Builder answer =
        AssignPrivateIpAddressesResponse.builder()
            .networkInterfaceId(request.networkInterfaceId())
            .assignedPrivateIpAddresses(
                assigned.addresses().stream()
                    .map(a -> AssignedPrivateIpAddress.builder().privateIpAddress(a.toString()).build())
                    .toList());
    if (!assigned.prefixes().isEmpty()) {
      answer.assignedIpv4Prefixes(
          assigned.prefixes().stream()
              .map(p -> Ipv4PrefixSpecification.builder().ipv4Prefix(p.toString()).build())
              .toList());
    }
    return answer.build();
  }

  private UnassignPrivateIpAddressesResponse unassignIpv4(UnassignPrivateIpAddressesRequest request) {
    model
        .addresses()
        .unassignIpv4(
            request.networkInterfaceId(),
            request.privateIpAddresses().stream().map(this::ip).toList(),
            request.ipv4Prefixes().stream().map(this::cidr).toList());
    return UnassignPrivateIpAddressesResponse.builder().build();
  }

  private AssignIpv6AddressesResponse assignIpv6(AssignIpv6AddressesRequest request) {
    Assigned assigned =
        model
            .addresses()
            .assignIpv6(
                request.networkInterfaceId(),
                wanted(
                    request.ipv6AddressCount(),
                    request.ipv6Addresses(),
                    request.ipv6PrefixCount(),
                    request.ipv6Prefixes(),
                    false));
    return AssignIpv6AddressesResponse.builder()
        .networkInterfaceId(request.networkInterfaceId())
        .assignedIpv6Addresses(texts(assigned.addresses()))
        .assignedIpv6Prefixes(texts(assigned.prefixes()))
        .build();
  }

  private UnassignIpv6AddressesResponse unassignIpv6(UnassignIpv6AddressesRequest request) {
    model
        .addresses()
        .unassignIpv6(
            request.networkInterfaceId(),
            request.ipv6Addresses().stream().map(this::ip).toList(),
            request.ipv6Prefixes().stream().map(this::cidr).toList());
    return UnassignIpv6AddressesResponse.builder()
        .networkInterfaceId(request.networkInterfaceId())
        .unassignedIpv6Addresses(request.ipv6Addresses())
        .unassignedIpv6Prefixes(request.ipv6Prefixes())
        .build();
  }

  /** Grants another account the use of an interface; there is one account here, so it is only checked and acknowledged. */
  private CreateNetworkInterfacePermissionResponse permit(CreateNetworkInterfacePermissionRequest request) {
    NetworkInterface each = model.state().networkInterface(request.networkInterfaceId());
    return CreateNetworkInterfacePermissionResponse.builder()
        .interfacePermission(
            permission ->
                permission
                    .networkInterfacePermissionId("eni-perm-" + Shapes.suffix(each.id()))
                    .networkInterfaceId(each.id())
                    .awsAccountId(request.awsAccountId())
                    .awsService(request.awsService())
                    .permission(request.permissionAsString())
                    .permissionState(state -> state.state("granted")))
        .build();
  }

  private AddressRequest wanted(
      @Nullable Integer count,
      List<String> addresses,
      @Nullable Integer prefixCount,
      List<String> prefixes,
      boolean reassign) {
    int asked =
        (count == null ? 0 : 1)
            + (addresses.isEmpty() ? 0 : 1)
            + (prefixCount == null ? 0 : 1)
            + (prefixes.isEmpty() ? 0 : 1);
    if (asked > 1) {
      throw new Ec2Error(
          "InvalidParameterCombination",
          "Only one of addresses, a count of addresses, prefixes and a count of prefixes can be specified.");
    }
    return new AddressRequest(
        count(count, "addressCount"),
        addresses.stream().map(this::ip).toList(),
        count(prefixCount, "prefixCount"),
        prefixes.stream().map(this::cidr).toList(),
        reassign);
  }

  private static ConnectionTracking tracking(@Nullable ConnectionTrackingSpecificationRequest times) {
    return times == null
        ? ConnectionTracking.DEFAULT
        : new ConnectionTracking(
            optional(times.tcpEstablishedTimeout()), optional(times.udpStreamTimeout()), optional(times.udpTimeout()));
  }

  private static OptionalInt optional(@Nullable Integer value) {
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
  }

  private static NetworkInterface.Kind kind(@Nullable String wire) {
    if (wire == null) {
      return NetworkInterface.Kind.INTERFACE;
    }
    return Arrays.stream(NetworkInterface.Kind.values())
        .filter(kind -> kind.wire().equals(wire) && kind != NetworkInterface.Kind.NAT_GATEWAY)
        .findFirst()
        .orElseThrow(
            () -> new Ec2Error("InvalidParameterValue", "Value (" + wire + ") for parameter interfaceType is invalid."));
  }

  private Ip ip(String text) {
    return parsed(text, Ip::parse);
  }

  private Cidr cidr(String text) {
    return parsed(text, Cidr::parse);
  }

  private static <T> T parsed(@Nullable String text, Function<String, T> parser) {
    if (text == null) {
      throw new Ec2Error("MissingParameter", "The request must contain an address.");
    }
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw new Ec2Error("InvalidParameterValue", "invalid value for parameter address: " + text);
    }
  }

  private static int count(@Nullable Integer value, String name) {
    if (value == null) {
      return 0;
    }
    if (value < 0) {
      throw new Ec2Error("InvalidParameterValue", "Value (" + value + ") for parameter " + name + " is invalid.");
    }
    return value;
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static List<String> texts(List<?> values) {
    return values.stream().map(Object::toString).toList();
  }
}
