package dev.patchbay.it.adapters;

import com.sun.net.httpserver.HttpServer;
import dev.patchbay.aws.AwsCloudClients;
import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.CloudClient;
import dev.patchbay.core.cloud.CloudSettings;
import dev.patchbay.core.cloud.InstanceMetadata;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.lab.ec2.Ec2Server;
import dev.patchbay.lab.ec2.ImdsHandler;
import dev.patchbay.lab.ec2.RateLimits;
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.Instance;
import dev.patchbay.lab.vpc.InstanceType;
import dev.patchbay.lab.vpc.InterfaceRequest;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.VpcModel;
import dev.patchbay.simulation.model.Chance;
import dev.patchbay.simulation.model.Ec2Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;

/**
 * The same VPC twice: as the simulation's model of EC2 and IMDS, and as the lab's, behind its endpoints and the real adapter. Both have one
 * time, which stands still until it is told to go on, and both give out the lowest free address. Of one thread.
 */
final class Twins implements AutoCloseable {
  static final String INSTANCE = "i-1";
  static final String VPC = "vpc-1";
  static final String ZONE = "test-1a";
  /** The tag of the primary interface, and of every interface that a sequence makes. */
  static final String TAG = "sequence";
  private static final Duration LIMIT = Duration.ofSeconds(60);
  /** Long enough for nobody to see what was before the beginning, however far behind. */
  private static final long BEGIN = 300_000;
  private static final List<String> CHANGES = List.of("AssignIpv6Addresses", "AssignPrivateIpAddresses", "AttachNetworkInterface",
      "CreateNetworkInterface", "CreateTags", "DeleteNetworkInterface", "DescribeInstanceTypes", "DescribeNetworkInterfaces",
      "DescribeSecurityGroups", "DescribeSubnets", "DetachNetworkInterface", "ModifyNetworkInterfaceAttribute",
      "UnassignIpv6Addresses", "UnassignPrivateIpAddresses");

  /**
   * What is the same on both sides.
   *
   * @param type the type of the instance
   * @param subnetLength the length of the subnets' IPv4 networks
   * @param burst how many calls of one action are taken at once
   * @param detachMillis how long a detachment takes
   */
  record Setup(String type, int subnetLength, int burst, long detachMillis) {}

  /** What both sides answered, in the model's names. */
  record Pair(String model, String lab) {}

  private final Ec2Model model;
  private final Names names = new Names();
  private final Chance least = Chance.least();
  private final Breach breach;
  private final long detachMillis;
  private final Instant epoch = Instant.now().minusMillis(BEGIN);
  private volatile long now;
  private final VpcModel lab;
  private final Ec2Server ec2;
  private final ImdsHandler imds;
  private final HttpServer imdsServer;
  private final CloudClient client;
  private final List<String> subnetIds;
  private final List<String> taken = new ArrayList<>();

