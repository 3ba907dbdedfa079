package dev.patchbay.core.brain;

import dev.patchbay.core.compose.Circumstances;
import dev.patchbay.core.compose.NodePlan;
import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.net.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
  private final List<Runnable> afterApply = new ArrayList<>();
  private Set<MacAddress> devices = Set.of();
  private Optional<NodeDatapath> applied = Optional.empty();
  private boolean planning;
  private boolean planAgain;
  private boolean planned;
  private boolean applying;
  private boolean applyAgain;
  private long retryAt = Long.MAX_VALUE;
  private long planAt = Long.MAX_VALUE;

  NodeWork(Context context, Runnable lanesChanged, Runnable readyChanged, Runnable plannedAgain) {
    this.context = context;
    this.lanesChanged = lanesChanged;
    this.readyChanged = readyChanged;
    this.plannedAgain = plannedAgain;
  }

  boolean busy() {
    return planning || applying;
  }

  void factsChanged() {
    if (planning) {
      planAgain = true;
      return;
    }
    planning = true;
    Set<String> holding = new TreeSet<>();
    context.ledger.attachments().forEach(a -> holding.addAll(a.modeIds()));
    Circumstances circumstances = context.circumstances();
    PlanWork work = new PlanWork.Node(context.composition, context.snapshot(), circumstances, context.plan.kept(), holding);
    context.ask(token -> new Effect.Plan(token, work), event -> {
      planning = false;
      switch (event) {
        case Event.Planned p -> planned(((PlanWork.Outcome.OfNode) p.outcome()).answer());
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

  void devices(Set<MacAddress> present) {
    devices = Set.copyOf(present);
    apply(() -> {});
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
        Described.part(whole.plan(), there.stream().map(EniPath::id).collect(Collectors.toSet())), whole.vethPrefix());
    if (applied.equals(Optional.of(wanted))) {
      done(wanted);
      return;
    }
    if (wanted.enis().stream().noneMatch(e -> e.primary())) {
      return;
    }
    applying = true;
    context.ask(token -> new Effect.ApplyNode(token, wanted), event -> {
      applying = false;
      switch (event) {
        case Event.KernelDone _ -> {
          applied = Optional.of(wanted);
          context.findings.remove("node datapath");
          done(wanted);
        }
        case Event.KernelFailed f -> {
          context.findings.put("node datapath", Finding.of(BrainCodes.NODE_DATAPATH,
              "The node's own datapath could not be set up: " + f.reason().cause(), f.reason().remedy()));
          applied = Optional.empty();
          retryAt = context.millis() + RETRY_MILLIS;
          context.wakeAt(retryAt);
        }
        default -> throw Context.unexpected(event);
      }
      if (applyAgain) {
        applyAgain = false;
        apply(() -> {});
      }
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
      boolean now = ready.contains(eni.id());
      any |= context.book.isReady(eni.id()) != now;
      context.book.ready(eni.id(), now);
    }
    if (!context.serving) {
      context.serving = true;
      context.emit(new Effect.Serve());
      any = true;
    }
    List<Runnable> then = List.copyOf(afterApply);
    afterApply.clear();
    then.forEach(Runnable::run);
    if (any) {
      readyChanged.run();
    }
  }
}
