package dev.patchbay.lab;

import static dev.patchbay.lab.PacketTable.ping;
import static dev.patchbay.lab.PacketTable.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.lab.ec2.IssuedCredentials;
import dev.patchbay.lab.fabric.Echo;
import dev.patchbay.lab.fabric.Fabric;
import dev.patchbay.lab.fabric.NetworkNamespace;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.Route;
import software.amazon.awssdk.services.ec2.model.RouteTable;
import software.amazon.awssdk.services.ec2.model.RouteTableAssociation;

/** The lab's VPC as a client of EC2 finds it and changes it by the SDK, and what packets make of that. */
class RoutesByEc2Test {
  private static final String NAME = "u" + ProcessHandle.current().pid();
  private static final String ANY = "0.0.0.0/0";
  private static final PacketTable TABLE = new PacketTable();
  private static final List<Echo> SERVERS = new ArrayList<>();
  private static Lab lab;
  private static Ec2Client ec2;

  @BeforeAll
  static void build() {
    lab = Lab.start(TestSettings.empty(NAME).withNodes(2).withIpv6());
    SERVERS.add(PlainPod.serve(lab.fabric().internet(), 80));
    lab.ec2().callers().allow("administrator", Set.of("ec2:*"));
    IssuedCredentials keys = lab.ec2().callers().issue("administrator", Duration.ofHours(1));
    ec2 =
        Ec2Client.builder()
            .endpointOverride(lab.ec2Uri())
            .region(Region.EU_WEST_1)
            .httpClient(UrlConnectionHttpClient.builder().socketTimeout(Duration.ofSeconds(60)).build())
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsSessionCredentials.create(keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken())))
            .build();
  }

  @AfterAll
  static void remove() {
    System.out.println(TABLE);
    SERVERS.forEach(Echo::close);
    ec2.close();
    lab.close();
  }

  @Test
  void theLabsOwnVpcIsMadeOfThem() {
    assertThat(ec2.describeInternetGateways().internetGateways())
        .singleElement()
        .satisfies(gateway -> assertThat(gateway.attachments().getFirst().vpcId()).isEqualTo(lab.vpcId()));
    assertThat(main().routes()).extracting(Route::originAsString).contains("CreateRouteTable", "CreateRoute");
    assertThat(main().routes()).anyMatch(route -> ANY.equals(route.destinationCidrBlock()) && route.natGatewayId() != null);
    assertThat(main().routes()).anyMatch(route -> route.egressOnlyInternetGatewayId() != null);
    assertThat(open().associations()).extracting(RouteTableAssociation::subnetId)
        .containsExactlyInAnyOrderElementsOf(lab.nodes().stream().map(node -> node.instance().subnetId()).toList());
    assertThat(open().routes()).filteredOn(route -> !"local".equals(route.gatewayId()))
        .hasSize(2)
        .allMatch(route -> route.gatewayId().startsWith("igw-"));
    assertThat(ec2.describeNatGateways().natGateways()).singleElement()
        .satisfies(nat -> assertThat(nat.natGatewayAddresses().getFirst().publicIp()).isEqualTo("192.0.2.1"));
    TABLE.passesAs("at first", "node to the internet", lab.node(0).publicAddress(), internet(0));
    TABLE.verify();
  }

  @Test
  void aRouteIsDeletedAndMadeAgain() {
    String table = open().routeTableId();
    Route out = route(open(), ANY);
    ec2.deleteRoute(r -> r.routeTableId(table).destinationCidrBlock(ANY));
    lab.awaitFabric();
    TABLE.stopped("route deleted", "node to the internet", internet(1));
    TABLE.passes("route deleted", "node to node", ping(netns(1), lab.node(0).ownAddresses().getFirst()));
    ec2.createRoute(r -> r.routeTableId(table).destinationCidrBlock(ANY).gatewayId(out.gatewayId()));
    lab.awaitFabric();
    TABLE.passesAs("route made", "node to the internet", lab.node(1).publicAddress(), internet(1));
    TABLE.verify();
  }

  @Test
  void aSubnetGetsAnotherTable() {
    String subnet = lab.node(1).instance().subnetId();
    RouteTableAssociation before =
        open().associations().stream().filter(each -> subnet.equals(each.subnetId())).findFirst().orElseThrow();
    String moved =
        ec2.replaceRouteTableAssociation(
                r -> r.associationId(before.routeTableAssociationId()).routeTableId(main().routeTableId()))
            .newAssociationId();
    lab.awaitFabric();
    InetAddress nat = InetAddress.ofLiteral(ec2.describeAddresses().addresses().getFirst().publicIp());
    TABLE.passesAs("main table", "node to the internet, by the NAT gateway", nat, internet(1));
    TABLE.passesAs("main table", "the other subnet's, as ever", lab.node(0).publicAddress(), internet(0));
    InetAddress middle = lab.node(0).publicAddress();
    NetworkInterface eni = primary(0);
    String through = ec2.createRouteTable(r -> r.vpcId(lab.vpcId())).routeTable().routeTableId();
    ec2.createRoute(r -> r.routeTableId(through).destinationCidrBlock("203.0.113.0/24").networkInterfaceId(eni.networkInterfaceId()));
    String again = ec2.replaceRouteTableAssociation(r -> r.associationId(moved).routeTableId(through)).newAssociationId();
    translating(netns(0));
    lab.awaitFabric();
    TABLE.stopped("by an instance", "checked", internet(1));
    check(eni, false);
    TABLE.passesAs("by an instance", "unchecked", middle, internet(1));
    check(eni, true);
    TABLE.stopped("by an instance", "checked again", internet(1));
    ec2.disassociateRouteTable(r -> r.associationId(again));
    lab.awaitFabric();
    TABLE.passesAs("main table", "again, without an association", nat, internet(1));
    ec2.associateRouteTable(r -> r.routeTableId(open().routeTableId()).subnetId(subnet));
    ec2.deleteRouteTable(r -> r.routeTableId(through));
    lab.awaitFabric();
    TABLE.passesAs("own table", "node to the internet, by its public address", lab.node(1).publicAddress(), internet(1));
    TABLE.verify();
  }

  @Test
  void aBlockIsAddedAndASubnetMadeInIt() {
    String association = ec2.associateVpcCidrBlock(r -> r.vpcId(lab.vpcId()).cidrBlock("100.64.0.0/16")).cidrBlockAssociation().associationId();
    String subnet =
        ec2.createSubnet(r -> r.vpcId(lab.vpcId()).cidrBlock("100.64.0.0/20").availabilityZone(lab.node(1).instance().zone()))
            .subnet()
            .subnetId();
    ec2.associateSubnetCidrBlock(r -> r.subnetId(subnet).ipv6CidrBlock("2001:db8:1000:64::/64"));
    String eni =
        ec2.createNetworkInterface(r -> r.subnetId(subnet).groups(lab.nodeGroup().id())).networkInterface().networkInterfaceId();
    String attachment =
        ec2.attachNetworkInterface(r -> r.networkInterfaceId(eni).instanceId(lab.node(1).instanceId()).deviceIndex(1)).attachmentId();
    lab.awaitFabric();
    PlainPod pod = PlainPod.on(lab, lab.node(1), lab.model().state().networkInterface(eni), "late");
    SERVERS.add(pod.serve());
    SERVERS.add(PlainPod.serve(netns(0), PacketTable.PORT));
    for (InetAddress to : pod.addresses()) {
      InetAddress node = lab.node(0).ownAddresses().get(to.getAddress().length == 4 ? 0 : 1);
      TABLE.passesAs("block added", "old to new", node, tcp(netns(0), to));
      TABLE.passesAs("block added", "new to old", to, tcp(pod.netns, node));
    }
    assertThat(main().routes()).anyMatch(route -> "100.64.0.0/16".equals(route.destinationCidrBlock()) && "local".equals(route.gatewayId()));
    ec2.detachNetworkInterface(r -> r.attachmentId(attachment).force(true));
    lab.awaitFabric();
    for (InetAddress to : pod.addresses()) {
      TABLE.stopped("block added", "to an interface that is detached", tcp(netns(0), to));
    }
    ec2.deleteNetworkInterface(r -> r.networkInterfaceId(eni));
    ec2.deleteSubnet(r -> r.subnetId(subnet));
    ec2.disassociateVpcCidrBlock(r -> r.associationId(association));
    assertThat(main().routes()).noneMatch(route -> "100.64.0.0/16".equals(route.destinationCidrBlock()));
    TABLE.verify();
  }

  private static RouteTable main() {
    return table("association.main", "true");
  }

  private static RouteTable open() {
    return table("tag:Name", "public");
  }

  private static RouteTable table(String filter, String value) {
    Filter vpc = Filter.builder().name("vpc-id").values(lab.vpcId()).build();
    Filter wanted = Filter.builder().name(filter).values(value).build();
    List<RouteTable> found = ec2.describeRouteTables(r -> r.filters(vpc, wanted)).routeTables();
    assertThat(found).as(filter).hasSize(1);
    return found.getFirst();
  }

  private static Route route(RouteTable table, String destination) {
    return table.routes().stream().filter(each -> destination.equals(each.destinationCidrBlock())).findFirst().orElseThrow();
  }

  private static NetworkInterface primary(int node) {
    Filter instance = Filter.builder().name("attachment.instance-id").values(lab.node(node).instanceId()).build();
    Filter first = Filter.builder().name("attachment.device-index").values("0").build();
    return ec2.describeNetworkInterfaces(r -> r.filters(instance, first)).networkInterfaces().getFirst();
  }

  private static void check(NetworkInterface eni, boolean wanted) {
    ec2.modifyNetworkInterfaceAttribute(
        r -> r.networkInterfaceId(eni.networkInterfaceId()).sourceDestCheck(value -> value.value(wanted)));
    lab.awaitFabric();
  }

  private static void translating(NetworkNamespace node) {
    node.run("sysctl", "-qw", "net.ipv4.ip_forward=1").orThrow("forward");
    String rules =
        """
        table ip translation {
          chain out { type nat hook postrouting priority srcnat; oif eth0 ip daddr 203.0.113.0/24 masquerade; }
        }
        """;
    node.runWith(rules, "nft", "-f", "-").orThrow("translate");
  }

  private static PacketTable.Attempt internet(int node) {
    return tcp(netns(node), Fabric.INTERNET_HOST, 80);
  }

  private static NetworkNamespace netns(int node) {
    return lab.node(node).netns();
  }
}
