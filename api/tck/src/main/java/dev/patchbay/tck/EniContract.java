package dev.patchbay.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.tck.view.TestInstanceType;
import dev.patchbay.tck.view.TestNode;
import dev.patchbay.tck.view.TestPod;
import java.util.List;
import java.util.function.BiConsumer;
import org.apiguardian.api.API;
import org.junit.jupiter.api.Test;

/**
 * What a mode says of lanes holds together, on any instance.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface EniContract extends ModeTest {
  private void everywhere(BiConsumer<Rehearsal, ModeDescriptor> check) {
    for (Fields settings : mode().settings()) {
      for (TestNode node : mode().nodes()) {
        Player player = new Player(mode().provider(), settings, false);
        check.accept(Rehearsal.of(mode(), player, node), player.descriptor());
      }
    }
  }

  private static boolean isBase(ModeDescriptor descriptor) {
    return descriptor.roles().stream().anyMatch(r -> r instanceof Role.Base);
  }

  private static boolean isModifier(ModeDescriptor descriptor) {
    return descriptor.roles().stream().anyMatch(r -> r instanceof Role.Modifier);
  }

  /** The lane that pods draw from when nobody chooses is the base's: it has one, with pods, and nobody else takes the name. */
  @Test
  default void theDefaultLaneIsTheBases() {
    everywhere((rehearsal, descriptor) -> {
      rehearsal.baseLanes().plan().ifPresent(plan -> assertThat(plan.lane(Lane.DEFAULT))
          .as("lane \"default\" of %s, from which pods draw that nobody chooses a lane for", plan)
          .hasValueSatisfying(lane -> assertThat(lane.pods()).as("pods may draw from lane default").isTrue()));
      rehearsal.ownLanes().plan().ifPresent(plan -> assertThat(plan.lane(Lane.DEFAULT))
          .as("lane \"default\" belongs to the base; the lanes of a claim or extra have names of their own").isEmpty());
    });
  }

  /** At most one lane has the primary interface, and limits are not below reserves. */
  @Test
  default void lanesFitTogether() {
    everywhere((rehearsal, descriptor) -> {
      List<Lane> all = java.util.stream.Stream.of(rehearsal.baseLanes(), rehearsal.ownLanes())
          .flatMap(a -> a.plan().stream()).flatMap(p -> p.lanes().stream()).toList();
      assertThat(all).as("names of lanes").extracting(Lane::name).doesNotHaveDuplicates();
      assertThat(all.stream().filter(Lane::primary)).as("lanes with the primary interface").hasSizeLessThanOrEqualTo(1);
      for (Lane lane : all) {
        lane.most().ifPresent(most -> assertThat(most).as("limit of %s, not below its reserve", lane)
            .isGreaterThanOrEqualTo(lane.reserve()));
        assertThat(lane.interfaceType()).as("interface type of %s", lane)
            .isIn("interface", "trunk", "branch", "efa", "efa-only");
        assertThat(lane.pods() && (lane.interfaceType().equals("efa-only") || lane.interfaceType().equals("trunk")))
            .as("%s has pods on interfaces that carry none", lane).isFalse();
        assertThat(lane.origin().kind()).as("kind of the origin of %s", lane).isNotBlank();
      }
    });
  }

  /** The EC2 actions that the lanes call for are declared. */
  @Test
  default void itNeedsTheActionsForItsLanes() {
    everywhere((rehearsal, descriptor) -> {
      Answer<EniPlan> answer = isBase(descriptor) || isModifier(descriptor) ? rehearsal.baseLanes() : rehearsal.ownLanes();
      answer.plan().ifPresent(plan -> plan.lanes().forEach(lane -> assertThat(descriptor.needs().nodeActions())
          .as("EC2 actions that %s calls for", lane).containsAll(Actions.of(lane, !isBase(descriptor) && isModifier(descriptor)))));
    });
  }

  /** On an instance that does not suit it, or a node of which little is known, it answers, and says why and what to do. */
  @Test
  default void itAnswersOnAnyNode() {
    List<TestNode> nodes = List.of(
        TestNode.create().withInstanceType(TestInstanceType.M1_SMALL),
        TestNode.create().withInstanceType(TestInstanceType.T3_NANO),
        TestNode.create().withInstanceType(TestInstanceType.T2_MEDIUM),
        TestNode.create().withInstanceType(new TestInstanceType("odd.tiny", List.of(1), 1, 0, false, false, 0, 0)),
        TestNode.create().withoutObject(),
        TestNode.create().withVpcCidrs(),
        TestNode.create().withVpcCidrs(Cidr.of("100.64.0.0/10")),
        TestNode.create().withDatapath(Fields.empty()));
    for (Fields settings : mode().settings()) {
      for (TestNode node : nodes) {
        Player player = new Player(mode().provider(), settings, false);
        Rehearsal rehearsal = Rehearsal.of(mode(), player, mode().prepared(node));
        Answer<EniPlan> lanes = isBase(player.descriptor()) ? rehearsal.baseLanes() : rehearsal.ownLanes();
        if (isBase(player.descriptor())) {
          assertThat(lanes).as("a base plans lanes or refuses; it must not pass").isNotInstanceOf(Answer.Pass.class);
        }
        Words.check(lanes);
        Words.check(rehearsal.baseLanes());
        Words.check(rehearsal.supplies());
        Words.check(rehearsal.nodePlan());
        Words.check(rehearsal.nodeObjects());
        for (TestPod pod : mode().pods()) {
          rehearsal.attach(pod).end().ifPresent(Words::check);
        }
      }
    }
  }

  /** Before the API server has been heard of anything that it reads, it answers all the same. */
  @Test
  default void itAnswersBeforeTheApiServerWasHeard() {
    for (Fields settings : mode().settings()) {
      Player player = new Player(mode().provider(), settings, false);
      TestNode node = mode().prepared(TestNode.create()).withoutObject();
      for (dev.patchbay.spi.ObjectKind kind : player.descriptor().nodeReads()) {
        node = node.withObjects(node.objects().unheard(kind));
      }
      Rehearsal rehearsal = Rehearsal.of(mode(), player, node);
      Words.check(rehearsal.baseLanes());
      Words.check(rehearsal.ownLanes());
      Words.check(rehearsal.nodePlan());
      for (TestPod pod : mode().pods()) {
        rehearsal.attach(pod.unreadable()).end().ifPresent(Words::check);
      }
    }
  }
}
