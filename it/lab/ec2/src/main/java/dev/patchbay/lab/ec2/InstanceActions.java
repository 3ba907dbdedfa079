package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Attachment;
import dev.patchbay.lab.vpc.Ec2Error;
import dev.patchbay.lab.vpc.Instance;
import dev.patchbay.lab.vpc.InstanceType;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.VpcModel;
import dev.patchbay.lab.vpc.VpcState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceTypesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceTypesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.InstanceIpv4Prefix;
import software.amazon.awssdk.services.ec2.model.InstanceIpv6Address;
import software.amazon.awssdk.services.ec2.model.InstanceIpv6Prefix;
import software.amazon.awssdk.services.ec2.model.InstanceNetworkInterface;
import software.amazon.awssdk.services.ec2.model.InstanceNetworkInterfaceAssociation;
import software.amazon.awssdk.services.ec2.model.InstancePrivateIpAddress;
import software.amazon.awssdk.services.ec2.model.InstanceTypeInfo;
import software.amazon.awssdk.services.ec2.model.NetworkCardInfo;
import software.amazon.awssdk.services.ec2.model.Reservation;

/** Actions on instances and instance types. */
final class InstanceActions {
  private static final String IMAGE = "ami-0123456789abcdef0";

  private final VpcModel model;
  private final Shapes shapes;
  private final Filters<InstanceType> typeFilters =
      new Filters<InstanceType>(type -> Map.of())
          .one("instance-type", InstanceType::name)
          .one("bare-metal", type -> String.valueOf(type.bareMetal()))
          .one("hypervisor", type -> type.hypervisor().name().toLowerCase(Locale.ROOT))
          .one("network-info.maximum-network-interfaces", type -> String.valueOf(type.interfaces()))
          .one("network-info.ipv4-addresses-per-interface", type -> String.valueOf(type.ipv4PerInterface()))
          .one("network-info.ipv6-addresses-per-interface", type -> String.valueOf(type.ipv6PerInterface()))
          .one("network-info.ipv6-supported", type -> String.valueOf(type.ipv6PerInterface() > 0));

  InstanceActions(VpcModel model, Shapes shapes) {
    this.model = model;
    this.shapes = shapes;
  }

  void register(Actions actions) {
    actions.read("DescribeInstances", DescribeInstancesRequest::builder, this::describe);
    actions.read("DescribeInstanceTypes", DescribeInstanceTypesRequest::builder, this::types);
  }

  private DescribeInstancesResponse describe(VpcState state, DescribeInstancesRequest request) {
    List<Instance> named =
        request.instanceIds().isEmpty()
            ? List.copyOf(state.instances().values())
            : request.instanceIds().stream().map(state::instance).distinct().toList();
    Page<Instance> page =
        Page.of(
            named.stream().filter(filters(state).of(request.filters())).toList(),
            Instance::id,
            request.maxResults(),
            request.nextToken(),
            request.instanceIds().size());
    return DescribeInstancesResponse.builder()
        .reservations(page.items().stream().map(each -> reservation(state, each)).toList())
        .nextToken(page.nextToken())
        .build();
  }

