package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Attachment;
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.ConnectionTracking;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.SecurityGroup;
import dev.patchbay.lab.vpc.Subnet;
import dev.patchbay.lab.vpc.TrunkAssociation;
import dev.patchbay.lab.vpc.Vpc;
import dev.patchbay.lab.vpc.VpcModel;
import dev.patchbay.lab.vpc.VpcState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.ConnectionTrackingConfiguration;
import software.amazon.awssdk.services.ec2.model.GroupIdentifier;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.Ipv4PrefixSpecification;
import software.amazon.awssdk.services.ec2.model.Ipv6PrefixSpecification;
import software.amazon.awssdk.services.ec2.model.Ipv6Range;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceAssociation;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceAttachment;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceIpv6Address;
import software.amazon.awssdk.services.ec2.model.NetworkInterfacePrivateIpAddress;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;
import software.amazon.awssdk.services.ec2.model.SubnetIpv6CidrBlockAssociation;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TrunkInterfaceAssociation;
import software.amazon.awssdk.services.ec2.model.UserIdGroupPair;
import software.amazon.awssdk.services.ec2.model.VpcCidrBlockAssociation;
import software.amazon.awssdk.services.ec2.model.VpcIpv6CidrBlockAssociation;

/** How the model's things look in EC2's answers, but for instances. */
final class Shapes {
  /** Who makes the interfaces that services of AWS manage. */
  static final String REQUESTER = "amazon-aws";

  private final String region;
  private final String account;

  Shapes(VpcModel.Settings settings) {
    region = settings.region();
    account = settings.accountId();
  }

  String account() {
    return account;
  }

  /** The zone's id, the same for every account: {@code eu-west-1a} is {@code euw1-az1} here. */
  static String zoneId(String zone) {
    String[] parts = zone.split("-");
    if (parts.length != 3 || parts[2].length() < 2) {
      return zone;
    }
    char letter = parts[2].charAt(parts[2].length() - 1);
    String number = parts[2].substring(0, parts[2].length() - 1);
    return parts[0] + parts[1].charAt(0) + number + "-az" + (letter - 'a' + 1);
  }

  /** The name that EC2's own resolver knows for a private address. */
  String privateName(Ip address) {
    String domain = region.equals("us-east-1") ? "ec2.internal" : region + ".compute.internal";
    return "ip-" + address.toString().replace('.', '-') + "." + domain;
  }

  static List<Tag> tags(Map<String, String> tags) {
    return tags.entrySet().stream().map(t -> Tag.builder().key(t.getKey()).value(t.getValue()).build()).toList();
  }

  static List<GroupIdentifier> groups(VpcState state, Collection<String> ids) {
    return ids.stream()
        .map(
            id -> {
              SecurityGroup group = state.groups().get(id);
              return GroupIdentifier.builder().groupId(id).groupName(group == null ? "" : group.name()).build();
            })
        .toList();
  }

  /** By EC2's name: {@code available}, {@code attaching}, {@code in-use} or {@code detaching}. */
  static String status(VpcState state, dev.patchbay.lab.vpc.NetworkInterface each) {
    return each.attachment()
        .map(
            attachment ->
                switch (attachment.status()) {
                  case ATTACHING -> "attaching";
                  case ATTACHED -> "in-use";
                  case DETACHING -> "detaching";
                })
        // A branch has no attachment of its own; behind its trunk it is in use.
        .orElseGet(() -> state.trunkOf(each.id()).isPresent() || attachedToOthers(each) ? "in-use" : "available");
  }

  private static boolean natGateway(dev.patchbay.lab.vpc.NetworkInterface each) {
    return each.kind() == dev.patchbay.lab.vpc.NetworkInterface.Kind.NAT_GATEWAY;
  }

  /** Whether what it is attached to is a service's of AWS, and shows only by that it is attached. */
  static boolean attachedToOthers(dev.patchbay.lab.vpc.NetworkInterface each) {
    return natGateway(each) || (each.requesterManaged() && each.attachment().isEmpty());
  }

  static String attachmentStatus(Attachment attachment) {
    return attachment.status().name().toLowerCase(Locale.ROOT);
  }

