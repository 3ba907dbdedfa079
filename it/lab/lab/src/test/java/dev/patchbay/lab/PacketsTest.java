package dev.patchbay.lab;

import static dev.patchbay.lab.PacketTable.large;
import static dev.patchbay.lab.PacketTable.ping;
import static dev.patchbay.lab.PacketTable.tcp;
import static dev.patchbay.lab.PacketTable.udp;

import dev.patchbay.lab.fabric.Echo;
import dev.patchbay.lab.fabric.Fabric;
import dev.patchbay.lab.fabric.NetworkNamespace;
import dev.patchbay.lab.fabric.vpc.VpcFabric;
import dev.patchbay.lab.vpc.AddressRequest;
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.Instance;
import dev.patchbay.lab.vpc.InterfaceRequest;
import dev.patchbay.lab.vpc.InternetGateway;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.RouteTarget;
import dev.patchbay.lab.vpc.Routing;
import dev.patchbay.lab.vpc.SecurityGroup;
import dev.patchbay.lab.vpc.SecurityGroup.Block;
import dev.patchbay.lab.vpc.SecurityGroup.Members;
import dev.patchbay.lab.vpc.SecurityGroup.Rule;
import dev.patchbay.lab.vpc.Subnet;
import dev.patchbay.lab.vpc.Vpc;
import dev.patchbay.lab.vpc.VpcModel;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * The table of what passes in the VPC and what does not, in both families, by what EC2 has decided. Pods are made by hand, so
 * that no daemon helps.
 */
@Order(4)
class PacketsTest {
  private static final String NAME = "k" + ProcessHandle.current().pid();
  private static final PacketTable TABLE = new PacketTable();
  private static final List<Echo> SERVERS = new ArrayList<>();
  private static Lab lab;
  private static VpcModel model;
  private static PlainPod near;
  private static PlainPod far;

  @BeforeAll
  static void build() {
    lab = Lab.start(TestSettings.empty(NAME).withNodes(3).withIpv6());
    model = lab.model();
    near = PlainPod.on(lab, lab.node(0), primary(0), "near");
    far = PlainPod.on(lab, lab.node(1), primary(1), "far");
    SERVERS.add(near.serve());
    SERVERS.add(far.serve());
    lab.nodes().forEach(node -> SERVERS.add(PlainPod.serve(node.netns(), PacketTable.PORT)));
  }

  @AfterAll
  static void remove() {
    System.out.println(TABLE);
    SERVERS.forEach(Echo::close);
    lab.close();
  }

  @Test
  void addresses() {
    for (InetAddress to : lab.node(1).ownAddresses()) {
      TABLE.passesAs("addresses", family(to) + "node to node", own(0, to), tcp(host(0), to));
      TABLE.passesAs("addresses", family(to) + "pod to another node", near.like(to), tcp(near.netns, to));
      TABLE.passes("addresses", family(to) + "a packet of 9001 bytes", large(host(0), to, 9001));
      TABLE.stopped("addresses", family(to) + "a packet of 9002 bytes", large(host(0), to, 9002));
    }
    for (InetAddress to : far.addresses()) {
      TABLE.passesAs("addresses", family(to) + "node to pod of another node", own(0, to), tcp(host(0), to));
      TABLE.passesAs("addresses", family(to) + "pod to pod of another node and zone", near.like(to), tcp(near.netns, to));
      TABLE.passesAs("addresses", family(to) + "the same by UDP", near.like(to), udp(near.netns, to, PacketTable.PORT));
    }
    TABLE.verify();
  }