  private Filters<Instance> filters(VpcState state) {
    return new Filters<>(Instance::tags)
        .one("instance-id", Instance::id)
        .one("instance-type", each -> each.type().name())
        .one("instance-state-name", InstanceActions::stateName)
        .one("instance-state-code", each -> String.valueOf(stateCode(each)))
        .one("vpc-id", Instance::vpcId)
        .one("subnet-id", Instance::subnetId)
        .one("availability-zone", Instance::zone)
        .one("owner-id", each -> shapes.account())
        .maybe("private-ip-address", each -> primary(state, each).flatMap(NetworkInterface::primary).map(Object::toString))
        .maybe("private-dns-name", each -> primary(state, each).flatMap(NetworkInterface::primary).map(shapes::privateName))
        .maybe("ip-address", each -> primary(state, each).flatMap(NetworkInterface::publicAddress).map(Object::toString))
        .one("image-id", each -> IMAGE)
        .one("architecture", each -> "x86_64")
        .one("hypervisor", each -> "xen")
        .one("tenancy", each -> "default")
        .one("virtualization-type", each -> "hvm")
        .one("root-device-type", each -> "ebs")
        .one("launch-time", each -> each.launchTime().toString())
        .one("reservation-id", each -> "r-" + Shapes.suffix(each.id()))
        .one("metadata-options.http-endpoint", each -> LaunchActions.options(each.metadata()).httpEndpointAsString())
        .one("metadata-options.http-tokens", each -> LaunchActions.options(each.metadata()).httpTokensAsString())
        .one(
            "metadata-options.http-put-response-hop-limit",
            each -> String.valueOf(each.metadata().hopLimit()))
        .maybe("source-dest-check", each -> primary(state, each).map(i -> String.valueOf(i.sourceDestCheck())))
        .maybe("dns-name", each -> primary(state, each).flatMap(NetworkInterface::publicAddress).map(shapes::publicName))
        .many("network-interface.subnet-id", interfaces(state, NetworkInterface::subnetId))
        .many("network-interface.vpc-id", interfaces(state, NetworkInterface::vpcId))
        .many("network-interface.mac-address", interfaces(state, NetworkInterface::mac))
        .many("network-interface.description", interfaces(state, NetworkInterface::description))
        .many("network-interface.status", interfaces(state, i -> Shapes.status(state, i)))
        .many("network-interface.availability-zone", interfaces(state, NetworkInterface::zone))
        .many("network-interface.requester-managed", interfaces(state, i -> String.valueOf(i.requesterManaged())))
        .many(
            "network-interface.group-id",
            each -> state.interfacesOf(each.id()).stream().flatMap(i -> i.groups().stream()))
        .many(
            "network-interface.attachment.attachment-id",
            each -> state.interfacesOf(each.id()).stream().flatMap(i -> i.attachment().stream()).map(Attachment::id))
        .many(
            "network-interface.ipv6-addresses.ipv6-address",
            each -> state.interfacesOf(each.id()).stream().flatMap(i -> i.ipv6Addresses().stream()).map(Object::toString))
        .many(
            "network-interface.network-interface-id",
            each -> state.interfacesOf(each.id()).stream().map(NetworkInterface::id))
        .many("network-interface.addresses.private-ip-address", each ->
            state.interfacesOf(each.id()).stream().flatMap(i -> i.ipv4Addresses().stream()).map(Object::toString))
        .many("instance.group-id", each -> primary(state, each).stream().flatMap(i -> i.groups().stream()));
  }

  private static Function<Instance, Stream<String>> interfaces(VpcState state, Function<NetworkInterface, String> value) {
    return each -> state.interfacesOf(each.id()).stream().map(value);
  }

  private static Optional<NetworkInterface> primary(VpcState state, Instance each) {
    return state.primaryOf(each.id());
  }

  private Reservation reservation(VpcState state, Instance each) {
    return Reservation.builder()
        .reservationId("r-" + Shapes.suffix(each.id()))
        .ownerId(shapes.account())
        .groups(List.of())
        .instances(instance(state, each))
        .build();
  }

