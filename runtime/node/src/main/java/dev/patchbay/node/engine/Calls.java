package dev.patchbay.node.engine;

import dev.patchbay.core.brain.AttachmentRequest;
import dev.patchbay.core.brain.Event;
import dev.patchbay.core.brain.Reply;
import dev.patchbay.core.kernel.Deviation;
import dev.patchbay.linux.socket.CallerNetns;
import dev.patchbay.linux.socket.CniCall;
import dev.patchbay.netlink.Netns;
import dev.patchbay.node.cni.CniError;
import dev.patchbay.node.cni.CniInput;
import dev.patchbay.node.cni.CniResult;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.wire.CniAnswer;
import dev.patchbay.wire.CniRefusal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The CNI calls that are open: turns them into events, and the brain's replies into answers. Any thread may use it.
 */
public final class Calls {
  private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

  /** An open call. */
  private static final class Open {
    private final CniCall call;
    private final CniInput input;
    private final long startedAt = System.nanoTime();
    /** What it is lent for, one after the other; it is answered behind that. */
    private CompletableFuture<?> lent = CompletableFuture.completedFuture("nothing");
    private volatile CniResult.Ends ends = new CniResult.Ends(Optional.empty(), Optional.empty());

    private Open(CniCall call, CniInput input) {
      this.call = call;
      this.input = input;
    }
  }

  /** So long an undo waits for a call before the operator is told that it does. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Set<CompletableFuture<Open>> borrowers = ConcurrentHashMap.newKeySet();
  private final Map<Long, Open> open = new ConcurrentHashMap<>();
  private final AtomicLong numbers;
  private final Engine engine;
  private final Latencies latencies;
  private final java.util.function.Function<CniInput, Event.Add> adds;
  private final Netns node;
  private final Optional<OwnCalls> alone;
  /** Where the container runtime looks for plugins, as it said last. */
  private volatile Optional<String> path = Optional.empty();

  /**
   * Makes it.
   *
   * @param node the node's own namespace, in which no pod is; the caller closes it last
   * @param engine who gets the events
   * @param numbers the numbers of requests
   * @param latencies who hears how long calls took
   * @param adds makes the event of an ADD, but for its number
   * @param alone makes a call where something is to be undone and none is open; empty if that waits for one of the container runtime
   */
  public Calls(Netns node, Engine engine, AtomicLong numbers, Latencies latencies, java.util.function.Function<CniInput, Event.Add> adds,
      Optional<OwnCalls> alone) {
    this.alone = alone;
    this.node = node;
    this.engine = engine;
    this.numbers = numbers;
    this.latencies = latencies;
    this.adds = adds;
  }

  /**
   * Takes a call from the socket.
   *
   * @param call the call
   */
  public void take(CniCall call) {
    long startedAt = System.nanoTime();
    CniInput input;
    try {
      input = CniInput.of(call.request());
      if (input.verb() == CniInput.Verb.ADD || input.verb() == CniInput.Verb.CHECK) {
        requireNetns(call);
      }
    } catch (CniError e) {
      call.refuse(e.refusal());
      LOG.atWarn().addKeyValue("code", e.code()).addKeyValue("codeName", e.named().name())
          .log("{} was refused: {}", call.request().command(), e.getMessage());
      CniInput.verb(call.request())
          .ifPresent(verb -> latencies.took(verb, Optional.of(e.named()), System.nanoTime() - startedAt));
      return;
    }
    Optional<AttachmentRequest> add = input.verb() == CniInput.Verb.ADD ? Optional.of(adds.apply(input).of()) : Optional.empty();
    long number = numbers.incrementAndGet();
    Open opened = new Open(call, input);
    open.put(number, opened);
    if (input.verb() != CniInput.Verb.STATUS) {
      path = Optional.ofNullable(call.request().environment().get("CNI_PATH")).filter(given -> !given.isEmpty()).or(() -> path);
    }
    borrowers.forEach(waiting -> waiting.complete(opened));
    switch (input.verb()) {
      case ADD -> engine.send(new Event.Add(number, add.orElseThrow()));
      case DEL -> engine.send(new Event.Del(number, input.key()));
      case CHECK -> engine.send(new Event.Check(number, input.key()));
      case STATUS -> engine.send(new Event.Status(number));
      case GC -> {
        // Without a list nothing is removed: what the caller did not say it did not mean.
        if (input.valid().isPresent()) {
          engine.send(new Event.Gc(number, input.network(), input.valid().get()));
        } else {
          answer(number, new Reply.Done());
        }
      }
    }
    call.onHangUp(() -> engine.send(new Event.CallerGone(number)));
    if (input.verb() == CniInput.Verb.ADD) {
      call.onAnswerRead(() -> engine.send(new Event.AnswerRead(number)));
    }
  }

