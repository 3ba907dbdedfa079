package dev.patchbay.admission;

import dev.patchbay.cluster.admission.Asked;
import dev.patchbay.cluster.admission.Registration;
import dev.patchbay.core.view.DeclaredObjects;
import dev.patchbay.core.view.ObjectIndex;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.cluster.AdmissionDecision;
import dev.patchbay.spi.cluster.AdmissionPlanner;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks modes' planners, on threads of which there are few: who does not come back keeps one, and when none is left the API server goes on
 * as if nobody had answered. For any thread.
 */
final class Deciders implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Deciders.class);
  /** Less than the API server waits, so that the answer says why. */
  static final Duration LONGEST = Duration.ofSeconds(Registration.PATIENCE_SECONDS - 2);

  private static final int THREADS = 32;
  private static final int IDLE_SECONDS = 30;

  private final ExecutorService threads = new ThreadPoolExecutor(0, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(),
      Thread.ofPlatform().daemon().name("admission-", 0).factory());
  private final Supplier<ObjectIndex> objects;
  private final BiConsumer<String, Optional<Finding>> told;
  private final Duration longest;

  Deciders(Supplier<ObjectIndex> objects, BiConsumer<String, Optional<Finding>> told, Duration longest) {
    this.objects = objects;
    this.told = told;
    this.longest = longest;
  }

  /** There is no decision. The message says why, as a sentence. */
  static final class Undecided extends Exception {
    private static final long serialVersionUID = 1;

    Undecided(String why) {
      super(why, null, false, false);
    }
  }

  /** The kinds of which a mode has not heard all objects yet. A decision is made on what was heard last, should it be some time ago. */
  static List<ObjectKind> unheard(Asked asked, ObjectIndex objects) {
    return asked.mode().descriptor().clusterReads().stream().filter(kind -> !objects.known().contains(kind)).toList();
  }

  AdmissionDecision decide(Asked asked, AdmissionPlanner.Request request) throws Undecided {
    ObjectIndex now = objects.get();
    List<ObjectKind> unheard = unheard(asked, now);
    if (!unheard.isEmpty()) {
      throw new Undecided("Of " + unheard + " not all objects have been heard yet.");
    }
    DeclaredObjects seen = new DeclaredObjects(now, asked.mode().descriptor().clusterReads());
    Future<AdmissionDecision> decision;
    try {
      decision = threads.submit(() -> asked.mode().mode().admissionPlanner().orElseThrow().decide(asked.rule().name(), request, seen));
    } catch (RejectedExecutionException e) {
      throw new Undecided("As many questions are being answered as can be.");
    }
    try {
      AdmissionDecision made = decision.get(longest.toMillis(), TimeUnit.MILLISECONDS);
      if (made == null || made instanceof AdmissionDecision.Patch && !asked.rule().mutating()) {
        throw failed(asked, "it answered " + made);
      }
      told.accept(about(asked), Optional.empty());
      return made;
    } catch (ExecutionException e) {
      LOG.warn("The rule {} failed.", asked.name(), e.getCause());
      throw failed(asked, "it threw " + e.getCause());
    } catch (TimeoutException e) {
      decision.cancel(true);
      throw failed(asked, "it did not answer within " + longest.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Undecided("The controller ends.");
    }
  }

  private static String about(Asked asked) {
    return "admission " + asked.name();
  }

  private Undecided failed(Asked asked, String what) {
    told.accept(about(asked), Optional.of(Finding.of(AdmissionCodes.PLANNER_FAILED, "The mode " + asked.mode().label()
        + " did not decide by its rule " + asked.rule().name() + ": " + what + ".", "Until it does, the API server goes on as if nobody"
        + " answered: " + (asked.rule().failOpen() ? "objects pass unasked." : "what it would ask about is refused.") + " Report it to"
        + " the mode's maker, with the log.")));
    return new Undecided("The mode " + asked.mode().id() + " did not decide: " + what + ".");
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
