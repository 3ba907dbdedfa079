package dev.patchbay.lab.ec2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.patchbay.lab.calls.Recorder;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

/** A VPC of both families with one subnet and one node, EC2's endpoint and the node's metadata service, and the real SDK. */
final class World implements AutoCloseable {
  /** How far the world's clock is ahead of the machine's. */
  volatile Duration ahead = Duration.ZERO;

  final InstantSource clock = () -> Instant.now().plus(ahead);
  final VpcModel model = new VpcModel(VpcModel.Settings.lab(5), clock);
  final Vpc vpc =
      model.network().createVpc(Cidr.parse("10.0.0.0/16"), Optional.of(Cidr.parse("2001:db8:0:100::/56")), Map.of());
  final Subnet subnet = subnet("10.0.0.0/24", Optional.of(Cidr.parse("2001:db8:0:101::/64")));
  final Instance node =
      model.instances().launch("m5.large", InterfaceRequest.in(subnet.id()).build(), Optional.empty(), Map.of());
  final NetworkInterface primary = model.state().primaryOf(node.id()).orElseThrow();
  final Ec2Server server = new Ec2Server(model, clock);
  final URI endpoint = server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  final ImdsHandler imds = new ImdsHandler(model, node.id(), server, "node", "NodeRole", clock);
  final URI metadata;
  /** Interfaces that a test knows to be there from the start. */
  final List<String> atFirst = new ArrayList<>();

  private final HttpServer imdsServer;
  private final List<Ec2Client> clients = new ArrayList<>();
  final Ec2Client client = client("node", Set.of("ec2:*"));

  World() {
    try {
      imdsServer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on the loopback interface", e);
    }
    imdsServer.createContext("/", imds);
    imdsServer.start();
    metadata = URI.create("http://127.0.0.1:" + imdsServer.getAddress().getPort());
  }

  Subnet subnet(String cidr, Optional<Cidr> six) {
    return model.network().createSubnet(vpc.id(), "eu-west-1a", Cidr.parse(cidr), six, false, Map.of());
  }

  /** A client of a caller that may do these, which does not try again. */
  Ec2Client client(String caller, Set<String> actions) {
    server.callers().allow(caller, actions);
    return client(server.callers().issue(caller, Duration.ofHours(1)), Duration.ofSeconds(60));
  }

  /** A client of the node that waits no longer than that for an answer. */
  Ec2Client hasty(Duration wait) {
    return client(server.callers().issue("node", Duration.ofHours(1)), wait);
  }

  private Ec2Client client(IssuedCredentials credentials, Duration wait) {
    Ec2Client made =
        Ec2Client.builder()
            .endpointOverride(endpoint)
            .region(Region.of(model.settings().region()))
            .httpClient(UrlConnectionHttpClient.builder().socketTimeout(wait).build())
            .overrideConfiguration(c -> c.retryStrategy(DefaultRetryStrategy.doNotRetry()))
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsSessionCredentials.create(
                        credentials.accessKeyId(), credentials.secretAccessKey(), credentials.sessionToken())))
            .build();
    clients.add(made);
    return made;
  }

  /** A new interface of the subnet, made by the client. */
  String created() {
    return client.createNetworkInterface(r -> r.subnetId(subnet.id())).networkInterface().networkInterfaceId();
  }

  /** An interface as EC2 describes it. */
  software.amazon.awssdk.services.ec2.model.NetworkInterface described(String id) {
    return client.describeNetworkInterfaces(r -> r.networkInterfaceIds(id)).networkInterfaces().getFirst();
  }

  /** Waits until the last call of an action has ended so: one that nobody waits for any more may not even have begun. */
  void awaitOutcome(String action, String outcome) {
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (server.recorder().calls().stream().filter(call -> call.action().equals(action)).reduce((a, b) -> b)
        .filter(call -> call.outcome().equals(outcome)).isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(action + " did not end as " + outcome + ": " + server.recorder().calls());
      }
      Thread.onSpinWait();
    }
  }

  /** The last call. */
  Recorder.Call last() {
    return server.recorder().calls().getLast();
  }

  /** EC2 refuses a call with that code, in its own shape. */
  static void refused(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Ec2Exception.class,
            e -> {
              assertThat(e.awsErrorDetails().errorCode()).as(e.awsErrorDetails().errorMessage()).isEqualTo(code);
              assertThat(e.awsErrorDetails().errorMessage()).isNotBlank();
              assertThat(e.requestId()).isNotBlank();
            });
  }

  @Override
  public void close() {
    clients.forEach(Ec2Client::close);
    imdsServer.stop(0);
    server.close();
  }
}
