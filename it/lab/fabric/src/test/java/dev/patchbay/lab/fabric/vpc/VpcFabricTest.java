package dev.patchbay.lab.fabric.vpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.lab.fabric.Fabric;
import dev.patchbay.lab.fabric.NetworkNamespace;
import dev.patchbay.lab.fabric.Ping;
import dev.patchbay.lab.vpc.AddressRequest;
import dev.patchbay.lab.vpc.Attachment;
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.Instance;
import dev.patchbay.lab.vpc.InterfaceRequest;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.SecurityGroup;
import dev.patchbay.lab.vpc.Subnet;
import dev.patchbay.lab.vpc.Vpc;
import dev.patchbay.lab.vpc.VpcModel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What EC2's model decides, packets find. */
class VpcFabricTest {
  private VpcModel model;
  private Vpc vpc;
  private Subnet subnet;
  private Instance one;
  private Instance two;
  private VpcFabric following;

  @BeforeEach
  void build() {
    model = new VpcModel(VpcModel.Settings.lab(1), InstantSource.system());
    vpc = model.network().createVpc(Cidr.parse("10.0.0.0/16"), Optional.of(Cidr.parse("2001:db8:1::/56")), Map.of());
    subnet =
        model.network().createSubnet(
            vpc.id(), "eu-west-1a", Cidr.parse("10.0.0.0/24"), Optional.of(Cidr.parse("2001:db8:1::/64")), true, Map.of());
    one = launch();
    following =
        VpcFabric.follow(model, vpc.id(), "v" + ProcessHandle.current().pid());
    two = launch();
    following.await(Duration.ofSeconds(60));
  }

  @AfterEach
  void remove() {
    following.close();
    assertThat(Fabric.existing()).doesNotContain("v" + ProcessHandle.current().pid());
  }

  @Test
  void instancesThatWereThereAndThatCameLaterReachEachOther() {
    assertThat(reaches(one, primary(two))).isTrue();
    assertThat(reaches(two, primary(one))).isTrue();
  }

  @Test
  void assignedAddressesAndPrefixesAreDeliveredUntilTheyAreTakenAway() {
    String eni = model.state().primaryOf(two.id()).orElseThrow().id();
    model.addresses().assignIpv4(eni, AddressRequest.count(1));
    model.addresses().assignIpv4(eni, AddressRequest.prefixCount(1));
    following.await(Duration.ofSeconds(60));
    NetworkInterface after = model.state().networkInterface(eni);
    Ip secondary = after.secondaries().iterator().next();
    Cidr prefix = after.ipv4Prefixes().iterator().next();
    namespace(two).run("ip", "address", "add", secondary + "/32", "dev", "lo").orThrow("add an address");
    namespace(two).run("ip", "address", "add", prefix.base().plus(7) + "/32", "dev", "lo").orThrow("add an address");
    assertThat(reaches(one, secondary)).isTrue();
    assertThat(reaches(one, prefix.base().plus(7))).isTrue();
    model.addresses().unassignIpv4(eni, List.of(secondary), List.of());
    following.await(Duration.ofSeconds(60));
    assertThat(silent(one, secondary)).isTrue();
    assertThat(reaches(one, prefix.base().plus(7))).isTrue();
  }

  @Test
  void attachedInterfacesBecomeDevicesWithTheFirstFreeName() {
    NetworkInterface first = model.interfaces().create(InterfaceRequest.in(subnet.id()).build());
    NetworkInterface second = model.interfaces().create(InterfaceRequest.in(subnet.id()).build());
    Attachment attached = attach(first, 2);
    attach(second, 1);
    following.await(Duration.ofSeconds(60));
    assertThat(link("eth1")).contains(first.mac());
    assertThat(link("eth2")).contains(second.mac());
    model.attachments().detach(attached.id(), false);
    following.await(Duration.ofSeconds(60));
    assertThat(link("eth1")).isEmpty();
    attach(first, 3);
    following.await(Duration.ofSeconds(60));
    assertThat(link("eth1")).contains(first.mac());
  }

  @Test
  void groupsHold() {
    model.groups().revokeIngress(vpc.defaultGroupId(), model.state().group(vpc.defaultGroupId()).ingress());
    following.await(Duration.ofSeconds(60));
    assertThat(silent(one, primary(two))).isTrue();
    model.groups().authorizeIngress(
        vpc.defaultGroupId(), List.of(SecurityGroup.Rule.all(new SecurityGroup.Members(vpc.defaultGroupId()))));
    following.await(Duration.ofSeconds(60));
    assertThat(reaches(one, primary(two))).isTrue();
  }

  @Test
  void terminatedInstanceIsGone() {
    Ip gone = primary(two);
    NetworkNamespace namespace = namespace(two);
    assertThat(namespace.exists()).isTrue();
    model.instances().terminate(two.id());
    following.await(Duration.ofSeconds(60));
    assertThat(namespace.exists()).isFalse();
    assertThat(silent(one, gone)).isTrue();
  }

  private Instance launch() {
    return model.instances().launch("m5.large", InterfaceRequest.in(subnet.id()).build(), Optional.empty(), Map.of());
  }

  private Attachment attach(NetworkInterface eni, int index) {
    model.attachments().attach(eni.id(), one.id(), index, 0);
    return model.state().networkInterface(eni.id()).attachment().orElseThrow();
  }

  private String link(String device) {
    return namespace(one).run("ip", "-o", "link", "show", device).output();
  }

  private NetworkNamespace namespace(Instance instance) {
    return following.fabric().instance(instance.id());
  }

  private Ip primary(Instance instance) {
    return model.state().primaryOf(instance.id()).orElseThrow().primary().orElseThrow();
  }

  private boolean reaches(Instance from, Ip to) {
    return Ping.reaches(namespace(from), to.inet(), Duration.ofSeconds(60));
  }

  private boolean silent(Instance from, Ip to) {
    return Ping.run(namespace(from), to.inet(), 2, 0.3).received() == 0;
  }
}
