package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Ec2Error;
import dev.patchbay.lab.vpc.Subnet;
import dev.patchbay.lab.vpc.Vpc;
import dev.patchbay.lab.vpc.VpcModel;
import dev.patchbay.lab.vpc.VpcState;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.AvailabilityZone;
import software.amazon.awssdk.services.ec2.model.DescribeAvailabilityZonesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeAvailabilityZonesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeRegionsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeRegionsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeVpcsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeVpcsResponse;
import software.amazon.awssdk.services.ec2.model.Region;

/** Actions on VPCs, subnets, zones and regions. */
final class NetworkActions {
  private final VpcModel model;
  private final Shapes shapes;
  private final Filters<Vpc> vpcFilters;
  private final Filters<String> zoneFilters;
  private final Filters<Region> regionFilters =
      new Filters<Region>(region -> Map.of())
          .one("region-name", Region::regionName)
          .one("endpoint", Region::endpoint)
          .one("opt-in-status", Region::optInStatus);

  NetworkActions(VpcModel model, Shapes shapes) {
    this.model = model;
    this.shapes = shapes;
    vpcFilters =
        new Filters<>(Vpc::tags)
            .one("vpc-id", Vpc::id)
            .one("cidr", vpc -> vpc.cidrs().getFirst().toString())
            .many(
                "cidr-block-association.association-id",
                vpc -> vpc.cidrs().stream().map(block -> Shapes.cidrAssociation(vpc.id(), block)))
            .one("cidr-block-association.state", vpc -> "associated")
            .one("dhcp-options-id", vpc -> "dopt-" + Shapes.suffix(vpc.id()))
            .one("cidr-block", vpc -> vpc.cidrs().getFirst().toString())
            .maybe(
                "ipv6-cidr-block-association.association-id",
                vpc -> vpc.ipv6().map(block -> Shapes.cidrAssociation(vpc.id(), block)))
            .maybe("ipv6-cidr-block-association.state", vpc -> vpc.ipv6().map(block -> "associated"))
            .many("cidr-block-association.cidr-block", vpc -> vpc.cidrs().stream().map(Object::toString))
            .maybe("ipv6-cidr-block-association.ipv6-cidr-block", vpc -> vpc.ipv6().map(Object::toString))
            .one("owner-id", vpc -> shapes.account())
            .one("is-default", vpc -> "false")
            .one("state", vpc -> "available");
    zoneFilters =
        new Filters<String>(zone -> Map.of())
            .one("zone-name", zone -> zone)
            .one("zone-id", Shapes::zoneId)
            .one("zone-type", zone -> "availability-zone")
            .one("region-name", zone -> model.settings().region())
            .one("group-name", zone -> model.settings().region())
            .one("opt-in-status", zone -> "opt-in-not-required")
            .one("state", zone -> "available");
  }

  void register(Actions actions) {
    actions.read("DescribeVpcs", DescribeVpcsRequest::builder, this::vpcs);
    actions.read("DescribeSubnets", DescribeSubnetsRequest::builder, this::subnets);
    actions.read("DescribeAvailabilityZones", DescribeAvailabilityZonesRequest::builder, this::zones);
    actions.read("DescribeRegions", DescribeRegionsRequest::builder, this::regions);
  }

  private DescribeVpcsResponse vpcs(VpcState state, DescribeVpcsRequest request) {
    List<Vpc> named =
        request.vpcIds().isEmpty()
            ? List.copyOf(state.vpcs().values())
            : request.vpcIds().stream().map(state::vpc).toList();
    Page<Vpc> page =
        Page.of(
            named.stream().filter(vpcFilters.of(request.filters())).toList(),
            Vpc::id,
            request.maxResults(),
            request.nextToken(),
            request.vpcIds().size());
    return DescribeVpcsResponse.builder()
        .vpcs(page.items().stream().map(shapes::vpc).toList())
        .nextToken(page.nextToken())
        .build();
  }