  @Test
  void whatNobodyHoldsAndWhatPrefixesHold() {
    String eni = primary(1).id();
    List<Ip> single = new ArrayList<>(model.addresses().assignIpv4(eni, AddressRequest.count(1)).addresses());
    single.addAll(model.addresses().assignIpv6(eni, AddressRequest.count(1)).addresses());
    List<Cidr> prefixes = new ArrayList<>(model.addresses().assignIpv4(eni, AddressRequest.prefixCount(1)).prefixes());
    prefixes.addAll(model.addresses().assignIpv6(eni, AddressRequest.prefixCount(1)).prefixes());
    lab.awaitFabric();
    for (Ip address : single) {
      onLo(address);
      TABLE.passes("assigned", family(address.inet()) + "an address that EC2 has assigned", tcp(near.netns, address.inet()));
    }
    for (Cidr prefix : prefixes) {
      Ip first = prefix.base();
      Ip last = prefix.six() ? prefix.base().plus(0xffff_ffffL) : prefix.base().plus(15);
      Ip beyond = prefix.six() ? prefix.base().plus(-1) : prefix.base().plus(16);
      for (Ip address : List.of(first, last, beyond)) {
        onLo(address);
      }
      TABLE.passes("assigned", family(first.inet()) + "the first address of a prefix", tcp(near.netns, first.inet()));
      TABLE.passes("assigned", family(first.inet()) + "one far inside of it", tcp(near.netns, last.inet()));
      TABLE.stopped("unassigned", family(first.inet()) + "one beside it, though the node has it", tcp(near.netns, beyond.inet()));
      TABLE.stopped("unassigned", family(first.inet()) + "the same from the node's subnet", tcp(host(1), Ip.of(own(0, first.inet())).plus(77).inet()));
    }
    model.addresses().unassignIpv4(eni, single.subList(0, 1), prefixes.subList(0, 1));
    model.addresses().unassignIpv6(eni, single.subList(1, 2), prefixes.subList(1, 2));
    lab.awaitFabric();
    for (Ip address : single) {
      TABLE.stopped("unassigned", family(address.inet()) + "an address that EC2 has taken back", tcp(near.netns, address.inet()));
    }
    for (Cidr prefix : prefixes) {
      TABLE.stopped("unassigned", family(prefix.base().inet()) + "a prefix that EC2 has taken back", tcp(near.netns, prefix.base().inet()));
    }
    TABLE.verify();
  }

  @Test
  void blockAddedWhileRunning() {
    Cidr block = Cidr.parse("100.64.0.0/16");
    model.blocks().add(lab.vpcId(), block);
    model.blocks().add(lab.vpcId(), Cidr.parse("10.1.0.0/16"));
    Subnet subnet = subnet("eu-west-1b", "100.64.0.0/18", "2001:db8:1000:40::/64", true);
    PlainPod pod = PlainPod.on(lab, lab.node(1), attach(1, subnet, lab.nodeGroup().id()), "block");
    SERVERS.add(pod.serve());
    for (InetAddress to : pod.addresses()) {
      TABLE.passesAs("blocks", family(to) + "pod to a pod of a block added while running", near.like(to), tcp(near.netns, to));
      TABLE.passesAs("blocks", family(to) + "and back", to, tcp(pod.netns, near.like(to)));
      TABLE.stopped("blocks", family(to) + "an address there that nobody holds", tcp(near.netns, Ip.of(to).plus(99).inet()));
    }
    TABLE.verify();
  }

  @Test
  void sourceCheck() {
    Subnet subnet = model.state().subnet(lab.node(2).instance().subnetId());
    NetworkInterface other = attach(2, subnet, lab.nodeGroup().id());
    model.addresses().assignIpv6(other.id(), AddressRequest.count(1));
    lab.awaitFabric();
    NetworkInterface second = model.state().networkInterface(other.id());
    for (InetAddress to : near.addresses()) {
      String family = family(to);
      InetAddress ofOther = to.getAddress().length == 4 ? second.primary().orElseThrow().inet() : second.ipv6Addresses().iterator().next().inet();
      InetAddress nobodys = Ip.of(own(2, to)).plus(123).inet();
      TABLE.passesAs("source check", family + "own address", own(2, to), oneWay(own(2, to), to));
      TABLE.stopped("source check", family + "address of another node", oneWay(own(1, to), to));
      TABLE.stopped("source check", family + "address of another node's pod", oneWay(far.like(to), to));
      TABLE.stopped("source check", family + "address of the node's other interface", oneWay(ofOther, to));
      TABLE.stopped("source check", family + "address that nobody holds", oneWay(nobodys, to));
      model.interfaces().setSourceDestCheck(primary(2).id(), false);
      lab.awaitFabric();
      TABLE.passesAs("source check", family + "address of the other interface, unchecked", ofOther, oneWay(ofOther, to));
      TABLE.passesAs("source check", family + "address that nobody holds, unchecked", nobodys, oneWay(nobodys, to));
      model.interfaces().setSourceDestCheck(primary(2).id(), true);
      lab.awaitFabric();
      TABLE.stopped("source check", family + "address that nobody holds, checked again", oneWay(nobodys, to));
    }
    mac("02:00:00:00:00:ee");
    for (InetAddress to : near.addresses()) {
      TABLE.stopped("MAC", family(to) + "own address from a MAC of its own making", oneWay(own(2, to), to));
    }
    mac(primary(2).mac());
    for (InetAddress to : near.addresses()) {
      TABLE.passesAs("MAC", family(to) + "own address from the interface's MAC", own(2, to), oneWay(own(2, to), to));
    }
    TABLE.verify();
  }

