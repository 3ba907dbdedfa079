package dev.patchbay.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.tck.view.TestInstanceType;
import dev.patchbay.tck.view.TestNode;
import dev.patchbay.tck.view.TestObject;
import dev.patchbay.tck.view.TestPod;
import java.util.Map;
import java.util.stream.IntStream;
import org.apiguardian.api.API;
import org.junit.jupiter.api.Test;

/**
 * Planners are pure functions: equal views, equal answers, whatever was asked before; and what they look at for one
 * attachment does not grow with the pods on the node.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface PurityContract extends ModeTest {
  /** Equal views get equal answers. */
  @Test
  default void equalViewsGetEqualAnswers() {
    for (Fields settings : mode().settings()) {
      for (TestNode node : mode().nodes()) {
        Player player = new Player(mode().provider(), settings, true);
        Rehearsal rehearsal = Rehearsal.of(mode(), player, node);
        rehearsal.nodePlan();
        rehearsal.nodeObjects();
        for (TestPod pod : mode().pods()) {
          rehearsal.attach(pod);
        }
        player.askAgainInReverse();
      }
    }
  }

  /** An attachment is planned in time that does not grow with the pods on the node: it looks at no more of the view. */
  @Test
  default void anAttachmentIsPlannedFromNoMoreWithManyPods() {
    for (TestPod pod : mode().pods()) {
      Map<String, Integer> few = lookedAt(10, pod);
      Map<String, Integer> many = lookedAt(1_000, pod);
      assertThat(many).as("how much of the view planners look at for pod %s with 1,000 pods on the node; with 10: %s", pod, few)
          .isEqualTo(few);
    }
  }

  private Map<String, Integer> lookedAt(int pods, TestPod pod) {
    Player player = new Player(mode().provider(), mode().complete(Fields.empty()), false);
    TestNode node = mode().prepared(TestNode.create().withInstanceType(TestInstanceType.M5_4XLARGE)).withPods(pods);
    if (player.descriptor().nodeReads().contains(ObjectKind.POD)) {
      node = node.withObjects(node.objects().with(
          IntStream.range(0, pods).mapToObj(i -> TestObject.of(ObjectKind.POD, "others", "pod-" + i)).toList()));
    }
    Rehearsal rehearsal = Rehearsal.of(mode(), player, node);
    player.calls().clear();
    rehearsal.attach(pod);
    return Map.copyOf(player.calls());
  }
}
