package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.DatapathPlanner;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.EniPlanner;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressPlanner;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.object.ObjectPlan;
import dev.patchbay.spi.object.ObjectPlanner;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.NodeView;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What planners remark on a pod reaches people: in the report, on the pod, in what is told; as long as the pod is there. */
class RemarksTest {
  private static final Code DRAFT = Code.of(10_001, "TestDraft");
  private static final Code DATAPATH = Code.of(10_002, "TestDatapath");
  private static final Code OBJECTS = Code.of(10_003, "TestObjects");

  /** A base that remarks on every attachment, whenever it is asked. */
  private record Remarking(SingleAddresses plain) implements NetworkMode {
    private static Finding finding(Code code, AttachmentView attachment) {
      return Finding.of(code, "There is something about " + attachment.pod().name() + ".", "Look at it.");
    }

    @Override
    public Optional<EniPlanner> eniPlanner() {
      return plain.eniPlanner();
    }

    @Override
    public Optional<AddressPlanner> addressPlanner() {
      AddressPlanner planner = plain.addressPlanner().orElseThrow();
      return Optional.of(new AddressPlanner() {
        @Override
        public Answer<AddressPlan> plan(NodeView node, EniPlan lanes) {
          return planner.plan(node, lanes);
        }

        @Override
        public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
          return planner.addresses(attachment).with(finding(DRAFT, attachment));
        }
      });
    }

    @Override
    public Optional<DatapathPlanner> datapathPlanner() {
      DatapathPlanner planner = plain.datapathPlanner().orElseThrow();
      return Optional.of(new DatapathPlanner() {
        @Override
        public Answer<DatapathPlan> node(NodeView node) {
          return planner.node(node);
        }

        @Override
        public Answer<DatapathPlan> attachment(AttachmentView attachment) {
          return planner.attachment(attachment).with(finding(DATAPATH, attachment));
        }
      });
    }

    @Override
    public Optional<ObjectPlanner> objectPlanner() {
      return Optional.of(new ObjectPlanner() {
        @Override
        public Answer<ObjectPlan> attachment(AttachmentView attachment) {
          return Answer.of(ObjectPlan.empty(), List.of(finding(OBJECTS, attachment)));
        }
      });
    }
  }

  private final World world = new World(World.settings(), World.type(1, 4), new ModeInstance("remarking", "1",
      ModeDescriptor.of("Single addresses, with remarks.").role(Role.base(AddressFamily.IPV4)).build(),
      new Remarking(new SingleAddresses(Targets.none().withWarmAddresses(1))))).start();

  private List<Code> eventsOn(ObjectKind kind, String name) {
    return world.published.stream().flatMap(p -> p.events().stream())
        .filter(e -> e.object().kind().equals(kind) && e.object().name().equals(name)).map(ObjectPlan.Event::code).toList();
  }

  private List<Code> found() {
    return world.report().findings().stream().filter(f -> f.subject().equals(Optional.of("default/a"))).map(Finding::code).toList();
  }

  @Test
  void remarksHoldAsLongAsThePodIsThereAndAreToldOnIt() {
    world.addressOf(world.add("a"));
    assertThat(found()).as("in report, metrics and explain").containsExactlyInAnyOrder(DRAFT, DATAPATH, OBJECTS);
    assertThat(world.told.getLast().values()).as("in the log").extracting(Finding::code).contains(DRAFT, DATAPATH, OBJECTS);
    assertThat(eventsOn(ObjectKind.POD, "a")).containsExactlyInAnyOrder(DRAFT, DATAPATH, OBJECTS);
    assertThat(world.published.stream().flatMap(p -> p.events().stream()).map(ObjectPlan.Event::uid)).containsOnly("uid-a");
    world.pass(60_000);
    assertThat(eventsOn(ObjectKind.NODE, "node-1")).as("the node has nothing of it").isEmpty();
    assertThat(world.published.stream().flatMap(p -> p.conditions().stream())).singleElement()
        .satisfies(c -> assertThat(c.code()).isEqualTo(BrainCodes.SERVING));
    world.del("a");
    assertThat(found()).isEmpty();
    assertThat(world.report().findings()).isEmpty();
  }

  @Test
  void whatIsRemarkedAgainAfterAStartIsThereAgain() {
    world.add("a");
    world.published.clear();
    world.restart();
    assertThat(found()).as("of what is asked again, the objects").containsExactly(OBJECTS);
    assertThat(eventsOn(ObjectKind.POD, "a")).containsExactly(OBJECTS);
  }

  @Test
  void anAddThatFailsLeavesNoRemarks() {
    world.add("a");
    world.kernelRefuses = effect -> effect instanceof Effect.Apply ? Optional.of("no") : Optional.empty();
    world.failed(world.add("b"));
    assertThat(world.report().findings()).allSatisfy(f -> assertThat(f.subject()).contains("default/a"));
    world.kernelRefuses = effect -> Optional.empty();
    world.pass(40_000);
    world.add("c");
    world.add("d");
    world.failed(world.add("e"));
    assertThat(world.report().findings()).noneSatisfy(f -> assertThat(f.subject()).contains("default/e"));
  }
}
