package dev.patchbay.it.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.core.objects.ClusterClient;
import dev.patchbay.core.objects.ClusterException;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.object.ObjectPlan;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node writes to the API server: once, again after failures, and never what is no longer wished. */
class KubePublishTest {
  private static final ObjectKind SHOP = KubeLab.custom("shops", true);
  private static final ObjectKind PLAIN = KubeLab.custom("plains", false);
  private static final Code FULL = Code.of(201, "SubnetFull");
  private static final Code WELL = Code.of(1, "Serving");

  private KubeLab lab;
  private final Heard heard = new Heard();

  @BeforeEach
  void start() {
    lab = new KubeLab();
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  private static ObjectPlan condition(ObjectRef ref, boolean status, Code code, String text) {
    return ObjectPlan.empty().withCondition(ref, "PatchbayReady", status, code, text);
  }

  private Optional<JsonNode> condition(String resource, String namespace, String name) {
    JsonNode object = lab.api.objects().get(resource, namespace, name).orElseThrow();
    return StreamSupport.stream(object.path("status").path("conditions").spliterator(), false)
        .filter(c -> c.path("type").asText().equals("PatchbayReady")).findFirst();
  }

  private boolean conditionSays(String status, String reason) {
    return condition("nodes", "", KubeLab.NODE).filter(c -> c.path("status").asText().equals(status)
        && c.path("reason").asText().equals(reason)).isPresent();
  }

  private long count(String request) {
    return lab.api.requests().counts().getOrDefault(request, 0L);
  }

  /** So many requests of these kinds together, and no more; an object shows what was asked a moment before the request is counted. */
  private void assertCounted(long times, String... requests) {
    KubeLab.await(String.join(", ", requests), () -> Stream.of(requests).mapToLong(this::count).sum() >= times);
    assertThat(Stream.of(requests).mapToLong(this::count).sum()).as(String.join(", ", requests)).isEqualTo(times);
  }

  private ObjectNode shop(String name) {
    return lab.api.objects().get(SHOP + "", "default", name).orElseThrow();
  }

  private static Fields spec(Fields spec) {
    return Fields.empty().with("spec", spec);
  }

  @Test
  void aConditionIsWrittenBesideOthersAndOnlyWhenItChanges() {
    lab.api.objects().updateStatus("nodes", "", KubeLab.NODE, node -> {
      node.withObject("/status").putArray("conditions").addObject().put("type", "Ready").put("status", "True");
      return node;
    });
    ClusterClient client = lab.open(heard);
    client.publish(condition(KubeLab.NODE_REF, true, WELL, "Pods are served."));
    KubeLab.await("the condition is there", () -> conditionSays("True", "Serving"));
    String since = condition("nodes", "", KubeLab.NODE).orElseThrow().path("lastTransitionTime").asText();
    assertThat(since).isNotEmpty();
    client.publish(condition(KubeLab.NODE_REF, true, WELL, "Pods are served."));
    client.publish(ObjectPlan.empty().withEvent(KubeLab.NODE_REF, false, WELL, "after"));
    KubeLab.await("what came after is there", () -> !lab.events("default").isEmpty());
    assertCounted(1, "patch nodes/status 200");

    lab.api.objects().updateStatus("nodes", "", KubeLab.NODE, node -> {
      for (JsonNode condition : node.path("status").path("conditions")) {
        ((ObjectNode) condition).put("lastTransitionTime", "2020-01-01T00:00:00Z");
      }
      return node;
    });
    client.publish(condition(KubeLab.NODE_REF, true, FULL, "Still, but."));
    KubeLab.await("the reason has changed", () -> conditionSays("True", "SubnetFull"));
    assertThat(condition("nodes", "", KubeLab.NODE).orElseThrow().path("lastTransitionTime").asText())
        .as("its status has not changed").isEqualTo("2020-01-01T00:00:00Z");
    client.publish(condition(KubeLab.NODE_REF, false, FULL, "No more."));
    KubeLab.await("the status has changed", () -> conditionSays("False", "SubnetFull"));
    assertThat(condition("nodes", "", KubeLab.NODE).orElseThrow().path("lastTransitionTime").asText()).isNotEqualTo("2020-01-01T00:00:00Z");
    assertThat(lab.api.objects().get("nodes", "", KubeLab.NODE).orElseThrow().path("status").path("conditions"))
        .anyMatch(c -> c.path("type").asText().equals("Ready"));
  }

  @Test
  void conditionsOfCustomObjectsKeepTheirNeighbours() {
    lab.define(SHOP, true);
    lab.define(PLAIN, false);
    lab.allowAlso(SHOP, PLAIN);
    for (String kind : List.of("Shops", "Plains")) {
      lab.api.objects().create("""
          {"apiVersion": "lab.patchbay.dev/v1", "kind": "%s", "metadata": {"name": "a"},
           "status": {"conditions": [{"type": "Other", "status": "True"}]}}""".formatted(kind));
    }
    lab.api.objects().updateStatus(SHOP + "", "default", "a", o -> {
      o.withObject("/status").putArray("conditions").addObject().put("type", "Other").put("status", "True");
      return o;
    });
    ClusterClient client = lab.open(heard);
    lab.api.faults().conflicts(SHOP + "/status", 2);
    client.publish(condition(new ObjectRef(SHOP, "default", "a"), false, FULL, "No room."));
    client.publish(condition(new ObjectRef(PLAIN, "", "a"), false, FULL, "No room."));
    KubeLab.await("both conditions are there",
        () -> condition(SHOP + "", "default", "a").isPresent() && condition(PLAIN + "", "", "a").isPresent());
    assertThat(shop("a").path("status").path("conditions")).hasSize(2);
    assertThat(lab.api.objects().get(PLAIN + "", "", "a").orElseThrow().path("status").path("conditions")).hasSize(2);
  }

  @Test
  void eventsThatHappenAgainAreCounted() {
    lab.pod("web", KubeLab.NODE, "{}");
    ObjectRef web = new ObjectRef(ObjectKind.POD, "default", "web");
    ClusterClient client = lab.open(heard);
    client.publish(ObjectPlan.empty().withEvent(web, true, FULL, "The subnet is full. Make it larger."));
    KubeLab.await("the Event is there", () -> lab.events("default").size() == 1);
    JsonNode event = lab.events("default").getFirst();
    assertThat(event.path("reason").asText()).isEqualTo("SubnetFull");
    assertThat(event.path("type").asText()).isEqualTo("Warning");
    assertThat(event.path("message").asText()).isEqualTo("The subnet is full. Make it larger.");
    assertThat(event.path("involvedObject").path("uid").asText())
        .isEqualTo(lab.api.objects().get("pods", "default", "web").orElseThrow().path("metadata").path("uid").asText());
    for (int i = 0; i < 50; i++) {
      client.publish(ObjectPlan.empty().withEvent(web, true, FULL, "The subnet is full " + i + "."));
    }
    client.publish(ObjectPlan.empty().withEvent(KubeLab.NODE_REF, true, FULL, "On the node, too."));
    KubeLab.await("another object's Event is there, and the count", () -> lab.events("default").size() == 2
        && lab.events("default").stream().anyMatch(e -> e.path("count").asInt() == 51));
    assertCounted(1, "patch events 200");
    assertCounted(2, "create events 201");
  }

  @Test
  void anEventThatTheApiServerForgotIsMadeAnew() {
    ClusterClient client = lab.open(heard);
    client.publish(ObjectPlan.empty().withEvent(KubeLab.NODE_REF, true, FULL, "one"));
    KubeLab.await("the Event is there", () -> lab.events("default").size() == 1);
    lab.api.objects().deleteNow("events", "default", lab.events("default").getFirst().path("metadata").path("name").asText());
    client.publish(ObjectPlan.empty().withEvent(KubeLab.NODE_REF, true, FULL, "two"));
    KubeLab.await("another is there", () -> lab.events("default").stream().anyMatch(e -> e.path("message").asText().equals("two")));
  }

  @Test
  void anEventThatBringsItsObjectsUidAsksNobodyForIt() {
    ClusterClient client = lab.open(heard);
    client.publish(ObjectPlan.empty().withEvent(new ObjectRef(ObjectKind.POD, "default", "gone"), "its-uid", true, FULL, "late"));
    KubeLab.await("the Event is there", () -> lab.events("default").size() == 1);
    assertThat(lab.events("default").getFirst().path("involvedObject").path("uid").asText()).isEqualTo("its-uid");
    assertThat(count("get pods 404")).isZero();
  }

  @Test
  void anEventAboutWhatIsGoneIsDropped() {
    ClusterClient client = lab.open(heard);
    client.publish(ObjectPlan.empty().withEvent(new ObjectRef(ObjectKind.POD, "default", "gone"), true, FULL, "late"));
    client.publish(ObjectPlan.empty().withEvent(KubeLab.NODE_REF, true, FULL, "next"));
    KubeLab.await("the next is there", () -> !lab.events("default").isEmpty());
    assertThat(lab.events("default")).hasSize(1);
    assertThat(heard.findings()).isEmpty();
  }

  @Test
  void objectsAreMadeOrBroughtToWhatIsWished() {
    lab.define(SHOP, true);
    lab.allowAlso(SHOP);
    ClusterClient client = lab.open(heard);
    ObjectRef a = new ObjectRef(SHOP, "default", "a");
    client.publish(ObjectPlan.empty().withObject(a, spec(Fields.empty().with("size", 1).with("kept", "yes"))));
    KubeLab.await("it is made", () -> lab.api.objects().get(SHOP + "", "default", "a").isPresent());
    client.publish(ObjectPlan.empty().withObject(a, spec(Fields.empty().with("size", 2))));
    KubeLab.await("it is brought", () -> shop("a").path("spec").path("size").asInt() == 2);
    assertThat(shop("a").path("spec").path("kept").asText()).isEqualTo("yes");
    client.publish(ObjectPlan.empty().withPatch(a, "status", Fields.empty().with("status", Fields.empty().with("phase", "open"))));
    KubeLab.await("its status is written", () -> shop("a").path("status").path("phase").asText().equals("open"));
    client.publish(ObjectPlan.empty().withPatch(a, "", spec(Fields.empty().with("kept", ObjectPlan.ABSENT))));
    KubeLab.await("a field is taken away", () -> !shop("a").path("spec").has("kept"));
    assertThat(shop("a").path("spec").path("size").asInt()).isEqualTo(2);
  }

  @Test
  void whileNobodyAnswersNewerWishesReplaceOlderOnes() {
    lab.define(SHOP, true);
    lab.allowAlso(SHOP);
    ObjectRef a = new ObjectRef(SHOP, "default", "a");
    lab.api.faults().refuseConnections();
    ClusterClient client = lab.open(heard);
    client.publish(ObjectPlan.empty().withObject(a, spec(Fields.empty().with("size", 1).with("ofAnother", "yes"))));
    client.publish(condition(KubeLab.NODE_REF, false, FULL, "No."));
    KubeLab.await("the silence is told", () -> heard.tells("ApiServerUnheard"));
    for (int size = 2; size <= 9; size++) {
      client.publish(ObjectPlan.empty().withObject(a, spec(Fields.empty().with("size", size))));
      client.publish(condition(KubeLab.NODE_REF, size % 2 == 1, WELL, "Size " + size));
    }
    lab.api.faults().comeBack();
    KubeLab.await("the last wishes are granted",
        () -> lab.api.objects().get(SHOP + "", "default", "a").isPresent() && conditionSays("True", "Serving"));
    assertThat(shop("a").path("spec").path("size").asInt()).isEqualTo(9);
    assertThat(shop("a").path("spec").path("ofAnother").asText()).isEqualTo("yes");
    assertCounted(1, "create " + SHOP + " 201", "patch " + SHOP + " 200");
    assertCounted(1, "patch nodes/status 200");
    KubeLab.await("it is over", () -> heard.findings().isEmpty());
  }

  @Test
  void whatIsRefusedForAWhileIsTriedAgain() {
    lab.define(SHOP, true);
    lab.allowAlso(SHOP);
    lab.api.objects().create("""
        {"apiVersion": "lab.patchbay.dev/v1", "kind": "Shops", "metadata": {"name": "a"}}""");
    lab.api.faults().conflicts(SHOP + "", 2);
    lab.api.faults().refuse("patch", SHOP + "", 500, 1);
    lab.api.faults().refuse("patch", SHOP + "", 429, 1);
    ClusterClient client = lab.open(heard);
    client.publish(ObjectPlan.empty().withPatch(new ObjectRef(SHOP, "default", "a"), "", spec(Fields.empty().with("size", 3))));
    KubeLab.await("it is granted", () -> shop("a").path("spec").path("size").asInt() == 3);
    assertCounted(2, "patch " + SHOP + " 409");
    assertCounted(1, "patch " + SHOP + " 500");
    assertCounted(1, "patch " + SHOP + " 429");
  }

  @Test
  void aPatchMadeOfWhatIsNoLongerSoIsDropped() {
    lab.define(SHOP, true);
    lab.allowAlso(SHOP);
    ObjectNode made = lab.api.objects().create("""
        {"apiVersion": "lab.patchbay.dev/v1", "kind": "Shops", "metadata": {"name": "a"}, "spec": {"size": 1}}""");
    String seen = made.path("metadata").path("resourceVersion").asText();
    lab.api.objects().update(SHOP + "", "default", "a", o -> {
      o.withObject("/spec").put("size", 2);
      return o;
    });
    ClusterClient client = lab.open(heard);
    client.publish(ObjectPlan.empty().withPatch(new ObjectRef(SHOP, "default", "a"), "",
        spec(Fields.empty().with("size", 7)).with("metadata", Fields.empty().with("resourceVersion", seen))));
    client.publish(ObjectPlan.empty().withEvent(KubeLab.NODE_REF, false, WELL, "after"));
    KubeLab.await("what came after is there", () -> !lab.events("default").isEmpty());
    assertCounted(1, "patch " + SHOP + " 409");
    assertThat(shop("a").path("spec").path("size").asInt()).isEqualTo(2);
  }

  @Test
  void aRightThatIsMissingIsToldAndTheWishWaits() {
    lab.allow(List.of(new Needs.ObjectRule(ObjectKind.NODE, "", Set.of("get"))));
    ClusterClient client = lab.open(heard);
    client.publish(condition(KubeLab.NODE_REF, false, FULL, "No."));
    KubeLab.await("it is told", () -> heard.tells("RuleMissing"));
    assertThat(heard.findings().getFirst().cause()).contains("nodes/status");
    lab.allow(KubeLab.usual());
    KubeLab.await("it is granted", () -> conditionSays("False", "SubnetFull"));
    KubeLab.await("it is over", () -> heard.findings().isEmpty());
  }

  @Test
  void whatMakesNoSenseIsToldAndDoesNotStandInTheWay() {
    lab.define(SHOP, true);
    lab.allowAlso(SHOP);
    ClusterClient client = lab.open(heard);
    client.publish(ObjectPlan.empty().withObject(new ObjectRef(SHOP, "default", "No_Name"), spec(Fields.empty().with("size", 1))));
    client.publish(ObjectPlan.empty().withObject(new ObjectRef(SHOP, "default", "a"), spec(Fields.empty().with("size", 1))));
    KubeLab.await("the next wish is granted", () -> lab.api.objects().get(SHOP + "", "default", "a").isPresent());
    assertCounted(1, "create " + SHOP + " 422");
    KubeLab.await("it is told", () -> heard.log().contains("told WriteRefused"));
  }

  @Test
  void whatIsLackingIsNamed() {
    lab.allow(List.of(new Needs.ObjectRule(ObjectKind.NODE, "", Set.of("get", "list")),
        new Needs.ObjectRule(ObjectKind.NODE, "status", Set.of("patch"))));
    ClusterClient client = lab.open(heard);
    assertThat(client.lacking(KubeLab.usual())).containsExactlyInAnyOrder("create events", "patch events", "watch nodes", "get pods");
    assertThat(client.lacking(List.of(new Needs.ObjectRule(SHOP, "", Set.of("list"))))).containsExactly("list shops.lab.patchbay.dev");
    lab.allow(KubeLab.usual());
    assertThat(client.lacking(KubeLab.usual())).isEmpty();
    lab.api.faults().refuseConnections();
    Assertions.assertThatThrownBy(() -> client.lacking(KubeLab.usual())).isInstanceOf(ClusterException.class)
        .hasMessageContaining(lab.api.url());
  }
}