  private software.amazon.awssdk.services.ec2.model.Instance instance(VpcState state, Instance each) {
    software.amazon.awssdk.services.ec2.model.Instance.Builder shape =
        software.amazon.awssdk.services.ec2.model.Instance.builder()
            .instanceId(each.id())
            .imageId(IMAGE)
            .instanceType(each.type().name())
            .state(s -> s.code(stateCode(each)).name(stateName(each)))
            .launchTime(each.launchTime())
            .amiLaunchIndex(0)
            .stateTransitionReason("")
            .productCodes(List.of())
            .placement(
                p ->
                    p.availabilityZone(each.zone())
                        .availabilityZoneId(Shapes.zoneId(each.zone()))
                        .groupName("")
                        .tenancy("default"))
            .monitoring(m -> m.state("disabled"))
            .architecture("x86_64")
            .rootDeviceName("/dev/xvda")
            .rootDeviceType("ebs")
            .virtualizationType("hvm")
            .blockDeviceMappings(List.of())
            .clientToken("")
            // EC2 reports xen for Nitro types, too.
            .hypervisor("xen")
            .ebsOptimized(false)
            .capacityReservationSpecification(c -> c.capacityReservationPreference("open"))
            .enclaveOptions(e -> e.enabled(false))
            .hibernationOptions(h -> h.configured(false))
            .maintenanceOptions(o -> o.autoRecovery("default").rebootMigration("default"))
            .privateDnsNameOptions(
                o ->
                    o.hostnameType("ip-name")
                        .enableResourceNameDnsARecord(false)
                        .enableResourceNameDnsAAAARecord(false))
            .platformDetails("Linux/UNIX")
            .usageOperation("RunInstances")
            .usageOperationUpdateTime(each.launchTime())
            .operator(operator -> operator.managed(false))
            .enaSupport(true)
            .metadataOptions(LaunchActions.options(each.metadata()))
            .privateDnsName("")
            .publicDnsName("")
            .securityGroups(List.of())
            .networkInterfaces(List.of())
            .tags(Shapes.tags(each.tags()));
    int vcpus = each.type().vcpus();
    if (vcpus > 0) {
      // Two threads a core, but for the smallest: which types have one alone, the table does not say.
      int threads = vcpus % 2 == 0 ? 2 : 1;
      shape.cpuOptions(cpu -> cpu.coreCount(vcpus / threads).threadsPerCore(threads));
    }
    if (each.state() != Instance.State.TERMINATED) {
      shape
          .vpcId(each.vpcId())
          .subnetId(each.subnetId())
          .networkInterfaces(state.interfacesOf(each.id()).stream().map(i -> networkInterface(state, i)).toList());
    }
    primary(state, each)
        .ifPresent(
            i -> {
              i.primary().ifPresent(a -> shape.privateIpAddress(a.toString()).privateDnsName(shapes.privateName(a)));
              i.publicAddress().ifPresent(a -> shape.publicIpAddress(a.toString()).publicDnsName(shapes.publicName(a)));
              i.ipv6Addresses().stream().findFirst().ifPresent(a -> shape.ipv6Address(a.toString()));
              shape.securityGroups(Shapes.groups(state, i.groups())).sourceDestCheck(i.sourceDestCheck());
            });
    return shape.build();
  }

  private InstanceNetworkInterface networkInterface(VpcState state, NetworkInterface each) {
    InstanceNetworkInterface.Builder shape =
        InstanceNetworkInterface.builder()
            .networkInterfaceId(each.id())
            .subnetId(each.subnetId())
            .vpcId(each.vpcId())
            .description(each.description())
            .ownerId(shapes.account())
            .status(Shapes.status(state, each))
            .macAddress(each.mac())
            .interfaceType(each.kind().wire())
            .sourceDestCheck(each.sourceDestCheck())
            .groups(Shapes.groups(state, each.groups()))
            .ipv6Addresses(
                each.ipv6Addresses().stream()
                    .map(a -> InstanceIpv6Address.builder().ipv6Address(a.toString()).isPrimaryIpv6(false).build())
                    .toList())
            .privateIpAddresses(
                each.ipv4Addresses().stream()
                    .map(a -> address(each, a))
                    .toList())
            .operator(operator -> operator.managed(false));
    association(each).ifPresent(shape::association);
    each.primary().ifPresent(a -> shape.privateIpAddress(a.toString()).privateDnsName(shapes.privateName(a)));
    if (!each.ipv4Prefixes().isEmpty()) {
      shape.ipv4Prefixes(
          each.ipv4Prefixes().stream().map(p -> InstanceIpv4Prefix.builder().ipv4Prefix(p.toString()).build()).toList());
    }
    if (!each.ipv6Prefixes().isEmpty()) {
      shape.ipv6Prefixes(
          each.ipv6Prefixes().stream().map(p -> InstanceIpv6Prefix.builder().ipv6Prefix(p.toString()).build()).toList());
    }
    each.attachment()
        .ifPresent(
            a ->
                shape.attachment(
                    s ->
                        s.attachmentId(a.id())
                            .attachTime(a.attachTime())
                            .deviceIndex(a.deviceIndex())
                            .networkCardIndex(a.networkCard())
                            .status(Shapes.attachmentStatus(a))
                            .deleteOnTermination(a.deleteOnTermination())));
    return shape.build();
  }

