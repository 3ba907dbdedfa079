package dev.patchbay.lab.fabric.vpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.lab.fabric.DropReason;
import dev.patchbay.lab.fabric.Echo;
import dev.patchbay.lab.fabric.Fabric;
import dev.patchbay.lab.fabric.NetworkNamespace;
import dev.patchbay.lab.fabric.Ping;
import dev.patchbay.lab.vpc.AddressRequest;
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.EgressOnlyGateway;
import dev.patchbay.lab.vpc.ElasticAddress;
import dev.patchbay.lab.vpc.Instance;
import dev.patchbay.lab.vpc.InterfaceRequest;
import dev.patchbay.lab.vpc.InternetGateway;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.NatGateway;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.RouteTable;
import dev.patchbay.lab.vpc.RouteTarget;
import dev.patchbay.lab.vpc.Routing;
import dev.patchbay.lab.vpc.SecurityGroup;
import dev.patchbay.lab.vpc.Subnet;
import dev.patchbay.lab.vpc.Vpc;
import dev.patchbay.lab.vpc.VpcModel;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which packets pass follows the route tables, associations and gateways of EC2's model while it runs. */
class RoutesTest {
  private static final String NAME = "r" + ProcessHandle.current().pid();
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final Cidr ANY = Cidr.parse("0.0.0.0/0");
  private static final Cidr ANY_6 = Cidr.parse("::/0");
  private static final Cidr INTERNET = Cidr.parse("203.0.113.0/24");
  private static final Ip PUBLIC = Ip.parse("198.51.100.7");

  private VpcModel model;
  private Vpc vpc;
  private Subnet open;
  private Subnet inner;
  private RouteTable main;
  private RouteTable own;
  private InternetGateway internet;
  private Instance there;
  private Instance here;
  private VpcFabric following;
  private Echo server;
  private Echo server6;

  @BeforeEach
  void build() {
    model = new VpcModel(VpcModel.Settings.lab(1), InstantSource.system());
    vpc = model.network().createVpc(Cidr.parse("10.0.0.0/16"), Optional.of(Cidr.parse("2001:db8:1:100::/56")), Map.of());
    model.groups().authorizeIngress(
        vpc.defaultGroupId(),
        List.of(SecurityGroup.Rule.all(new SecurityGroup.Block(ANY)), SecurityGroup.Rule.all(new SecurityGroup.Block(ANY_6))));
    open = subnet("10.0.0.0/24", "2001:db8:1:100::/64");
    inner = subnet("10.0.1.0/24", "2001:db8:1:101::/64");
    main = Routing.of(model.state()).main(vpc.id());
    own = model.routeTables().create(vpc.id(), Map.of(), "");
    internet = model.gateways().create(Map.of());
    model.gateways().attach(internet.id(), vpc.id());
    here = launch(inner, Optional.of(PUBLIC));
    there = launch(open, Optional.of(Ip.parse("198.51.100.8")));
    following = VpcFabric.follow(model, vpc.id(), NAME);
    server = Echo.serve(following.fabric().internet(), Fabric.INTERNET_HOST, 80);
    server6 = Echo.serve(following.fabric().internet(), Fabric.INTERNET_HOST_6, 80);
  }

  @AfterEach
  void remove() {
    following.close();
    server.close();
    server6.close();
    assertThat(Fabric.existing()).doesNotContain(NAME);
  }

  @Test
  void anAssociationDecides() {
    model.routes().create(own.id(), ANY, toInternet());
    stopped();
    RouteTable.Association mine = model.routeTables().associate(own.id(), inner.id());
    passesAs(PUBLIC);
    assertThat(inside()).as("the VPC's own routes").isTrue();
    model.routeTables().replace(mine.id(), main.id());
    stopped();
    model.routes().create(main.id(), ANY, toInternet());
    passesAs(PUBLIC);
    String mainAssociation =
        model.state().routeTable(main.id()).associations().stream().filter(RouteTable.Association::main).findFirst().orElseThrow().id();
    RouteTable closed = model.routeTables().create(vpc.id(), Map.of(), "");
    model.routeTables().replace(mainAssociation, closed.id());
    passesAs(PUBLIC);
    model.routeTables().disassociate(
        model.state().routeTable(main.id()).associations().stream().findFirst().orElseThrow().id());
    stopped();
    model.routeTables().delete(main.id());
    settled();
    assertThat(inside()).isTrue();
  }

