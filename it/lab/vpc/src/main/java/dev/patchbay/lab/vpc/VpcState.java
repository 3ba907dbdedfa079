package dev.patchbay.lab.vpc;

import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One moment of everything in the model. Immutable; maps are by id, in the order of creation.
 *
 * @param revision counts changes; 0 is the empty state
 * @param since when it came to be
 * @param vpcs the VPCs
 * @param subnets the subnets
 * @param groups the security groups
 * @param instances the instances, terminated ones included
 * @param interfaces the interfaces
 * @param associations the branches behind trunks
 * @param reservations the parts of subnets that are kept for a use
 * @param routeTables the route tables
 * @param gateways the gateways of all kinds, NAT gateways that were deleted included
 * @param elasticAddresses the public addresses that the account keeps
 */
public record VpcState(
    long revision,
    Instant since,
    Map<String, Vpc> vpcs,
    Map<String, Subnet> subnets,
    Map<String, SecurityGroup> groups,
    Map<String, Instance> instances,
    Map<String, NetworkInterface> interfaces,
    Map<String, TrunkAssociation> associations,
    Map<String, CidrReservation> reservations,
    Map<String, RouteTable> routeTables,
    Map<String, Gateway> gateways,
    Map<String, ElasticAddress> elasticAddresses) {
  /** The state in which nothing has been made yet. */
  public static VpcState empty(Instant since) {
    return new VpcState(
        0, since, Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of());
  }

  /** The VPC of that id, or {@code InvalidVpcID.NotFound}. */
  public Vpc vpc(String id) {
    return known(vpcs, id, "vpc-", "InvalidVpcID", "The vpc ID '%s' does not exist");
  }

  /** The subnet of that id, or {@code InvalidSubnetID.NotFound}. */
  public Subnet subnet(String id) {
    return known(subnets, id, "subnet-", "InvalidSubnetID", "The subnet ID '%s' does not exist");
  }

  /** The group of that id, or {@code InvalidGroup.NotFound}. */
  public SecurityGroup group(String id) {
    return known(
        groups, id, "sg-", "InvalidGroup.NotFound", "InvalidGroupId.Malformed", "The security group '%s' does not exist");
  }

  /** The instance of that id, or {@code InvalidInstanceID.NotFound}. */
  public Instance instance(String id) {
    return known(instances, id, "i-", "InvalidInstanceID", "The instance ID '%s' does not exist");
  }

  /** The interface of that id, or {@code InvalidNetworkInterfaceID.NotFound}. */
  public NetworkInterface networkInterface(String id) {
    return known(
        interfaces,
        id,
        "eni-",
        "InvalidNetworkInterfaceID.NotFound",
        "InvalidNetworkInterfaceId.Malformed",
        "The networkInterface ID '%s' does not exist");
  }

  /** The association of that id, or {@code InvalidAssociationID.NotFound}. */
  public TrunkAssociation association(String id) {
    return known(associations, id, "trunk-assoc-", "InvalidAssociationID", "The association ID '%s' does not exist");
  }

  /** The reservation of that id, or {@code InvalidSubnetCidrReservationID.NotFound}. */
  public CidrReservation reservation(String id) {
    return known(
        reservations, id, "scr-", "InvalidSubnetCidrReservationID", "The subnet CIDR reservation ID '%s' does not exist");
  }

  /** The route table of that id, or {@code InvalidRouteTableID.NotFound}. */
  public RouteTable routeTable(String id) {
    return known(
        routeTables,
        id,
        "rtb-",
        "InvalidRouteTableID.NotFound",
        "InvalidRouteTableId.Malformed",
        "The routeTable ID '%s' does not exist");
  }

  /** The route table with that association, or {@code InvalidAssociationID.NotFound}. */
  public RouteTable associated(String associationId) {
    return routeTables.values().stream()
        .filter(table -> table.associations().stream().anyMatch(each -> each.id().equals(associationId)))
        .findFirst()
        .orElseThrow(
            () ->
                wellFormed(associationId, "rtbassoc-")
                    ? new Ec2Error(
                        "InvalidAssociationID.NotFound", "The association ID '" + associationId + "' does not exist")
                    : malformed("InvalidRouteTableAssociationId.Malformed", associationId, "rtbassoc-"));
  }

  /** The internet gateway of that id, or {@code InvalidInternetGatewayID.NotFound}. */
  public InternetGateway internetGateway(String id) {
    return known(
        gateways(InternetGateway.class),
        id,
        "igw-",
        "InvalidInternetGatewayID.NotFound",
        "InvalidInternetGatewayId.Malformed",
        "The internetGateway ID '%s' does not exist");
  }

  /** The egress-only internet gateway of that id, or {@code InvalidGatewayID.NotFound}. */
  public EgressOnlyGateway egressOnlyGateway(String id) {
    return known(
        gateways(EgressOnlyGateway.class),
        id,
        "eigw-",
        "InvalidGatewayID.NotFound",
        "InvalidEgressOnlyInternetGatewayId.Malformed",
        "The egressOnlyInternetGateway ID '%s' does not exist");
  }

  /** The NAT gateway of that id, deleted perhaps, or {@code NatGatewayNotFound}. */
  public NatGateway natGateway(String id) {
    return known(
        gateways(NatGateway.class),
        id,
        "nat-",
        "NatGatewayNotFound",
        "NatGatewayMalformed",
        "The Nat Gateway %s was not found");
  }

  /** The NAT gateways, those that were deleted included. */
  public Stream<NatGateway> natGateways() {
    return gateways(NatGateway.class).values().stream();
  }

  /** The gateways of one kind. */
  public <G extends Gateway> Map<String, G> gateways(Class<G> kind) {
    Map<String, G> found = new LinkedHashMap<>();
    gateways.forEach(
        (id, gateway) -> {
          if (kind.isInstance(gateway)) {
            found.put(id, kind.cast(gateway));
          }
        });
    return found;
  }

  /** The elastic address of that id, or {@code InvalidAllocationID.NotFound}. */
  public ElasticAddress elasticAddress(String allocationId) {
    return known(
        elasticAddresses,
        allocationId,
        "eipalloc-",
        "InvalidAllocationID.NotFound",
        "InvalidElasticIpID.Malformed",
        "The allocation ID '%s' does not exist");
  }

  /** The interface with that attachment, or {@code InvalidAttachmentID.NotFound}. */
  public NetworkInterface attached(String attachmentId) {
    return interfaces.values().stream()
        .filter(i -> i.attachment().map(Attachment::id).equals(Optional.of(attachmentId)))
        .findFirst()
        .orElseThrow(
            () ->
                wellFormed(attachmentId, "eni-attach-")
                    ? new Ec2Error(
                        "InvalidAttachmentID.NotFound",
                        "The networkInterface attachment ID '" + attachmentId + "' does not exist")
                    : malformed("InvalidNetworkInterfaceAttachmentId.Malformed", attachmentId, "eni-attach-"));
  }

  /** The interfaces of an instance, coming and going ones included, by network card and device index. */
  public List<NetworkInterface> interfacesOf(String instanceId) {
    return interfaces.values().stream()
        .filter(i -> i.attachment().map(Attachment::instanceId).equals(Optional.of(instanceId)))
        .sorted(
            Comparator.comparing(
                (NetworkInterface i) ->
                    i.attachment().map(a -> a.networkCard() * 1000 + a.deviceIndex()).orElse(Integer.MAX_VALUE)))
        .toList();
  }

  /** The primary interface of an instance, if it lives. */
  public Optional<NetworkInterface> primaryOf(String instanceId) {
    return interfacesOf(instanceId).stream()
        .filter(i -> i.attachment().map(Attachment::primary).orElse(false))
        .findFirst();
  }

  /** The interface of that VPC to which the VPC delivers an address, attached or not. */
  public Optional<NetworkInterface> holder(String vpcId, Ip address) {
    return interfaces.values().stream().filter(i -> i.vpcId().equals(vpcId) && i.holds(address)).findFirst();
  }

  /** The association in which an interface is the branch. */
  public Optional<TrunkAssociation> trunkOf(String branchId) {
    return associations.values().stream().filter(a -> a.branchId().equals(branchId)).findFirst();
  }

  /** The associations of a trunk. */
  public Stream<TrunkAssociation> branchesOf(String trunkId) {
    return associations.values().stream().filter(a -> a.trunkId().equals(trunkId));
  }

  /** The parts of a subnet that are kept for a use. */
  public Stream<CidrReservation> reservationsOf(String subnetId) {
    return reservations.values().stream().filter(each -> each.subnetId().equals(subnetId));
  }

  /** IPv4 addresses of a subnet that are free now, as EC2 counts {@code AvailableIpAddressCount}. */
  public int available(String subnetId) {
    return SubnetSpace.of(this, subnet(subnetId)).free();
  }

  /** Free aligned /28 blocks of a subnet. */
  public int availablePrefixes(String subnetId) {
    return SubnetSpace.of(this, subnet(subnetId)).freePrefixes();
  }

  /** The tags of whatever has that id; empty if nothing has it. */
  public Map<String, String> tags(String id) {
    return Stream.<Optional<Map<String, String>>>of(
            find(vpcs, id, Vpc::tags),
            find(subnets, id, Subnet::tags),
            find(groups, id, SecurityGroup::tags),
            find(instances, id, Instance::tags),
            find(interfaces, id, NetworkInterface::tags),
            find(associations, id, TrunkAssociation::tags),
            find(reservations, id, CidrReservation::tags),
            find(routeTables, id, RouteTable::tags),
            find(gateways, id, Gateway::tags),
            find(elasticAddresses, id, ElasticAddress::tags))
        .flatMap(Optional::stream)
        .findFirst()
        .orElse(Map.of());
  }

  private static <T> Optional<Map<String, String>> find(
      Map<String, T> all, String id, Function<T, Map<String, String>> tags) {
    return Optional.ofNullable(all.get(id)).map(tags);
  }

  private static <T> T known(Map<String, T> all, String id, String prefix, String code, String message) {
    return known(all, id, prefix, code + ".NotFound", code + ".Malformed", message);
  }

  private static <T> T known(
      Map<String, T> all, String id, String prefix, String notFound, String malformed, String message) {
    T found = all.get(id);
    if (found != null) {
      return found;
    }
    if (!wellFormed(id, prefix)) {
      throw malformed(malformed, id, prefix);
    }
    throw new Ec2Error(notFound, message.formatted(id));
  }

  /** EC2's ids have 8 hexadecimal digits if they are old, and 17 otherwise. */
  private static boolean wellFormed(String id, String prefix) {
    return id.startsWith(prefix) && id.substring(prefix.length()).matches("[0-9a-f]{8}|[0-9a-f]{17}");
  }

  private static Ec2Error malformed(String code, String id, String prefix) {
    return new Ec2Error(code, "Invalid id: \"" + id + "\" (expecting \"" + prefix + "...\")");
  }
}
