package dev.patchbay.lab.ec2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.lab.calls.Recorder;
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.Instance;
import dev.patchbay.lab.vpc.InterfaceRequest;
import dev.patchbay.lab.vpc.Placement;
import dev.patchbay.lab.vpc.Quotas;
import dev.patchbay.lab.vpc.Subnet;
import dev.patchbay.lab.vpc.Vpc;
import dev.patchbay.lab.vpc.VpcModel;
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
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceAttribute;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;
import software.amazon.awssdk.services.ec2.model.UserIdGroupPair;

/** The real SDK walks the life of an interface, and meets EC2's refusals. */
class Ec2LifeTest {
  private static final InstantSource CLOCK = InstantSource.system();

  /** The server's time, if it stands still. */
  private volatile Optional<Instant> stopped = Optional.empty();

  private final VpcModel model = new VpcModel(VpcModel.Settings.lab(1), CLOCK);
  private final Vpc vpc =
      model.network().createVpc(Cidr.parse("10.0.0.0/16"), Optional.of(Cidr.parse("2001:db8:0:100::/56")), Map.of());
  private final Subnet subnet =
      model
          .network()
          .createSubnet(
              vpc.id(),
              "eu-west-1a",
              Cidr.parse("10.0.0.0/24"),
              Optional.of(Cidr.parse("2001:db8:0:101::/64")),
              false,
              Map.of("Name", "pods"));
  private final Instance node =
      model.instances().launch("m5.large", InterfaceRequest.in(subnet.id()).build(), Optional.empty(), Map.of());
  private final Ec2Server server = new Ec2Server(model, () -> stopped.orElseGet(Instant::now));
  private final URI endpoint = server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  private final Ec2Client client = client("node", Set.of("ec2:*"));

  private Ec2Client client(String caller, Set<String> actions) {
    server.callers().allow(caller, actions);
    return client(server.callers().issue(caller, Duration.ofHours(1)), "");
  }