  @Test
  void routesComeAndGoAndLeadNowhereWithoutTheirGateway() {
    model.routes().create(main.id(), ANY, toInternet());
    passesAs(PUBLIC);
    model.routes().delete(main.id(), ANY);
    stopped();
    model.routes().create(main.id(), ANY, toInternet());
    passesAs(PUBLIC);
    model.instances().terminate(here.id());
    model.instances().terminate(there.id());
    here = launch(inner, Optional.empty());
    model.gateways().detach(internet.id(), vpc.id());
    assertThat(active(ANY)).isFalse();
    settled();
    assertThat(tcp(SHORT)).isEmpty();
    assertThat(inbound6()).as("from the internet, without its gateway").isFalse();
    model.gateways().attach(internet.id(), vpc.id());
    assertThat(active(ANY)).isTrue();
    model.routes().create(main.id(), ANY_6, toInternet());
    settled();
    assertThat(Ping.reaches(following.fabric().internet(), six(here), LONG)).as("from the internet").isTrue();
  }

  @Test
  void theLongestPrefixDecides() {
    NatGateway nat = nat();
    model.routes().create(main.id(), ANY, toInternet());
    passesAs(PUBLIC);
    model.routes().create(main.id(), INTERNET, new RouteTarget.Nat(nat.id()));
    passesAs(nat.publicAddress());
    model.routes().create(main.id(), Cidr.of(Ip.of(Fabric.INTERNET_HOST)), toInternet());
    passesAs(PUBLIC);
    model.routes().delete(main.id(), Cidr.of(Ip.of(Fabric.INTERNET_HOST)));
    passesAs(nat.publicAddress());
    model.nats().delete(nat.id());
    assertThat(active(INTERNET)).isFalse();
    stopped();
    assertThat(active(ANY)).as("the shorter one, which does not decide").isTrue();
    NatGateway second = nat();
    assertThat(second.publicAddress()).isNotEqualTo(nat.publicAddress());
    model.routes().replace(main.id(), INTERNET, new RouteTarget.Nat(second.id()));
    passesAs(second.publicAddress());
    model.routes().delete(main.id(), INTERNET);
    passesAs(PUBLIC);
  }

  @Test
  void aNatGatewayNeedsAWayOutItself() {
    NatGateway nat = nat();
    model.routes().create(main.id(), ANY, new RouteTarget.Nat(nat.id()));
    passesAs(nat.publicAddress());
    model.routes().delete(own.id(), ANY);
    stopped();
    model.routes().create(own.id(), ANY, toInternet());
    passesAs(nat.publicAddress());
  }

  @Test
  void anInterfaceIsATargetIfItIsNotChecked() {
    NetworkInterface eni = primary(there);
    forwarding(there);
    model.routeTables().associate(own.id(), open.id());
    model.routes().create(own.id(), ANY, toInternet());
    model.routes().create(main.id(), ANY, new RouteTarget.Interface(eni.id()));
    stopped();
    assertThat(following.fabric().drops().get(DropReason.DESTINATION_CHECK)).isPositive();
    model.interfaces().setSourceDestCheck(eni.id(), false);
    settled();
    assertThat(tcp(LONG)).contains(eni.publicAddress().orElseThrow().inet());
    model.instances().stop(there.id());
    assertThat(active(ANY)).isFalse();
    stopped();
    model.instances().start(there.id());
    settled();
    forwarding(there);
    assertThat(tcp(LONG)).contains(eni.publicAddress().orElseThrow().inet());
    model.instances().terminate(there.id());
    assertThat(active(ANY)).isFalse();
    stopped();
  }