  NetworkInterface networkInterface(VpcState state, dev.patchbay.lab.vpc.NetworkInterface each) {
    NetworkInterface.Builder shape =
        NetworkInterface.builder()
            .networkInterfaceId(each.id())
            .subnetId(each.subnetId())
            .vpcId(each.vpcId())
            .availabilityZone(each.zone())
            .availabilityZoneId(zoneId(each.zone()))
            .description(each.description())
            .ownerId(account)
            .requesterManaged(each.requesterManaged())
            .requesterId(each.requesterManaged() ? REQUESTER : null)
            .status(status(state, each))
            .macAddress(each.mac())
            .interfaceType(each.kind().wire())
            .sourceDestCheck(each.sourceDestCheck())
            .groups(groups(state, each.groups()))
            .tagSet(tags(each.tags()))
            .privateIpAddresses(addresses(each))
            .ipv6Addresses(
                each.ipv6Addresses().stream()
                    .map(a -> NetworkInterfaceIpv6Address.builder().ipv6Address(a.toString()).isPrimaryIpv6(false).build())
                    .toList())
            .operator(operator -> operator.managed(false));
    if (!each.connectionTracking().equals(ConnectionTracking.DEFAULT)) {
      shape.connectionTrackingConfiguration(tracking(each.connectionTracking()));
    }
    each.primary().ifPresent(a -> shape.privateIpAddress(a.toString()).privateDnsName(privateName(a)));
    if (!each.ipv4Prefixes().isEmpty()) {
      shape.ipv4Prefixes(
          each.ipv4Prefixes().stream()
              .map(p -> Ipv4PrefixSpecification.builder().ipv4Prefix(p.toString()).build())
              .toList());
    }
    if (!each.ipv6Prefixes().isEmpty()) {
      shape.ipv6Prefixes(
          each.ipv6Prefixes().stream()
              .map(p -> Ipv6PrefixSpecification.builder().ipv6Prefix(p.toString()).build())
              .toList());
    }
    each.ipv6Addresses().stream().findFirst().ifPresent(a -> shape.ipv6Address(a.toString()));
    each.attachment().ifPresent(a -> shape.attachment(attachment(a)));
    if (attachedToOthers(each)) {
      shape.attachment(
          a ->
              a.attachmentId((natGateway(each) ? "ela-attach-" : "eni-attach-") + suffix(each.id()))
                  .deviceIndex(1)
                  .instanceOwnerId(REQUESTER)
                  .status("attached")
                  .deleteOnTermination(false));
    }
    association(each).ifPresent(shape::association);
    return shape.build();
  }

  private static ConnectionTrackingConfiguration tracking(ConnectionTracking times) {
    ConnectionTrackingConfiguration.Builder shape = ConnectionTrackingConfiguration.builder();
    times.tcpEstablished().ifPresent(shape::tcpEstablishedTimeout);
    times.udpStream().ifPresent(shape::udpStreamTimeout);
    times.udp().ifPresent(shape::udpTimeout);
    return shape.build();
  }

  NetworkInterfaceAttachment attachment(Attachment attachment) {
    return NetworkInterfaceAttachment.builder()
        .attachmentId(attachment.id())
        .instanceId(attachment.instanceId())
        .instanceOwnerId(account)
        .deviceIndex(attachment.deviceIndex())
        .networkCardIndex(attachment.networkCard())
        .status(attachmentStatus(attachment))
        .attachTime(attachment.attachTime())
        .deleteOnTermination(attachment.deleteOnTermination())
        .build();
  }

  Optional<NetworkInterfaceAssociation> association(dev.patchbay.lab.vpc.NetworkInterface each) {
    return each.publicAddress()
        .map(
            address ->
                NetworkInterfaceAssociation.builder()
                    .ipOwnerId("amazon")
                    .publicIp(address.toString())
                    .publicDnsName(publicName(address))
                    .build());
  }

  String publicName(Ip address) {
    String domain = region.equals("us-east-1") ? "compute-1.amazonaws.com" : region + ".compute.amazonaws.com";
    return "ec2-" + address.toString().replace('.', '-') + "." + domain;
  }

  private List<NetworkInterfacePrivateIpAddress> addresses(dev.patchbay.lab.vpc.NetworkInterface each) {
    List<NetworkInterfacePrivateIpAddress> all = new ArrayList<>();
    for (Ip address : each.ipv4Addresses()) {
      boolean primary = each.primary().filter(address::equals).isPresent();
      NetworkInterfacePrivateIpAddress.Builder shape =
          NetworkInterfacePrivateIpAddress.builder()
              .privateIpAddress(address.toString())
              .privateDnsName(privateName(address))
              .primary(primary);
      if (primary) {
        association(each).ifPresent(shape::association);
      }
      all.add(shape.build());
    }
    return all;
  }

