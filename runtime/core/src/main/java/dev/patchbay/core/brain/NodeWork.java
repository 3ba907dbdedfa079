package dev.patchbay.core.brain;

import dev.patchbay.core.compose.Circumstances;
import dev.patchbay.core.compose.NodePlan;
import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.core.kernel.Mended;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.net.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Plans the node and brings its own datapath to the plan, one at a time; what changes meanwhile is taken up afterwards. An
 * interface is ready for pods when the kernel has its device and its part of the datapath.
 */
final class NodeWork {
  private static final long RETRY_MILLIS = 3_000;

  private final Context context;
  private final Runnable lanesChanged;
  private final Runnable readyChanged;
  private final Runnable plannedAgain;
  private final Runnable begun;
  private final List<Runnable> afterApply = new ArrayList<>();
  /** Who thinks that the kernel may have lost some of what was applied. */
  private final List<Consumer<List<Mended>>> doubts = new ArrayList<>();
  /** What was brought back, and nobody who had doubts was told yet. */
  private final List<Mended> mended = new ArrayList<>();
  private Set<MacAddress> devices = Set.of();
  private Optional<NodeDatapath> applied = Optional.empty();
  private boolean planning;
  private boolean planAgain;
  private boolean planned;
  private boolean applying;
  private boolean applyAgain;
  /** How many plans of the node were begun, and which of them was answered last. */
  private long begunPlans;
  private long answeredPlan;
  private long retryAt = Long.MAX_VALUE;
  private long planAt = Long.MAX_VALUE;

  NodeWork(Context context, Runnable lanesChanged, Runnable readyChanged, Runnable plannedAgain, Runnable begun) {
    this.context = context;
    this.lanesChanged = lanesChanged;
    this.readyChanged = readyChanged;
    this.plannedAgain = plannedAgain;
    this.begun = begun;
  }

  boolean busy() {
    return planning || applying;
  }

  /** Plans the node on what is known now; returns the number of the plan. */
  long planAnew() {
    factsChanged();
    return planAgain ? begunPlans + 1 : begunPlans;
  }

  /** Whether a plan of the node, or a later one, has been answered. */
  boolean isPlanned(long number) {
    return answeredPlan >= number;
  }

  void factsChanged() {
    if (planning) {
      planAgain = true;
      return;
    }
    planning = true;
    long number = ++begunPlans;
    Set<String> holding = new TreeSet<>();
    context.ledger.attachments().forEach(a -> holding.addAll(a.modeIds()));
    Circumstances circumstances = context.circumstances();
    PlanWork work = new PlanWork.Node(context.composition, context.snapshot(), circumstances, context.plan.kept(), holding);
    context.ask(token -> new Effect.Plan(token, work), event -> {
      planning = false;
      switch (event) {
        case Event.Planned p -> {
          answeredPlan = number;
          planned(((PlanWork.Outcome.OfNode) p.outcome()).answer());
        }
        // It is set aside by now: the next plan does without it. If it failed although it was set aside, it is not its fault alone.
        case Event.PlannerFailed f when context.composition.mode(f.mode()).filter(m -> !circumstances.isAside(m)).isPresent() ->
            planAgain = true;
        case Event.PlannerFailed f -> {
          context.findings.put("plan", f.reason());
          planAt = context.millis() + RETRY_MILLIS;
          context.wakeAt(planAt);
        }
        default -> throw Context.unexpected(event);
      }
      if (planAgain) {
        planAgain = false;
        factsChanged();
      }
    });
  }

  private void planned(Answer<NodePlan> answer) {
    context.findings.keySet().removeIf(key -> key.startsWith("plan"));
    switch (answer) {
      case Answer.Planned<NodePlan> p -> {
        boolean lanes = !p.value().lanes().equals(context.plan.lanes());
        boolean kept = !p.value().kept().equals(context.plan.kept());
        context.plan = p.value();
        if (kept) {
          context.write(List.of(new Entry.Planned(p.value().kept().fields())), () -> {}, _ -> {});
        }
        context.stale();
        planned = true;
        int n = 0;
        for (Finding finding : p.value().findings()) {
          context.findings.put("plan " + n++, finding);
        }
        if (lanes) {
          lanesChanged.run();
          // Pods may have waited for a lane to be supplied.
          readyChanged.run();
        }
        apply(() -> {});
        plannedAgain.run();
      }
      case Answer.Wait<NodePlan> w -> context.findings.put("plan", w.reason());
      case Answer.Refuse<NodePlan> r -> context.findings.put("plan", r.reason());
      case Answer.Pass<NodePlan> _ -> throw new IllegalStateException("a node's plan passes");
    }
  }

  void devices(Set<MacAddress> present, Map<MacAddress, List<String>> names) {
    devices = Set.copyOf(present);
    boolean renamed = !ofInterfaces(names).equals(ofInterfaces(context.devices));
    context.devices = Map.copyOf(names);
    if (renamed) {
      context.stale();
    }
    apply(() -> {});
    if (renamed) {
      factsChanged();
    }
  }

