package dev.patchbay.it.adapters;

import com.sun.net.httpserver.HttpServer;
import dev.patchbay.aws.AwsCloudClients;
import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.CloudClient;
import dev.patchbay.core.cloud.CloudSettings;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.lab.calls.Recorder;
import dev.patchbay.lab.ec2.Ec2Server;
import dev.patchbay.lab.ec2.ImdsHandler;
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.Instance;
import dev.patchbay.lab.vpc.InterfaceRequest;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.Subnet;
import dev.patchbay.lab.vpc.Vpc;
import dev.patchbay.lab.vpc.VpcModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One node in a VPC of both families, EC2 and IMDS over it, and the adapter that is tested. */
final class AwsLab implements AutoCloseable {
  static final Duration LIMIT = Duration.ofMinutes(2);

  /** How far the lab's clock is ahead of the machine's. */
  volatile Duration ahead = Duration.ZERO;

  final InstantSource clock = () -> Instant.now().plus(ahead);
  final VpcModel model = new VpcModel(VpcModel.Settings.lab(4), clock);
  final Vpc vpc =
      model.network().createVpc(Cidr.parse("10.0.0.0/16"), Optional.of(Cidr.parse("2001:db8:0:100::/56")), Map.of());
  final Subnet subnet = subnet("10.0.0.0/20", Optional.of(Cidr.parse("2001:db8:0:101::/64")));
  final Instance node;
  final NetworkInterface primary;
  final Ec2Server ec2 = new Ec2Server(model, clock);
  final URI endpoint = ec2.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  final ImdsHandler imds;
  final URI metadata;
  final CloudClient client;
  private final HttpServer imdsServer;

  AwsLab(String type) {
    node = model.instances().launch(type, InterfaceRequest.in(subnet.id()).build(), Optional.empty(), Map.of());
    primary = model.state().primaryOf(node.id()).orElseThrow();
    ec2.callers().allow("node", Set.of("ec2:*"));
    imds = new ImdsHandler(model, node.id(), ec2, "node", "NodeRole", clock);
    try {
      imdsServer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on the loopback interface", e);
    }
    imdsServer.createContext("/", imds);
    imdsServer.start();
    metadata = URI.create("http://127.0.0.1:" + imdsServer.getAddress().getPort());
    client = open(endpoint, LIMIT);
  }

  Subnet subnet(String cidr, Optional<Cidr> six) {
    return model.network().createSubnet(vpc.id(), "eu-west-1a", Cidr.parse(cidr), six, false, Map.of("Name", cidr));
  }

  /** Another client; the caller closes it. */
  CloudClient open(URI ec2Endpoint, Duration limit) {
    return new AwsCloudClients().open(
        new CloudSettings(Optional.of(ec2Endpoint), Optional.empty(), Optional.of(metadata), limit));
  }

  /** A call that must be answered with this kind of answer. */
  <A extends CloudAnswer> A call(CloudCall call, Class<A> answer) {
    CloudAnswer got = client.call(call);
    if (!answer.isInstance(got)) {
      throw new AssertionError(call + " was answered with " + got);
    }
    return answer.cast(got);
  }

  /** A call that must fail. */
  CloudAnswer.Failed failure(CloudCall call) {
    return call(call, CloudAnswer.Failed.class);
  }

  EniRecord described(String eniId) {
    List<EniRecord> found = call(new CloudCall.DescribeInterface(eniId), CloudAnswer.Interfaces.class).enis();
    if (found.size() != 1) {
      throw new AssertionError(eniId + " was described as " + found);
    }
    return found.getFirst();
  }

  NetworkInterface inModel(String eniId) {
    return Optional.ofNullable(model.state().interfaces().get(eniId)).orElseThrow();
  }

  /** The calls of an action that EC2 has seen. */
  List<Recorder.Call> seen(String action) {
    return ec2.recorder().calls().stream().filter(c -> c.action().equals(action)).toList();
  }

  @Override
  public void close() {
    client.close();
    imdsServer.stop(0);
    ec2.close();
  }
}