  String subnetArn(Subnet each) {
    return "arn:aws:ec2:" + region + ":" + account + ":subnet/" + each.id();
  }

  software.amazon.awssdk.services.ec2.model.Subnet subnet(VpcState state, Subnet each) {
    return software.amazon.awssdk.services.ec2.model.Subnet.builder()
        .subnetId(each.id())
        .subnetArn(subnetArn(each))
        .vpcId(each.vpcId())
        .ownerId(account)
        .state("available")
        .cidrBlock(each.cidr().toString())
        .availabilityZone(each.zone())
        .availabilityZoneId(zoneId(each.zone()))
        .availableIpAddressCount(state.available(each.id()))
        .defaultForAz(false)
        .mapPublicIpOnLaunch(each.publicOnLaunch())
        .assignIpv6AddressOnCreation(false)
        .mapCustomerOwnedIpOnLaunch(false)
        .enableDns64(false)
        .ipv6Native(false)
        .privateDnsNameOptionsOnLaunch(
            o ->
                o.hostnameType("ip-name")
                    .enableResourceNameDnsARecord(false)
                    .enableResourceNameDnsAAAARecord(false))
        .ipv6CidrBlockAssociationSet(
            each.ipv6().stream()
                .map(block -> association6(each, block, "associated"))
                .toList())
        .tags(tags(each.tags()))
        .build();
  }

  static VpcCidrBlockAssociation association(Vpc vpc, Cidr block, String state) {
    return VpcCidrBlockAssociation.builder()
        .associationId(cidrAssociation(vpc.id(), block))
        .cidrBlock(block.toString())
        .cidrBlockState(s -> s.state(state))
        .build();
  }

  VpcIpv6CidrBlockAssociation association6(Vpc vpc, Cidr block, String state) {
    return VpcIpv6CidrBlockAssociation.builder()
        .associationId(cidrAssociation(vpc.id(), block))
        .ipv6CidrBlock(block.toString())
        .ipv6CidrBlockState(s -> s.state(state))
        .networkBorderGroup(region)
        .ipv6Pool("Amazon")
        .build();
  }

  static SubnetIpv6CidrBlockAssociation association6(Subnet subnet, Cidr block, String state) {
    return SubnetIpv6CidrBlockAssociation.builder()
        .associationId(cidrAssociation6(subnet, block))
        .ipv6CidrBlock(block.toString())
        .ipv6CidrBlockState(s -> s.state(state))
        .build();
  }

  static String cidrAssociation6(Subnet subnet, Cidr block) {
    return "subnet-cidr-assoc-" + derived(subnet.id(), block);
  }

  static String cidrAssociation(String vpcId, Cidr block) {
    return "vpc-cidr-assoc-" + derived(vpcId, block);
  }

  software.amazon.awssdk.services.ec2.model.Vpc vpc(Vpc each) {
    return software.amazon.awssdk.services.ec2.model.Vpc.builder()
        .vpcId(each.id())
        .ownerId(account)
        .state("available")
        .cidrBlock(each.cidrs().getFirst().toString())
        .cidrBlockAssociationSet(each.cidrs().stream().map(block -> association(each, block, "associated")).toList())
        .ipv6CidrBlockAssociationSet(
            each.ipv6().stream()
                .map(block -> association6(each, block, "associated"))
                .toList())
        .dhcpOptionsId("dopt-" + suffix(each.id()))
        .instanceTenancy("default")
        .isDefault(false)
        .tags(tags(each.tags()))
        .build();
  }

  software.amazon.awssdk.services.ec2.model.SecurityGroup group(SecurityGroup each) {
    return software.amazon.awssdk.services.ec2.model.SecurityGroup.builder()
        .groupId(each.id())
        .groupName(each.name())
        .description(each.description())
        .securityGroupArn("arn:aws:ec2:" + region + ":" + account + ":security-group/" + each.id())
        .vpcId(each.vpcId())
        .ownerId(account)
        .ipPermissions(permissions(each.ingress()))
        .ipPermissionsEgress(permissions(each.egress()))
        .tags(tags(each.tags()))
        .build();
  }

