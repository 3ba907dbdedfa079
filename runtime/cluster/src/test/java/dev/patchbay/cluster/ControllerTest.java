package dev.patchbay.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.cluster.view.Marks;
import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ModeContext;
import dev.patchbay.spi.NetworkModeProvider;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.tck.synthetic.SyntheticModes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The controller as a whole: it sweeps, and makes of a mode's plans what EC2 should have. */
class ControllerTest {
  private static final String DEAD = "i-0000000000000dead";

  private static ModeInstance branches() {
    NetworkModeProvider provider = SyntheticModes.cluster();
    ModeContext context = Fields::empty;
    return new ModeInstance(provider.id(), "0.1.0", provider.descriptor(), provider.create(context));
  }

  private static Map<String, String> left(String cluster) {
    return new HashMap<>(Map.of(Marks.CLUSTER, cluster, Marks.TOKEN, "pb-x", Marks.INSTANCE, DEAD));
  }

  private static ObjectRecord pod(String name, String node, String version) {
    return new ObjectRecord(new ObjectRef(ObjectKind.POD, "default", name), "uid-" + name, version,
        Map.of("synthetic.patchbay.dev/branch", "yes"), Map.of(), Fields.empty().with("spec", Fields.empty().with("nodeName", node)));
  }

  private static List<String> findings(Harness harness) {
    return harness.findings.values().stream().map(Finding::code).map(code -> code.name()).toList();
  }

  @Test
  void sweepsWhatDeadNodesHaveLeftAndNothingElse() {
    Harness harness = new Harness();
    harness.node("alive", harness.cloud.launch(1));
    EniRecord mine = harness.cloud.leave(left("shop"));
    EniRecord others = harness.cloud.leave(left("office"));
    Map<String, String> bare = left("shop");
    bare.remove(Marks.TOKEN);
    EniRecord unmarked = harness.cloud.leave(bare);
    harness.heard(ObjectKind.NODE);
    harness.pass(100_000);
    assertThat(harness.cloud.enis).as("before the grace is over").containsKey(mine.id());
    harness.pass(100_000);
    assertThat(harness.cloud.enis.keySet()).containsExactlyInAnyOrder(others.id(), unmarked.id());
    assertThat(harness.report()).extracting(ControllerReport::swept, ControllerReport::leads).containsExactly(1L, true);
    assertThat(harness.published.toString()).contains("LeftoverDeleted", mine.id(), DEAD + " does not exist");
    assertThat(harness.findings).isEmpty();
  }

  @Test
  void doesNothingInEc2UntilItLeads() {
    Harness harness = new Harness();
    harness.heard = false;
    harness.cloud.leave(left("shop"));
    harness.heard(ObjectKind.NODE);
    harness.pass(600_000);
    assertThat(harness.cloud.calls).isEmpty();
    assertThat(findings(harness)).containsExactly("LeaseUnreachable");
    harness.heard = true;
    harness.pass(200_000);
    assertThat(harness.cloud.enis).isEmpty();
    assertThat(harness.findings).isEmpty();
  }

  @Test
  void stopsWhenTheLeaseIsNotRenewedAndBeginsAnew() {
    Harness harness = new Harness();
    harness.heard(ObjectKind.NODE);
    harness.cloud.leave(left("shop"));
    harness.pass(110_000);
    harness.heard = false;
    harness.pass(16_000);
    assertThat(harness.report().leads()).isFalse();
    assertThat(harness.withdrawn).isTrue();
    int calls = harness.cloud.calls.size();
    harness.pass(300_000);
    assertThat(harness.cloud.calls).hasSize(calls);
    harness.heard = true;
    harness.pass(60_000);
    assertThat(harness.report().terms()).isEqualTo(2);
    assertThat(harness.cloud.enis).as("the evidence of the first term counts no more").hasSize(1);
    harness.pass(120_000);
    assertThat(harness.cloud.enis).isEmpty();
  }

  @Test
  void saysWhatItCannotShow() {
    Harness harness = new Harness();
    harness.heard(ObjectKind.NODE);
    harness.cloud.launch(1);
    Map<String, String> tags = left("shop");
    tags.put(Marks.INSTANCE, "i-%017x".formatted(1));
    EniRecord eni = harness.cloud.leave(tags);
    harness.pass(600_000);
    assertThat(harness.cloud.enis).containsKey(eni.id());
    assertThat(harness.findings.values()).singleElement().satisfies(f -> {
      assertThat(f.code()).isEqualTo(ControllerCodes.UNPROVEN);
      assertThat(f.cause()).contains(eni.id()).contains("is running, though no node is that instance");
      assertThat(f.value()).contains(1L);
    });
    assertThat(harness.report().unproven()).isEqualTo(1);
    harness.cloud.terminate("i-%017x".formatted(1));
    harness.pass(400_000);
    assertThat(harness.cloud.enis).isEmpty();
    assertThat(harness.findings).isEmpty();
  }