  private DescribeSubnetsResponse subnets(VpcState state, DescribeSubnetsRequest request) {
    Filters<Subnet> filters =
        new Filters<>(Subnet::tags)
            .one("subnet-id", Subnet::id)
            .one("vpc-id", Subnet::vpcId)
            .one("availability-zone", Subnet::zone)
            .one("availabilityZone", Subnet::zone)
            .one("availability-zone-id", subnet -> Shapes.zoneId(subnet.zone()))
            .one("cidr-block", subnet -> subnet.cidr().toString())
            .one("cidrBlock", subnet -> subnet.cidr().toString())
            .one("availabilityZoneId", subnet -> Shapes.zoneId(subnet.zone()))
            .one("subnet-arn", shapes::subnetArn)
            .one("ipv6-native", subnet -> "false")
            .one("enable-dns64", subnet -> "false")
            .one("map-customer-owned-ip-on-launch", subnet -> "false")
            .maybe(
                "ipv6-cidr-block-association.association-id",
                subnet -> subnet.ipv6().map(block -> Shapes.cidrAssociation6(subnet, block)))
            .maybe("ipv6-cidr-block-association.state", subnet -> subnet.ipv6().map(block -> "associated"))
            .one("cidr", subnet -> subnet.cidr().toString())
            .maybe("ipv6-cidr-block-association.ipv6-cidr-block", subnet -> subnet.ipv6().map(Object::toString))
            .one("available-ip-address-count", subnet -> String.valueOf(state.available(subnet.id())))
            .one("map-public-ip-on-launch", subnet -> String.valueOf(subnet.publicOnLaunch()))
            .one("default-for-az", subnet -> "false")
            .one("owner-id", subnet -> shapes.account())
            .one("state", subnet -> "available");
    List<Subnet> named =
        request.subnetIds().isEmpty()
            ? List.copyOf(state.subnets().values())
            : request.subnetIds().stream().map(state::subnet).toList();
    Page<Subnet> page =
        Page.of(
            named.stream().filter(filters.of(request.filters())).toList(),
            Subnet::id,
            request.maxResults(),
            request.nextToken(),
            request.subnetIds().size());
    return DescribeSubnetsResponse.builder()
        .subnets(page.items().stream().map(each -> shapes.subnet(state, each)).toList())
        .nextToken(page.nextToken())
        .build();
  }

  private DescribeAvailabilityZonesResponse zones(VpcState state, DescribeAvailabilityZonesRequest request) {
    List<String> all = state.subnets().values().stream().map(Subnet::zone).distinct().sorted().toList();
    for (String name : request.zoneNames()) {
      if (!all.contains(name)) {
        throw new Ec2Error("InvalidParameterValue", "Invalid availability zone: [" + name + "]");
      }
    }
    return DescribeAvailabilityZonesResponse.builder()
        .availabilityZones(
            all.stream()
                .filter(zone -> request.zoneNames().isEmpty() || request.zoneNames().contains(zone))
                .filter(zone -> request.zoneIds().isEmpty() || request.zoneIds().contains(Shapes.zoneId(zone)))
                .filter(zoneFilters.of(request.filters()))
                .map(this::zone)
                .toList())
        .build();
  }

  private AvailabilityZone zone(String name) {
    String region = model.settings().region();
    return AvailabilityZone.builder()
        .zoneName(name)
        .zoneId(Shapes.zoneId(name))
        .zoneType("availability-zone")
        .groupName(region)
        .networkBorderGroup(region)
        .optInStatus("opt-in-not-required")
        .regionName(region)
        .state("available")
        .messages(List.of())
        .build();
  }

  private DescribeRegionsResponse regions(VpcState state, DescribeRegionsRequest request) {
    String region = model.settings().region();
    for (String name : request.regionNames()) {
      if (!name.equals(region)) {
        throw new Ec2Error("InvalidParameterValue", "Invalid region: [" + name + "]");
      }
    }
    Region only =
        Region.builder()
            .regionName(region)
            .endpoint("ec2." + region + ".amazonaws.com")
            .optInStatus("opt-in-not-required")
            .build();
    return DescribeRegionsResponse.builder()
        .regions(Stream.of(only).filter(regionFilters.of(request.filters())).toList())
        .build();
  }
}
