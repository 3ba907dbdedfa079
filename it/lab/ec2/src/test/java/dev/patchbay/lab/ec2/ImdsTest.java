package dev.patchbay.lab.ec2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.patchbay.lab.vpc.AddressRequest;
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.Instance;
import dev.patchbay.lab.vpc.InterfaceRequest;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.MetadataOptions;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.Subnet;
import dev.patchbay.lab.vpc.Vpc;
import dev.patchbay.lab.vpc.VpcModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** The metadata service, asked by the SDK and by hand. */
class ImdsTest {
  private Duration ahead = Duration.ZERO;
  private final InstantSource clock = () -> Instant.now().plus(ahead);
  private final VpcModel model = new VpcModel(VpcModel.Settings.lab(2), clock);
  private final Vpc vpc = model.network().createVpc(Cidr.parse("10.0.0.0/16"), Optional.empty(), Map.of());
  private final Subnet subnet =
      model.network().createSubnet(vpc.id(), "eu-west-1b", Cidr.parse("10.0.0.0/24"), Optional.empty(), false, Map.of());
  private final Instance node =
      model
          .instances()
          .launch("m5.large", InterfaceRequest.in(subnet.id()).build(), Optional.of(Ip.parse("203.0.113.7")), Map.of());
  private final NetworkInterface primary = model.state().primaryOf(node.id()).orElseThrow();
  private final String macs = "meta-data/network/interfaces/macs/";
  private final Ec2Server server = new Ec2Server(model, clock);
  private final ImdsHandler handler = new ImdsHandler(model, node.id(), server, "node", "NodeRole", clock);
  private final HttpClient http = HttpClient.newHttpClient();
  private final HttpServer imds = serve();
  private final URI endpoint = URI.create("http://127.0.0.1:" + imds.getAddress().getPort());

  private HttpServer serve() {
    server.callers().allow("node", Set.of("ec2:Describe*"));
    try {
      HttpServer serving = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      serving.createContext("/", handler);
      serving.start();
      return serving;
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on the loopback interface", e);
    }
  }

  @AfterEach
  void close() {
    http.close();
    imds.stop(0);
    server.close();
  }

