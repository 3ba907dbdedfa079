package dev.patchbay.lab.vpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Parts of a subnet that are kept for a use, quotas, and what somebody else does. */
class ReservationTest {
  private final VpcModel model = new VpcModel(VpcModel.Settings.lab(11), () -> Instant.EPOCH);
  private final Vpc vpc =
      model.network().createVpc(Cidr.parse("10.0.0.0/16"), Optional.of(Cidr.parse("2001:db8:0:100::/56")), Map.of());
  private final Subnet subnet =
      model
          .network()
          .createSubnet(
              vpc.id(),
              "eu-west-1a",
              Cidr.parse("10.0.0.0/26"),
              Optional.of(Cidr.parse("2001:db8:0:101::/64")),
              false,
              Map.of());

  private static void refused(String code, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOfSatisfying(Ec2Error.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private CidrReservation reserve(String cidr, CidrReservation.Kind kind) {
    return model.network().reserve(subnet.id(), Cidr.parse(cidr), kind, "", Map.of());
  }

  private NetworkInterface create() {
    return model.interfaces().create(InterfaceRequest.in(subnet.id()).build());
  }

  private NetworkInterface now(NetworkInterface each) {
    return model.state().networkInterface(each.id());
  }

  @Test
  void singleAddressesStayOutAndPrefixesGoIn() {
    reserve("10.0.0.32/27", CidrReservation.Kind.PREFIX);
    NetworkInterface holder = create();
    model.addresses().assignIpv4(holder.id(), AddressRequest.count(26));
    assertThat(now(holder).ipv4Addresses()).hasSize(27).allMatch(a -> Cidr.parse("10.0.0.0/27").contains(a));
    // 32 addresses are free, and one of them is for this.
    assertThat(model.state().available(subnet.id())).isEqualTo(32);
    refused("InsufficientFreeAddressesInSubnet", () -> model.addresses().assignIpv4(holder.id(), AddressRequest.count(2)));
    model.addresses().assignIpv4(holder.id(), AddressRequest.prefixCount(1));
    assertThat(now(holder).ipv4Prefixes()).containsExactly(Cidr.parse("10.0.0.32/28"));
    // The last block has the broadcast address.
    refused("InsufficientCidrBlocks", () -> model.addresses().assignIpv4(holder.id(), AddressRequest.prefixCount(1)));
    model.addresses().assignIpv4(holder.id(), AddressRequest.of(List.of(Ip.parse("10.0.0.50")), false));
  }

  @Test
  void whatIsKeptForNamesIsGivenToNobodyElse() {
    CidrReservation kept = reserve("10.0.0.16/28", CidrReservation.Kind.EXPLICIT);
    NetworkInterface holder = create();
    model.addresses().assignIpv4(holder.id(), AddressRequest.prefixCount(1));
    assertThat(now(holder).ipv4Prefixes()).containsExactly(Cidr.parse("10.0.0.32/28"));
    refused("InsufficientCidrBlocks", () -> model.addresses().assignIpv4(holder.id(), AddressRequest.prefixCount(1)));
    model.network().unreserve(kept.id());
    model.addresses().assignIpv4(holder.id(), AddressRequest.prefixCount(1));
    assertThat(now(holder).ipv4Prefixes()).contains(Cidr.parse("10.0.0.16/28"));
    refused("InvalidSubnetCidrReservationID.NotFound", () -> model.network().unreserve(kept.id()));
  }

  @Test
  void ofIpv6Too() {
    reserve("2001:db8:0:101:5::/80", CidrReservation.Kind.PREFIX);
    NetworkInterface holder = create();
    model.addresses().assignIpv6(holder.id(), AddressRequest.prefixCount(1));
    assertThat(now(holder).ipv6Prefixes()).containsExactly(Cidr.parse("2001:db8:0:101:5::/80"));
    model.addresses().assignIpv6(holder.id(), AddressRequest.prefixCount(1));
    assertThat(now(holder).ipv6Prefixes()).hasSize(2);
  }

  @Test
  void reservationsDontOverlapAndLieInTheirSubnet() {
    reserve("10.0.0.16/28", CidrReservation.Kind.EXPLICIT);
    refused("InvalidSubnetCidrReservation.Conflict", () -> reserve("10.0.0.0/27", CidrReservation.Kind.PREFIX));
    refused("InvalidParameterValue", () -> reserve("10.0.1.0/28", CidrReservation.Kind.PREFIX));
    model.network().deleteSubnet(subnet.id());
    assertThat(model.state().reservations()).isEmpty();
  }

  @Test
  void quotasHold() {
    model.behave(new VpcModel.Behaviour(Duration.ZERO, Duration.ZERO, Placement.LOWEST, new Quotas(2, 1, 3, 5)));
    create();
    NetworkInterface second = create();
    refused("NetworkInterfaceLimitExceeded", this::create);
    SecurityGroup web = model.groups().create(vpc.id(), "web", "web", Map.of());
    refused(
        "SecurityGroupsPerInterfaceLimitExceeded",
        () -> model.interfaces().setGroups(second.id(), List.of(web.id(), vpc.defaultGroupId())));
    SecurityGroup.Peer all = new SecurityGroup.Block(Cidr.parse("0.0.0.0/0"));
    refused(
        "RulesPerSecurityGroupLimitExceeded",
        () ->
            model
                .groups()
                .authorizeIngress(
                    web.id(),
                    List.of(
                        SecurityGroup.Rule.tcp(1, 1, all),
                        SecurityGroup.Rule.tcp(2, 2, all),
                        SecurityGroup.Rule.tcp(3, 3, all),
                        SecurityGroup.Rule.tcp(4, 4, all))));
    assertThat(model.state().group(web.id()).ingress()).isEmpty();
  }

  @Test
  void subnetsAndBlocksInUseStay() {
    NetworkInterface holder = create();
    refused("DependencyViolation", () -> model.network().deleteSubnet(subnet.id()));
    model.blocks().add(vpc.id(), Cidr.parse("100.64.0.0/16"));
    Subnet pods =
        model.network().createSubnet(vpc.id(), "eu-west-1a", Cidr.parse("100.64.0.0/24"), Optional.empty(), false, Map.of());
    refused("InvalidCidrBlock.InUse", () -> model.blocks().remove(vpc.id(), Cidr.parse("100.64.0.0/16")));
    refused("OperationNotPermitted", () -> model.blocks().remove(vpc.id(), Cidr.parse("10.0.0.0/16")));
    model.network().deleteSubnet(pods.id());
    assertThat(model.blocks().remove(vpc.id(), Cidr.parse("100.64.0.0/16")).cidrs()).hasSize(1);
    assertThat(holder.subnetId()).isEqualTo(subnet.id());
  }

  @Test
  void somebodyElseFillsTheSubnetToTheLastAddress() {
    String taker = model.others().fill(subnet.id(), 0).orElseThrow();
    assertThat(model.state().available(subnet.id())).isZero();
    assertThat(model.state().networkInterface(taker).ipv4Prefixes())
        .containsExactly(Cidr.parse("10.0.0.16/28"), Cidr.parse("10.0.0.32/28"));
    assertThat(model.others().fill(subnet.id(), 0)).isEmpty();
    model.others().leave(taker);
    assertThat(model.state().available(subnet.id())).isEqualTo(64 - 5);
    model.others().fragment(subnet.id());
    assertThat(model.state().available(subnet.id())).isEqualTo(64 - 5 - 2);
    assertThat(model.state().availablePrefixes(subnet.id())).isZero();
  }

  @Test
  void tokensAreOfOneAction() {
    NetworkInterface trunk =
        model.interfaces().create(InterfaceRequest.in(subnet.id()).kind(NetworkInterface.Kind.TRUNK).clientToken("t").build());
    NetworkInterface branch = model.interfaces().create(InterfaceRequest.in(subnet.id()).clientToken("u").build());
    TrunkAssociation one = model.trunks().associate(branch.id(), trunk.id(), 7, "t");
    assertThat(model.trunks().associate(branch.id(), trunk.id(), 7, "t")).isEqualTo(one);
    refused("IdempotentParameterMismatch", () -> model.trunks().associate(branch.id(), trunk.id(), 8, "t"));
  }
}
