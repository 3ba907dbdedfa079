package dev.patchbay.lab.vpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What EC2 allows and refuses, on the model alone. */
class VpcModelTest {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final VpcModel model = new VpcModel(VpcModel.Settings.lab(7), () -> now);
  private final Vpc vpc =
      model.network().createVpc(Cidr.parse("10.0.0.0/16"), Optional.of(Cidr.parse("2001:db8:0:100::/56")), Map.of());
  private final Subnet subnet = subnet("eu-west-1a", "10.0.0.0/24", "2001:db8:0:101::/64");

  private Subnet subnet(String zone, String cidr, String six) {
    return model
        .network()
        .createSubnet(vpc.id(), zone, Cidr.parse(cidr), Optional.of(Cidr.parse(six)), false, Map.of());
  }

  private Instance launch(String type) {
    return model.instances().launch(type, InterfaceRequest.in(subnet.id()).build(), Optional.empty(), Map.of());
  }

  private NetworkInterface create() {
    return model.interfaces().create(InterfaceRequest.in(subnet.id()).build());
  }

  private NetworkInterface current(NetworkInterface of) {
    return model.state().networkInterface(of.id());
  }

  private static void refused(String code, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOfSatisfying(Ec2Error.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void aSubnetKeepsItsFirstFourAddressesAndItsLast() {
    assertThat(model.state().available(subnet.id())).isEqualTo(251);
    NetworkInterface first = create();
    assertThat(first.primary()).contains(Ip.parse("10.0.0.4"));
    assertThat(model.state().available(subnet.id())).isEqualTo(250);
    refused(
        "InvalidParameterValue",
        () -> model.interfaces().create(InterfaceRequest.in(subnet.id()).primary(Ip.parse("10.0.0.3")).build()));
    refused(
        "InvalidIPAddress.InUse",
        () -> model.interfaces().create(InterfaceRequest.in(subnet.id()).primary(Ip.parse("10.0.0.4")).build()));
  }

  @Test
  void prefixesNeedWholeFreeBlocks() {
    Subnet small = subnet("eu-west-1a", "10.0.1.0/26", "2001:db8:0:102::/64");
    assertThat(model.state().availablePrefixes(small.id())).isEqualTo(2);
    NetworkInterface holder = model.interfaces().create(InterfaceRequest.in(small.id()).build());
    model.interfaces().create(InterfaceRequest.in(small.id()).primary(Ip.parse("10.0.1.20")).build());
    Assigned one = model.addresses().assignIpv4(holder.id(), AddressRequest.prefixCount(1));
    assertThat(one.prefixes()).containsExactly(Cidr.parse("10.0.1.32/28"));
    long before = model.state().revision();
    refused("InsufficientCidrBlocks", () -> model.addresses().assignIpv4(holder.id(), AddressRequest.prefixCount(1)));
    refused(
        "InsufficientFreeAddressesInSubnet", () -> model.addresses().assignIpv4(holder.id(), AddressRequest.count(42)));
    assertThat(model.state().revision()).isEqualTo(before);
    model.addresses().unassignIpv4(holder.id(), List.of(), one.prefixes());
    assertThat(current(holder).ipv4Prefixes()).isEmpty();
  }

  @Test
  void limitsComeFromTheInstanceType() {
    Instance node = launch("m5.large");
    NetworkInterface primary = model.state().primaryOf(node.id()).orElseThrow();
    assertThat(model.addresses().assignIpv4(primary.id(), AddressRequest.count(9)).addresses()).hasSize(9);
    refused(
        "PrivateIpAddressLimitExceeded", () -> model.addresses().assignIpv4(primary.id(), AddressRequest.count(1)));
    model.attachments().attach(create().id(), node.id(), 1, 0);
    NetworkInterface third = create();
    refused("InvalidParameterValue", () -> model.attachments().attach(third.id(), node.id(), 1, 0));
    model.attachments().attach(third.id(), node.id(), 2, 0);
    refused("AttachmentLimitExceeded", () -> model.attachments().attach(create().id(), node.id(), 3, 0));
  }

  @Test
  void anAttachmentTakesTheTimeItIsGiven() {
    Instance node = launch("m5.large");
    model.behave(new VpcModel.Behaviour(Duration.ofSeconds(2), Duration.ofSeconds(3), Placement.LOWEST, Quotas.USUAL));
    List<Change.OfInterface> devices = new ArrayList<>();
    model.listen(
        (before, after, changes) ->
            changes.forEach(
                change -> {
                  if (change instanceof Change.OfInterface of
                      && (of.deviceAppeared().isPresent() || of.deviceVanished().isPresent())) {
                    devices.add(of);
                  }
                }));
    NetworkInterface extra = create();
    Attachment attachment = model.attachments().attach(extra.id(), node.id(), 1, 0);
    assertThat(current(extra).deviceOf()).isEmpty();
    assertThat(model.nextSettling()).contains(now.plusSeconds(2));
    now = now.plusSeconds(2);
    model.settle();
    assertThat(current(extra).deviceOf()).contains(node.id());
    assertThat(devices).singleElement().satisfies(d -> assertThat(d.deviceAppeared()).contains(node.id()));
    refused("InvalidParameterValue", () -> model.interfaces().delete(extra.id()));
    model.attachments().detach(attachment.id(), false);
    assertThat(current(extra).attachment().orElseThrow().status()).isEqualTo(Attachment.Status.DETACHING);
    assertThat(devices.getLast().deviceVanished()).contains(node.id());
    now = now.plusSeconds(3);
    model.settle();
    model.interfaces().delete(extra.id());
    refused("InvalidNetworkInterfaceID.NotFound", () -> current(extra));
  }

  @Test
  void terminationTakesWhatIsMarked() {
    Instance node = launch("m5.large");
    NetworkInterface kept = create();
    NetworkInterface gone = create();
    model.attachments().attach(kept.id(), node.id(), 1, 0);
    Attachment marked = model.attachments().attach(gone.id(), node.id(), 2, 0);
    model.interfaces().setDeleteOnTermination(gone.id(), marked.id(), true);
    model.instances().terminate(node.id());
    assertThat(model.state().interfaces().keySet()).containsExactly(kept.id());
    assertThat(current(kept).attachment()).isEmpty();
  }

  @Test
  void addressesMoveOnlyWithLeave() {
    NetworkInterface one = create();
    NetworkInterface two = create();
    Ip moving = Ip.parse("10.0.0.99");
    model.addresses().assignIpv4(one.id(), AddressRequest.of(List.of(moving), false));
    refused(
        "InvalidParameterValue",
        () -> model.addresses().assignIpv4(two.id(), AddressRequest.of(List.of(moving), false)));
    model.addresses().assignIpv4(two.id(), AddressRequest.of(List.of(moving), true));
    assertThat(current(one).secondaries()).isEmpty();
    assertThat(model.state().holder(vpc.id(), moving)).contains(current(two));
    Ip primary = one.primary().orElseThrow();
    refused(
        "InvalidParameterValue",
        () -> model.addresses().assignIpv4(two.id(), AddressRequest.of(List.of(primary), true)));
    refused("InvalidParameterValue", () -> model.addresses().unassignIpv4(one.id(), List.of(primary), List.of()));
  }

  @Test
  void ipv6AddressesAndPrefixes() {
    NetworkInterface holder = create();
    Assigned addresses = model.addresses().assignIpv6(holder.id(), AddressRequest.count(2));
    Assigned prefixes = model.addresses().assignIpv6(holder.id(), AddressRequest.prefixCount(1));
    Cidr block = subnet.ipv6().orElseThrow();
    assertThat(addresses.addresses()).hasSize(2).allMatch(block::contains);
    assertThat(prefixes.prefixes())
        .singleElement()
        .satisfies(p -> assertThat(p.length()).isEqualTo(80))
        .satisfies(p -> assertThat(block.contains(p)).isTrue());
    model.addresses().unassignIpv6(holder.id(), addresses.addresses(), prefixes.prefixes());
    assertThat(current(holder).delivered()).hasSize(1);
  }

  @Test
  void aTokenMakesOneInterface() {
    InterfaceRequest.Builder request = InterfaceRequest.in(subnet.id()).clientToken("t-1");
    NetworkInterface made = model.interfaces().create(request.build());
    assertThat(model.interfaces().create(request.build())).isEqualTo(made);
    refused("IdempotentParameterMismatch", () -> model.interfaces().create(request.description("other").build()));
    assertThat(model.state().interfaces()).hasSize(1);
  }

  @Test
  void branchesStandBehindATrunkByVlan() {
    Instance node = launch("m5.large");
    NetworkInterface trunk =
        model.interfaces().create(InterfaceRequest.in(subnet.id()).kind(NetworkInterface.Kind.TRUNK).build());
    model.attachments().attach(trunk.id(), node.id(), 1, 0);
    NetworkInterface branch = create();
    TrunkAssociation association = model.trunks().associate(branch.id(), trunk.id(), 1, "");
    assertThat(current(branch).kind()).isEqualTo(NetworkInterface.Kind.BRANCH);
    refused("InvalidParameterValue", () -> model.trunks().associate(create().id(), trunk.id(), 1, ""));
    for (int vlan = 2; vlan <= 9; vlan++) {
      model.trunks().associate(create().id(), trunk.id(), vlan, "");
    }
    refused("AttachmentLimitExceeded", () -> model.trunks().associate(create().id(), trunk.id(), 10, ""));
    refused("InvalidParameterValue", () -> model.interfaces().delete(branch.id()));
    model.trunks().disassociate(association.id(), "once");
    model.trunks().disassociate(association.id(), "once");
    refused("InvalidAssociationID.NotFound", () -> model.trunks().disassociate(association.id(), ""));
    model.interfaces().delete(branch.id());
  }

  @Test
  void groupsAreCheckedAndCounted() {
    SecurityGroup web = model.groups().create(vpc.id(), "web", "web", Map.of());
    NetworkInterface holder = create();
    assertThat(holder.groups()).containsExactly(vpc.defaultGroupId());
    model.interfaces().setGroups(holder.id(), List.of(web.id()));
    refused("DependencyViolation", () -> model.groups().delete(web.id()));
    refused("InvalidGroup.NotFound", () -> model.interfaces().setGroups(holder.id(), List.of("sg-0123456789abcdef0")));
    refused("InvalidGroupId.Malformed", () -> model.interfaces().setGroups(holder.id(), List.of("web")));
    SecurityGroup.Rule rule = SecurityGroup.Rule.tcp(80, 80, new SecurityGroup.Block(Cidr.parse("0.0.0.0/0")));
    model.groups().authorizeIngress(web.id(), List.of(rule));
    refused("InvalidPermission.Duplicate", () -> model.groups().authorizeIngress(web.id(), List.of(rule)));
    model.groups().revokeIngress(web.id(), List.of(rule));
    assertThat(model.state().group(web.id()).ingress()).isEmpty();
  }

  @Test
  void theStateOfAMomentAgoIsKept() {
    Instant early = now;
    now = now.plusSeconds(10);
    NetworkInterface late = create();
    assertThat(model.stateAt(early).interfaces()).doesNotContainKey(late.id());
    assertThat(model.stateAt(now).interfaces()).containsKey(late.id());
    now = now.plus(VpcModel.MEMORY).plusSeconds(1);
    create();
    assertThat(model.stateAt(now.minusSeconds(1)).interfaces()).containsOnlyKeys(late.id());
  }

  @Test
  void theSameSeedMakesTheSameWorld() {
    VpcModel other = new VpcModel(VpcModel.Settings.lab(7), () -> now);
    Vpc same =
        other.network().createVpc(Cidr.parse("10.0.0.0/16"), Optional.of(Cidr.parse("2001:db8:0:100::/56")), Map.of());
    assertThat(same).isEqualTo(model.state().vpc(vpc.id()));
  }

  @Test
  void whatAServiceManagesIsNotItsOwnersToChange() {
    NetworkInterface managed = model.interfaces().create(InterfaceRequest.in(subnet.id()).requesterManaged().build());
    refused("AuthFailure", () -> model.interfaces().delete(managed.id()));
    model.others().pull(managed.id());
    assertThat(model.state().interfaces()).isEmpty();
  }

  @Test
  void scatteredAddressesFragmentASubnet() {
    model.behave(new VpcModel.Behaviour(Duration.ZERO, Duration.ZERO, Placement.SCATTERED, Quotas.USUAL));
    NetworkInterface holder = create();
    model.addresses().assignIpv4(holder.id(), AddressRequest.count(40));
    assertThat(model.state().available(subnet.id())).isEqualTo(251 - 41);
    assertThat(model.state().availablePrefixes(subnet.id())).isLessThan(4);
  }
}