  private HttpResponse<String> token(String seconds) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(endpoint.resolve("/latest/api/token"))
            .PUT(HttpRequest.BodyPublishers.noBody())
            .header("X-aws-ec2-metadata-token-ttl-seconds", seconds)
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path, String token) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(endpoint.resolve("/latest/" + path)).header("X-aws-ec2-metadata-token", token).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private String get(String path) throws Exception {
    HttpResponse<String> answer = get(path, token("300").body());
    assertThat(answer.statusCode()).as(path).isEqualTo(200);
    return answer.body();
  }

  private int status(String path) throws Exception {
    return get(path, token("300").body()).statusCode();
  }

  @Test
  void theSdkGetsItsCredentialsAndCalls() {
    URI ec2 = server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    try (InstanceProfileCredentialsProvider provider =
            InstanceProfileCredentialsProvider.builder().endpoint(endpoint.toString()).build();
        Ec2Client client =
            Ec2Client.builder()
                .endpointOverride(ec2)
                .region(Region.EU_WEST_1)
                .httpClient(UrlConnectionHttpClient.create())
                .credentialsProvider(provider)
                .build()) {
      assertThat(client.describeInstances(r -> r.instanceIds(node.id())).reservations()).hasSize(1);
    }
    assertThat(server.recorder().counts()).containsKey("GET /latest/meta-data/iam/security-credentials/NodeRole");
  }

  @Test
  void nothingWithoutAToken() throws Exception {
    HttpRequest bare = HttpRequest.newBuilder(endpoint.resolve("/latest/meta-data/instance-id")).build();
    assertThat(http.send(bare, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(401);
    assertThat(get("meta-data/instance-id", "made-up").statusCode()).isEqualTo(401);
    assertThat(token("21601").statusCode()).isEqualTo(400);
    assertThat(token("0").statusCode()).isEqualTo(400);
    HttpResponse<String> token = token("60");
    assertThat(token.headers().firstValue("X-aws-ec2-metadata-token-ttl-seconds")).contains("60");
    assertThat(get("meta-data/instance-id", token.body()).body()).isEqualTo(node.id());
    ahead = Duration.ofSeconds(61);
    assertThat(get("meta-data/instance-id", token.body()).statusCode()).isEqualTo(401);
  }

  @Test
  void theInstancesOptionsHold() throws Exception {
    HttpRequest bare = HttpRequest.newBuilder(endpoint.resolve("/latest/meta-data/instance-id")).build();
    model.instances().setMetadata(node.id(), new MetadataOptions(true, false, 2));
    assertThat(http.send(bare, HttpResponse.BodyHandlers.ofString()).body()).isEqualTo(node.id());
    assertThat(get("meta-data/instance-id", "made-up").statusCode()).isEqualTo(401);
    model.instances().setMetadata(node.id(), new MetadataOptions(false, true, 2));
    assertThat(http.send(bare, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(403);
    assertThat(token("60").statusCode()).isEqualTo(403);
  }

  @Test
  void ipv6AndCardsAreThereWhereTheyAre() throws Exception {
    Vpc dual = model.network().createVpc(Cidr.parse("10.1.0.0/16"), Optional.of(Cidr.parse("2001:db8:0:200::/56")), Map.of());
    Subnet both =
        model
            .network()
            .createSubnet(
                dual.id(), "eu-west-1b", Cidr.parse("10.1.0.0/24"), Optional.of(Cidr.parse("2001:db8:0:201::/64")), false, Map.of());
    NetworkInterface six =
        model.interfaces().create(InterfaceRequest.in(both.id()).ipv6Count(2).ipv6PrefixCount(1).build());
    model.attachments().attach(six.id(), node.id(), 1, 0);
    String at = macs + six.mac() + "/";
    assertThat(get(at + "ipv6s").lines()).containsExactlyElementsOf(six.ipv6Addresses().stream().map(Ip::toString).toList());
    assertThat(get(at + "ipv6-prefix")).isEqualTo(six.ipv6Prefixes().iterator().next().toString());
    assertThat(get(at + "subnet-ipv6-cidr-blocks")).isEqualTo("2001:db8:0:201::/64");
    assertThat(get(at + "vpc-ipv6-cidr-blocks")).isEqualTo("2001:db8:0:200::/56");
    assertThat(get(at)).contains("ipv6s", "ipv6-prefix").doesNotContain("ipv4-prefix");
    assertThat(status(macs + primary.mac() + "/ipv6s")).isEqualTo(404);
    assertThat(status(macs + primary.mac() + "/vpc-ipv6-cidr-blocks")).isEqualTo(404);
    assertThat(status(at + "network-card")).isEqualTo(404);
  }

  @Test
  void theInstanceIsDescribed() throws Exception {
    assertThat(get("meta-data/instance-type")).isEqualTo("m5.large");
    assertThat(get("meta-data/placement/availability-zone")).isEqualTo("eu-west-1b");
    assertThat(get("meta-data/local-ipv4")).isEqualTo("10.0.0.4");
    assertThat(get("meta-data/public-ipv4")).isEqualTo("203.0.113.7");
    assertThat(get("meta-data/mac")).isEqualTo(primary.mac());
    assertThat(get("dynamic/instance-identity/document")).contains("\"region\" : \"eu-west-1\"", node.id());
    assertThat(get("meta-data/")).contains("network/\n", "instance-id\n").doesNotContain("local-ipv4s");
    assertThat(status("meta-data/nonsense")).isEqualTo(404);
    assertThat(status("meta-data/ipv6")).isEqualTo(404);
    assertThat(status("user-data")).isEqualTo(404);
  }

  @Test
  void interfacesAppearAsTheyAreAttached() throws Exception {
    String own = macs + primary.mac() + "/";
    assertThat(get(macs)).isEqualTo(primary.mac() + "/");
    assertThat(get(own + "local-ipv4s")).isEqualTo("10.0.0.4");
    assertThat(status(own + "ipv4-prefix")).isEqualTo(404);
    assertThat(get(own + "vpc-ipv4-cidr-blocks")).isEqualTo("10.0.0.0/16");
    model.blocks().add(vpc.id(), Cidr.parse("100.64.0.0/16"));
    assertThat(get(own + "vpc-ipv4-cidr-blocks")).isEqualTo("10.0.0.0/16\n100.64.0.0/16");

    model.addresses().assignIpv4(primary.id(), AddressRequest.of(List.of(Ip.parse("10.0.0.9")), false));
    model.addresses().assignIpv4(primary.id(), AddressRequest.prefixCount(1));
    assertThat(get(own + "local-ipv4s")).isEqualTo("10.0.0.4\n10.0.0.9");
    assertThat(get(own + "ipv4-prefix")).isEqualTo("10.0.0.16/28");
    NetworkInterface extra = model.interfaces().create(InterfaceRequest.in(subnet.id()).build());
    assertThat(get(macs)).doesNotContain(extra.mac());
    model.attachments().attach(extra.id(), node.id(), 1, 0);
    assertThat(get(macs).lines()).containsExactlyInAnyOrder(primary.mac() + "/", extra.mac() + "/");
    assertThat(get(macs + extra.mac())).contains("device-number", "local-ipv4s").doesNotContain("network-card");
    assertThat(get(macs + extra.mac() + "/device-number")).isEqualTo("1");
  }

  @Test
  void itLagsAndIsBlockedOnDemand() throws Exception {
    handler.lag(Duration.ofSeconds(30));
    NetworkInterface extra = model.interfaces().create(InterfaceRequest.in(subnet.id()).build());
    ahead = Duration.ofSeconds(40);
    model.attachments().attach(extra.id(), node.id(), 1, 0);
    assertThat(get(macs)).doesNotContain(extra.mac());
    ahead = Duration.ofSeconds(80);
    assertThat(get(macs)).contains(extra.mac());
    server.faults().add("imds@node empty");
    assertThat(status(macs)).isEqualTo(404);
    server.faults().clear();
    server.faults().add("imds refuse=403");
    assertThat(token("60").statusCode()).isEqualTo(403);
    server.faults().clear();
    server.faults().add("imds cut");
    assertThatThrownBy(() -> token("60")).isInstanceOf(IOException.class);
  }
}
