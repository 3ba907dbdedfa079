package dev.patchbay.lab.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.patchbay.lab.vpc.AddressRequest;
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
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Each path that CNI plugins read, on an instance with several cards and interfaces of each kind: a value of the right form where
 * EC2 has one, 404 where it has none; and tokens as EC2's service has them.
 */
class ImdsPathsTest {
  private static final String MACS = "meta-data/network/interfaces/macs/";
  private static final String ADDRESS = "10\\.0\\.0\\.\\d+";
  private static final String SIX = "2001:db8:0:101:[0-9a-f:]+";

  /** What is there of every interface, by the form of its value. */
  private static final Map<String, String> ALWAYS =
      Map.ofEntries(
          Map.entry("interface-id", "eni-[0-9a-f]{17}"),
          Map.entry("device-number", "\\d"),
          Map.entry("network-card", "\\d"),
          Map.entry("mac", "(02(:[0-9a-f]{2}){5})"),
          Map.entry("owner-id", "\\d{12}"),
          Map.entry("subnet-id", "subnet-[0-9a-f]{17}"),
          Map.entry("vpc-id", "vpc-[0-9a-f]{17}"),
          Map.entry("security-group-ids", "sg-[0-9a-f]{17}"),
          Map.entry("security-groups", "default"),
          Map.entry("subnet-ipv4-cidr-block", "10\\.0\\.0\\.0/24"),
          Map.entry("subnet-ipv6-cidr-blocks", "2001:db8:0:101::/64"),
          Map.entry("vpc-ipv4-cidr-block", "10\\.0\\.0\\.0/16"),
          Map.entry("vpc-ipv4-cidr-blocks", "10\\.0\\.0\\.0/16\n100\\.64\\.0\\.0/16"),
          Map.entry("vpc-ipv6-cidr-blocks", "2001:db8:0:100::/56"));

  /** What is there of those that have it. */
  private static final Map<String, String> SOMETIMES =
      Map.of(
          "local-hostname", "ip-10-0-0-\\d+\\.eu-west-1\\.compute\\.internal",
          "local-ipv4s", "(" + ADDRESS + "\n?)+",
          "ipv4-prefix", "(10\\.0\\.0\\.\\d+/28\n?)+",
          "ipv6s", "(" + SIX + "\n?)+",
          "ipv6-prefix", "(" + SIX + "/80\n?)+");

  private Duration ahead = Duration.ZERO;
  private final InstantSource clock = () -> Instant.now().plus(ahead);
  private final VpcModel model = new VpcModel(VpcModel.Settings.lab(4), clock);
  private final Vpc vpc =
      model.network().createVpc(Cidr.parse("10.0.0.0/16"), Optional.of(Cidr.parse("2001:db8:0:100::/56")), Map.of());
  private final Subnet subnet =
      model
          .network()
          .createSubnet(
              vpc.id(), "eu-west-1a", Cidr.parse("10.0.0.0/24"), Optional.of(Cidr.parse("2001:db8:0:101::/64")), false, Map.of());
  private final Instance node =
      model
          .instances()
          .launch("p4d.24xlarge", InterfaceRequest.in(subnet.id()).ipv6Count(1).build(), Optional.empty(), Map.of());
  private final Ec2Server server = new Ec2Server(model, clock);
  private final HttpClient http = HttpClient.newHttpClient();
  private final HttpServer imds = serve();
  private final URI endpoint = URI.create("http://127.0.0.1:" + imds.getAddress().getPort());