  TrunkInterfaceAssociation association(TrunkAssociation each) {
    return TrunkInterfaceAssociation.builder()
        .associationId(each.id())
        .trunkInterfaceId(each.trunkId())
        .branchInterfaceId(each.branchId())
        .interfaceProtocol("VLAN")
        .vlanId(each.vlan())
        .tags(tags(each.tags()))
        .build();
  }

  /** A rule as a thing of its own, with an id, as EC2 shows it beside the older form. */
  SecurityGroupRule rule(SecurityGroup group, SecurityGroup.Rule each, boolean egress) {
    String id = ruleId(group, each, egress);
    SecurityGroupRule.Builder shape =
        SecurityGroupRule.builder()
            .securityGroupRuleId(id)
            .securityGroupRuleArn("arn:aws:ec2:" + region + ":" + account + ":security-group-rule/" + id)
            .groupId(group.id())
            .groupOwnerId(account)
            .isEgress(egress)
            .ipProtocol(Protocols.name(each.protocol()))
            .fromPort(each.fromPort())
            .toPort(each.toPort())
            .description(each.description().isEmpty() ? null : each.description())
            .tags(List.of());
    switch (each.peer()) {
      case SecurityGroup.Block(Cidr block) when block.six() -> shape.cidrIpv6(block.toString());
      case SecurityGroup.Block(Cidr block) -> shape.cidrIpv4(block.toString());
      case SecurityGroup.Members(String groupId) -> shape.referencedGroupInfo(i -> i.groupId(groupId).userId(account));
    }
    return shape.build();
  }

  static String ruleId(SecurityGroup group, SecurityGroup.Rule each, boolean egress) {
    return "sgr-" + derived(group.id(), egress, each.protocol(), each.fromPort(), each.toPort(), each.peer());
  }

  /** EC2 groups rules that differ in their peer alone. */
  private List<IpPermission> permissions(List<SecurityGroup.Rule> rules) {
    Map<List<Integer>, List<SecurityGroup.Rule>> grouped = new LinkedHashMap<>();
    for (SecurityGroup.Rule rule : rules) {
      grouped
          .computeIfAbsent(List.of(rule.protocol(), rule.fromPort(), rule.toPort()), k -> new ArrayList<>())
          .add(rule);
    }
    return grouped.values().stream().map(this::permission).toList();
  }

  private IpPermission permission(List<SecurityGroup.Rule> rules) {
    SecurityGroup.Rule first = rules.getFirst();
    List<IpRange> ranges = new ArrayList<>();
    List<Ipv6Range> ranges6 = new ArrayList<>();
    List<UserIdGroupPair> pairs = new ArrayList<>();
    for (SecurityGroup.Rule rule : rules) {
      String note = rule.description().isEmpty() ? null : rule.description();
      switch (rule.peer()) {
        case SecurityGroup.Block(Cidr block) when block.six() ->
            ranges6.add(Ipv6Range.builder().cidrIpv6(block.toString()).description(note).build());
        case SecurityGroup.Block(Cidr block) ->
            ranges.add(IpRange.builder().cidrIp(block.toString()).description(note).build());
        case SecurityGroup.Members(String groupId) ->
            pairs.add(UserIdGroupPair.builder().groupId(groupId).userId(account).description(note).build());
      }
    }
    return IpPermission.builder()
        .ipProtocol(Protocols.name(first.protocol()))
        .fromPort(first.protocol() == Protocols.ALL ? null : Integer.valueOf(first.fromPort()))
        .toPort(first.protocol() == Protocols.ALL ? null : Integer.valueOf(first.toPort()))
        .ipRanges(ranges)
        .ipv6Ranges(ranges6)
        .userIdGroupPairs(pairs)
        .prefixListIds(List.of())
        .build();
  }

  /** Digits for the id of a thing that has none in the model: the same for the same parts. */
  static String derived(Object... parts) {
    String text = Stream.of(parts).map(Object::toString).collect(Collectors.joining(" "));
    String digits = UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString().replace("-", "");
    return "0" + digits.substring(0, 16);
  }

  /** The digits of an id, for ids that belong to it. */
  static String suffix(String id) {
    return id.substring(id.lastIndexOf('-') + 1);
  }
}
