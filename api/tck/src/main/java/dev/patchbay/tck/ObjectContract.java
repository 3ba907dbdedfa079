package dev.patchbay.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.object.ObjectPlan;
import dev.patchbay.tck.view.TestNode;
import dev.patchbay.tck.view.TestPod;
import java.util.List;
import org.apiguardian.api.API;
import org.junit.jupiter.api.Test;

/**
 * What a mode writes to the API server is well formed, and it may write it.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface ObjectContract extends ModeTest {
  /** What it writes for nodes and pods it may write. */
  @Test
  default void itMayWriteWhatItWrites() {
    for (Fields settings : mode().settings()) {
      for (TestNode node : mode().nodes()) {
        Player player = new Player(mode().provider(), settings, false);
        Rehearsal rehearsal = Rehearsal.of(mode(), player, node);
        check(rehearsal.nodeObjects(), player.descriptor().needs().nodeRules());
        for (TestPod pod : mode().pods()) {
          for (Rehearsal.Interface made : rehearsal.attach(pod).interfaces()) {
            check(made.objects(), player.descriptor().needs().nodeRules());
          }
        }
      }
    }
  }

  private static void check(Answer<ObjectPlan> answer, List<Needs.ObjectRule> rules) {
    Words.check(answer);
    answer.plan().ifPresent(plan -> check(plan, rules));
  }

  /**
   * Checks what objects should hold.
   *
   * @param plan the plan
   * @param rules what the mode may do
   */
  static void check(ObjectPlan plan, List<Needs.ObjectRule> rules) {
    for (ObjectPlan.Patch patch : plan.patches()) {
      reference(patch.object());
      if (patch.subresource().equals(ObjectPlan.CREATE)) {
        granted(rules, patch.object(), "", "create");
        granted(rules, patch.object(), "", "patch");
      } else {
        granted(rules, patch.object(), patch.subresource(), "patch");
      }
    }
    for (ObjectPlan.Condition condition : plan.conditions()) {
      reference(condition.object());
      granted(rules, condition.object(), "status", "patch");
      assertThat(condition.type()).as("type of condition %s", condition).matches("[A-Z][A-Za-z0-9]+");
      assertThat(condition.text()).as("message of condition %s", condition).isNotBlank();
    }
    for (ObjectPlan.Event event : plan.events()) {
      reference(event.object());
      assertThat(event.text()).as("text of event %s: a sentence", event).matches("(?s)[\\p{Lu}\\p{N}].{10,}[.?!]");
    }
  }

  private static void reference(ObjectRef ref) {
    assertThat(ref.name()).as("name of object %s", ref).isNotBlank();
    assertThat(ref.namespace().isEmpty()).as("%s has a namespace if its kind lives in one", ref)
        .isEqualTo(!ref.kind().namespaced());
  }

  private static void granted(List<Needs.ObjectRule> rules, ObjectRef ref, String subresource, String verb) {
    assertThat(rules).as("the mode writes %s%s, so its needs grant %s on it", ref,
        subresource.isEmpty() ? "" : "'s " + subresource, verb).anyMatch(r -> r.kind().equals(ref.kind())
            && r.subresource().equals(subresource) && r.verbs().contains(verb));
  }
}