  @Test
  void addressesThatNobodyHasLeadToAnInterface() {
    Ip beyond = Ip.parse("192.168.7.5");
    NetworkInterface eni = primary(there);
    netns(there).run("ip", "address", "add", beyond + "/32", "dev", "lo").orThrow("add an address");
    model.interfaces().setSourceDestCheck(eni.id(), false);
    settled();
    assertThat(Ping.run(netns(here), beyond.inet(), 2, 0.3).received()).isZero();
    model.routes().create(main.id(), Cidr.parse("192.168.0.0/16"), new RouteTarget.Interface(eni.id()));
    settled();
    assertThat(Ping.reaches(netns(here), beyond.inet(), LONG)).isTrue();
    model.routes().delete(main.id(), Cidr.parse("192.168.0.0/16"));
    settled();
    assertThat(Ping.run(netns(here), beyond.inet(), 2, 0.3).received()).isZero();
  }

  @Test
  void ipv6ByEitherGateway() {
    InetAddress mine = primary(here).ipv6Addresses().iterator().next().inet();
    assertThat(tcp6(SHORT)).isEmpty();
    model.routes().create(main.id(), ANY_6, toInternet());
    settled();
    assertThat(tcp6(LONG)).contains(mine);
    assertThat(Ping.reaches(following.fabric().internet(), six(here), LONG)).as("from the internet").isTrue();
    EgressOnlyGateway egress = model.gateways().createEgressOnly(vpc.id(), Map.of(), "");
    model.routes().replace(main.id(), ANY_6, new RouteTarget.EgressOnly(egress.id()));
    settled();
    assertThat(tcp6(LONG)).contains(mine);
    assertThat(inbound6()).as("in by the egress-only gateway").isFalse();
    model.gateways().deleteEgressOnly(egress.id());
    assertThat(active(ANY_6)).isFalse();
    settled();
    assertThat(tcp6(SHORT)).isEmpty();
    model.routes().replace(main.id(), ANY_6, toInternet());
    settled();
    assertThat(tcp6(LONG)).contains(mine);
  }

  @Test
  void blocksAreAddedAndRemovedWhileRunning() {
    Cidr block = Cidr.parse("100.64.0.0/16");
    model.blocks().add(vpc.id(), block);
    Subnet added = model.network().createSubnet(vpc.id(), "eu-west-1b", Cidr.parse("100.64.0.0/24"), Optional.empty(), false, Map.of());
    assertThat(Routing.of(model.state()).routes(main).stream().filter(route -> route.destination().equals(block)))
        .singleElement()
        .satisfies(route -> assertThat(route.target()).isEqualTo(new RouteTarget.Local()));
    Instance late = model.instances().launch("m5.large", InterfaceRequest.in(added.id()).build(), Optional.empty(), Map.of());
    settled();
    assertThat(Ping.reaches(netns(here), address(late), LONG)).as("old to new").isTrue();
    assertThat(Ping.reaches(netns(late), address(here), LONG)).as("new to old").isTrue();
    model.blocks().addIpv6(added.id(), Cidr.parse("2001:db8:1:140::/64"));
    model.addresses().assignIpv6(primary(late).id(), AddressRequest.count(1));
    settled();
    InetAddress six = primary(late).ipv6Addresses().iterator().next().inet();
    netns(late).run("ip", "address", "add", six.getHostAddress() + "/128", "dev", "eth0", "nodad").orThrow("add " + six);
    netns(late).run("ip", "-6", "route", "replace", "default", "via", "fe80:ec2::1", "dev", "eth0", "onlink").orThrow("route");
    assertThat(Ping.reaches(netns(here), six, LONG)).as("old to new by IPv6").isTrue();
    model.instances().terminate(late.id());
    model.network().deleteSubnet(added.id());
    model.blocks().remove(vpc.id(), block);
    settled();
    assertThat(Routing.of(model.state()).routes(main)).noneMatch(route -> route.destination().equals(block));
    assertThat(Ping.run(netns(here), Ip.parse("100.64.0.4").inet(), 2, 0.3).received()).isZero();
    // The block is no longer the VPC's, so its packets may leave by a route.
    model.routes().create(main.id(), block, new RouteTarget.Interface(primary(there).id()));
    model.interfaces().setSourceDestCheck(primary(there).id(), false);
    netns(there).run("ip", "address", "add", "100.64.0.4/32", "dev", "lo").orThrow("add an address");
    settled();
    assertThat(Ping.reaches(netns(here), Ip.parse("100.64.0.4").inet(), LONG)).isTrue();
  }

