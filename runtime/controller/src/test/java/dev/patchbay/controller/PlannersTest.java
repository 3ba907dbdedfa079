package dev.patchbay.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.cluster.Effect;
import dev.patchbay.cluster.Event;
import dev.patchbay.cluster.view.ClusterFacts;
import dev.patchbay.cluster.view.ClusterSnapshot;
import dev.patchbay.cluster.view.Nodes;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.view.ObjectIndex;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.cluster.ClusterPlan;
import dev.patchbay.spi.cluster.ClusterPlanner;
import dev.patchbay.spi.cluster.ClusterView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Planners are asked, and those that fail or hang hold nobody up. */
class PlannersTest {
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final BlockingQueue<Throwable> faults = new LinkedBlockingQueue<>();
  private final AtomicBoolean over = new AtomicBoolean();
  // A limit that no busy machine makes anybody meet; those who test the limit take a short one.
  private Planners planners = new Planners(Duration.ofMinutes(5), events::add, faults::add);

  @AfterEach
  void close() {
    over.set(true);
    planners.close();
  }

  private void hurry() {
    planners.close();
    planners = new Planners(Duration.ofMillis(200), events::add, faults::add);
  }

  private static Effect.Ask ask(long token, Function<String, Answer<ClusterPlan>> plan, String key) {
    ClusterPlanner planner = new ClusterPlanner() {
      @Override
      public Answer<ClusterPlan> plan(ClusterView cluster, String of) {
        return plan.apply(of);
      }

      @Override
      public List<String> keys(ClusterView cluster) {
        return List.of("a", "b");
      }
    };
    NetworkMode mode = new NetworkMode() {
      @Override
      public Optional<ClusterPlanner> clusterPlanner() {
        return Optional.of(planner);
      }
    };
    ClusterSnapshot view = new ClusterSnapshot(new ClusterSnapshot.Source("shop", 0, "some", ObjectIndex.EMPTY, ClusterFacts.NONE,
        new Nodes(true, Map.of(), List.of()), Map.of(), name -> Optional.empty(), List.of(), Map.of()));
    return new Effect.Ask(token, new ModeInstance("some", "0.1.0", ModeDescriptor.of("Some.").build(), mode),
        key.isEmpty() ? Optional.empty() : Optional.of(key), view);
  }

  private Event next() throws InterruptedException {
    Event event = events.poll(60, TimeUnit.SECONDS);
    assertThat(event).isNotNull();
    return event;
  }

  @Test
  void keysAndPlansAreAnswered() throws InterruptedException {
    planners.ask(ask(1, key -> Answer.pass(), ""));
    planners.ask(ask(2, key -> Answer.of(ClusterPlan.empty()), "a"));
    assertThat(next()).isEqualTo(new Event.Keyed(1, List.of("a", "b")));
    assertThat(next()).isEqualTo(new Event.Planned(2, Answer.of(ClusterPlan.empty())));
  }

  @Test
  void whoThrowsIsToldAndTheNextIsAsked() throws InterruptedException {
    planners.ask(ask(1, key -> {
      throw new IllegalArgumentException("odd " + key);
    }, "a"));
    planners.ask(ask(2, key -> Answer.pass(), "b"));
    assertThat(next()).isEqualTo(new Event.PlannerFailed(1, "it threw java.lang.IllegalArgumentException: odd a"));
    assertThat(next()).isEqualTo(new Event.Planned(2, Answer.pass()));
  }

  @Test
  void whoHangsIsGivenUpAndTheNextIsAsked() throws InterruptedException {
    hurry();
    CountDownLatch never = new CountDownLatch(1);
    planners.ask(ask(1, key -> {
      try {
        never.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return Answer.pass();
    }, "a"));
    planners.ask(ask(2, key -> Answer.pass(), "b"));
    assertThat(next()).isEqualTo(new Event.PlannerFailed(1, "it did not answer within 0 s"));
    // On a busy machine the second may be given up, too; it is heard of all the same, and once.
    assertThat(next()).isInstanceOfAny(Event.Planned.class, Event.PlannerFailed.class);
    assertThat(events).isEmpty();
    assertThat(faults).isEmpty();
  }

  @Test
  void manyThatSpinEndTheProcess() throws InterruptedException {
    hurry();
    for (long token = 1; token <= 4; token++) {
      planners.ask(ask(token, key -> {
        while (!over.get()) {
          Thread.onSpinWait();
        }
        return Answer.pass();
      }, "a"));
    }
    Throwable fault = faults.poll(60, TimeUnit.SECONDS);
    assertThat(fault).isNotNull();
    assertThat(fault).hasMessageContaining("some@0.1.0 spin");
  }
}