  private HttpServer serve() {
    server.callers().allow("node", Set.of("ec2:Describe*"));
    model.blocks().add(vpc.id(), Cidr.parse("100.64.0.0/16"));
    try {
      HttpServer serving = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      serving.createContext("/", new ImdsHandler(model, node.id(), server, "node", "NodeRole", clock));
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

  private HttpResponse<String> put(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.resolve("/latest/" + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.PUT(HttpRequest.BodyPublishers.noBody()).build(), HttpResponse.BodyHandlers.ofString());
  }

  private String token(int seconds) throws Exception {
    HttpResponse<String> answer = put("api/token", "X-aws-ec2-metadata-token-ttl-seconds", String.valueOf(seconds));
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  private HttpResponse<String> ask(String method, String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.resolve("/latest/" + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(
        request.method(method, HttpRequest.BodyPublishers.noBody()).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return ask("GET", path, "X-aws-ec2-metadata-token", token(60));
  }

  private NetworkInterface attach(InterfaceRequest.Builder request, int card, int index) {
    NetworkInterface made = model.interfaces().create(request.build());
    model.attachments().attach(made.id(), node.id(), index, card);
    return model.state().networkInterface(made.id());
  }

  @Test
  void ofTheInstance() throws Exception {
    Map<String, String> paths =
        Map.of(
            "meta-data/placement/availability-zone", "eu-west-1a",
            "meta-data/placement/region", "eu-west-1",
            "meta-data/instance-id", node.id(),
            "meta-data/instance-type", "p4d\\.24xlarge",
            "meta-data/local-ipv4", ADDRESS,
            "meta-data/ipv6", SIX,
            "meta-data/mac", "02(:[0-9a-f]{2}){5}",
            "meta-data/iam/security-credentials/", "NodeRole",
            "dynamic/instance-identity/document", "(?s)\\{.*\"region\" : \"eu-west-1\".*\\}");
    for (Map.Entry<String, String> each : paths.entrySet()) {
      HttpResponse<String> answer = get(each.getKey());
      assertThat(answer.statusCode()).as(each.getKey()).isEqualTo(200);
      assertThat(answer.body()).as(each.getKey()).matches(each.getValue());
      assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain");
    }
  }

  @Test
  void ofInterfacesOfEachKind() throws Exception {
    NetworkInterface primary = model.state().primaryOf(node.id()).orElseThrow();
    NetworkInterface plain = attach(InterfaceRequest.in(subnet.id()).secondaryCount(2), 0, 1);
    NetworkInterface prefixed = attach(InterfaceRequest.in(subnet.id()).ipv4PrefixCount(2).ipv6PrefixCount(1).ipv6Count(1), 1, 1);
    NetworkInterface bare = attach(InterfaceRequest.in(subnet.id()).kind(NetworkInterface.Kind.EFA_ONLY), 2, 1);
    check(primary, 0, 0, "local-hostname", "local-ipv4s", "ipv6s");
    check(plain, 0, 1, "local-hostname", "local-ipv4s");
    check(prefixed, 1, 1, "local-hostname", "local-ipv4s", "ipv4-prefix", "ipv6s", "ipv6-prefix");
    check(bare, 2, 1);
    assertThat(get(MACS).body().lines())
        .containsExactlyInAnyOrder(primary.mac() + "/", plain.mac() + "/", prefixed.mac() + "/", bare.mac() + "/");
    assertThat(get(MACS + plain.mac() + "/local-ipv4s").body().lines().findFirst())
        .contains(plain.primary().orElseThrow().toString());
    model.addresses().unassignIpv4(prefixed.id(), List.of(), List.copyOf(prefixed.ipv4Prefixes()));
    check(prefixed, 1, 1, "local-hostname", "local-ipv4s", "ipv6s", "ipv6-prefix");
    assertThat(get(MACS + "02:00:00:00:00:01/interface-id").statusCode()).isEqualTo(404);
  }

  private void check(NetworkInterface eni, int card, int index, String... others) throws Exception {
    Set<String> there = new TreeSet<>(ALWAYS.keySet());
    there.addAll(List.of(others));
    String at = MACS + eni.mac() + "/";
    assertThat(get(at).body().lines()).as(at).containsExactlyInAnyOrderElementsOf(there);
    for (String path : Stream.concat(ALWAYS.keySet().stream(), SOMETIMES.keySet().stream()).toList()) {
      HttpResponse<String> answer = get(at + path);
      assertThat(answer.statusCode()).as(at + path).isEqualTo(there.contains(path) ? 200 : 404);
      if (there.contains(path)) {
        assertThat(answer.body()).as(at + path).matches(ALWAYS.getOrDefault(path, SOMETIMES.getOrDefault(path, "")));
      }
    }
    assertThat(get(at + "network-card").body()).isEqualTo(String.valueOf(card));
    assertThat(get(at + "device-number").body()).isEqualTo(String.valueOf(index));
  }

  @Test
  void tokensAreWantedAndMadeAsOnEc2() throws Exception {
    String ttl = "X-aws-ec2-metadata-token-ttl-seconds";
    for (String bad : List.of("0", "-1", "21601", "999999", "soon", "1.5", "")) {
      assertThat(put("api/token", ttl, bad).statusCode()).as("a lifetime of '" + bad + "'").isEqualTo(400);
    }
    assertThat(put("api/token").statusCode()).as("without a lifetime").isEqualTo(400);
    assertThat(put("api/token", ttl, "60", "X-Forwarded-For", "192.0.2.1").statusCode()).as("by a proxy").isEqualTo(403);
    assertThat(put("meta-data/mac", ttl, "60").statusCode()).isEqualTo(405);
    String good = token(60);
    String known = "X-aws-ec2-metadata-token";
    assertThat(ask("POST", "meta-data/mac", known, good).statusCode()).isEqualTo(405);
    assertThat(ask("DELETE", "meta-data/mac", known, good).statusCode()).isEqualTo(405);
    for (String bad : List.of("", "x", good + "x", good.substring(1), "x".repeat(8_000))) {
      assertThat(ask("GET", "meta-data/mac", known, bad).statusCode()).as("token '" + bad + "'").isEqualTo(401);
    }
    HttpResponse<String> refused = ask("GET", "meta-data/mac");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("401 - Unauthorized");
    assertThat(ask("GET", "meta-data/mac", known, good).statusCode()).isEqualTo(200);
    assertThat(ask("HEAD", "meta-data/mac", known, good).statusCode()).isEqualTo(200);
    ahead = Duration.ofSeconds(59);
    assertThat(ask("GET", "meta-data/mac", known, good).statusCode()).isEqualTo(200);
    ahead = Duration.ofSeconds(121);
    assertThat(ask("GET", "meta-data/mac", known, good).statusCode()).as("expired").isEqualTo(401);
    assertThat(get("meta-data/mac").statusCode()).as("with a new one").isEqualTo(200);
  }

  @Test
  void whatChangesIsStaleForAWhile() throws Exception {
    NetworkInterface primary = model.state().primaryOf(node.id()).orElseThrow();
    String at = MACS + primary.mac() + "/";
    String before = get(at + "local-ipv4s").body();
    server.faults().add("imds@node lag=100s");
    model.addresses().assignIpv4(primary.id(), AddressRequest.count(1));
    model.addresses().assignIpv4(primary.id(), AddressRequest.prefixCount(1));
    NetworkInterface late = attach(InterfaceRequest.in(subnet.id()), 0, 1);
    // The token and the service itself are not late, and neither is what has not changed.
    ahead = Duration.ofSeconds(110);
    assertThat(get(at + "ipv4-prefix").statusCode()).isEqualTo(200);
    assertThat(get(at + "local-ipv4s").body().lines()).hasSize(2).contains(before);
    assertThat(get(MACS).body()).contains(late.mac());
    model.addresses().unassignIpv4(primary.id(), List.of(), List.copyOf(model.state().networkInterface(primary.id()).ipv4Prefixes()));
    model.attachments().detach(model.state().networkInterface(late.id()).attachment().orElseThrow().id(), true);
    assertThat(get(at + "ipv4-prefix").statusCode()).as("gone in EC2, still said here").isEqualTo(200);
    assertThat(get(MACS).body()).contains(late.mac());
    server.faults().clear();
    assertThat(get(at + "ipv4-prefix").statusCode()).isEqualTo(404);
    assertThat(get(MACS).body()).doesNotContain(late.mac());
  }
}
