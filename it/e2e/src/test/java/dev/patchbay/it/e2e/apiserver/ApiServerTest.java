package dev.patchbay.it.e2e.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Pods;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.CniException;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.PodRequest;
import dev.patchbay.lab.calls.Faults;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A node whose modes read no object is served whether its API server is there or not, and tells there what it can. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ApiServerTest {
  private static final String UNHEARD = "ApiServerUnheard";

  private static Lab lab;
  private static LabNode node;

  @BeforeAll
  static void start() {
    lab = Labs.start(1, "t3.small", Map.of("node", Map.of("cooldown", "1s")));
    node = lab.node(0);
  }

  @AfterAll
  static void end() {
    lab.close();
  }

  @Test
  @Order(1)
  void theNodeSaysThatItServesAndLacksNoRight() {
    Until.holds("the node says so", () -> Api.says(lab, node, "True", "Serving"));
    Until.holds("nothing is found", () -> Api.findings(node).isEmpty());
    assertThat(lab.kube().requests().recent()).filteredOn(r -> r.user().contains("patchbay")).as("what it asked was its right")
        .isNotEmpty().noneMatch(r -> r.code() == 403);
    assertThat(lab.kube().requests().recent()).filteredOn(r -> r.user().contains("patchbay") && r.verb().equals("watch"))
        .as("it watches itself and nothing else").allMatch(r -> r.resource().equals("nodes") && r.parameters().contains(node.name()));
  }

  @Test
  @Order(2)
  void aPodThatIsRefusedAndANodeThatIsFullAreToldWithTheCodeOfTheError() {
    List<LabPod> pods = new ArrayList<>(Pods.add(node, "pod", 9));
    CniException refused = Pods.refusal(Pods.begin(node, PodRequest.of("beyond")));
    JsonNode event = Until.there("the pod's Event", () -> Api.events(lab, "Pod", "beyond").stream()
        .filter(e -> e.path("type").asText().equals("Warning")).findFirst());
    assertThat(refused.details() + refused.text()).contains(event.path("reason").asText());
    String reason = event.path("reason").asText();
    Until.holds("the node's condition", () -> Api.says(lab, node, "False", reason));
    Until.holds("the node's Event", () -> Api.events(lab, "Node", node.name()).stream()
        .anyMatch(e -> e.path("reason").asText().equals(reason)));
    Until.holds("status has it", () -> Reports.of(node).path("refusals").toString().contains("\"" + reason + "\""));
    Pods.delete(pods);
    Until.holds("the node's condition is well again", () -> Api.says(lab, node, "True", "Serving"));
  }

  @Test
  @Order(3)
  void podsComeAndGoWhileTheApiServerIsCutOff() {
    LabPod before = node.addPod("before");
    lab.kube().faults().refuseConnections();
    Until.holds("the silence is found", () -> Api.findings(node).contains(UNHEARD));
    LabPod during = node.addPod("during");
    during.check();
    before.delete();
    during.delete();
    lab.kube().faults().comeBack();
    Until.holds("it is heard again", () -> !Api.findings(node).contains(UNHEARD));
    Until.holds("what happened meanwhile is told", () -> Api.events(lab, "Node", node.name()).stream()
        .anyMatch(e -> e.path("reason").asText().equals(UNHEARD)));
  }

  @Test
  @Order(4)
  void aDaemonStartsAndServesWithoutApiServerAndHearsItWhenItComes() {
    LabPod before = node.addPod("before");
    node.daemon().stop();
    lab.kube().faults().refuseConnections();
    node.daemon().start();
    node.daemon().awaitServing(Until.LONG);
    assertThat(Reports.attachments(node)).containsExactly("default/before");
    LabPod during = node.addPod("during");
    Until.holds("the silence is found", () -> Api.findings(node).contains(UNHEARD));
    during.delete();
    before.delete();
    Api.condition(lab, node).ifPresent(c -> assertThat(c.path("status").asText()).isEqualTo("True"));
    lab.kube().objects().updateStatus("nodes", "", node.name(), object -> {
      object.withObject("/status").putArray("conditions");
      return object;
    });
    assertThat(Api.condition(lab, node)).isEmpty();
    lab.kube().faults().comeBack();
    Until.holds("the node says that it serves", () -> Api.says(lab, node, "True", "Serving"));
    // What is told to the API server and what is told of it go different ways.
    Until.holds("it is heard", () -> !Api.findings(node).contains(UNHEARD));
  }

  @Test
  @Order(5)
  void anApiServerThatHangsStopsNobody() {
    node.daemon().stop();
    lab.kube().faults().hang();
    node.daemon().start();
    node.daemon().awaitServing(Until.LONG);
    node.addPod("during").delete();
    Until.holds("the silence is found", () -> Api.findings(node).contains(UNHEARD));
    lab.kube().faults().comeBack();
    Until.holds("it is heard again", () -> !Api.findings(node).contains(UNHEARD));
    assertThat(node.daemon().exit()).isEqualTo(Optional.empty());
  }

  @Test
  @Order(6)
  void aRestartedDaemonServesFromItsLedgerAloneWhileNothingElseAnswers() {
    LabPod before = node.addPod("before");
    node.daemon().kill();
    lab.kube().faults().hang();
    List<Faults.Standing> silence = List.of(lab.faults().add("ec2 hang"), lab.faults().add("imds hang"));
    node.daemon().start();
    node.daemon().awaitServing(Until.LONG);
    assertThat(Reports.attachments(node)).containsExactly("default/before");
    LabPod during = node.addPod("during");
    during.check();
    before.check();
    assertThat(during.exec("ping", "-c", "1", "-W", "5", before.address().getHostAddress()).succeeded()).as("packets pass").isTrue();
    before.delete();
    during.delete();
    Until.holds("the silence is found", () -> Api.findings(node).contains(UNHEARD));
    assertThat(node.daemon().exit()).isEqualTo(Optional.empty());
    silence.forEach(s -> lab.faults().remove(s.id()));
    lab.kube().faults().comeBack();
    Until.holds("all is heard again", () -> Api.findings(node).isEmpty());
  }
}
