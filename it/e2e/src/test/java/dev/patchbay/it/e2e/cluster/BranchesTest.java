package dev.patchbay.it.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.Replica;
import dev.patchbay.lab.ec2.Ec2Server;
import dev.patchbay.lab.ec2.RateLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The controller with the mode sgp: trunks, branches, what is written about them, and what becomes of them. */
@Order(Labs.EARLY)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BranchesTest {
  private static Fleet fleet;
  private static String group = "";

  @BeforeAll
  static void start() {
    fleet = Fleet.start(Duration.ofSeconds(3), Map.of("warmBranchesFor", "45s"), "12s");
    group = fleet.group("red");
    fleet.policy("red", List.of(group));
  }

  @AfterAll
  static void end() {
    fleet.close();
  }

  @Test
  @Order(1)
  void aPodThatAskedHasItsBranchInTheFormOfEksController() {
    fleet.addNodes(1, "m5.large");
    fleet.pod("web", "n0", "red");
    JsonNode branch = Until.there("the pod is told", () -> fleet.branch("web"));
    List<String> keys = new ArrayList<>();
    branch.fieldNames().forEachRemaining(keys::add);
    assertThat(keys).containsExactly("eniId", "ifAddress", "privateIp", "ipv6Addr", "vlanId", "subnetCidr", "subnetV6Cidr", "associationID");
    assertThat(branch.path("vlanId").asInt()).isEqualTo(1);
    fleet.assertAllIsAsTold();
    assertThat(fleet.lab.model().state().networkInterface(branch.path("eniId").asText()).groups()).containsExactly(group);
    Until.holds("the node has room for branches", () -> fleet.lab.kube().objects().get("nodes", "", "n0")
        .filter(n -> n.path("status").path("capacity").path(Fleet.RESOURCE).asText().equals("9")).isPresent());
    Until.holds("its CNINode says so", () -> fleet.lab.kube().objects().get("cninodes.vpcresources.k8s.aws", "", "n0").filter(n -> n.path("status")
        .path("conditions").toString().contains("NodeTrunkInitiated")).isPresent());
    Until.holds("an Event says so", () -> !fleet.events("ResourceAllocated", "web").isEmpty());
  }

  @Test
  @Order(2)
  void whatCantBeIsToldOnThePod() {
    List<String> six = IntStream.range(0, 6).mapToObj(i -> fleet.group("six" + i)).toList();
    fleet.policy("six", six);
    fleet.pod("many", "n0", "six");
    fleet.policy("lost", List.of("sg-0123456789abcdef0"));
    fleet.pod("lost", "n0", "lost");
    fleet.addNodes(1, "t3.nano");
    fleet.pod("small", "n1", "red");
    Until.holds("it is said that its groups are too many", () -> fleet.events("BranchAllocationFailed", "many").stream()
        .anyMatch(e -> e.contains("SecurityGroupsPerInterfaceLimitExceeded") && e.contains("fewer groups")));
    Until.holds("it is said that its group is not there", () -> fleet.events("BranchAllocationFailed", "lost").stream()
        .anyMatch(e -> e.contains("InvalidGroup.NotFound") && e.contains("sg-0123456789abcdef0")));
    Until.holds("it is said that the type carries no trunk", () -> fleet.events("Unsupported", "small").stream()
        .anyMatch(e -> e.contains("t3.nano")));
    Until.holds("it is said on the policy, too", () -> fleet.events("SecurityGroupPolicyInvalid", "lost").stream()
        .anyMatch(e -> e.contains("sg-0123456789abcdef0")));
    // Corrected, it goes on by itself.
    fleet.lab.kube().objects().update("securitygrouppolicies.vpcresources.k8s.aws", "default", "lost", policy -> {
      policy.withObject("/spec/securityGroups").putArray("groupIds").add(group);
      return policy;
    });
    Until.there("the pod whose policy was corrected is told", () -> fleet.branch("lost"));
    List.of("many", "lost", "small").forEach(fleet::delete);
  }

  @Test
  @Order(3)
  void aRolloutTakesOverWhatHasCooledDown() {
    List<String> three = List.of("a", "b", "c");
    three.forEach(pod -> fleet.pod(pod, "n0", "red"));
    Until.holds("they are told", fleet::allHaveBranches);
    List<String> left = three.stream().map(pod -> fleet.branch(pod).orElseThrow().path("eniId").asText()).toList();
    three.forEach(fleet::delete);
    // Of those, and of the one that the corrected pod had, two are kept once they have cooled down.
    Until.holds("the others are gone", () -> fleet.ours("branch").size() == 3);
    long made = fleet.calls().getOrDefault("CreateNetworkInterface", 0L);
    fleet.pod("later", "n0", "red");
    JsonNode later = Until.there("the pod is told", () -> fleet.branch("later"));
    assertThat(left).contains(later.path("eniId").asText());
    assertThat(fleet.calls().get("CreateNetworkInterface")).as("made by then").isEqualTo(made);
    fleet.assertAllIsAsTold();
  }

  @Test
  @Order(4)
  void aHundredPodsAtEc2sPaceCostLittleMoreThanTheyMust() {
    fleet.lab.ec2().behave(new Ec2Server.Behaviour(RateLimits.PUBLISHED, Duration.ZERO, Duration.ZERO, Map.of()));
    Map<String, Long> before = fleet.calls();
    long begun = System.nanoTime();
    List<String> nodes = fleet.addNodes(10, "m5.xlarge");
    for (int i = 0; i < 100; i++) {
      fleet.pod("p" + i, nodes.get(i % 10), "red");
    }
    fleet.awaitBranches(Duration.ofMinutes(4));
    Pace.print("100 pods", fleet, before, begun, 10, 100);
    fleet.assertAllIsAsTold();
    Pace.assertNearTheFloor(fleet, before, 10, 100);
  }

  @Test
  @Order(5)
  void aLeaderThatIsKilledLosesNothingAndGivesNothingTwice() {
    // Ten nodes, so that none is full.
    Kills.kill(fleet, 5, IntStream.range(2, 12).mapToObj(i -> "n" + i).toArray(String[]::new));
  }

  @Test
  @Order(6)
  void whenAllPodsAreGoneNothingIsLeft() {
    fleet.pods().forEach(fleet::delete);
    Until.holds("all branches are gone", Duration.ofMinutes(4), () -> fleet.ours("branch").isEmpty());
    assertThat(fleet.lab.model().state().associations()).isEmpty();
    assertThat(fleet.ours("trunk")).as("trunks stay with their nodes").hasSize(11);
    assertThat(fleet.breaches()).isEmpty();
  }

  @Test
  @Order(7)
  void allThatTheReplicasAskedForWasTheirRight() {
    assertThat(fleet.all()).isNotEmpty().noneMatch(c -> c.outcome().equals("UnauthorizedOperation"));
    assertThat(fleet.lab.kube().requests().recent()).filteredOn(r -> r.user().equals("system:serviceaccount:kube-system:patchbay-cluster"))
        .isNotEmpty().noneMatch(r -> r.code() == 403);
    assertThat(fleet.lab.replicas()).extracting(Replica::name).hasSize(2);
  }
}
