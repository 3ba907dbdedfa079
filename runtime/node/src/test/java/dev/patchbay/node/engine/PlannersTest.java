package dev.patchbay.node.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.brain.BrainCodes;
import dev.patchbay.core.brain.Effect;
import dev.patchbay.core.brain.Event;
import dev.patchbay.core.brain.PlanWork;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.cloud.NodeIdentity;
import dev.patchbay.core.compose.Circumstances;
import dev.patchbay.core.compose.Composition;
import dev.patchbay.core.compose.KeptPlan;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.core.view.NodeSnapshot;
import dev.patchbay.core.view.ObjectIndex;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.DatapathPlanner;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.EniPlanner;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressPlanner;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.MacAddress;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.NodeView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Planners that give no answer: those that are to blame are left behind, those that the machine has no time for are waited for. */
class PlannersTest {
  private final BlockingQueue<Event> heard = new LinkedBlockingQueue<>();
  private final AtomicBoolean spins = new AtomicBoolean(true);
  private final CountDownLatch never = new CountDownLatch(1);
  private final AtomicLong had = new AtomicLong();

  /** A mode whose planner of interfaces does something first. */
  private record Slow(Runnable first) implements NetworkMode {
    @Override
    public Optional<EniPlanner> eniPlanner() {
      return Optional.of(node -> {
        first.run();
        return Answer.of(EniPlan.of(Lane.named(Lane.DEFAULT).withPrimary(true)));
      });
    }

    @Override
    public Optional<AddressPlanner> addressPlanner() {
      return Optional.of(new AddressPlanner() {
        @Override
        public Answer<AddressPlan> plan(NodeView node, EniPlan lanes) {
          return Answer.of(AddressPlan.of(List.of()));
        }

        @Override
        public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
          return Answer.of(List.of());
        }
      });
    }

    @Override
    public Optional<DatapathPlanner> datapathPlanner() {
      return Optional.of(new DatapathPlanner() {
        @Override
        public Answer<DatapathPlan> attachment(AttachmentView attachment) {
          return Answer.of(DatapathPlan.empty());
        }
      });
    }
  }

  @AfterEach
  void letGo() {
    spins.set(false);
    never.countDown();
  }

  private static Effect.Plan work(long token, Runnable first) {
    ModeInstance mode = new ModeInstance("slow", "1", ModeDescriptor.of("Slow.").role(Role.base(AddressFamily.IPV4)).build(), new Slow(first));
    Composition composition = ((Composition.Outcome.Fits) Composition.of(List.of(mode))).composition();
    MacAddress mac = MacAddress.of("02:00:00:00:00:01");
    NodeFacts facts = new NodeFacts(new NodeIdentity("i-1", "test.large", "test-1", "test-1a", "vpc-1", mac),
        new InstanceTypeRecord("test.large", List.of(3), 10, 10, true, false, 0, 2),
        List.of(new NodeFacts.Eni(new EniRecord("eni-1", mac, "interface", "subnet-1", List.of(), Optional.empty(), List.of(), List.of(),
            Optional.empty(), Map.of(), "", "in-use"), 1, Optional.empty())), List.of(), List.of());
    NodeSnapshot node = new NodeSnapshot("node-1", facts, List.of(), (lane, family) -> new int[3], Optional.empty(), ObjectIndex.EMPTY,
        Fields.empty());
    return new Effect.Plan(token, new PlanWork.Node(composition, node, new Circumstances(Map.of(), Set.of()), KeptPlan.of(Fields.empty()),
        Set.of()));
  }

  private void spin() {
    while (spins.get()) {
      Thread.onSpinWait();
    }
  }

  private Event next() throws InterruptedException {
    Event event = heard.poll(60, TimeUnit.SECONDS);
    assertThat(event).isNotNull();
    return event;
  }

  @Test
  void aPlannerThatRunsAndRunsIsLeftBehindAndTheNextIsServed() throws InterruptedException {
    try (Planners planners = new Planners(heard::add, _ -> had.addAndGet(200_000_000))) {
      planners.plan(work(1, this::spin));
      planners.plan(work(2, () -> {}));
      assertThat(next()).isInstanceOfSatisfying(Event.Told.class, told -> assertThat(told.finding()).isPresent());
      assertThat(next()).isInstanceOfSatisfying(Event.PlannerFailed.class, failed -> {
        assertThat(failed.token()).isEqualTo(1);
        assertThat(failed.mode()).isEqualTo("slow");
        assertThat(failed.reason().code()).isEqualTo(BrainCodes.MODE_FAILED);
      });
      assertTheNextIsServed(planners);
    }
  }

  @Test
  void aPlannerThatGetsNoProcessorIsWaitedForAndTheMachineIsTold() throws InterruptedException {
    try (Planners planners = new Planners(heard::add, _ -> had.incrementAndGet())) {
      planners.plan(work(1, this::spin));
      assertThat(next()).isInstanceOfSatisfying(Event.Told.class, told -> assertThat(told.finding()).hasValueSatisfying(
          finding -> assertThat(finding.code()).isEqualTo(BrainCodes.PLANNERS_STARVED)));
      spins.set(false);
      assertThat(next()).isInstanceOfSatisfying(Event.Planned.class, planned -> assertThat(planned.token()).isEqualTo(1));
      planners.plan(work(2, () -> {}));
      assertTheNextIsServed(planners);
    }
  }

  /**
   * Number 2 is served, and the machine is well again. Where this process is held up just then, it is so only with one that is asked
   * for after that.
   */
  private void assertTheNextIsServed(Planners planners) throws InterruptedException {
    boolean well = false;
    for (long token = 2; !well; token++) {
      Event event = next();
      while (event instanceof Event.Told told) {
        well = told.finding().isEmpty();
        event = next();
      }
      long wanted = token;
      assertThat(event).isInstanceOfSatisfying(Event.Planned.class, planned -> assertThat(planned.token()).isEqualTo(wanted));
      planners.plan(work(token + 1, () -> {}));
    }
  }

  @Test
  void aPlannerThatWaitsForSomethingIsToBlame() throws InterruptedException {
    try (Planners planners = new Planners(heard::add, _ -> 0)) {
      planners.plan(work(1, () -> {
        try {
          never.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }));
      Event event = next();
      while (event instanceof Event.Told) {
        event = next();
      }
      assertThat(event).isInstanceOfSatisfying(Event.PlannerFailed.class,
          failed -> assertThat(failed.reason().code()).isEqualTo(BrainCodes.MODE_FAILED));
    }
  }
}
