package dev.patchbay.node.engine;

import dev.patchbay.core.brain.Effect;
import dev.patchbay.core.brain.Event;
import dev.patchbay.core.brain.Reply;
import dev.patchbay.core.kernel.Deviation;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.objects.ClusterClient;
import dev.patchbay.linux.socket.CniCall;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.spi.object.ObjectPlan;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the brain's effects: hands each to the part that does it. Never blocks.
 */
public final class Outside {
  private static final Logger LOG = LoggerFactory.getLogger(Outside.class);

  private final Engine engine;
  private final LedgerFiles ledger;
  private final Planners planners;
  private final KernelGate kernel;
  private final CloudGate cloud;
  private final CompletableFuture<ClusterClient> cluster;
  private final Calls calls;
  private final Duration delegateLimit;
  private final Runnable serve;
  private final Consumer<Map<String, Finding>> tell;
  private final Map<Long, CompletableFuture<Reply>> asked = new ConcurrentHashMap<>();

  /**
   * Makes it.
   *
   * @param engine who is told what came of effects
   * @param ledger the ledger on disk
   * @param planners the planners
   * @param kernel the way to the kernel
   * @param cloud the way to the cloud
   * @param cluster the way to the API server, when it is there
   * @param calls the open CNI calls
   * @param delegateLimit how long a plugin may run
   * @param serve what to do when pods can be served
   * @param tell who hears what the operator should know
   */
  public Outside(Engine engine, LedgerFiles ledger, Planners planners, KernelGate kernel, CloudGate cloud,
      CompletableFuture<ClusterClient> cluster, Calls calls, Duration delegateLimit, Runnable serve, Consumer<Map<String, Finding>> tell) {
    this.engine = engine;
    this.ledger = ledger;
    this.planners = planners;
    this.kernel = kernel;
    this.cloud = cloud;
    this.cluster = cluster;
    this.calls = calls;
    this.delegateLimit = delegateLimit;
    this.serve = serve;
    this.tell = tell;
  }

  /**
   * Carries out an effect.
   *
   * @param effect the effect
   */
  public void carryOut(Effect effect) {
    switch (effect) {
      case Effect.Write e -> ledger.write(e, engine);
      case Effect.Plan e -> planners.plan(e);
      case Effect.ApplyNode e -> kernel.applyNode(e);
      case Effect.Apply e -> kernel.apply(e);
      case Effect.Change e -> kernel.change(e);
      case Effect.Undo e -> kernel.undo(e);
      case Effect.Compare e -> compare(e);
      case Effect.Mend e -> kernel.mend(e);
      case Effect.RemoveLeftovers e -> kernel.removeLeftovers(e);
      case Effect.Call e -> cloud.call(e);
      case Effect.ReadMetadata e -> cloud.readMetadata(e);
      case Effect.Run e -> run(e);
      case Effect.UndoRun e -> undoRun(e);
      case Effect.Answer e -> answer(e);
      case Effect.WakeAt _ -> throw new IllegalStateException("the engine keeps the time itself");
      case Effect.Publish e -> publish(e.plan());
      case Effect.Tell e -> tell.accept(e.now());
      case Effect.Serve _ -> serve.run();
    }
  }

  /**
   * What people see in the cluster stands in the log too, under the same code, whether the API server is there or not. What is about the
   * node itself is a finding, which is logged when it comes and when it goes.
   */
  private void publish(ObjectPlan plan) {
    plan.events().stream().filter(e -> !e.object().kind().equals(ObjectKind.NODE)).forEach(e -> LOG.atInfo()
        .addKeyValue("code", e.code().number()).addKeyValue("codeName", e.code().name())
        .log("{}: {}: {}", e.object(), e.code(), e.text()));
    plan.conditions().forEach(c -> LOG.atInfo().addKeyValue("code", c.code().number()).addKeyValue("codeName", c.code().name())
        .log("{}: {} is {}: {}: {}", c.object(), c.type(), c.status(), c.code(), c.text()));
    cluster.thenAccept(c -> c.publish(plan));
  }