  Twins(Setup setup, Breach breach) {
    this.breach = breach;
    this.detachMillis = setup.detachMillis();
    lab = new VpcModel(VpcModel.Settings.lab(7), () -> epoch.plusMillis(now));
    lab.behave(new VpcModel.Behaviour(Duration.ZERO, Duration.ofMillis(detachMillis), lab.behaviour().placement(),
        lab.behaviour().quotas()));
    var vpc = lab.network().createVpc(Cidr.parse("10.0.0.0/16"), Optional.of(Cidr.parse("2001:db8::/56")), Map.of());
    subnetIds = List.of(subnet(vpc.id(), "10.0.0.0/" + setup.subnetLength(), "2001:db8:0:1::/64", Map.of()),
        subnet(vpc.id(), "10.0.64.0/" + setup.subnetLength(), "2001:db8:0:2::/64", Map.of("pods", "true")),
        subnet(vpc.id(), "10.0.128.0/" + setup.subnetLength(), "2001:db8:0:3::/64", Map.of("pods", "others")));
    String nodes = lab.groups().create(vpc.id(), "nodes", "of nodes", Map.of()).id();
    String others = lab.groups().create(vpc.id(), "others", "of others", Map.of("pods", "true")).id();
    Instance node = lab.instances().launch(setup.type(), InterfaceRequest.in(subnetIds.getFirst()).groups(List.of(nodes)).build(),
        Optional.empty(), Map.of());
    NetworkInterface primary = lab.state().primaryOf(node.id()).orElseThrow();
    names.pair(VPC, vpc.id());
    names.pair(ZONE, "eu-west-1a");
    names.pair("test-1", "eu-west-1");
    names.pair(Ec2Model.NODES, subnetIds.get(0));
    names.pair(Ec2Model.PODS, subnetIds.get(1));
    names.pair(Ec2Model.OTHER, subnetIds.get(2));
    names.pair("sg-node", nodes);
    names.pair("sg-other", others);
    names.pair("sg-default", lab.state().vpc(vpc.id()).defaultGroupId());
    names.pair(INSTANCE, node.id());
    InstanceTypeRecord type = type(node.type());
    model = new Ec2Model(breach.type(type), setup.subnetLength(), breach.burst(setup.burst()));
    model.launch(INSTANCE, least);
    names.pair(model.attached(INSTANCE, 0).getFirst(), primary.id(), primary.mac(), primary.attachment().orElseThrow().id());
    model.call(new CloudCall.Tag("eni-0", Map.of(TAG, "yes")), 0, 0, () -> 0, least);
    lab.tags().create(List.of(primary.id()), Map.of(TAG, "yes"));
    now = BEGIN;

    ec2 = new Ec2Server(lab, () -> epoch.plusMillis(now));
    URI endpoint = ec2.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    ec2.callers().allow("node", Set.of("ec2:*"));
    RateLimits limits = RateLimits.NONE;
    for (String action : CHANGES) {
      limits = limits.with(action, new RateLimits.Bucket(setup.burst(), setup.burst() / 10.0));
    }
    ec2.behave(new Ec2Server.Behaviour(limits, Duration.ZERO, Duration.ZERO, Map.of()));
    imds = new ImdsHandler(lab, node.id(), ec2, "node", "NodeRole", () -> epoch.plusMillis(now));
    try {
      imdsServer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on the loopback interface", e);
    }
    imdsServer.createContext("/", imds);
    imdsServer.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    imdsServer.start();
    client = new AwsCloudClients().open(new CloudSettings(Optional.of(endpoint), Optional.empty(),
        Optional.of(URI.create("http://127.0.0.1:" + imdsServer.getAddress().getPort())), LIMIT));
  }

  private String subnet(String vpcId, String four, String six, Map<String, String> tags) {
    return lab.network().createSubnet(vpcId, "eu-west-1a", Cidr.parse(four), Optional.of(Cidr.parse(six)), false, tags).id();
  }

  private static InstanceTypeRecord type(InstanceType type) {
    return new InstanceTypeRecord(type.name(), type.interfacesPerCard(), type.ipv4PerInterface(), type.ipv6PerInterface(),
        type.prefixes(), type.branchInterfaces().isPresent(), type.branchInterfaces().orElse(0), type.vcpus());
  }

  /** Time goes on; what settles meanwhile does so at its time. */
  void pass(long millis) {
    long end = now + millis;
    while (true) {
      Optional<Long> due = lab.nextSettling().map(at -> Duration.between(epoch, at).toMillis()).filter(at -> at <= end);
      if (due.isEmpty()) {
        break;
      }
      now = due.get();
      lab.settle();
    }
    now = end;
  }

  /** Makes one call on both sides. What both made is paired, so that later calls can name it. */
  CloudAnswer call(CloudCall call, long lagMillis, List<Pair> told) {
    CloudAnswer one = breach.answer(call,
        c -> model.call(c, now, breach.detachMillis(detachMillis), () -> breach.lag(lagMillis), least));
    ec2.behave(new Ec2Server.Behaviour(ec2.behaviour().limits(), Duration.ofMillis(lagMillis), Duration.ZERO, Map.of()));
    CloudAnswer other = client.call(names.toLab(call));
    names.learn(one, other);
    told.add(new Pair(Words.of(one), Words.of(names.toModel(other))));
    return one;
  }

  /** Reads the metadata on both sides. */
  void metadata(long lagMillis, List<Pair> told) {
    imds.lag(Duration.ofMillis(lagMillis));
    InstanceMetadata one = model.metadata(INSTANCE, now, breach.lag(lagMillis));
    InstanceMetadata other = client.metadata();
    told.add(new Pair(Words.of(one), Words.of(names.toModel(other))));
  }

  /** Others fill the subnets. */
  void fill(int left) {
    model.fill(left, least);
    subnetIds.forEach(id -> lab.others().fill(id, left).ifPresent(taken::add));
  }

  /** Others take one address of each free block. */
  void fragment() {
    model.fragment();
    subnetIds.forEach(id -> lab.others().fragment(id).ifPresent(taken::add));
  }

  /** Others give back what they took. */
  void empty() {
    model.empty();
    taken.forEach(lab.others()::leave);
    taken.clear();
  }

  @Override
  public void close() {
    client.close();
    imdsServer.stop(0);
    ec2.close();
  }
}
