package dev.patchbay.lab.ec2;

import static dev.patchbay.lab.ec2.World.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.lab.vpc.AddressRequest;
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.Ip;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Filter;

/** Each fault, asked for by its text, as the real SDK and an HTTP client meet it. */
class FaultsOnCallsTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final World world = new World();
  private Duration patience = LONG;
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    http.close();
    world.close();
  }

  private void fault(String text) {
    world.server.faults().add(text);
  }

  private int interfaces() {
    return world.model.state().interfaces().size();
  }

  @Test
  void anyCodeWithItsStatus() {
    fault("ec2:CreateNetworkInterface refuse=InsufficientFreeAddressesInSubnet calls=1");
    refused("InsufficientFreeAddressesInSubnet", world::created);
    assertThat(world.last().fault()).isEqualTo("ec2:CreateNetworkInterface refuse=InsufficientFreeAddressesInSubnet calls=1");
    fault("ec2:CreateNetworkInterface refuse=Some.ThingNew calls=1");
    refused("Some.ThingNew", world::created);
    fault("ec2:CreateNetworkInterface refuse=InsufficientInstanceCapacity message=\"None left.\" calls=1");
    assertThatThrownBy(world::created)
        .isInstanceOfSatisfying(
            Ec2Exception.class,
            e -> {
              assertThat(e.statusCode()).isEqualTo(500);
              assertThat(e.awsErrorDetails().errorMessage()).isEqualTo("None left.");
            });
    fault("ec2@somebody throttle");
    assertThat(interfaces()).isEqualTo(1);
    world.created();
    assertThat(world.last().fault()).isEmpty();
    assertThat(interfaces()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"drop,1,lost", "cut,0,cut", "lose,1,lost", "hang,0,cut"})
  void noAnswer(String word, int applied, String outcome) {
    boolean silent = word.equals("lose") || word.equals("hang");
    // Whoever waits for what never comes loses patience soon; the others have all the time that a busy machine needs.
    Ec2Client asks = silent ? world.hasty(Duration.ofMillis(700)) : world.client;
    world.client.describeVpcs();
    int before = interfaces();
    fault("ec2:CreateNetworkInterface " + word + " calls=1");
    assertThatThrownBy(() -> asks.createNetworkInterface(r -> r.subnetId(world.subnet.id()).clientToken("t")))
        .isInstanceOf(SdkClientException.class)
        .satisfies(e -> assertThat(e.getCause() instanceof java.net.SocketTimeoutException).as(e.toString()).isEqualTo(silent));
    world.awaitOutcome("CreateNetworkInterface", outcome);
    assertThat(interfaces()).isEqualTo(before + applied);
    world.client.createNetworkInterface(r -> r.subnetId(world.subnet.id()).clientToken("t"));
    assertThat(interfaces()).isEqualTo(before + 1);
  }

  @Test
  void describesThatLagOrSeeNothing() {
    String id = world.created();
    fault("ec2:DescribeNetworkInterfaces lag=2m calls=1");
    refused("InvalidNetworkInterfaceID.NotFound", () -> world.described(id));
    assertThat(world.described(id).statusAsString()).isEqualTo("available");
    fault("ec2:Describe* empty calls=2");
    Filter free = Filter.builder().name("status").values("available").build();
    assertThat(world.client.describeNetworkInterfaces(r -> r.filters(free)).networkInterfaces()).isEmpty();
    refused("InvalidInstanceID.NotFound", () -> world.client.describeInstances(r -> r.instanceIds(world.node.id())));
    assertThat(world.client.describeNetworkInterfaces(r -> r.filters(free)).networkInterfaces()).hasSize(1);
  }

  @Test
  void attachingThatIsSlowOrNeverEnds() throws InterruptedException {
    String slow = world.created();
    CountDownLatch attached = new CountDownLatch(1);
    world.model.listen(
        (before, after, changes) -> {
          if (after.networkInterface(slow).deviceOf().isPresent()) {
            attached.countDown();
          }
        });
    fault("ec2:AttachNetworkInterface settle=10m calls=1");
    world.client.attachNetworkInterface(r -> r.networkInterfaceId(slow).instanceId(world.node.id()).deviceIndex(1));
    assertThat(world.described(slow).statusAsString()).isEqualTo("attaching");
    world.ahead = Duration.ofMinutes(11);
    world.model.settle();
    world.ahead = Duration.ZERO;
    assertThat(attached.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(world.described(slow).statusAsString()).isEqualTo("in-use");

    fault("ec2:DetachNetworkInterface settle=never calls=1");
    String attachment = world.described(slow).attachment().attachmentId();
    world.client.detachNetworkInterface(r -> r.attachmentId(attachment));
    world.ahead = Duration.ofDays(1);
    world.model.settle();
    world.ahead = Duration.ZERO;
    assertThat(world.described(slow).attachment().statusAsString()).isEqualTo("detaching");
    refused("InvalidParameterValue", () -> world.client.deleteNetworkInterface(r -> r.networkInterfaceId(slow)));
    refused("IncorrectState", () -> world.client.detachNetworkInterface(r -> r.attachmentId(attachment)));
    world.client.detachNetworkInterface(r -> r.attachmentId(attachment).force(true));
    assertThat(world.described(slow).statusAsString()).isEqualTo("available");
  }

  private HttpResponse<String> ask(String method, String path, String header, String value) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(world.metadata.resolve("/latest/" + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header(header, value)
            .timeout(patience)
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws Exception {
    String token = ask("PUT", "api/token", "X-aws-ec2-metadata-token-ttl-seconds", "60").body();
    return ask("GET", path, "X-aws-ec2-metadata-token", token);
  }

  @Test
  void metadataThatFailsHangsLagsOrIsEmpty() throws Exception {
    String macs = "meta-data/network/interfaces/macs/";
    fault("imds:GET* refuse=500 calls=1");
    assertThat(get(macs).statusCode()).isEqualTo(500);
    assertThat(get(macs).statusCode()).isEqualTo(200);
    fault("imds:GET/latest/" + macs + "* throttle calls=1");
    assertThat(get("meta-data/mac").statusCode()).isEqualTo(200);
    assertThat(get(macs).statusCode()).isEqualTo(503);
    fault("imds:GET* empty calls=1");
    assertThat(get(macs).statusCode()).isEqualTo(404);
    fault("imds:GET* lag=2m calls=1");
    assertThat(get(macs).statusCode()).isEqualTo(404);
    assertThat(get(macs).body()).isEqualTo(world.primary.mac() + "/");
    // An HTTP client tries again by itself when a connection that it used before breaks.
    fault("imds:GET* cut");
    assertThatThrownBy(() -> get(macs)).isInstanceOf(IOException.class);
    world.server.faults().clear();
    fault("imds:GET* hang calls=1");
    String token = ask("PUT", "api/token", "X-aws-ec2-metadata-token-ttl-seconds", "60").body();
    patience = Duration.ofSeconds(1);
    assertThatThrownBy(() -> ask("GET", macs, "X-aws-ec2-metadata-token", token)).isInstanceOf(HttpTimeoutException.class);
    patience = LONG;
    world.awaitOutcome("GET /latest/" + macs, "cut");
    fault("imds@other refuse=500");
    assertThat(get(macs).statusCode()).isEqualTo(200);
  }

  @Test
  void subnetsFillAndFragmentAndAreFreedAgain() {
    String id = world.primary.id();
    fault("vpc fill=" + world.subnet.id() + ":3");
    refused(
        "InsufficientFreeAddressesInSubnet",
        () -> world.client.assignPrivateIpAddresses(r -> r.networkInterfaceId(id).secondaryPrivateIpAddressCount(4)));
    world.client.assignPrivateIpAddresses(r -> r.networkInterfaceId(id).secondaryPrivateIpAddressCount(3));
    assertThat(world.model.state().available(world.subnet.id())).isZero();
    refused("InsufficientFreeAddressesInSubnet", world::created);
    world.server.faults().clear();
    world.server.faults().add("vpc fragment=" + world.subnet.id());
    assertThat(world.client.describeSubnets(r -> r.subnetIds(world.subnet.id())).subnets().getFirst().availableIpAddressCount())
        .isGreaterThan(200);
    refused(
        "InsufficientCidrBlocks", () -> world.client.assignPrivateIpAddresses(r -> r.networkInterfaceId(id).ipv4PrefixCount(1)));
    world.server.faults().clear();
    world.client.assignPrivateIpAddresses(r -> r.networkInterfaceId(id).ipv4PrefixCount(1));
    assertThat(interfaces()).isEqualTo(1);
  }

  @Test
  void somebodyElseTakesAndPulls() {
    String id = world.created();
    world.client.attachNetworkInterface(r -> r.networkInterfaceId(id).instanceId(world.node.id()).deviceIndex(1));
    world.client.assignPrivateIpAddresses(r -> r.networkInterfaceId(id).privateIpAddresses("10.0.0.77"));
    world.client.assignPrivateIpAddresses(r -> r.networkInterfaceId(id).ipv4Prefixes("10.0.0.96/28"));
    world.model.addresses().assignIpv6(id, AddressRequest.prefixes(java.util.List.of(Cidr.parse("2001:db8:0:101:7::/80"))));
    fault("vpc take=10.0.0.77");
    fault("vpc take=10.0.0.96/28");
    fault("vpc take=2001:db8:0:101:7::/80");
    fault("vpc take=10.0.0.200");
    assertThat(world.described(id).privateIpAddresses()).hasSize(1);
    assertThat(world.described(id).ipv4Prefixes()).isEmpty();
    assertThat(world.described(id).ipv6Prefixes()).isEmpty();
    String other = world.model.state().holder(world.vpc.id(), Ip.parse("10.0.0.77")).orElseThrow().id();
    assertThat(world.described(other).requesterManaged()).isTrue();
    refused("AuthFailure", () -> world.client.deleteNetworkInterface(r -> r.networkInterfaceId(other)));
    refused(
        "InvalidParameterValue",
        () -> world.client.assignPrivateIpAddresses(r -> r.networkInterfaceId(id).privateIpAddresses("10.0.0.200")));

    fault("vpc detach=" + id);
    assertThat(world.described(id).statusAsString()).isEqualTo("available");
    fault("vpc pull=" + id);
    refused("InvalidNetworkInterfaceID.NotFound", () -> world.described(id));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ec2:LaunchRockets throttle             | has no action LaunchRockets
          ec2 refuse=nonsense                    | is no error code
          ec2 settle=1s                          | settle is for AttachNetworkInterface
          ec2:CreateTags lag=1s                  | lag is for actions that read
          imds refuse=Throttled                  | is no HTTP status
          imds settle=1s                         | imds knows no fault 'settle'
          vpc throttle                           | vpc knows no fault 'throttle'; it knows [detach, fill, fragment, pull, take]
          vpc pull=eni-0123456789abcdef0         | does not exist
          vpc pull=PRIMARY                       | stays
          vpc fill=subnet-0123456789abcdef0      | does not exist
          vpc fill=SUBNET:some                   | number of addresses
          vpc take=ten                           | no address and no prefix
          vpc take=10.9.0.1                      | in no subnet
          vpc take=10.0.0.1                      | can't be had
          vpc take=10.0.0.4                      | can't be taken from
          vpc take=10.0.0.32/29                  | can't be had
          """)
  void whatCantBeShownIsRefused(String text, String reason) {
    String fault = text.replace("PRIMARY", world.primary.id()).replace("SUBNET", world.subnet.id());
    assertThatIllegalArgumentException().isThrownBy(() -> fault(fault)).withMessageContaining(reason);
    assertThat(world.server.faults().standing()).isEmpty();
    assertThat(interfaces()).isEqualTo(1);
    assertThat(world.model.state().networkInterface(world.primary.id())).isEqualTo(world.primary);
  }
}