  private void answer(Effect.Answer e) {
    switch (e.reply()) {
      case Reply.Ready ready -> passOn(e.request(), EngineCodes.PLUGIN_NOT_READY, "Every pod needs a plugin that is not ready: ",
          "Look at the plugin; the networks that every pod gets stand in the settings of the mode that has it run.",
          call -> PluginNetworks.status(call, ready.plugins(), delegateLimit));
      case Reply.Collected collected -> passOn(e.request(), EngineCodes.PLUGIN_KEEPS_LEFTOVERS,
          "Patchbay itself has removed what was of pods that are gone, and a plugin has not: ", "Look at the plugin.",
          call -> PluginNetworks.collect(call, collected.plugins(), collected.left(), delegateLimit));
      default -> answer(e.request(), e.reply());
    }
  }

  private void answer(long request, Reply reply) {
    if (!calls.answer(request, reply)) {
      CompletableFuture<Reply> future = asked.remove(request);
      if (future != null) {
        future.complete(reply);
      }
    }
  }

  /** Has plugins told what the container runtime says, by its own call, before that is answered. */
  private void passOn(long request, Code code, String failed, String remedy, Function<CniCall, CompletableFuture<Fields>> run) {
    if (asked.containsKey(request)) {
      answer(request, new Reply.Done());
      return;
    }
    calls.lend(request, run).whenComplete((outcome, failure) -> {
      Optional<String> wrong = failure != null ? Optional.of(String.valueOf(failure.getMessage())) : outcome.text("error");
      answer(request, wrong.<Reply>map(why -> new Reply.Failed(Finding.of(code, failed + why + ".", remedy), true)).orElseGet(Reply.Done::new));
    });
  }

  /**
   * Sends a request of the daemon's own, and gives its reply.
   *
   * @param number the request's number
   * @param event the event that carries it
   * @return the reply, later
   */
  public CompletableFuture<Reply> ask(long number, Event event) {
    CompletableFuture<Reply> future = new CompletableFuture<>();
    asked.put(number, future);
    engine.send(event);
    return future;
  }

  /** What plugins have made they are asked about first, one after the other; where one finds something wrong, that is enough. */
  private void compare(Effect.Compare effect) {
    List<Act> acts = effect.attachment().map(a -> a.plan().elements(Act.class)).orElse(List.of());
    compare(effect, new ArrayDeque<>(acts));
  }

  private void compare(Effect.Compare effect, Deque<Act> rest) {
    Act act = rest.pollFirst();
    if (act == null) {
      kernel.compare(effect);
      return;
    }
    AttachmentRecord attachment = effect.attachment().orElseThrow();
    calls.lend(effect.request(), call -> Delegates.check(call, attachment, act, delegateLimit)).whenComplete((outcome, failure) -> {
      Optional<String> wrong = failure != null ? Optional.of(String.valueOf(failure.getMessage())) : outcome.text("error");
      if (wrong.isPresent()) {
        engine.send(new Event.Checked(effect.token(), List.of(new Deviation(act, wrong.get()))));
      } else {
        compare(effect, rest);
      }
    });
  }

  private void run(Effect.Run effect) {
    Act act = effect.act();
    if (act.type().equals("device")) {
      tell(effect.token(), CompletableFuture.supplyAsync(() -> PodDevices.of(PodDevices.PLACES, effect.attachment(),
          act.resource().orElse("")), Thread::startVirtualThread));
      return;
    }
    tell(effect.token(), calls.lend(effect.request(), call -> Delegates.add(call, effect.attachment(), act, delegateLimit)));
  }

  private void undoRun(Effect.UndoRun effect) {
    if (!Delegates.mayHaveRun(effect.act(), effect.outcome())) {
      engine.send(new Event.ActDone(effect.token(), Fields.empty()));
      return;
    }
    tell(effect.token(), calls.lendAny(effect.request(),
        call -> Delegates.undo(call, effect.attachment(), effect.act(), effect.outcome(), delegateLimit)));
  }

  private void tell(long token, CompletableFuture<Fields> outcome) {
    outcome.whenComplete((fields, failure) -> engine.send(new Event.ActDone(token,
        failure == null ? fields : Delegates.error(String.valueOf(failure.getMessage())))));
  }
}