  @Test
  void groups() {
    SecurityGroup group = model.groups().create(lab.vpcId(), "tried", "Tried", Map.of());
    SecurityGroup stranger = model.groups().create(lab.vpcId(), "stranger", "Of no rule", Map.of());
    Subnet subnet = model.state().subnet(lab.node(0).instance().subnetId());
    PlainPod pod = PlainPod.on(lab, lab.node(0), attach(0, subnet, group.id()), "grouped");
    PlainPod odd = PlainPod.on(lab, lab.node(2), attach(2, model.state().subnet(lab.node(2).instance().subnetId()), stranger.id()), "odd");
    SERVERS.add(pod.serve());
    SERVERS.add(PlainPod.serve(pod.netns, PacketTable.PORT + 1));
    both(pod, (family, to) -> {
      TABLE.stopped("groups", family + "without a rule in, TCP", tcp(far.netns, to));
      TABLE.stopped("groups", family + "without a rule in, ping", ping(far.netns, to));
      TABLE.stopped("groups", family + "out, where the far group does not admit it", tcp(pod.netns, far.like(to)));
    });
    admit(lab.nodeGroup().id(), Rule.all(new Members(group.id())));
    both(pod, (family, to) -> TABLE.passesAs("groups", family + "out, admitted by group, answers come back", to, tcp(pod.netns, far.like(to))));

    List<Rule> byGroup = admit(group.id(), Rule.all(new Members(lab.nodeGroup().id())));
    both(pod, (family, to) -> {
      TABLE.passesAs("groups", family + "in, by group", far.like(to), tcp(far.netns, to));
      TABLE.passes("groups", family + "in, by group, ping", ping(far.netns, to));
      TABLE.stopped("groups", family + "in, from another group", tcp(odd.netns, to));
    });
    model.groups().revokeIngress(group.id(), byGroup);

    List<Rule> byPort = admit(group.id(), Rule.tcp(PacketTable.PORT, PacketTable.PORT, one(far.four)), Rule.tcp(PacketTable.PORT, PacketTable.PORT, one(far.six)));
    both(pod, (family, to) -> {
      TABLE.passesAs("groups", family + "TCP port of the rule, from its CIDR", far.like(to), tcp(far.netns, to));
      TABLE.stopped("groups", family + "TCP port beside it", tcp(far.netns, to, PacketTable.PORT + 1));
      TABLE.stopped("groups", family + "UDP of that number", udp(far.netns, to, PacketTable.PORT));
      TABLE.stopped("groups", family + "ping", ping(far.netns, to));
      TABLE.stopped("groups", family + "from beside the CIDR", tcp(host(1), to));
    });
    model.groups().revokeIngress(group.id(), byPort);

    List<Rule> byUdp =
        admit(group.id(), Rule.udp(8000, 8080, one(far.four)), Rule.udp(8000, 8080, one(far.six)),
            new Rule(1, 8, -1, one(far.four), ""), new Rule(58, 128, -1, one(far.six), ""));
    both(pod, (family, to) -> {
      TABLE.passesAs("groups", family + "UDP port in the rule's range", far.like(to), udp(far.netns, to, PacketTable.PORT));
      TABLE.stopped("groups", family + "UDP port beside it", udp(far.netns, to, PacketTable.PORT + 1));
      TABLE.stopped("groups", family + "TCP of that number", tcp(far.netns, to));
      TABLE.passes("groups", family + "ping by its ICMP type", ping(far.netns, to));
    });
    model.groups().revokeEgress(group.id(), model.state().group(group.id()).egress());
    lab.awaitFabric();
    both(pod, (family, to) -> {
      TABLE.stopped("groups", family + "out, without a rule out", tcp(pod.netns, far.like(to)));
      TABLE.passesAs("groups", family + "in, answers need no rule out", far.like(to), udp(far.netns, to, PacketTable.PORT));
    });
    model.groups().revokeIngress(group.id(), byUdp);
    TABLE.verify();
  }

