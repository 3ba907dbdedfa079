package dev.patchbay.it.e2e.survival;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.e2e.Figures;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * An ADD that is cut off, because its executable is killed (the container runtime's caller gave up) or because the daemon is. The
 * container runtime would send DEL; here none comes, and the next ADD of the same container must succeed all the same.
 */
class InterruptedAddTest extends OneNode {
  private static final int TRY_AGAIN = 11;
  private static final int EXISTS = 310;
  private static final int BUSY = 311;

  /** What became of the ADDs that were cut off. */
  private final Map<String, Integer> outcomes = new TreeMap<>();

  /** How often an executable had its answer in hand when it was killed, and had not printed it. */
  private int unheard;

  @Test
  void executableKilledAtAnyMoment() {
    List<Moment.Kind> moments = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      moments.add(Moment.after(Duration.ofNanos(700_000L * i)));
    }
    for (int i = 0; i < 3; i++) {
      moments.addAll(List.of(Moment.ledgerWritten(1), Moment.deviceMade(), Moment.ledgerWritten(2)));
    }
    for (Moment.Kind kind : moments) {
      Sandbox sandbox = sandboxes.make();
      Executable add = Executable.of(node, "ADD", sandbox);
      Executable.Ended cut;
      try (Moment moment = kind.on(node)) {
        Executable.Running running = add.start();
        moment.await();
        cut = running.kill();
      }
      boolean told = !cut.json().isMissingNode();
      outcomes.merge(told ? "had printed its result" : "had printed nothing", 1, Integer::sum);
      if (told) {
        Executable.of(node, "DEL", sandbox).run().orThrow();
      }
      end(sandbox, afterKill(add, sandbox));
    }
    Figures.print("executables killed in an ADD", "%d: %s, %d with the answer read", moments.size(), outcomes, unheard);
    assertThat(outcomes).as("of both kinds, or nothing was tried").containsKey("had printed nothing");
  }

  @Test
  void executableKilledWhileTheDaemonStandsStill() {
    Sandbox sandbox = sandboxes.make();
    Executable add = Executable.of(node, "ADD", sandbox);
    signal("STOP");
    List<Executable.Ended> killed;
    try {
      List<Executable.Running> calls = List.of(add.start(), add.start(), add.start());
      Until.holds("all have sent their request", () -> calls.stream().allMatch(Executable.Running::isWaiting));
      killed = calls.stream().map(Executable.Running::kill).toList();
    } finally {
      signal("CONT");
    }
    assertThat(killed).allMatch(ended -> ended.output().isEmpty());
    end(sandbox, afterKill(add, sandbox));
  }

  @Test
  void daemonKilledAtAnyMoment() {
    List<Moment.Kind> moments = List.of(
        Moment.ledgerWritten(1), Moment.deviceMade(), Moment.ledgerWritten(2), Moment.deviceMade(),
        Moment.after(Duration.ofMillis(1)), Moment.after(Duration.ofMillis(4)));
    for (Moment.Kind kind : moments) {
      Sandbox sandbox = sandboxes.make();
      Executable add = Executable.of(node, "ADD", sandbox);
      Executable.Ended cut;
      String name;
      try (Moment moment = kind.on(node)) {
        name = moment.name();
        Executable.Running running = add.start();
        moment.await();
        node.daemon().kill();
        cut = running.await();
      }
      assertThat(cut.succeeded() || cut.code() == TRY_AGAIN).as("an answer, or that none could be had: " + cut).isTrue();
      assertThat(add.run().code()).as("nobody is there").isEqualTo(TRY_AGAIN);
      outcomes.merge(name + (cut.succeeded() ? ", answered" : ", not answered"), 1, Integer::sum);
      node.daemon().start();
      if (cut.succeeded()) {
        // It was promised, and is kept: the pod has its network without a daemon, and the daemon knows it.
        Until.holds("the daemon knows what it promised", () -> cut.check().succeeded());
        Executable.Ended next = next(add);
        // Killed before it had written that its answer was read, the daemon can't know whether it was: it makes anew what is asked for again.
        Executable.Ended holds = next.succeeded() ? next : cut;
        assertThat(next.succeeded() || next.code() == EXISTS).as("known to be heard, or made anew: " + next).isTrue();
        outcomes.merge(next.succeeded() ? "made anew" : "known to be heard", 1, Integer::sum);
        Agreement.await(node, Map.of(Sandboxes.key(sandbox), holds.address().orElseThrow().getHostAddress()));
        holds.check().orThrow();
        Executable.of(node, "DEL", sandbox).run().orThrow();
        Agreement.await(node, Map.of());
      } else {
        end(sandbox, next(add));
      }
    }
    Figures.print("daemons killed in an ADD", "%d: %s", moments.size(), outcomes);
  }

  /**
   * The next ADD behind an executable that was killed. Killed between reading its answer and printing it, a matter of microseconds,
   * it leaves what the daemon must take for promised; the DEL of the container runtime clears that up.
   */
  private Executable.Ended afterKill(Executable add, Sandbox sandbox) {
    Executable.Ended next = next(add);
    if (next.code() == EXISTS) {
      assertThat(++unheard).as("killed with the answer in hand").isLessThanOrEqualTo(4);
      Executable.of(node, "DEL", sandbox).run().orThrow();
      next = next(add);
    }
    return next;
  }

  /** The next ADD, repeated as a container runtime repeats it while it is told that later would be better. */
  private Executable.Ended next(Executable add) {
    return Until.there("the next ADD is served or refused", () -> {
      Executable.Ended ended = add.run();
      return Set.of(TRY_AGAIN, BUSY).contains(ended.code()) ? Optional.empty() : Optional.of(ended);
    });
  }

  private void end(Sandbox sandbox, Executable.Ended next) {
    next.orThrow();
    Agreement.await(node, Map.of(Sandboxes.key(sandbox), next.address().orElseThrow().getHostAddress()));
    next.check().orThrow();
    Executable.of(node, "DEL", sandbox).run().orThrow();
    Agreement.await(node, Map.of());
    sandboxes.remove(sandbox);
  }

  private void signal(String name) {
    try {
      int exit = new ProcessBuilder("kill", "-" + name, String.valueOf(node.daemon().pid().orElseThrow())).start().waitFor();
      assertThat(exit).isZero();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
