package dev.patchbay.it.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.lab.kube.KubeRequest;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node hears of the API server, and what it makes of an API server that is away, comes late, or is cut off. */
class KubeWatchTest {
  private static final ObjectKind SHOP = KubeLab.custom("shops", false);

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

  private static ObjectRef pod(String name) {
    return new ObjectRef(ObjectKind.POD, "default", name);
  }

  private void annotate(String name, String value) {
    lab.api.objects().update("pods", "default", name, p -> {
      ((ObjectNode) p.path("metadata")).withObject("/annotations").put("k", value);
      return p;
    });
  }

  private boolean annotated(String name, String value) {
    return heard.object(pod(name)).filter(p -> value.equals(p.annotations().get("k"))).isPresent();
  }

  @Test
  void itsOwnNodeAndPodsAreFollowedAndNoOthers() {
    lab.node("node-2", "{}");
    lab.pod("mine", KubeLab.NODE, "{\"k\": \"1\"}");
    lab.pod("other", "node-2", "{}");
    lab.allowAlso(ObjectKind.POD);
    lab.open(heard, ObjectKind.NODE, ObjectKind.POD);
    KubeLab.await("both kinds are heard", () -> heard.hears(ObjectKind.NODE) && heard.hears(ObjectKind.POD));
    assertThat(heard.names(ObjectKind.NODE)).containsExactly(KubeLab.NODE);
    assertThat(heard.names(ObjectKind.POD)).containsExactly("mine");

    lab.pod("another", "node-2", "{}");
    lab.pod("later", KubeLab.NODE, "{}");
    annotate("mine", "2");
    KubeLab.await("the new pod and the change are seen", () -> heard.object(pod("later")).isPresent() && annotated("mine", "2"));
    lab.api.objects().deleteNow("pods", "default", "mine");
    KubeLab.await("the end is seen", () -> heard.object(pod("mine")).isEmpty());
    assertThat(heard.names(ObjectKind.POD)).containsExactly("later");
    List<KubeRequest> asked = lab.api.requests().recent().stream().filter(r -> r.user().contains("patchbay-node")).toList();
    assertThat(asked).extracting(r -> r.verb() + " " + r.resource())
        .containsExactlyInAnyOrder("list nodes", "watch nodes", "list pods", "watch pods");
    assertThat(asked).allMatch(r -> r.parameters().contains("fieldSelector="));
  }

  @Test
  void ofPodsOnlyIsKeptWhatModesHaveUseFor() {
    lab.pod("mine", KubeLab.NODE, "{\"kubectl.kubernetes.io/last-applied-configuration\": \"all of it again\", \"k\": \"1\"}");
    lab.allowAlso(ObjectKind.POD);
    lab.open(heard, ObjectKind.POD);
    KubeLab.await("pods are heard", () -> heard.hears(ObjectKind.POD));
    ObjectRecord mine = heard.object(pod("mine")).orElseThrow();
    assertThat(mine.uid()).isNotEmpty();
    assertThat(mine.labels()).containsEntry("app", "web");
    assertThat(mine.annotations()).containsOnlyKeys("k");
    Fields spec = mine.content().fields("spec");
    assertThat(spec.text("serviceAccountName")).contains("web");
    assertThat(spec.list("containers").getFirst().fields("resources").fields("limits").text("vpc.amazonaws.com/pod-eni")).contains("1");
    assertThat(mine.toString()).doesNotContain("secret");
  }

  @Test
  void customObjectsAreKeptWhole() {
    lab.define(SHOP, false);
    lab.allowAlso(SHOP);
    lab.api.objects().create("""
        {"apiVersion": "lab.patchbay.dev/v1", "kind": "Shops", "metadata": {"name": "a"},
         "spec": {"n": 7, "big": 123456789012, "fraction": 1.5, "yes": true, "none": null, "list": ["a", {"b": 1}], "deep": {"er": {}}}}""");
    lab.open(heard, SHOP);
    KubeLab.await("the kind is heard", () -> heard.hears(SHOP));
    Fields spec = heard.object(new ObjectRef(SHOP, "", "a")).orElseThrow().content().fields("spec");
    assertThat(spec.number("n")).hasValue(7);
    assertThat(spec.number("big")).hasValue(123_456_789_012L);
    assertThat(spec.text("fraction")).contains("1.5");
    assertThat(spec.isTrue("yes")).isTrue();
    assertThat(spec.has("none")).isFalse();
    assertThat(spec.texts("list")).containsExactly("a");
    assertThat(spec.list("list").getFirst().number("b")).hasValue(1);
    assertThat(spec.fields("deep").has("er")).isTrue();
  }

  @Test
  void aWatchThatBreaksGoesOnFromWhereItWas() {
    lab.pod("mine", KubeLab.NODE, "{}");
    lab.allowAlso(ObjectKind.POD);
    lab.open(heard, ObjectKind.POD);
    KubeLab.await("pods are heard", () -> heard.hears(ObjectKind.POD));
    heard.forget();
    KubeLab.await("the watch is open", () -> lab.api.watchCount() == 1);
    lab.api.faults().cutWatches();
    annotate("mine", "2");
    KubeLab.await("the change is seen", () -> annotated("mine", "2"));
    assertThat(heard.log()).as("the kind was heard all the time, and nothing was told twice").containsExactly("seen Pod default/mine");
    assertThat(lab.api.requests().counts()).containsEntry("list pods 200", 1L);
  }