  private Ec2Client client(IssuedCredentials credentials, String spoilt) {
    return Ec2Client.builder()
        .endpointOverride(endpoint)
        .region(Region.of(model.settings().region()))
        .httpClient(UrlConnectionHttpClient.create())
        .overrideConfiguration(c -> c.retryStrategy(DefaultRetryStrategy.doNotRetry()))
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsSessionCredentials.create(
                    credentials.accessKeyId(), credentials.secretAccessKey() + spoilt, credentials.sessionToken())))
        .build();
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private static void refused(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Ec2Exception.class,
            e -> {
              assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
              assertThat(e.awsErrorDetails().errorMessage()).isNotBlank();
              assertThat(e.requestId()).isNotBlank();
            });
  }

  private static TagSpecification tagged(String key, String value) {
    return TagSpecification.builder()
        .resourceType(ResourceType.NETWORK_INTERFACE)
        .tags(Tag.builder().key(key).value(value).build())
        .build();
  }

  private NetworkInterface described(String id) {
    return client.describeNetworkInterfaces(r -> r.networkInterfaceIds(id)).networkInterfaces().getFirst();
  }

  @Test
  void anInterfaceLives() {
    NetworkInterface made =
        client
            .createNetworkInterface(
                r ->
                    r.subnetId(subnet.id())
                        .description("aws-K8S-" + node.id())
                        .secondaryPrivateIpAddressCount(3)
                        .connectionTrackingSpecification(c -> c.udpTimeout(45))
                        .clientToken("token-1")
                        .tagSpecifications(tagged("cluster", "a & b <c>")))
            .networkInterface();
    assertThat(made.statusAsString()).isEqualTo("pending");
    String id = made.networkInterfaceId();
    NetworkInterface seen = described(id);
    assertThat(seen.statusAsString()).isEqualTo("available");
    assertThat(seen.macAddress()).startsWith("02:");
    assertThat(seen.connectionTrackingConfiguration().udpTimeout()).isEqualTo(45);
    assertThat(seen.privateIpAddresses()).hasSize(4);
    assertThat(seen.privateIpAddresses().getFirst().primary()).isTrue();
    assertThat(seen.privateDnsName()).endsWith(".eu-west-1.compute.internal").startsWith("ip-10-0-0-");
    assertThat(seen.tagSet()).containsExactly(Tag.builder().key("cluster").value("a & b <c>").build());
    assertThat(seen.groups()).singleElement().satisfies(g -> assertThat(g.groupName()).isEqualTo("default"));

    String attachment =
        client
            .attachNetworkInterface(r -> r.networkInterfaceId(id).instanceId(node.id()).deviceIndex(1).networkCardIndex(0))
            .attachmentId();
    client.modifyNetworkInterfaceAttribute(
        r -> r.networkInterfaceId(id).attachment(a -> a.attachmentId(attachment).deleteOnTermination(true)));
    assertThat(described(id).attachment().deleteOnTermination()).isTrue();
    assertThat(described(id).statusAsString()).isEqualTo("in-use");
    var instance = client.describeInstances(r -> r.instanceIds(node.id())).reservations().getFirst().instances().getFirst();
    assertThat(instance.networkInterfaces())
        .extracting(i -> i.attachment().deviceIndex())
        .containsExactly(0, 1);
    client.modifyNetworkInterfaceAttribute(r -> r.networkInterfaceId(id).sourceDestCheck(v -> v.value(false)));
    assertThat(
            client
                .describeNetworkInterfaceAttribute(
                    r -> r.networkInterfaceId(id).attribute(NetworkInterfaceAttribute.SOURCE_DEST_CHECK))
                .sourceDestCheck()
                .value())
        .isFalse();

    refused("InvalidParameterValue", () -> client.deleteNetworkInterface(r -> r.networkInterfaceId(id)));
    client.detachNetworkInterface(r -> r.attachmentId(attachment));
    client.deleteNetworkInterface(r -> r.networkInterfaceId(id));
    refused("InvalidNetworkInterfaceID.NotFound", () -> described(id));
    assertThat(server.recorder().counts()).containsEntry("DeleteNetworkInterface", 2);
    assertThat(server.recorder().calls().getFirst().caller()).isEqualTo("node");
  }

  @Test
  void addressesAndPrefixesComeAndGo() {
    String id = model.state().primaryOf(node.id()).orElseThrow().id();
    var addresses = client.assignPrivateIpAddresses(r -> r.networkInterfaceId(id).secondaryPrivateIpAddressCount(2));
    assertThat(addresses.assignedPrivateIpAddresses()).hasSize(2);
    var prefixes = client.assignPrivateIpAddresses(r -> r.networkInterfaceId(id).ipv4PrefixCount(2));
    assertThat(prefixes.assignedPrivateIpAddresses()).isEmpty();
    assertThat(prefixes.assignedIpv4Prefixes()).hasSize(2).allMatch(p -> p.ipv4Prefix().endsWith("/28"));
    assertThat(described(id).ipv4Prefixes()).hasSize(2);
    refused(
        "PrivateIpAddressLimitExceeded",
        () -> client.assignPrivateIpAddresses(r -> r.networkInterfaceId(id).ipv4PrefixCount(6)));
    client.unassignPrivateIpAddresses(
        r ->
            r.networkInterfaceId(id)
                .privateIpAddresses(addresses.assignedPrivateIpAddresses().getFirst().privateIpAddress()));
    client.unassignPrivateIpAddresses(
        r -> r.networkInterfaceId(id).ipv4Prefixes(prefixes.assignedIpv4Prefixes().getFirst().ipv4Prefix()));
    assertThat(described(id).privateIpAddresses()).hasSize(2);
    assertThat(described(id).ipv4Prefixes()).hasSize(1);

    var six = client.assignIpv6Addresses(r -> r.networkInterfaceId(id).ipv6PrefixCount(1));
    assertThat(six.assignedIpv6Prefixes()).singleElement().asString().endsWith("/80").startsWith("2001:db8:0:101:");
    client.assignIpv6Addresses(r -> r.networkInterfaceId(id).ipv6Addresses("2001:db8:0:101::77"));
    assertThat(described(id).ipv6Addresses())
        .singleElement()
        .satisfies(a -> assertThat(a.ipv6Address()).isEqualTo("2001:db8:0:101::77"));
    client.unassignIpv6Addresses(r -> r.networkInterfaceId(id).ipv6Prefixes(six.assignedIpv6Prefixes()));
    assertThat(described(id).ipv6Prefixes()).isEmpty();
    // 256 less 5 reserved, the primary, one address and a prefix.
    assertThat(client.describeSubnets(r -> r.subnetIds(subnet.id())).subnets().getFirst().availableIpAddressCount())
        .isEqualTo(256 - 5 - 1 - 1 - 16);
  }

  @Test
  void describesFilterAndPage() {
    for (int i = 0; i < 12; i++) {
      String name = "eni-" + i;
      client.createNetworkInterface(
          r ->
              r.subnetId(subnet.id())
                  .description(name)
                  .tagSpecifications(tagged("n", name)));
    }
    Filter tagged = Filter.builder().name("tag-key").values("n").build();
    Filter free = Filter.builder().name("status").values("available").build();
    var pages = client.describeNetworkInterfacesPaginator(r -> r.filters(tagged, free).maxResults(5));
    assertThat(pages.stream().map(p -> p.networkInterfaces().size())).containsExactly(5, 5, 2);
    assertThat(pages.networkInterfaces().stream().map(NetworkInterface::networkInterfaceId).distinct()).hasSize(12);
    Filter wild = Filter.builder().name("tag:n").values("eni-1?", "eni-3").build();
    assertThat(client.describeNetworkInterfaces(r -> r.filters(wild)).networkInterfaces())
        .extracting(NetworkInterface::description)
        .containsExactly("eni-3", "eni-10", "eni-11");
    refused(
        "InvalidParameterValue",
        () -> client.describeNetworkInterfaces(r -> r.filters(Filter.builder().name("colour").values("red").build())));
    refused("InvalidParameterValue", () -> client.describeNetworkInterfaces(r -> r.maxResults(2)));
    refused("InvalidPaginationToken", () -> client.describeNetworkInterfaces(r -> r.maxResults(5).nextToken("rubbish")));
    assertThat(client.describeInstanceTypesPaginator(r -> {}).instanceTypes().stream()).hasSizeGreaterThan(1300);
    Filter elsewhere = Filter.builder().name("availability-zone").values("eu-west-1b").build();
    assertThat(client.describeSubnets(r -> r.filters(elsewhere)).subnets())
        .isEmpty();
  }

  @Test
  void aTokenMakesOneInterface() {
    var one = client.createNetworkInterface(r -> r.subnetId(subnet.id()).clientToken("t"));
    var two = client.createNetworkInterface(r -> r.subnetId(subnet.id()).clientToken("t"));
    assertThat(two.networkInterface().networkInterfaceId()).isEqualTo(one.networkInterface().networkInterfaceId());
    refused(
        "IdempotentParameterMismatch",
        () -> client.createNetworkInterface(r -> r.subnetId(subnet.id()).clientToken("t").description("other")));
  }

  @Test
  void onlyWhatThePolicyAllows() {
    try (Ec2Client reader = client("reader", Set.of("ec2:Describe*"))) {
      assertThat(reader.describeVpcs().vpcs()).hasSize(1);
      refused("UnauthorizedOperation", () -> reader.createNetworkInterface(r -> r.subnetId(subnet.id())));
      refused("UnauthorizedOperation", () -> reader.createNetworkInterface(r -> r.subnetId(subnet.id()).dryRun(true)));
      refused("DryRunOperation", () -> reader.describeVpcs(r -> r.dryRun(true)));
    }
    refused("DryRunOperation", () -> client.createNetworkInterface(r -> r.subnetId(subnet.id()).dryRun(true)));
    assertThat(model.state().interfaces()).hasSize(1);
  }

  @Test
  void onlyWhoSignsWithWhatWasIssued() {
    IssuedCredentials good = server.callers().issue("node", Duration.ofHours(1));
    try (Ec2Client wrong = client(good, "x")) {
      authenticationFails(wrong);
    }
    IssuedCredentials made = new IssuedCredentials("ASIAMADEUP", "secret", "token", good.expires());
    try (Ec2Client unknown = client(made, "")) {
      authenticationFails(unknown);
    }
    try (Ec2Client late = client(server.callers().issue("node", Duration.ZERO), "")) {
      refused("RequestExpired", late::describeVpcs);
    }
  }

  /** The URLConnection client drops the body of a 401, so the code is read from the record. */
  private void authenticationFails(Ec2Client stranger) {
    assertThatThrownBy(stranger::describeVpcs)
        .isInstanceOfSatisfying(Ec2Exception.class, e -> assertThat(e.statusCode()).isEqualTo(401));
    assertThat(server.recorder().calls().getLast().outcome()).isEqualTo("AuthFailure");
  }

  @Test
  void faultsComeWhenAskedFor() {
    server.faults().add("ec2:DescribeVpcs throttle calls=2");
    refused("RequestLimitExceeded", client::describeVpcs);
    refused("RequestLimitExceeded", client::describeVpcs);
    assertThat(client.describeVpcs().vpcs()).hasSize(1);

    server.faults().add("ec2:CreateNetworkInterface drop calls=1");
    int before = model.state().interfaces().size();
    assertThatThrownBy(() -> client.createNetworkInterface(r -> r.subnetId(subnet.id()).clientToken("lost")))
        .isInstanceOf(SdkClientException.class);
    assertThat(model.state().interfaces()).hasSize(before + 1);
    client.createNetworkInterface(r -> r.subnetId(subnet.id()).clientToken("lost"));
    assertThat(model.state().interfaces()).hasSize(before + 1);
    assertThat(server.recorder().calls()).extracting(Recorder.Call::outcome).contains("lost", "RequestLimitExceeded");
  }

  @Test
  void lateAnswersAreStillAnswers() {
    server.behave(
        new Ec2Server.Behaviour(
            RateLimits.NONE, Duration.ZERO, Duration.ZERO, Map.of("DescribeVpcs", Duration.ofMillis(120))));
    server.faults().add("ec2:DescribeVpcs delay=80ms calls=1");
    long start = System.nanoTime();
    assertThat(client.describeVpcs().vpcs()).hasSize(1);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
  }

  @Test
  void aSeedMakesTheSameFaults() {
    server.faults().add("ec2:DescribeVpcs refuse=InternalError chance=0.5 seed=42");
    StringBuilder pattern = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      try {
        client.describeVpcs();
        pattern.append('.');
      } catch (Ec2Exception e) {
        assertThat(e.statusCode()).isEqualTo(500);
        pattern.append('x');
      }
    }
    SplittableRandom expected = new SplittableRandom(42);
    assertThat(pattern.chars().mapToObj(c -> c == 'x').toList())
        .isEqualTo(Stream.generate(() -> expected.nextDouble() < 0.5).limit(12).toList());
  }

  @Test
  void bucketsRunEmpty() {
    server.behave(new Ec2Server.Behaviour(RateLimits.PUBLISHED, Duration.ZERO, Duration.ZERO, Map.of()));
    // No time passes, so nothing is filled in again.
    stopped = Optional.of(Instant.now());
    for (int answered = 0; answered < 50; answered++) {
      client.describeVpcs();
    }
    refused("RequestLimitExceeded", client::describeVpcs);
    stopped = stopped.map(time -> time.plusMillis(100));
    client.describeVpcs();
    refused("RequestLimitExceeded", client::describeVpcs);
  }

  @Test
  void bucketsAreAsTheyAreSet() {
    RateLimits few = RateLimits.NONE.with("DescribeVpcs", new RateLimits.Bucket(2, 0.001));
    server.behave(new Ec2Server.Behaviour(few, Duration.ZERO, Duration.ZERO, Map.of()));
    client.describeVpcs();
    client.describeVpcs();
    refused("RequestLimitExceeded", client::describeVpcs);
    client.describeSubnets();
    RateLimits tight = RateLimits.PUBLISHED.times(0.04).with("DescribeVpcs", new RateLimits.Bucket(1000, 1000));
    server.behave(new Ec2Server.Behaviour(tight, Duration.ZERO, Duration.ZERO, Map.of()));
    client.describeVpcs();
    // 50 calls that name nothing, at 4 in 100: two.
    client.describeSubnets();
    client.describeSubnets();
    refused("RequestLimitExceeded", client::describeSubnets);
    // What is narrowed down has a bucket of its own.
    client.describeSubnets(r -> r.subnetIds(subnet.id()));
  }

  @Test
  void describesLagBehind() {
    server.behave(new Ec2Server.Behaviour(RateLimits.NONE, Duration.ofSeconds(60), Duration.ZERO, Map.of()));
    String id = client.createNetworkInterface(r -> r.subnetId(subnet.id())).networkInterface().networkInterfaceId();
    refused("InvalidNetworkInterfaceID.NotFound", () -> described(id));
    server.behave(Ec2Server.Behaviour.PROMPT);
    assertThat(described(id).networkInterfaceId()).isEqualTo(id);
  }

  @Test
  void attachingTakesItsTime() throws InterruptedException {
    model.behave(new VpcModel.Behaviour(Duration.ofHours(1), Duration.ZERO, Placement.LOWEST, Quotas.USUAL));
    String slow = client.createNetworkInterface(r -> r.subnetId(subnet.id())).networkInterface().networkInterfaceId();
    client.attachNetworkInterface(r -> r.networkInterfaceId(slow).instanceId(node.id()).deviceIndex(2));
    assertThat(described(slow).attachment().statusAsString()).isEqualTo("attaching");

    model.behave(new VpcModel.Behaviour(Duration.ofMillis(150), Duration.ZERO, Placement.LOWEST, Quotas.USUAL));
    String id = client.createNetworkInterface(r -> r.subnetId(subnet.id())).networkInterface().networkInterfaceId();
    CountDownLatch settled = new CountDownLatch(1);
    model.listen(
        (before, after, changes) -> {
          if (after.networkInterface(id).deviceOf().isPresent()) {
            settled.countDown();
          }
        });
    client.attachNetworkInterface(r -> r.networkInterfaceId(id).instanceId(node.id()).deviceIndex(1));
    assertThat(settled.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(described(id).attachment().statusAsString()).isEqualTo("attached");
  }

  @Test
  void trunksCarryBranches() {
    String trunk =
        client
            .createNetworkInterface(r -> r.subnetId(subnet.id()).interfaceType("trunk").description("aws-k8s-trunk-eni"))
            .networkInterface()
            .networkInterfaceId();
    client.attachNetworkInterface(r -> r.networkInterfaceId(trunk).instanceId(node.id()).deviceIndex(2));
    String branch = client.createNetworkInterface(r -> r.subnetId(subnet.id())).networkInterface().networkInterfaceId();
    client.createNetworkInterfacePermission(
        r -> r.networkInterfaceId(branch).awsAccountId("111122223333").permission("INSTANCE-ATTACH"));
    String association =
        client
            .associateTrunkInterface(r -> r.branchInterfaceId(branch).trunkInterfaceId(trunk).vlanId(1))
            .interfaceAssociation()
            .associationId();
    assertThat(association).startsWith("trunk-assoc-");
    assertThat(described(branch).interfaceTypeAsString()).isEqualTo("branch");
    assertThat(client.describeTrunkInterfaceAssociations(r -> r.associationIds(association)).interfaceAssociations())
        .singleElement()
        .satisfies(a -> assertThat(a.vlanId()).isEqualTo(1));
    client.disassociateTrunkInterface(r -> r.associationId(association));
    client.deleteNetworkInterface(r -> r.networkInterfaceId(branch));
  }

  @Test
  void groupsHaveRules() {
    String group =
        client.createSecurityGroup(r -> r.vpcId(vpc.id()).groupName("web").description("web")).groupId();
    client.authorizeSecurityGroupIngress(
        r ->
            r.groupId(group)
                .ipPermissions(
                    IpPermission.builder()
                        .ipProtocol("tcp")
                        .fromPort(80)
                        .toPort(81)
                        .ipRanges(IpRange.builder().cidrIp("10.0.0.0/8").build())
                        .userIdGroupPairs(UserIdGroupPair.builder().groupId(vpc.defaultGroupId()).build())
                        .build()));
    var rules = client.describeSecurityGroups(r -> r.groupIds(group)).securityGroups().getFirst().ipPermissions();
    assertThat(rules)
        .singleElement()
        .satisfies(p -> assertThat(p.ipRanges().getFirst().cidrIp()).isEqualTo("10.0.0.0/8"))
        .satisfies(p -> assertThat(p.userIdGroupPairs().getFirst().groupId()).isEqualTo(vpc.defaultGroupId()));
    client.revokeSecurityGroupIngress(r -> r.groupId(group).ipPermissions(rules));
    assertThat(model.state().group(group).ingress()).isEmpty();
    client.deleteSecurityGroup(r -> r.groupId(group));
  }

  @Test
  void tagsAreSetAndFound() {
    client.createTags(r -> r.resources(node.id(), subnet.id()).tags(Tag.builder().key("k").value("v").build()));
    assertThat(client.describeTags(r -> r.filters(Filter.builder().name("key").values("k").build())).tags())
        .extracting(t -> t.resourceTypeAsString())
        .containsExactlyInAnyOrder("instance", "subnet");
    client.deleteTags(r -> r.resources(node.id()).tags(Tag.builder().key("k").build()));
    assertThat(model.state().tags(node.id())).isEmpty();
    Tag reserved = Tag.builder().key("aws:x").value("v").build();
    refused("InvalidParameterValue", () -> client.createTags(r -> r.resources(node.id()).tags(reserved)));
  }

  @Test
  void zonesAndRegions() {
    assertThat(client.describeAvailabilityZones().availabilityZones())
        .singleElement()
        .satisfies(zone -> assertThat(zone.zoneId()).isEqualTo("euw1-az1"));
    assertThat(client.describeRegions().regions()).hasSize(1);
    assertThat(List.copyOf(server.actions())).contains("DescribeInstances", "AssociateTrunkInterface");
  }
}
