package dev.patchbay.it.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Pods;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabSettings;
import dev.patchbay.lab.NodeDaemon;
import dev.patchbay.lab.PodRequest;
import dev.patchbay.lab.Replica;
import dev.patchbay.lab.calls.Recorder.Call;
import dev.patchbay.lab.vpc.InterfaceRequest;
import dev.patchbay.lab.vpc.NetworkInterface;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What dead nodes have left goes, by whichever replica acts, with no mode but secondary-ip; and nothing else does. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SweepTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DELETE = "DeleteNetworkInterface";

  private static Lab lab;
  private static String deadInstance = "";
  private static int number;

  @BeforeAll
  static void start() {
    lab = Lab.start(LabSettings.discover(Labs.name()).withNodes(2).withReplicas(2).withInstanceType("t3.small").withConfiguration(
        Map.of("controller", Map.of("leaseDuration", "6s", "lookEvery", "1s", "sweepGrace", "3s"))));
  }

  @AfterAll
  static void end() {
    lab.close();
  }

  private static Optional<JsonNode> report(Replica replica) {
    return replica.get("/v1/report").filter(NodeDaemon.Answer::ok).map(answer -> {
      try {
        return JSON.readTree(answer.body());
      } catch (JsonProcessingException wrong) {
        throw new AssertionError("no JSON: " + answer.body(), wrong);
      }
    });
  }

  private static Optional<Replica> leader() {
    return lab.replicas().stream().filter(r -> report(r).filter(j -> j.path("leads").asBoolean()).isPresent()).findFirst();
  }

  private static Replica other(Replica than) {
    return lab.replicas().stream().filter(r -> !r.name().equals(than.name())).findFirst().orElseThrow();
  }

  private static Optional<NetworkInterface> eni(String id) {
    return lab.model().state().interfaces().values().stream().filter(e -> e.id().equals(id)).findFirst();
  }

  private static boolean isThere(String id) {
    return eni(id).isPresent();
  }

  /** The tags that a node gives to what it makes. */
  private static Map<String, String> tags(String instance) {
    return new HashMap<>(Map.of("cluster.k8s.amazonaws.com/name", lab.name(), "node.k8s.amazonaws.com/instance_id", instance,
        "patchbay.dev/token", "pb-" + instance + "-" + ++number, "patchbay.dev/lane", "default"));
  }

  private static String make(Map<String, String> tags, boolean managed) {
    InterfaceRequest.Builder request = InterfaceRequest.in(lab.node(0).interfaces().getFirst().subnetId()).tags(tags);
    return lab.model().interfaces().create((managed ? request.requesterManaged() : request).build()).id();
  }

  /** Interfaces of the instance that is dead by now. */
  private static List<String> leftovers(int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(make(tags(deadInstance), false));
    }
    return ids;
  }

  private static List<Call> calls(String action, String caller) {
    return lab.recorder().calls().stream().filter(c -> c.service().equals("ec2") && c.action().equals(action) && c.caller().equals(caller))
        .toList();
  }

  private static void awaitGone(List<String> ids) {
    Until.holds("the leftovers are gone", () -> ids.stream().noneMatch(SweepTest::isThere));
  }

  @Test
  @Order(1)
  void whatANodeLeavesThatDiesBetweenMakingAnInterfaceAndAttachingItGoes() {
    LabNode node = lab.node(1);
    lab.faults().add("ec2:AttachNetworkInterface@" + node.instanceId() + " hang");
    // More than the primary interface carries.
    Pods.named("pod", 5).forEach(request -> Pods.begin(node, request));
    String left = Until.there("an interface that waits to be attached", () -> lab.model().state().interfaces().values().stream()
        .filter(e -> e.attachment().isEmpty() && e.tags().getOrDefault("node.k8s.amazonaws.com/instance_id", "").equals(node.instanceId()))
        .findFirst()).id();
    node.daemon().kill();
    lab.faults().clear();
    // As long as there is a node of that instance, it is the node's.
    long looks = Until.there("a leader", () -> leader().flatMap(SweepTest::report)).path("looks").asLong();
    Until.holds("some looks more", () -> leader().flatMap(SweepTest::report).filter(j -> j.path("looks").asLong() > looks + 5).isPresent());
    assertThat(isThere(left)).isTrue();

    deadInstance = node.instanceId();
    lab.kube().objects().deleteNow("nodes", "", node.name());
    Until.holds("it is said that it can't be shown that the node is dead", () -> leader().flatMap(SweepTest::report)
        .filter(j -> j.path("unproven").asInt() == 1 && j.path("findings").toString().contains(left)).isPresent());
    assertThat(isThere(left)).as("its instance runs").isTrue();

    lab.model().instances().terminate(node.instanceId());
    awaitGone(List.of(left));
    Until.holds("an Event says why", () -> lab.kube().objects().list("events", "kube-system", "").stream()
        .anyMatch(e -> e.path("reason").asText().equals("LeftoverDeleted") && e.path("message").asText().contains(left)));
    Until.holds("nothing is left to be said", () -> leader().flatMap(SweepTest::report).filter(j -> j.path("findings").isEmpty()).isPresent());
    Until.holds("it is counted", () -> leader().flatMap(r -> r.getMetrics("/metrics")).filter(a -> a.body()
        .contains("patchbay_controller_swept_enis_total 1.0")).isPresent());
  }

  @Test
  @Order(2)
  void whatIsOfOthersStays() {
    Map<String, String> ofAnother = tags(deadInstance);
    ofAnother.put("cluster.k8s.amazonaws.com/name", "another");
    Map<String, String> unmarked = tags(deadInstance);
    unmarked.remove("patchbay.dev/token");
    Map<String, String> kept = tags(deadInstance);
    kept.put("node.k8s.amazonaws.com/no_manage", "true");
    List<String> stay = new ArrayList<>(List.of(make(ofAnother, false), make(unmarked, false), make(Map.of(), false), make(kept, false),
        make(tags(deadInstance), true), make(tags(lab.node(0).instanceId()), false)));
    lab.node(0).interfaces().forEach(e -> stay.add(e.id()));
    // Made after those, so what would take them takes them no later.
    awaitGone(leftovers(1));
    assertThat(stay).allMatch(SweepTest::isThere);
  }

  @Test
  @Order(3)
  void leaderThatIsKilledIsFollowedByTheOtherWhichFinishes() {
    Replica first = Until.there("a leader", SweepTest::leader);
    Replica second = other(first);
    // Slow enough that the leader is killed in the middle.
    lab.faults().add("ec2:DeleteNetworkInterface delay=500ms");
    int before = calls(DELETE, first.name()).size();
    List<String> left = leftovers(12);
    Until.holds("some are deleted", () -> calls(DELETE, first.name()).size() > before);
    first.kill();
    lab.faults().clear();
    awaitGone(left);
    // By now all that the first had sent has been answered.
    assertThat(calls(DELETE, second.name())).as("what the second did").isNotEmpty();
    List<String> callers = lab.recorder().calls().stream().filter(c -> c.service().equals("ec2") && c.caller().startsWith("cluster-"))
        .map(Call::caller).toList();
    assertThat(callers.lastIndexOf(first.name())).as("none of the first's calls comes after one of the second's")
        .isLessThan(callers.indexOf(second.name()));
    first.start();
    Until.holds("it stands by", () -> report(first).filter(j -> j.path("holder").asText().startsWith(second.name() + "_")
        && !j.path("leads").asBoolean()).isPresent());
  }

  @Test
  @Order(4)
  void withoutApiServerNobodyActs() {
    Until.there("a leader", SweepTest::leader);
    lab.kube().faults().refuseConnections();
    Until.holds("nobody leads", () -> lab.replicas().stream().allMatch(r -> report(r).filter(j -> !j.path("leads").asBoolean()).isPresent()));
    // What was sent before that is answered by then: no call takes longer than a quarter of the Lease's duration.
    Instant quiet = Instant.now().plusSeconds(6);
    List<String> left = leftovers(2);
    Until.holds("both say why", () -> lab.replicas().stream().allMatch(r -> report(r)
        .filter(j -> j.path("findings").toString().contains("LeaseUnreachable")).isPresent()));
    Until.holds("there was time for some looks", () -> Instant.now().isAfter(quiet.plusSeconds(3)));
    assertThat(lab.recorder().calls()).noneMatch(c -> c.service().equals("ec2") && c.caller().startsWith("cluster-")
        && c.time().isAfter(quiet));
    assertThat(left).allMatch(SweepTest::isThere);
    lab.kube().faults().comeBack();
    awaitGone(left);
    Until.holds("nothing is found any more", () -> lab.replicas().stream().allMatch(r -> report(r)
        .filter(j -> j.path("findings").isEmpty()).isPresent()));
  }

  private static String logOf(Replica replica) {
    try {
      return Files.readString(replica.log());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Test
  @Order(5)
  void throttledItSlowsDownAndFinishes() {
    lab.faults().add("ec2:DeleteNetworkInterface throttle calls=4");
    lab.faults().add("ec2:DescribeInstances throttle calls=2");
    awaitGone(leftovers(4));
    lab.faults().clear();
    Until.holds("nothing is found any more", () -> leader().flatMap(SweepTest::report).filter(j -> j.path("findings").isEmpty()
        && j.path("throttled").asLong() >= 4).isPresent());
    Until.holds("the log tells of it", () -> lab.replicas().stream().anyMatch(r -> logOf(r).contains("CloudThrottled")));
  }

  @Test
  @Order(6)
  void whoIsToldToEndGivesTheLeaseUp() {
    Replica first = Until.there("a leader", SweepTest::leader);
    Replica second = other(first);
    first.stop();
    assertThat(first.exit()).contains(128 + 15);
    Until.holds("the other leads", () -> leader().filter(r -> r.name().equals(second.name())).isPresent());
    awaitGone(leftovers(1));
    first.start();
  }

  @Test
  @Order(7)
  void allThatTheReplicasAskedForWasTheirRight() {
    assertThat(lab.recorder().calls()).filteredOn(c -> c.service().equals("ec2") && c.caller().startsWith("cluster-")).isNotEmpty()
        .noneMatch(c -> c.outcome().equals("UnauthorizedOperation"));
    assertThat(lab.kube().requests().recent()).filteredOn(r -> r.user().equals("system:serviceaccount:kube-system:patchbay-cluster"))
        .isNotEmpty().noneMatch(r -> r.code() == 403);
    assertThat(lab.node(0).addPod(PodRequest.of("served")).addresses()).as("the node that is alive has noticed nothing").isNotEmpty();
  }
}
