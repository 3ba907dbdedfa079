package dev.patchbay.it.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabSettings;
import dev.patchbay.lab.NodeDaemon;
import dev.patchbay.lab.Replica;
import dev.patchbay.lab.kube.KubeApiException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Pods that a policy matches get the request for a branch from whichever replica is asked, and the annotation is the controller's alone. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AdmissionTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String KEY = "vpc.amazonaws.com/pod-eni";
  private static final List<String> CONFIGURATIONS = List.of("mutatingwebhookconfigurations.admissionregistration.k8s.io",
      "validatingwebhookconfigurations.admissionregistration.k8s.io");

  private static Lab lab;
  private static int number;

  @BeforeAll
  static void start() {
    lab = Lab.start(LabSettings.discover(Labs.name()).withNodes(0).withReplicas(2).withConfiguration(Map.of(
        "modes", List.of(Map.of("use", "secondary-ip"), Map.of("use", "sgp")),
        "controller", Map.of("leaseDuration", "6s", "certificateLifetime", "90s"))));
    lab.kube().objects().create("""
        {"apiVersion": "vpcresources.k8s.aws/v1beta1", "kind": "SecurityGroupPolicy", "metadata": {"name": "web", "namespace": "default"},
         "spec": {"podSelector": {"matchLabels": {"app": "web"}}, "securityGroups": {"groupIds": ["sg-00000000000000041"]}}}""");
  }

  @AfterAll
  static void end() {
    lab.close();
  }

  private static JsonNode admission(Replica replica) {
    return replica.get("/v1/report").filter(NodeDaemon.Answer::ok).map(answer -> {
      try {
        return JSON.readTree(answer.body()).path("admission");
      } catch (JsonProcessingException wrong) {
        throw new AssertionError("no JSON: " + answer.body(), wrong);
      }
    }).orElseGet(JSON::missingNode);
  }

  private static boolean endpointIs(Replica replica, boolean ready) {
    return lab.kube().objects().get("endpointslices.discovery.k8s.io", "kube-system", "patchbay-cluster-" + replica.name())
        .filter(slice -> slice.at("/endpoints/0/conditions/ready").asBoolean() == ready).isPresent();
  }

  private static boolean registered() {
    return CONFIGURATIONS.stream().allMatch(kind -> lab.kube().objects().get(kind, "", "patchbay-cluster").isPresent());
  }

  private static void awaitReady() {
    Until.holds("both replicas answer, and the API server asks", () -> registered()
        && lab.replicas().stream().allMatch(r -> endpointIs(r, true) && admission(r).path("ready").asBoolean()));
  }

  /** Makes a pod and returns how many branches its first container requests; empty text if none. */
  private static String make(String namespace, String more) {
    ObjectNode made = lab.kube().objects().create("""
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "pod-%d", "namespace": "%s", %s
         "containers": [{"name": "main", "image": "none"}, {"name": "other", "image": "none"}]}}""".formatted(++number, namespace, more));
    JsonNode resources = made.at("/spec/containers/0/resources");
    assertThat(resources.path("limits").path(KEY)).isEqualTo(resources.path("requests").path(KEY));
    assertThat(made.at("/spec/containers/1/resources/limits").has(KEY)).isFalse();
    return resources.path("limits").path(KEY).asText("");
  }

  private static String web() {
    return make("default", "\"labels\": {\"app\": \"web\"}}, \"spec\": {");
  }

  @Test
  @Order(1)
  void whatAPolicyMatchesGetsTheRequest() {
    awaitReady();
    assertThat(web()).isEqualTo("1");
    assertThat(make("default", "\"labels\": {\"app\": \"db\"}}, \"spec\": {")).as("no policy matches").isEmpty();
    assertThat(make("default", "\"labels\": {\"app\": \"web\"}}, \"spec\": {\"hostNetwork\": true,")).as("the host's network").isEmpty();
    assertThat(make("kube-system", "\"labels\": {\"app\": \"web\"}}, \"spec\": {")).as("an exempt namespace").isEmpty();
    assertThat(lab.replicas()).extracting(r -> admission(r).path("certificate").asText()).as("one identity").containsOnly(
        admission(lab.replicas().getFirst()).path("certificate").asText());
    assertThat(lab.replicas().stream().filter(r -> admission(r).path("registered").asBoolean())).as("one registers").hasSize(1);
  }

  @Test
  @Order(2)
  void theLabelsOfTheServiceAccountCount() {
    lab.kube().objects().create("""
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "red", "namespace": "default", "labels": {"team": "red"}}}""");
    lab.kube().objects().create("""
        {"apiVersion": "vpcresources.k8s.aws/v1beta1", "kind": "SecurityGroupPolicy", "metadata": {"name": "team", "namespace": "default"},
         "spec": {"serviceAccountSelector": {"matchLabels": {"team": "red"}}, "securityGroups": {"groupIds": ["sg-00000000000000042"]}}}""");
    Until.holds("the policy and the account have been heard of", () ->
        make("default", "\"labels\": {}}, \"spec\": {\"serviceAccountName\": \"red\",").equals("1"));
    assertThat(make("default", "\"labels\": {}}, \"spec\": {")).isEmpty();
  }

  private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable write, String... words) {
    assertThatThrownBy(write).isInstanceOfSatisfying(KubeApiException.class, refusal -> {
      assertThat(refusal.code()).isEqualTo(403);
      assertThat(refusal).hasMessageContainingAll(words);
    });
  }

  @Test
  @Order(3)
  void theAnnotationAndEmptyPoliciesAreRefusedInWords() {
    refused(() -> make("default", "\"annotations\": {\"" + KEY + "\": \"[]\"}}, \"spec\": {"), "annotation.sgp.patchbay.dev", KEY,
        "the controller alone writes it", "SecurityGroupPolicy");
    web();
    String pod = "pod-" + number;
    refused(() -> lab.kube().objects().update("pods", "default", pod, object -> {
      object.withObject("/metadata/annotations").put(KEY, "[]");
      return object;
    }), "the controller alone writes it");
    refused(() -> lab.kube().objects().updateStatus("pods", "default", pod, object -> {
      object.withObject("/metadata/annotations").put(KEY, "[]");
      return object;
    }), "annotation-status.sgp.patchbay.dev", "the controller alone writes it");
    lab.kube().objects().update("pods", "default", pod, object -> {
      object.withObject("/metadata/annotations").put("other", "text");
      return object;
    });
    refused(() -> lab.kube().objects().create("""
        {"apiVersion": "vpcresources.k8s.aws/v1beta1", "kind": "SecurityGroupPolicy", "metadata": {"name": "none", "namespace": "default"},
         "spec": {"securityGroups": {"groupIds": ["web"]}}}"""), "neither a podSelector nor a serviceAccountSelector", "\"web\"");
  }

  @Test
  @Order(4)
  void aNewCertificateComesWhileBothAnswer() {
    String first = admission(lab.replicas().getFirst()).path("certificate").asText();
    Until.holds("both show another certificate, and meanwhile no pod slips through", Until.LONG.multipliedBy(3), () -> {
      assertThat(web()).isEqualTo("1");
      List<String> shown = lab.replicas().stream().map(r -> admission(r).path("certificate").asText()).distinct().toList();
      return shown.size() == 1 && !shown.getFirst().equals(first);
    });
    lab.kube().objects().deleteNow("secrets", "kube-system", "patchbay-cluster-webhook");
    Until.holds("the Secret comes back", () ->
        lab.kube().objects().get("secrets", "kube-system", "patchbay-cluster-webhook").isPresent());
    assertThat(web()).isEqualTo("1");
  }

  @Test
  @Order(5)
  void eitherReplicaAnswersAlone() {
    for (Replica replica : lab.replicas()) {
      replica.kill();
      Until.holds("its endpoint is taken out", () -> endpointIs(replica, false));
      assertThat(web()).as("without %s", replica.name()).isEqualTo("1");
      replica.start();
      Until.holds("its endpoint is back", () -> endpointIs(replica, true));
    }
  }

  @Test
  @Order(6)
  void withoutAReplicaPodsAreMadeAndTheAnnotationIsRefusedAllTheSame() {
    lab.replicas().forEach(Replica::kill);
    lab.replicas().forEach(r -> Until.holds("its endpoint is taken out", () -> endpointIs(r, false)));
    assertThat(web()).as("such a pod is refused by its node").isEmpty();
    String pod = "pod-" + number;
    lab.kube().objects().update("pods", "default", pod, object -> {
      object.withObject("/metadata/annotations").put("other", "text");
      return object;
    });
    assertThatThrownBy(() -> lab.kube().objects().update("pods", "default", pod, object -> {
      object.withObject("/metadata/annotations").put(KEY, "[]");
      return object;
    })).hasMessageContaining("failed calling webhook");
    lab.replicas().forEach(Replica::start);
    awaitReady();
    assertThat(web()).isEqualTo("1");
  }

  @Test
  @Order(7)
  void whatOthersChangeIsBroughtBack() {
    CONFIGURATIONS.forEach(kind -> lab.kube().objects().deleteNow(kind, "", "patchbay-cluster"));
    Until.holds("it is registered again", AdmissionTest::registered);
    assertThat(web()).isEqualTo("1");
  }

  @Test
  @Order(8)
  void whatIsNotServedAnyMoreIsTakenBack() throws IOException {
    lab.replicas().forEach(Replica::stop);
    for (Replica replica : lab.replicas()) {
      String text = Files.readString(replica.configurationFile());
      String off = text.replaceAll("webhookAddress[\"]?: [\"']?127[0-9.:]+[\"']?", "webhookAddress: \"off\"");
      assertThat(off).isNotEqualTo(text);
      Files.writeString(replica.configurationFile(), off);
      replica.start();
    }
    Until.holds("nothing is registered", () -> CONFIGURATIONS.stream().allMatch(kind ->
        lab.kube().objects().get(kind, "", "patchbay-cluster").isEmpty()));
    assertThat(web()).isEmpty();
  }

  @Test
  @Order(9)
  void allThatTheReplicasAskedForWasTheirRight() {
    assertThat(lab.kube().requests().recent()).filteredOn(r -> r.user().equals("system:serviceaccount:kube-system:patchbay-cluster"))
        .isNotEmpty().noneMatch(r -> r.code() == 403);
    Optional<Replica> any = lab.replicas().stream().findFirst();
    assertThat(any.orElseThrow().log()).content().doesNotContain("PRIVATE KEY", "\tat ");
  }
}
