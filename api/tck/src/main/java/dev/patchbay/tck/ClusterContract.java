package dev.patchbay.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.cluster.AdmissionDecision;
import dev.patchbay.spi.cluster.AdmissionPlanner;
import dev.patchbay.spi.cluster.ClusterPlan;
import dev.patchbay.spi.cluster.ClusterView;
import dev.patchbay.spi.view.EniView;
import dev.patchbay.spi.view.ObjectsView;
import dev.patchbay.tck.view.TestCluster;
import dev.patchbay.tck.view.TestObject;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apiguardian.api.API;
import org.junit.jupiter.api.Test;

/**
 * The cluster side of a mode is as pure as the rest, removes only what is there, and decides on whatever it is asked.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface ClusterContract extends ModeTest {
  /** Its cluster plans are pure, each interface is wanted once, and what it does is declared. */
  @Test
  default void itsClusterPlansCanBeDone() {
    for (Fields settings : mode().settings()) {
      Player player = new Player(mode().provider(), settings, true);
      if (player.mode().clusterPlanner().isEmpty()) {
        continue;
      }
      for (TestCluster cluster : mode().clusters()) {
        List<String> keys = player.ask("keys", ClusterView.class, cluster,
            (m, c) -> m.clusterPlanner().map(p -> p.keys(c)).orElseThrow());
        assertThat(keys).as("keys").doesNotHaveDuplicates();
        Set<String> wanted = new HashSet<>();
        Set<String> vlans = new HashSet<>();
        for (String key : keys) {
          Answer<ClusterPlan> answer = player.ask("plan of " + key, ClusterView.class, cluster,
              (m, c) -> m.clusterPlanner().map(p -> p.plan(c, key)).orElseThrow());
          Words.check(answer);
          answer.plan().ifPresent(plan -> check(player, cluster, plan, wanted, vlans));
        }
        // An object may vanish between the two questions.
        Words.check(player.ask("plan of a key that is gone", ClusterView.class, cluster,
            (m, c) -> m.clusterPlanner().map(p -> p.plan(c, "gone")).orElseThrow()));
      }
      player.askAgainInReverse();
    }
  }

  private static void check(Player player, TestCluster cluster, ClusterPlan plan, Set<String> wanted, Set<String> vlans) {
    assertThat(player.descriptor().needs().clusterActions()).as("EC2 actions that %s calls for", plan)
        .containsAll(Actions.of(plan));
    ObjectContract.check(plan.objects(), player.descriptor().needs().clusterRules());
    for (ClusterPlan.DesiredEni eni : plan.enis()) {
      assertThat(wanted.add(eni.key())).as("two plans want the interface %s", eni.key()).isTrue();
      assertThat(eni.type()).as("type of %s", eni).isIn("interface", "trunk", "branch");
      assertThat(eni.vlanId().isPresent()).as("%s has a VLAN id if it is a branch", eni).isEqualTo(eni.type().equals("branch"));
      eni.vlanId().ifPresent(vlan -> {
        assertThat(vlan).as("VLAN id of %s", eni).isBetween(1, 4094);
        assertThat(vlans.add(eni.node() + " " + vlan)).as("VLAN id of %s is given twice on one trunk", eni).isTrue();
      });
      eni.from().ifPresent(from -> {
        assertThat(cluster.enis()).as("%s takes over an interface that is there", eni).anyMatch(there -> there.id().equals(from));
        assertThat(wanted.add("taken over: " + from)).as("two plans take %s over", from).isTrue();
        assertThat(plan.removals()).as("%s is taken over and removed", from).noneMatch(removal -> removal.id().equals(from));
        assertThat(player.descriptor().needs().clusterActions()).as("EC2 actions that taking over calls for")
            .contains("CreateTags", "ModifyNetworkInterfaceAttribute");
      });
    }
    for (ClusterPlan.Removal removal : plan.removals()) {
      Optional<ClusterView.ClusterEniView> eni = cluster.enis().stream().filter(e -> e.id().equals(removal.id())).findFirst();
      assertThat(eni).as("interface that %s removes", removal).isPresent();
      assertThat(eni.get().status()).as("status of the interface that %s removes", removal).isEqualTo("available");
      assertThat(removal.evidence()).as("evidence of %s: a sentence", removal).matches("(?s)[\\p{Lu}\\p{N}].{10,}\\.");
      assertThat(plan.enis()).as("%s removes an interface that the same plan wants", removal)
          .noneMatch(wants -> eni.get().key().equals(Optional.of(wants.key())));
    }
    plan.again().ifPresent(time -> assertThat(time).as("time at which %s is made again", plan).isGreaterThan(cluster.now()));
    assertThat(cluster.enis()).extracting(EniView::id).as("the view is as before").doesNotHaveDuplicates();
  }

  /** Its rules are sound, and it decides on what it is asked, odd objects included, the same each time. */
  @Test
  default void itDecidesOnAdmission() {
    for (Fields settings : mode().settings()) {
      Player player = new Player(mode().provider(), settings, false);
      boolean admits = mode().provider().descriptor().admits();
      if (player.mode().admissionPlanner().isEmpty()) {
        assertThat(admits).as("its descriptor says that it takes part in admission (admits), and it has no planner for it").isFalse();
        continue;
      }
      AdmissionPlanner planner = player.mode().admissionPlanner().get();
      assertThat(planner.rules()).as("rules").isNotEmpty().isEqualTo(planner.rules());
      assertThat(planner.rules()).extracting(AdmissionPlanner.Rule::name).doesNotHaveDuplicates();
      ObjectsView objects = mode().clusters().getFirst().objects();
      for (AdmissionPlanner.Rule rule : planner.rules()) {
        assertThat(rule.name()).as("name of a rule").matches("[a-z][a-z0-9-]{0,62}");
        assertThat(rule.operations()).as("operations of rule %s", rule.name()).isNotEmpty()
            .isSubsetOf("CREATE", "UPDATE", "DELETE");
        TestObject odd = TestObject.of(rule.kind(), rule.kind().namespaced() ? "default" : "", "odd");
        check(planner, rule, dev.patchbay.tck.view.TestAdmissionRequest.creation("somebody", odd), objects);
        check(planner, rule, dev.patchbay.tck.view.TestAdmissionRequest.update("somebody", odd, odd), objects);
        check(planner, rule, dev.patchbay.tck.view.TestAdmissionRequest.deletion("somebody", odd), objects);
        for (ModeUnderTest.Admission admission : mode().admissions()) {
          if (admission.rule().equals(rule.name())) {
            check(planner, rule, admission.request(), objects);
          }
        }
      }
      assertThat(admits).as("it has an admission planner, and its descriptor does not say so (admits)").isTrue();
    }
  }

  private static void check(AdmissionPlanner planner, AdmissionPlanner.Rule rule, AdmissionPlanner.Request request,
      ObjectsView objects) {
    AdmissionDecision decision = planner.decide(rule.name(), view(request, false), objects);
    assertThat(planner.decide(rule.name(), view(request, true), objects)).as("decision on an equal request").isEqualTo(decision);
    switch (decision) {
      case AdmissionDecision.Allow ignored -> { }
      case AdmissionDecision.Patch patch -> {
        assertThat(rule.mutating()).as("rule %s changes objects, as it says", rule.name()).isTrue();
        assertThat(patch.patch().list("operations")).as("operations of the patch (RFC 6902)").isNotEmpty()
            .allSatisfy(operation -> {
              assertThat(operation.text("op")).hasValueSatisfying(op ->
                  assertThat(op).isIn("add", "remove", "replace", "move", "copy", "test"));
              assertThat(operation.text("path")).hasValueSatisfying(path -> assertThat(path).matches("(/.*)?"));
            });
      }
      case AdmissionDecision.Deny deny -> assertThat(deny.reason()).as("reason: a sentence").matches("(?s)\\p{Lu}.{10,}\\.");
    }
  }

  private static AdmissionPlanner.Request view(AdmissionPlanner.Request request, boolean reversed) {
    return new Recorder(reversed).view(AdmissionPlanner.Request.class, request);
  }
}