  /** Others come and go with every pod that another plugin makes one for, and say nothing to modes. */
  private List<List<String>> ofInterfaces(Map<MacAddress, List<String>> names) {
    return context.facts().map(facts -> facts.enis().stream().map(eni -> names.getOrDefault(eni.record().mac(), List.of())).toList())
        .orElse(List.of());
  }

  /** Brings the kernel to the plan, then runs something. */
  void apply(Runnable then) {
    afterApply.add(then);
    if (!planned || context.facts().isEmpty()) {
      return;
    }
    if (applying) {
      applyAgain = true;
      return;
    }
    NodeDatapath whole = Paths.node(context);
    List<EniPath> there = whole.enis().stream().filter(e -> devices.contains(e.mac())).toList();
    NodeDatapath wanted = new NodeDatapath(there,
        Described.part(whole.plan(), there.stream().map(EniPath::id).collect(Collectors.toSet())), whole.vethPrefix(), whole.vpc());
    if (applied.equals(Optional.of(wanted))) {
      if (doubts.isEmpty()) {
        done(wanted);
      } else {
        mend(wanted);
      }
      return;
    }
    if (wanted.enis().stream().noneMatch(e -> e.primary())) {
      return;
    }
    applying = true;
    List<Consumer<List<Mended>>> waiting = takeDoubts();
    context.ask(token -> new Effect.ApplyNode(token, wanted), event -> {
      applying = false;
      switch (event) {
        case Event.KernelDone _ -> {
          applied = Optional.of(wanted);
          context.findings.remove("node datapath");
          done(wanted);
          waiting.forEach(w -> w.accept(takeMended()));
        }
        case Event.KernelFailed f -> failed(f.reason(), waiting);
        default -> throw Context.unexpected(event);
      }
      again();
    });
  }

  private List<Consumer<List<Mended>>> takeDoubts() {
    List<Consumer<List<Mended>>> waiting = List.copyOf(doubts);
    doubts.clear();
    return waiting;
  }

  private List<Mended> takeMended() {
    List<Mended> all = List.copyOf(mended);
    mended.clear();
    return all;
  }

  private void failed(Finding reason, List<Consumer<List<Mended>>> waiting) {
    context.findings.put("node datapath", Finding.of(BrainCodes.NODE_DATAPATH,
        "The node's own datapath could not be set up: " + reason.cause(), reason.remedy()));
    applied = Optional.empty();
    doubts.addAll(waiting);
    retryAt = context.millis() + RETRY_MILLIS;
    context.wakeAt(retryAt);
  }

  private void again() {
    if (applyAgain) {
      applyAgain = false;
      apply(() -> {});
    }
  }

  /**
   * Brings back what the kernel may have lost of what was applied.
   *
   * @param then hears what was missing, once all is there
   */
  void mend(Consumer<List<Mended>> then) {
    doubts.add(then);
    apply(() -> {});
  }

  private void mend(NodeDatapath there) {
    applying = true;
    List<Consumer<List<Mended>>> waiting = takeDoubts();
    context.ask(token -> new Effect.Mend(token, Optional.of(there), List.of()), event -> {
      applying = false;
      switch (event) {
        case Event.Mended m -> {
          m.mended().forEach(one -> mended.add(new Mended(one.key(), one.found(), Optional.empty())));
          m.mended().stream().flatMap(one -> one.refusal().stream()).findFirst().ifPresentOrElse(reason -> failed(reason, waiting), () -> {
            done(there);
            waiting.forEach(w -> w.accept(takeMended()));
          });
        }
        case Event.KernelFailed f -> failed(f.reason(), waiting);
        default -> throw Context.unexpected(event);
      }
      again();
    });
  }

  void tick() {
    if (planAt <= context.millis()) {
      planAt = Long.MAX_VALUE;
      factsChanged();
    }
    if (retryAt <= context.millis()) {
      retryAt = Long.MAX_VALUE;
      apply(() -> {});
    }
  }

  private void done(NodeDatapath there) {
    Set<String> ready = new TreeSet<>();
    there.enis().forEach(e -> ready.add(e.id()));
    boolean any = false;
    for (NodeFacts.Eni eni : context.facts().orElseThrow().enis()) {
      // Nothing is made ready on an interface of others: plugins need its device, and what they tell pods of its subnet.
      boolean now = ready.contains(eni.id()) || Belonging.isBorrowed(context, eni) && devices.contains(eni.record().mac())
          && context.facts().orElseThrow().subnet(eni.record().subnetId()).isPresent();
      any |= context.book.isReady(eni.id()) != now;
      context.book.ready(eni.id(), now);
    }
    boolean begins = false;
    if (!context.serving) {
      context.serving = true;
      context.emit(new Effect.Serve());
      begins = true;
      any = true;
    }
    List<Runnable> then = List.copyOf(afterApply);
    afterApply.clear();
    then.forEach(Runnable::run);
    if (any) {
      readyChanged.run();
    }
    if (begins) {
      begun.run();
    }
  }
}