  @Test
  void gateways() {
    Subnet hidden = subnet("eu-west-1a", "10.0.200.0/24", "2001:db8:1000:c8::/64", false);
    Instance instance =
        model.instances().launch(
            "m5.large", InterfaceRequest.in(hidden.id()).groups(List.of(lab.nodeGroup().id())).ipv6Count(1).build(), Optional.empty(), Map.of());
    lab.awaitFabric();
    NetworkInterface eni = model.state().primaryOf(instance.id()).orElseThrow();
    InetAddress six = eni.ipv6Addresses().iterator().next().inet();
    NetworkNamespace inside = lab.fabric().instance(instance.id());
    NetworkNamespace internet = lab.fabric().internet();
    InetAddress nat = model.state().natGateways().findFirst().orElseThrow().publicAddress().inet();
    SERVERS.add(PlainPod.serve(internet, 80));
    SERVERS.add(PlainPod.serve(inside, PacketTable.PORT));
    TABLE.passesAs("gateways", "IPv4: node to the internet", lab.node(0).publicAddress(), tcp(host(0), Fabric.INTERNET_HOST, 80));
    TABLE.passesAs("gateways", "IPv6: node to the internet", own(0, six), tcp(host(0), Fabric.INTERNET_HOST_6, 80));
    TABLE.stopped("gateways", "IPv4: pod to the internet without translation on the node", tcp(near.netns, Fabric.INTERNET_HOST, 80));
    TABLE.passesAs("gateways", "IPv6: pod to the internet", near.six, tcp(near.netns, Fabric.INTERNET_HOST_6, 80));
    TABLE.passesAs("gateways", "IPv4: private subnet to the internet, by the NAT gateway", nat, tcp(inside, Fabric.INTERNET_HOST, 80));
    TABLE.passesAs("gateways", "IPv6: private subnet to the internet, by the egress-only gateway", six, tcp(inside, Fabric.INTERNET_HOST_6, 80));

    InetAddress ofNode = lab.node(0).publicAddress();
    TABLE.stopped("gateways", "IPv4: internet to a node, without a rule", tcp(internet, ofNode));
    TABLE.stopped("gateways", "IPv6: internet to a node, without a rule", tcp(internet, own(0, six)));
    admit(
        lab.nodeGroup().id(),
        Rule.tcp(PacketTable.PORT, PacketTable.PORT, new Block(Cidr.of(Ip.of(Fabric.INTERNET_HOST)))),
        Rule.tcp(PacketTable.PORT, PacketTable.PORT, new Block(Cidr.of(Ip.of(Fabric.INTERNET_HOST_6)))));
    TABLE.passesAs("gateways", "IPv4: internet to a node's public address", Fabric.INTERNET_HOST, tcp(internet, ofNode));
    TABLE.passesAs("gateways", "IPv6: internet to a node", Fabric.INTERNET_HOST_6, tcp(internet, own(0, six)));
    TABLE.stopped("gateways", "IPv4: internet to a node's private address", tcp(internet, own(0, near.four)));
    TABLE.stopped("gateways", "IPv4: internet to the NAT gateway", tcp(internet, nat));
    TABLE.stopped("gateways", "IPv4: internet to a private subnet", tcp(internet, eni.primary().orElseThrow().inet()));
    TABLE.stopped("gateways", "IPv6: internet to a subnet behind the egress-only gateway", tcp(internet, six));
    TABLE.verify();
  }