  @Test
  void slowsDownWhenEc2SaysSo() {
    Harness harness = new Harness();
    harness.heard(ObjectKind.NODE);
    for (int i = 0; i < 40; i++) {
      harness.cloud.leave(left("shop"));
    }
    long[] throttledUntil = {0};
    harness.weather = call -> call instanceof CloudCall.Delete && harness.now < throttledUntil[0]
        ? new CloudAnswer.Failed(CloudAnswer.Kind.THROTTLED, "RequestLimitExceeded", "slow down") : null;
    harness.pass(110_000);
    throttledUntil[0] = harness.now + 120_000;
    harness.pass(100_000);
    assertThat(findings(harness)).contains("CloudThrottled");
    assertThat(harness.report().throttled()).as("calls into the throttle").isBetween(1L, 60L);
    harness.pass(300_000);
    assertThat(harness.cloud.enis).isEmpty();
    assertThat(harness.findings).isEmpty();
    assertThat(harness.report().swept()).isEqualTo(40);
  }

  @Test
  void lostAnswersMakeNothingTwice() {
    Harness harness = new Harness(branches());
    String instance = harness.cloud.launch(1);
    harness.node("a", instance);
    harness.see(pod("one", "a", "1"));
    harness.heard(ObjectKind.NODE);
    Set<Class<?>> lost = new HashSet<>();
    harness.weather = call -> {
      if (!call.action().startsWith("Describe") && lost.add(call.getClass())) {
        // It is done, and nobody hears of it.
        harness.cloud.call(call);
        return new CloudAnswer.Failed(CloudAnswer.Kind.UNKNOWN, "SocketTimeoutException", "no answer");
      }
      return null;
    };
    harness.heard(ObjectKind.POD);
    harness.pass(600_000);
    assertThat(harness.cloud.enis.values()).extracting(EniRecord::type).containsExactlyInAnyOrder("trunk", "branch");
    assertThat(harness.cloud.associations).hasSize(1);
    assertThat(lost).hasSize(4);
    assertThat(harness.findings).isEmpty();
  }

  @Test
  void makesTrunkAndBranchesAndWritesWhatTheModeSays() {
    Harness harness = new Harness(branches());
    for (int n = 1; n <= 3; n++) {
      harness.node("node-" + n, harness.cloud.launch(n));
      for (int p = 0; p < 3; p++) {
        harness.see(pod("pod-" + n + "-" + p, "node-" + n, "1"));
      }
    }
    harness.heard(ObjectKind.NODE);
    harness.heard(ObjectKind.POD);
    harness.pass(30_000);
    assertThat(harness.cloud.enis.values().stream().filter(e -> e.type().equals("trunk"))).hasSize(3).allSatisfy(e ->
        assertThat(e.attachment().orElseThrow()).extracting(EniRecord.Attachment::deviceIndex, EniRecord.Attachment::deleteOnTermination)
            .containsExactly(2, true));
    assertThat(harness.cloud.associations.values()).hasSize(9);
    assertThat(harness.cloud.associations.values().stream().map(a -> a.trunkId() + " " + a.vlanId()).distinct()).hasSize(9);
    assertThat(harness.published.stream().flatMap(p -> p.patches().stream())).hasSize(9);
    assertThat(harness.cloud.enis.values()).allSatisfy(e -> assertThat(e.tags()).containsEntry(Marks.CLUSTER, "shop")
        .containsKeys(Marks.TOKEN, Marks.KEY, Marks.NODE, Marks.INSTANCE));
    // What a restart would know: everything is found again by its tags, and nothing is called for.
    int changes = (int) harness.cloud.calls.stream().filter(c -> !c.action().startsWith("Describe")).count();
    assertThat(changes).as("the floor: 3 calls for a trunk, 2 for a branch").isEqualTo(3 * 3 + 9 * 2);
    harness.pass(600_000);
    assertThat(harness.cloud.calls.stream().filter(c -> !c.action().startsWith("Describe"))).hasSize(changes);
  }