  /** Looked at before anything is decided, so that the caller is told what is wrong with what he gave, in his terms. */
  private void requireNetns(CniCall call) {
    String path = call.request().netnsPath().orElse("");
    if (!(call.netns() instanceof CallerNetns.Opened opened)) {
      throw CniError.invalidNetns("CNI_NETNS " + path + " can't be opened: "
          + (call.netns() instanceof CallerNetns.Failed f ? "errno " + f.errno() : "no descriptor came with the call"));
    }
    try (Netns netns = Netns.copyOf(opened.descriptor().number())) {
      if (netns.equals(node)) {
        throw CniError.invalidNetns("CNI_NETNS " + path + " is the node's own network namespace");
      }
    } catch (IllegalArgumentException e) {
      throw CniError.invalidNetns("CNI_NETNS " + path + " is no network namespace");
    }
  }

  /**
   * Opens the pod's namespace that came with a call.
   *
   * @param request the request's number
   * @return the namespace, which the caller closes; empty if none came or the call is over
   */
  public Optional<Netns> netns(long request) {
    Open call = open.get(request);
    if (call != null && call.call.netns() instanceof CallerNetns.Opened opened) {
      return Optional.of(Netns.copyOf(opened.descriptor().number()));
    }
    return Optional.empty();
  }

  /**
   * Has plugins run by a request's own call, behind those that it runs already.
   *
   * @param request the request's number
   * @param run runs them
   * @return what came of it, later; an error if the call is over
   */
  CompletableFuture<Fields> lend(long request, Function<CniCall, CompletableFuture<Fields>> run) {
    Open call = open.get(request);
    return call == null ? CompletableFuture.completedFuture(Delegates.error("the call of the container runtime is over")) : lend(call, run);
  }