  private Subnet subnet(String block, String block6) {
    return model.network().createSubnet(vpc.id(), "eu-west-1a", Cidr.parse(block), Optional.of(Cidr.parse(block6)), false, Map.of());
  }

  private Instance launch(Subnet subnet, Optional<Ip> publicAddress) {
    return model.instances().launch("m5.large", InterfaceRequest.in(subnet.id()).ipv6Count(1).build(), publicAddress, Map.of());
  }

  /** A NAT gateway in the open subnet, which has a way out. */
  private NatGateway nat() {
    if (Routing.of(model.state()).explicit(open.id()).isEmpty()) {
      model.routeTables().associate(own.id(), open.id());
      model.routes().create(own.id(), ANY, toInternet());
    }
    ElasticAddress elastic = model.nats().allocate(Map.of());
    return model.nats().create(open.id(), elastic.allocationId(), Optional.empty(), Map.of(), "");
  }

  /** Lets an instance forward and translate, as one does that is used as a NAT instance. */
  private void forwarding(Instance instance) {
    netns(instance).run("sysctl", "-qw", "net.ipv4.ip_forward=1").orThrow("forward");
    netns(instance)
        .runWith(
            """
            table ip translation {
              chain out { type nat hook postrouting priority srcnat; oif eth0 ip daddr 203.0.113.0/24 masquerade; }
            }
            """,
            "nft", "-f", "-")
        .orThrow("translate");
  }

  private RouteTarget toInternet() {
    return new RouteTarget.Internet(internet.id());
  }

  private boolean active(Cidr destination) {
    RouteTable table = model.state().routeTable(main.id());
    return table.routes().stream()
        .filter(route -> route.destination().equals(destination))
        .allMatch(route -> Routing.of(model.state()).active(table, route));
  }

  private void settled() {
    following.await(LONG);
  }

  private void passesAs(Ip seen) {
    settled();
    assertThat(tcp(LONG)).contains(seen.inet());
  }

  private void stopped() {
    settled();
    assertThat(tcp(SHORT)).isEmpty();
  }

  private Optional<InetAddress> tcp(Duration timeout) {
    return Echo.tcp(netns(here), Fabric.INTERNET_HOST, 80, timeout);
  }

  private Optional<InetAddress> tcp6(Duration timeout) {
    return Echo.tcp(netns(here), Fabric.INTERNET_HOST_6, 80, timeout);
  }

  private boolean inbound6() {
    return Ping.run(following.fabric().internet(), six(here), 2, 0.5).received() > 0;
  }

  private InetAddress six(Instance instance) {
    return primary(instance).ipv6Addresses().iterator().next().inet();
  }

  private boolean inside() {
    return Ping.reaches(netns(here), address(there), LONG);
  }

  private InetAddress address(Instance instance) {
    return primary(instance).primary().orElseThrow().inet();
  }

  private NetworkInterface primary(Instance instance) {
    return model.state().primaryOf(instance.id()).orElseThrow();
  }

  private NetworkNamespace netns(Instance instance) {
    return following.fabric().instance(instance.id());
  }
}
