package dev.patchbay.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.spi.datapath.ChildLink;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.StandaloneLink;
import dev.patchbay.spi.datapath.VethPair;
import dev.patchbay.tck.view.TestAttachment;
import dev.patchbay.tck.view.TestNode;
import dev.patchbay.tck.view.TestPod;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apiguardian.api.API;
import org.junit.jupiter.api.Test;

/**
 * What a mode wants of the kernel can be done, stays within what is its own, and is declared.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface DatapathContract extends ModeTest {
  /** The node's part names interfaces that are there and devices that it makes, and what it needs is declared. */
  @Test
  default void itsNodePlanCanBeDone() {
    for (Fields settings : mode().settings()) {
      for (TestNode node : mode().nodes()) {
        Player player = new Player(mode().provider(), settings, false);
        Rehearsal rehearsal = Rehearsal.of(mode(), player, node);
        Answer<DatapathPlan> answer = rehearsal.nodePlan();
        Words.check(answer);
        answer.plan().ifPresent(plan -> {
          PlanRules.ofNode(rehearsal.node(), plan).check();
          PlanRules.declared(player.descriptor().needs(), plan, true);
          assertRoundTrip(plan);
          assertThat(plan.elements(Act.class)).as("acts in a node's plan, which names plugins that every pod needs")
              .allMatch(act -> act.type().equals("plugin"));
        });
      }
    }
  }

  /** An attachment's part names only devices that it makes and interfaces of the view, and only addresses that it holds. */
  @Test
  default void itsAttachmentPlansCanBeDone() {
    for (Fields settings : mode().settings()) {
      for (TestNode node : mode().nodes()) {
        Player player = new Player(mode().provider(), settings, false);
        Rehearsal rehearsal = Rehearsal.of(mode(), player, node);
        DatapathPlan onNode = rehearsal.nodePlan().plan().orElse(DatapathPlan.empty());
        for (TestPod pod : mode().pods()) {
          Rehearsal.Attached attached = rehearsal.attach(pod);
          attached.end().ifPresent(Words::check);
          for (Rehearsal.Interface made : attached.interfaces()) {
            if (made.own()) {
              for (DatapathPlan plan : made.rounds()) {
                PlanRules.ofAttachment(made.attachment(), onNode, plan).check();
                PlanRules.declared(player.descriptor().needs(), plan, false);
                assertRoundTrip(plan);
              }
            }
          }
        }
      }
    }
  }

  private static void assertRoundTrip(DatapathPlan plan) {
    assertThat(DatapathPlan.of(plan.fields())).as("plan read back from its fields").isEqualTo(plan);
  }

  /** Two pods never want one device of the node. */
  @Test
  default void twoPodsShareNoDevice() {
    for (TestNode node : mode().nodes()) {
      Rehearsal rehearsal =
          Rehearsal.of(mode(), new Player(mode().provider(), mode().complete(Fields.empty()), false), node);
      Map<String, TestPod> owners = new HashMap<>();
      for (TestPod pod : mode().pods()) {
        for (Rehearsal.Interface made : rehearsal.attach(pod).interfaces()) {
          for (String device : hostDevices(made.plan())) {
            TestPod other = owners.put(device, pod);
            assertThat(other).as("pod that wants device %s of the node beside pod %s", device, pod).isNull();
          }
        }
      }
    }
  }

  private static Set<String> hostDevices(DatapathPlan plan) {
    Set<String> devices = new HashSet<>();
    for (PlanElement element : plan.elements()) {
      switch (element) {
        case VethPair veth -> devices.add(veth.hostName());
        case ChildLink link when link.space() == Space.HOST -> devices.add(link.name());
        case StandaloneLink link when link.space() == Space.HOST -> devices.add(link.name());
        default -> { }
      }
    }
    return devices;
  }

  /** Acts have ids of their own, stay in the plan once done, so that they are undone in the end, and may fail. */
  @Test
  default void itsActsCanBeUndone() {
    for (TestNode node : mode().nodes()) {
      Player player = new Player(mode().provider(), mode().complete(Fields.empty()), false);
      Rehearsal rehearsal = Rehearsal.of(mode(), player, node);
      for (TestPod pod : mode().pods()) {
        for (Rehearsal.Interface made : rehearsal.attach(pod).interfaces()) {
          List<String> acts = made.plan().elements(Act.class).stream().map(Act::id).toList();
          assertThat(acts).as("ids of acts").doesNotHaveDuplicates();
          for (DatapathPlan round : made.rounds()) {
            assertThat(acts).as("acts in the last plan for pod %s: one that is missing would never be undone", pod)
                .containsAll(round.elements(Act.class).stream().map(Act::id).toList());
          }
          if (made.own()) {
            for (String act : acts) {
              TestAttachment failed = made.attachment()
                  .withOutcome(act, Fields.empty().with("error", Fields.empty().with("code", 999).with("msg", "failed")));
              Words.check(player.ask("datapath after a failed act", dev.patchbay.spi.view.AttachmentView.class, failed,
                  (m, a) -> m.datapathPlanner().map(p -> p.attachment(a)).orElseThrow()));
            }
          }
        }
      }
    }
  }

  /** The contract has seen the mode plan a pod, if it plans pods at all: otherwise it has shown nothing. */
  @Test
  default void itPlansOneOfThePodsItIsTriedWith() {
    Player player = new Player(mode().provider(), mode().complete(Fields.empty()), false);
    boolean plansPods = player.mode().datapathPlanner().isPresent()
        && (player.mode().podClaim().isPresent() || player.mode().eniPlanner().isPresent());
    if (!plansPods) {
      return;
    }
    boolean planned = mode().nodes().stream().anyMatch(node -> {
      Rehearsal rehearsal =
          Rehearsal.of(mode(), new Player(mode().provider(), mode().complete(Fields.empty()), false), node);
      return mode().pods().stream().anyMatch(
          pod -> rehearsal.attach(pod).interfaces().stream().anyMatch(Rehearsal.Interface::own));
    });
    assertThat(planned).as("%s planned an attachment of one of the pods %s; add one that it plans, with"
        + " ModeUnderTest.withPod and withObject", mode(), mode().pods()).isTrue();
  }
}