  private InstancePrivateIpAddress address(NetworkInterface each, Ip address) {
    boolean primary = each.primary().filter(address::equals).isPresent();
    return InstancePrivateIpAddress.builder()
        .privateIpAddress(address.toString())
        .privateDnsName(shapes.privateName(address))
        .primary(primary)
        .association(primary ? association(each).orElse(null) : null)
        .build();
  }

  private Optional<InstanceNetworkInterfaceAssociation> association(NetworkInterface each) {
    return shapes
        .association(each)
        .map(
            a ->
                InstanceNetworkInterfaceAssociation.builder()
                    .ipOwnerId(a.ipOwnerId())
                    .publicIp(a.publicIp())
                    .publicDnsName(a.publicDnsName())
                    .build());
  }

  private DescribeInstanceTypesResponse types(VpcState state, DescribeInstanceTypesRequest request) {
    List<InstanceType> named = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    for (String name : request.instanceTypesAsStrings()) {
      model.settings().types().find(name).ifPresentOrElse(named::add, () -> unknown.add(name));
    }
    if (!unknown.isEmpty()) {
      throw new Ec2Error("InvalidInstanceType", "The following supplied instance types do not exist: " + unknown);
    }
    if (request.instanceTypesAsStrings().isEmpty()) {
      named.addAll(model.settings().types().all());
    }
    Integer maxResults = request.maxResults() == null && named.size() > 100 ? Integer.valueOf(100) : request.maxResults();
    Page<InstanceType> page =
        Page.of(
            named.stream().filter(typeFilters.of(request.filters())).toList(),
            InstanceType::name,
            maxResults,
            request.nextToken(),
            request.instanceTypesAsStrings().size());
    return DescribeInstanceTypesResponse.builder()
        .instanceTypes(page.items().stream().map(InstanceActions::type).toList())
        .nextToken(page.nextToken())
        .build();
  }

  private static InstanceTypeInfo type(InstanceType type) {
    List<NetworkCardInfo> cards = new ArrayList<>();
    for (int limit : type.interfacesPerCard()) {
      cards.add(NetworkCardInfo.builder().networkCardIndex(cards.size()).maximumNetworkInterfaces(limit).build());
    }
    InstanceTypeInfo.Builder shape =
        InstanceTypeInfo.builder()
            .instanceType(type.name())
            .bareMetal(type.bareMetal())
            .networkInfo(
                n ->
                    n.maximumNetworkInterfaces(type.interfaces())
                        .maximumNetworkCards(cards.size())
                        .defaultNetworkCardIndex(0)
                        .networkCards(cards)
                        .ipv4AddressesPerInterface(type.ipv4PerInterface())
                        .ipv6AddressesPerInterface(type.ipv6PerInterface())
                        .ipv6Supported(type.ipv6PerInterface() > 0)
                        .enaSupport(type.prefixes() ? "required" : "supported"));
    switch (type.hypervisor()) {
      case NITRO -> shape.hypervisor("nitro");
      case XEN -> shape.hypervisor("xen");
      case UNKNOWN -> {}
    }
    if (type.vcpus() > 0) {
      shape.vCpuInfo(v -> v.defaultVCpus(type.vcpus()));
    }
    return shape.build();
  }

  static String stateName(Instance each) {
    return each.state().name().toLowerCase(Locale.ROOT);
  }

  static int stateCode(Instance each) {
    return switch (each.state()) {
      case RUNNING -> 16;
      case TERMINATED -> 48;
      case STOPPED -> 80;
    };
  }
}