  @Test
  void anotherVpc() {
    Vpc vpc = model.network().createVpc(Cidr.parse("10.9.0.0/16"), Optional.of(Cidr.parse("2001:db8:9000::/56")), Map.of());
    Subnet subnet =
        model.network().createSubnet(
            vpc.id(), "eu-west-1a", Cidr.parse("10.9.0.0/24"), Optional.of(Cidr.parse("2001:db8:9000::/64")), true, Map.of());
    // Ways out and everybody admitted, so that it is neither of these that keeps them apart.
    InternetGateway way = model.gateways().create(Map.of());
    model.gateways().attach(way.id(), vpc.id());
    String main = Routing.of(model.state()).main(vpc.id()).id();
    model.routes().create(main, Cidr.parse("0.0.0.0/0"), new RouteTarget.Internet(way.id()));
    model.routes().create(main, Cidr.parse("::/0"), new RouteTarget.Internet(way.id()));
    model.groups().authorizeIngress(
        vpc.defaultGroupId(), List.of(Rule.all(new Block(Cidr.parse("0.0.0.0/0"))), Rule.all(new Block(Cidr.parse("::/0")))));
    Instance one = model.instances().launch("m5.large", InterfaceRequest.in(subnet.id()).ipv6Count(1).build(), Optional.empty(), Map.of());
    Instance two = model.instances().launch("m5.large", InterfaceRequest.in(subnet.id()).ipv6Count(1).build(), Optional.empty(), Map.of());
    try (VpcFabric other = VpcFabric.follow(model, vpc.id(), NAME + "v");
        Echo served = PlainPod.serve(other.fabric().instance(two.id()), PacketTable.PORT)) {
      NetworkInterface eni = model.state().primaryOf(two.id()).orElseThrow();
      for (InetAddress to : List.of(eni.primary().orElseThrow().inet(), eni.ipv6Addresses().iterator().next().inet())) {
        TABLE.passes("another VPC", family(to) + "inside of it", tcp(other.fabric().instance(one.id()), to, served.address().getPort()));
        TABLE.stopped("another VPC", family(to) + "from a node of the first", tcp(host(0), to));
        TABLE.stopped("another VPC", family(to) + "from a pod of the first", tcp(near.netns, to));
        TABLE.stopped("another VPC", family(to) + "from it to a node of the first", tcp(other.fabric().instance(one.id()), own(0, to)));
      }
    }
    TABLE.verify();
  }

  private interface Cells {
    void of(String family, InetAddress to);
  }

  private static void both(PlainPod pod, Cells cells) {
    pod.addresses().forEach(to -> cells.of(family(to), to));
  }

  private static List<Rule> admit(String group, Rule... rules) {
    model.groups().authorizeIngress(group, List.of(rules));
    lab.awaitFabric();
    return List.of(rules);
  }

  private static Block one(InetAddress address) {
    return new Block(Cidr.of(Ip.of(address)));
  }

  private static PacketTable.Attempt oneWay(InetAddress source, InetAddress to) {
    return OneWay.datagrams(host(2), source, near.netns, to);
  }

  private static void mac(String address) {
    host(2).run("ip", "link", "set", "eth0", "address", address).orThrow("set a MAC address");
  }

  private static void onLo(Ip address) {
    host(1).run("ip", "address", "add", address + (address.six() ? "/128" : "/32"), "dev", "lo", "nodad").orThrow("add " + address);
  }

  private static Subnet subnet(String zone, String block, String block6, boolean open) {
    return model.network().createSubnet(lab.vpcId(), zone, Cidr.parse(block), Optional.of(Cidr.parse(block6)), open, Map.of());
  }

  /** Attaches a new interface at the next free index. */
  private static NetworkInterface attach(int node, Subnet subnet, String group) {
    NetworkInterface eni = model.interfaces().create(InterfaceRequest.in(subnet.id()).groups(List.of(group)).build());
    model.attachments().attach(eni.id(), lab.node(node).instanceId(), lab.node(node).interfaces().size(), 0);
    lab.awaitFabric();
    return model.state().networkInterface(eni.id());
  }

  private static NetworkInterface primary(int node) {
    return model.state().primaryOf(lab.node(node).instanceId()).orElseThrow();
  }

  private static NetworkNamespace host(int node) {
    return lab.node(node).netns();
  }

  private static InetAddress own(int node, InetAddress like) {
    return lab.node(node).ownAddresses().get(like.getAddress().length == 4 ? 0 : 1);
  }

  private static String family(InetAddress address) {
    return address.getAddress().length == 4 ? "IPv4: " : "IPv6: ";
  }
}