  /** Once for each answer of a planner, it would cost the square of the number of nodes. */
  @Test
  void whatIsWantedIsGoneThroughOnceForAChangeHoweverManyNodesThereAre() {
    Harness harness = new Harness(branches());
    for (int n = 1; n <= 40; n++) {
      harness.node("node-" + n, harness.cloud.launch(n));
      harness.see(pod("pod-" + n, "node-" + n, "1"));
    }
    harness.heard(ObjectKind.NODE);
    harness.heard(ObjectKind.POD);
    harness.pass(50_000);
    assertThat(harness.cloud.associations).hasSize(40);
    long before = harness.passes();
    harness.see(pod("pod-1", "node-1", "2"));
    harness.pass(500);
    assertThat(harness.passes() - before).isBetween(1L, 3L);
    harness.see(pod("another", "node-1", "1"));
    harness.pass(5_000);
    assertThat(harness.cloud.associations).hasSize(41);
  }

  @Test
  void branchOfAPodThatIsGoneCoolsDownAndGoes() {
    Harness harness = new Harness(branches());
    harness.node("a", harness.cloud.launch(1));
    ObjectRecord pod = pod("one", "a", "1");
    harness.see(pod);
    harness.heard(ObjectKind.NODE);
    harness.heard(ObjectKind.POD);
    harness.pass(10_000);
    assertThat(harness.cloud.associations).hasSize(1);
    harness.gone(pod.ref());
    harness.pass(50_000);
    assertThat(harness.cloud.associations).as("the mode lets it cool down for a minute").hasSize(1);
    harness.pass(30_000);
    assertThat(harness.cloud.associations).isEmpty();
    assertThat(harness.cloud.enis.values()).extracting(EniRecord::type).containsExactly("trunk");
    assertThat(harness.report().removed()).isEqualTo(1);
  }

  @Test
  void deadNodesLeaveNothingOfModesEither() {
    Harness harness = new Harness(branches());
    String instance = harness.cloud.launch(1);
    harness.node("a", instance);
    harness.see(pod("one", "a", "1"));
    harness.heard(ObjectKind.NODE);
    harness.heard(ObjectKind.POD);
    harness.pass(10_000);
    assertThat(harness.cloud.associations).hasSize(1);
    harness.cloud.terminate(instance);
    harness.gone(new ObjectRef(ObjectKind.NODE, "", "a"));
    harness.gone(new ObjectRef(ObjectKind.POD, "default", "one"));
    // The fake leaves a branch without its trunk in use; EC2 makes it available.
    harness.cloud.enis.replaceAll((id, e) -> new EniRecord(e.id(), e.mac(), e.type(), e.subnetId(), e.groups(), e.primary(), e.addresses(),
        e.prefixes(), e.attachment(), e.tags(), e.description(), "available"));
    harness.pass(600_000);
    assertThat(harness.cloud.enis).isEmpty();
    assertThat(harness.report().swept()).isEqualTo(1);
  }

  @Test
  void deniedIsSaidAndTriedAgain() {
    Harness harness = new Harness();
    harness.heard(ObjectKind.NODE);
    harness.cloud.leave(left("shop"));
    boolean[] denied = {true};
    harness.weather = call -> denied[0] && call instanceof CloudCall.Delete
        ? new CloudAnswer.Failed(CloudAnswer.Kind.DENIED, "UnauthorizedOperation", "no") : null;
    harness.pass(400_000);
    assertThat(harness.findings.values()).extracting(Finding::code).containsExactly(Codes.CLOUD_DENIED);
    assertThat(harness.cloud.calls.stream().filter(c -> c instanceof CloudCall.Delete)).isEmpty();
    denied[0] = false;
    harness.pass(600_000);
    assertThat(harness.cloud.enis).isEmpty();
    assertThat(harness.findings).isEmpty();
  }

  @Test
  void leavesWhenItIsToldTo() {
    Harness harness = new Harness();
    harness.heard(ObjectKind.NODE);
    harness.pass(10_000);
    assertThat(harness.report().leads()).isTrue();
    harness.send(new Event.Leave());
    harness.pass(1_000);
    assertThat(harness.ended).isTrue();
    assertThat(harness.lease.orElseThrow().content().fields("spec").text("holderIdentity")).contains("");
    int calls = harness.cloud.calls.size();
    harness.pass(100_000);
    assertThat(harness.cloud.calls).hasSize(calls);
  }
}