  @Test
  void aWatchWhoseVersionIsForgottenBeginsAnew() {
    lab.pod("stays", KubeLab.NODE, "{}");
    lab.pod("goes", KubeLab.NODE, "{}");
    lab.allowAlso(ObjectKind.POD);
    lab.open(heard, ObjectKind.POD);
    KubeLab.await("pods are heard", () -> heard.hears(ObjectKind.POD));
    KubeLab.await("the watch is open", () -> lab.api.watchCount() == 1);
    heard.forget();
    lab.api.faults().refuse("watch", "pods", 503, 1);
    lab.api.faults().cutWatches();
    KubeLab.await("it is told", () -> heard.log().contains("unheard pods"));
    lab.api.objects().deleteNow("pods", "default", "goes");
    lab.pod("comes", KubeLab.NODE, "{}");
    lab.api.faults().expireHistory();
    KubeLab.await("pods are heard again", () -> heard.hears(ObjectKind.POD) && heard.names(ObjectKind.POD).contains("comes"));
    assertThat(heard.names(ObjectKind.POD)).containsExactly("comes", "stays");
    assertThat(heard.log()).doesNotContain("seen Pod default/stays");

    heard.forget();
    KubeLab.await("the watch is open", () -> lab.api.watchCount() == 1);
    lab.api.faults().cutWatchesAndExpire();
    lab.pod("after", KubeLab.NODE, "{}");
    KubeLab.await("the new pod is seen", () -> heard.object(pod("after")).isPresent());
    assertThat(heard.log()).as("a list anew is no silence").doesNotContain("unheard pods");
  }

  @Test
  void anApiServerThatIsAwayIsToldAndHeardWhenItComes() throws Exception {
    lab.api.faults().refuseConnections();
    lab.open(heard, ObjectKind.NODE);
    KubeLab.await("its silence is told", () -> heard.tells("ApiServerUnheard"));
    assertThat(heard.findings().getFirst().cause()).contains(lab.api.url());
    assertThat(heard.hears(ObjectKind.NODE)).isFalse();
    lab.api.faults().comeBack();
    KubeLab.await("it is heard", () -> heard.hears(ObjectKind.NODE));
    KubeLab.await("it is over", () -> heard.findings().isEmpty());
  }

  @Test
  void anApiServerThatGoesAwayAndComesBackIsBelievedOnlyAfterAWholeList() {
    lab.pod("goes", KubeLab.NODE, "{}");
    lab.allowAlso(ObjectKind.POD);
    lab.open(heard, ObjectKind.NODE, ObjectKind.POD);
    KubeLab.await("both kinds are heard", () -> heard.hears(ObjectKind.NODE) && heard.hears(ObjectKind.POD));
    heard.forget();
    lab.api.faults().refuseConnections();
    KubeLab.await("both kinds are unheard", () -> !heard.hears(ObjectKind.NODE) && !heard.hears(ObjectKind.POD));
    KubeLab.await("it is told", () -> heard.tells("ApiServerUnheard"));
    assertThat(heard.names(ObjectKind.POD)).as("what was known stays known").containsExactly("goes");
    lab.api.objects().deleteNow("pods", "default", "goes");
    lab.api.faults().comeBack();
    KubeLab.await("both kinds are heard", () -> heard.hears(ObjectKind.NODE) && heard.hears(ObjectKind.POD));
    assertThat(heard.log().indexOf("gone Pod default/goes")).isBetween(0, heard.log().lastIndexOf("heard pods"));
    KubeLab.await("it is over", () -> heard.findings().isEmpty());
  }

  @Test
  void anApiServerThatHangsIsUnheard() {
    lab.api.faults().hang();
    lab.open(heard, ObjectKind.NODE);
    KubeLab.await("its silence is told", () -> heard.tells("ApiServerUnheard"));
    assertThat(heard.findings().getFirst().cause()).contains("does not answer within");
    lab.api.faults().comeBack();
    KubeLab.await("it is heard", () -> heard.hears(ObjectKind.NODE));
  }

  @Test
  void aKindThatIsNotDefinedIsToldAndLookedForAgain() {
    lab.allowAlso(SHOP);
    lab.open(heard, ObjectKind.NODE, SHOP);
    KubeLab.await("it is told", () -> heard.tells("KindMissing"));
    KubeLab.await("nodes are heard all the same", () -> heard.hears(ObjectKind.NODE));
    assertThat(heard.hears(SHOP)).isFalse();
    assertThat(heard.findings().getFirst().cause()).contains("shops.lab.patchbay.dev");
    lab.define(SHOP, false);
    KubeLab.await("the kind is heard", () -> heard.hears(SHOP));
    KubeLab.await("it is over", () -> heard.findings().isEmpty());
  }

  @Test
  void aRuleThatIsMissingIsToldAndTriedAgain() {
    lab.pod("mine", KubeLab.NODE, "{}");
    lab.open(heard, ObjectKind.POD);
    KubeLab.await("it is told", () -> heard.tells("RuleMissing"));
    assertThat(heard.findings().getFirst().cause()).contains("list and watch pods").contains("cannot list resource \"pods\"");
    lab.allowAlso(ObjectKind.POD);
    KubeLab.await("pods are heard", () -> heard.hears(ObjectKind.POD));
    assertThat(heard.names(ObjectKind.POD)).containsExactly("mine");
    KubeLab.await("it is over", () -> heard.findings().isEmpty());
  }

  @Test
  void aKubeconfigThatComesLaterIsRead() throws Exception {
    Files.delete(lab.kubeconfig);
    lab.open(heard, ObjectKind.NODE);
    KubeLab.await("it is told", () -> heard.tells("ApiServerUnheard"));
    assertThat(heard.findings().getFirst().cause()).contains(lab.kubeconfig.toString());
    Files.writeString(lab.kubeconfig, "{ this is none");
    Files.delete(lab.kubeconfig);
    lab.writeKubeconfig();
    KubeLab.await("nodes are heard", () -> heard.hears(ObjectKind.NODE));
  }
}