  /**
   * Has plugins run by a request's own call, by another that is open, by one that the daemon makes itself, or by the next that comes. All
   * are made in the same place.
   *
   * @param request the request's number, if there is one
   * @param run runs them
   * @return what came of it, later; an error if no call comes for a while
   */
  CompletableFuture<Fields> lendAny(OptionalLong request, Function<CniCall, CompletableFuture<Fields>> run) {
    Open own = request.isPresent() ? open.get(request.getAsLong()) : null;
    if (own != null) {
      return lend(own, run);
    }
    CompletableFuture<Open> next = new CompletableFuture<>();
    borrowers.add(next);
    // Behind the line above, so that a call that comes just now is seen here or sees us there.
    open.values().stream().findFirst().ifPresent(next::complete);
    if (!next.isDone()) {
      alone.ifPresent(calls -> calls.make(path));
    }
    next.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).whenComplete((call, late) -> borrowers.remove(next));
    return next.handle((call, late) -> call == null ? CompletableFuture.completedFuture(
        Delegates.error("no call of the container runtime is open that could run the plugin; the next one runs it, and the daemon does not"
            + " itself, " + alone.map(calls -> calls.hindrance().map(why -> "since " + why).orElse("though it has tried"))
                .orElse("by its configuration"))) : lend(call, run)).thenCompose(outcome -> outcome);
  }

  private static CompletableFuture<Fields> lend(Open call, Function<CniCall, CompletableFuture<Fields>> run) {
    synchronized (call) {
      CompletableFuture<Fields> done = call.lent.handle((before, failure) -> run.apply(call.call)).thenCompose(outcome -> outcome);
      call.lent = done;
      return done;
    }
  }

  /**
   * Remembers what the kernel made for a request, if it is the interface that was asked for and not a further one.
   *
   * @param request the request's number
   * @param key the attachment
   * @param ends the hardware addresses of the devices
   */
  void made(long request, String key, CniResult.Ends ends) {
    Open call = open.get(request);
    if (call != null && call.input.key().toString().equals(key)) {
      call.ends = ends;
    }
  }

  /** What a caller gave, and is given back, may be more than an answer holds: that is his call's end, and not the daemon's. */
  private static boolean answerAdded(Open call, Reply.Added added) {
    try {
      return call.call.answer(CniAnswer.success(CniResult.of(call.input, added.attachment(), call.ends, added.mtu())));
    } catch (RuntimeException | StackOverflowError e) {
      LOG.warn("The result of ADD {} can't be told.", added.attachment().key(), e);
      call.call.refuse(CniError.of(Finding.of(EngineCodes.RESULT_UNTELLABLE, "The result can't be told: " + e.getMessage() + ".",
          "Look at the prevResult that the plugin before this one gave.")).refusal());
      return false;
    }
  }

  /**
   * Answers a request.
   *
   * @param request the request's number
   * @param reply the reply
   * @return whether the request was a CNI call
   */
  public boolean answer(long request, Reply reply) {
    Open call = open.remove(request);
    if (call == null) {
      return false;
    }
    CompletableFuture<?> lent;
    synchronized (call) {
      lent = call.lent;
    }
    // An answer would end the plugins that it still runs for others.
    if (lent.isDone()) {
      answer(request, call, reply);
    } else {
      lent.whenComplete((done, failure) -> answer(request, call, reply));
    }
    return true;
  }

  private void answer(long request, Open call, Reply reply) {
    Optional<Code> failure = Optional.empty();
    boolean heard = switch (reply) {
      case Reply.Added added -> answerAdded(call, added);
      case Reply.Done _ -> call.call.answer(CniAnswer.success(""));
      case Reply.Compared compared when compared.deviations().isEmpty() -> call.call.answer(CniAnswer.success(""));
      case Reply.Compared compared -> {
        failure = Optional.of(EngineCodes.DEVIATES);
        yield call.call.refuse(CniError.of(Finding.of(EngineCodes.DEVIATES,
            "The network of " + compared.attachment().pod() + " is not as it was made: "
                + String.join("; ", compared.deviations().stream().map(Deviation::found).toList()) + ".",
            "Delete the pod so that it is made anew.")).refusal());
      }
      case Reply.Failed failed -> {
        failure = Optional.of(failed.reason().code());
        CniRefusal refusal = (call.input.verb() == CniInput.Verb.STATUS ? CniError.notAvailable(failed.reason())
            : CniError.of(failed.reason())).refusal();
        FindingFields.on(LOG.atWarn(), failed.reason()).log("{} {} failed: {} {}", call.input.verb(),
            call.input.request().containerId().orElse(""), failed.reason(),
            call.input.arguments().getOrDefault("K8S_POD_NAME", ""));
        yield call.call.refuse(refusal);
      }
      case Reply.Reported _, Reply.Ready _, Reply.Collected _ -> throw new IllegalStateException("a CNI call is answered with " + reply);
    };
    latencies.took(call.input.verb(), failure, System.nanoTime() - call.startedAt);
    if (!heard && reply instanceof Reply.Added) {
      // Nobody will use it: it is undone.
      engine.send(new Event.CallerGone(request));
    }
    if (!heard) {
      LOG.info("{} {} was answered when its caller had gone.", call.input.verb(), call.input.request().containerId().orElse(""));
    }
  }
}
