package dev.patchbay.lab;

import com.sun.net.httpserver.HttpServer;
import dev.patchbay.lab.calls.Faults;
import dev.patchbay.lab.calls.Recorder;
import dev.patchbay.lab.ec2.Ec2Server;
import dev.patchbay.lab.ec2.ImdsHandler;
import dev.patchbay.lab.ec2.Policy;
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.Ec2Error;
import dev.patchbay.lab.vpc.EgressOnlyGateway;
import dev.patchbay.lab.vpc.Instance;
import dev.patchbay.lab.vpc.InterfaceRequest;
import dev.patchbay.lab.vpc.InternetGateway;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.NatGateway;
import dev.patchbay.lab.vpc.RouteTable;
import dev.patchbay.lab.vpc.RouteTarget;
import dev.patchbay.lab.vpc.Routing;
import dev.patchbay.lab.vpc.SecurityGroup;
import dev.patchbay.lab.vpc.Subnet;
import dev.patchbay.lab.vpc.Vpc;
import dev.patchbay.lab.vpc.VpcModel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * AWS's side of the lab: the model of one VPC with two zones and its ways out, EC2's endpoint, and the metadata service of each
 * instance.
 */
final class Cloud implements AutoCloseable {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final String ROLE = "patchbay-node";
  private static final Cidr ANY = Cidr.parse("0.0.0.0/0");
  private static final Cidr ANY_6 = Cidr.parse("::/0");
  private static final Ip NAT = Ip.parse("10.0.63.254");

  /** The caller who may do everything. */
  static final String ADMINISTRATOR = "administrator";

  private final InstantSource clock = InstantSource.system();
  private final String cluster;
  private final boolean ipv6;
  private final Policy nodePolicy;
  private final VpcModel model;
  private final Vpc vpc;
  private final SecurityGroup nodes;
  private final List<Subnet> subnets;
  private final Ec2Server ec2;
  private final URI ec2Uri;
  private final Map<String, Imds> metadata = new ConcurrentHashMap<>();
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();

  private record Imds(ImdsHandler handler, HttpServer server) {}

  /**
   * Makes it.
   *
   * @param ipv6 whether everything has both families
   * @param nodePolicy the policy of the nodes' role
   */
  Cloud(String cluster, boolean ipv6, Policy nodePolicy, Faults faults, Recorder recorder) {
    this.cluster = cluster;
    this.ipv6 = ipv6;
    this.nodePolicy = nodePolicy;
    model = new VpcModel(VpcModel.Settings.lab(1), clock);
    String region = model.settings().region();
    vpc = model.network().createVpc(Cidr.parse("10.0.0.0/16"), six("2001:db8:1000::/56"), named("lab"));
    nodes = model.groups().create(vpc.id(), "nodes", "Nodes and their pods", named("nodes"));
    model.groups().authorizeIngress(nodes.id(), List.of(SecurityGroup.Rule.all(new SecurityGroup.Members(nodes.id()))));
    subnets = List.of(subnet(region + "a", "10.0.0.0/18", "2001:db8:1000::/64"), subnet(region + "b", "10.0.64.0/18", "2001:db8:1000:1::/64"));
    ways();
    ec2 = new Ec2Server(model, clock, faults, recorder);
    ec2.callers().allow(ADMINISTRATOR, Set.of("*"));
    ec2Uri = ec2.listen(new InetSocketAddress(LOOPBACK, 0));
  }

  /** The nodes' subnets lead to the internet gateway; those that come later, by the main table, to a NAT gateway. */
  private void ways() {
    InternetGateway internet = model.gateways().create(named("internet"));
    model.gateways().attach(internet.id(), vpc.id());
    RouteTable open = model.routeTables().create(vpc.id(), named("public"), "");
    model.routes().create(open.id(), ANY, new RouteTarget.Internet(internet.id()));
    subnets.forEach(subnet -> model.routeTables().associate(open.id(), subnet.id()));
    // High up in the first subnet, where it is in nobody's way.
    NatGateway nat =
        model.nats().create(
            subnets.getFirst().id(), model.nats().allocate(named("nat")).allocationId(), Optional.of(NAT), named("nat"), "");
    String main = Routing.of(model.state()).main(vpc.id()).id();
    model.routes().create(main, ANY, new RouteTarget.Nat(nat.id()));
    if (ipv6) {
      model.routes().create(open.id(), ANY_6, new RouteTarget.Internet(internet.id()));
      EgressOnlyGateway egress = model.gateways().createEgressOnly(vpc.id(), named("egress-only"), "");
      model.routes().create(main, ANY_6, new RouteTarget.EgressOnly(egress.id()));
    }
  }

  private Subnet subnet(String zone, String block, String block6) {
    return model.network().createSubnet(vpc.id(), zone, Cidr.parse(block), six(block6), true, named(zone));
  }

  private Optional<Cidr> six(String block) {
    return ipv6 ? Optional.of(Cidr.parse(block)) : Optional.empty();
  }

  private Map<String, String> named(String name) {
    return Map.of("Name", name, "kubernetes.io/cluster/" + cluster, "shared");
  }

  String cluster() {
    return cluster;
  }

  /** The subnets of the nodes, one in each zone. */
  List<Subnet> subnets() {
    return subnets;
  }

  VpcModel model() {
    return model;
  }

  Vpc vpc() {
    return vpc;
  }

  SecurityGroup nodes() {
    return nodes;
  }

  Ec2Server ec2() {
    return ec2;
  }

  /** EC2's endpoint on the machine. */
  URI ec2Uri() {
    return ec2Uri;
  }

  /**
   * Launches an instance in one zone after the other, with its metadata service.
   *
   * @param number 0 to {@link LabSettings#MOST_NODES} - 1
   */
  Instance launch(String name, String type, int number) {
    Subnet subnet = subnets.get(number % subnets.size());
    Ip publicAddress = Ip.parse("198.51.100.10").plus(number);
    Instance instance;
    try {
      instance =
          model.instances().launch(
              type,
              InterfaceRequest.in(subnet.id()).groups(List.of(nodes.id())).ipv6Count(ipv6 ? 1 : 0).tags(named(name)).build(),
              Optional.of(publicAddress),
              named(name));
    } catch (Ec2Error refused) {
      throw new LabException("cannot launch " + name + ": " + refused.getMessage(), refused);
    }
    ec2.callers().allow(instance.id(), nodePolicy);
    ImdsHandler handler = new ImdsHandler(model, instance.id(), ec2, instance.id(), ROLE, clock);
    try {
      HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
      server.createContext("/", handler);
      server.setExecutor(workers);
      server.start();
      metadata.put(instance.id(), new Imds(handler, server));
    } catch (IOException failure) {
      throw new LabException("cannot listen on 127.0.0.1 for the metadata service: " + failure.getMessage(), failure);
    }
    return instance;
  }

  /** The metadata service of an instance. */
  ImdsHandler imds(String instanceId) {
    return of(instanceId).map(Imds::handler).orElseThrow(() -> new LabException("there is no instance " + instanceId));
  }

  /** Where the metadata service of an instance listens on the machine. */
  Optional<InetSocketAddress> imdsAddress(String instanceId) {
    return of(instanceId).map(imds -> imds.server().getAddress());
  }

  private Optional<Imds> of(String instanceId) {
    return Optional.ofNullable(metadata.get(instanceId));
  }

  @Override
  public void close() {
    ec2.close();
    metadata.values().forEach(imds -> imds.server().stop(0));
    workers.shutdownNow();
  }
}
