package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.compose.Composition;
import dev.patchbay.core.compose.KeptPlan;
import dev.patchbay.core.compose.LanePlan;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.compose.NodePlan;
import dev.patchbay.core.invariants.Look;
import dev.patchbay.core.invariants.NodeLook;
import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.net.AddressFamily;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * All decisions of one node: a deterministic state machine. Events go in with the time, effects come out; the same events give the
 * same effects. It does no I/O, starts no thread and reads no clock. Not for several threads at a time.
 */
public final class Brain {
  private static final Finding STARTING = Finding.of(BrainCodes.NODE_UNKNOWN,
      "The node is starting and does not know its own interfaces yet.", "Wait; `patchbay status` shows what is missing.");

  private final Context context;
  private final Attachments attachments;
  private final Closings closings;
  private final Supply supply;
  private final Witness witness;
  private final NodeWork work;
  private final Notices notices;
  private final Sayings sayings;
  private final Replans replans;
  private final Drift drift;
  private boolean deciding;
  /** When time passed last. */
  private long ticked;
  private boolean decideAgain;

  /**
   * Makes a brain.
   *
   * @param settings what the operator set
   * @param composition the modes
   * @param types the limits of instance types that are in the table
   * @param ledger what was recovered, both parts; the brain owns it from now on
   * @param now the time
   */
  public Brain(BrainSettings settings, Composition composition, Function<String, Optional<InstanceTypeRecord>> types,
      Ledger ledger, Moment now) {
    this.context = new Context(settings, composition, ledger, now);
    this.ticked = now.monotonic();
    Brain self = this;
    this.work = new NodeWork(context, () -> self.lanesChanged(), () -> self.stockChanged(), () -> self.plannedAgain(),
        () -> self.begun());
    this.sayings = new Sayings(context);
    this.replans = new Replans(context);
    this.drift = new Drift(context, work, attachment -> self.absent(attachment));
    this.witness = new Witness(context, types, work, () -> self.stockChanged());
    this.supply = new Supply(context, want -> self.demand(want), witness, work, () -> self.stockChanged());
    this.closings = new Closings(context, attachment -> self.ended(attachment));
    this.notices = new Notices(context);
    this.attachments = new Attachments(context, new Draws(context, supply.outlook()::hopeless, new Particular(context, witness), work), closings,
        notices, sayings, () -> self.decide());
  }

  private void lanesChanged() {
    witness.lanesChanged();
  }

  private void plannedAgain() {
    sayings.nodeChanged();
    replans.all();
    // A pod may have waited for a lane of its own, and there is none.
    attachments.serve();
  }

  private void begun() {
    drift.begin();
  }

  private void absent(AttachmentRecord attachment) {
    closings.close(attachment, OptionalLong.empty(), () -> {});
  }

  private int demand(String want) {
    return attachments.demand(want);
  }

  private void ended(AttachmentRecord attachment) {
    attachments.ended(attachment);
    // What a mode that is not chosen any more planned for the node goes with its last pod.
    if (context.facts().isPresent() && attachment.modeIds().stream().anyMatch(id -> context.composition.mode(id).isEmpty())) {
      work.factsChanged();
    }
    attachments.serve();
  }

  /** Something may be free now, or refused now. */
  private void stockChanged() {
    context.stale();
    attachments.serve();
  }

  /** Deciding changes what is decided on; it never runs inside itself. */
  private void decide() {
    if (deciding) {
      decideAgain = true;
      return;
    }
    deciding = true;
    do {
      decideAgain = false;
      supply.decide();
    } while (decideAgain);
    deciding = false;
  }

  /**
   * Starts: takes up what the ledger says, undoes what was cut off, asks the witnesses.
   *
   * @param now the time
   * @return the first effects
   */
  public List<Effect> start(Moment now) {
    context.now = now;
    if (!context.ledger.unknown().isEmpty()) {
      context.findings.put("ledger newer", Finding.of(BrainCodes.LEDGER_NEWER,
          "The ledger has " + context.ledger.unknown().size() + " entries that a newer version wrote; they are kept and not acted on.",
          "Go back to the newer version, or drain the node before going on with this one."));
    }
    context.plan = new NodePlan(List.of(), DatapathPlan.empty(), List.of(), Map.of(), Map.of(),
        KeptPlan.of(context.ledger.planned()));
    witness.start();
    List<AttachmentPath> keep = new ArrayList<>();
    List<AttachmentRecord> cut = new ArrayList<>();
    for (AttachmentRecord a : context.ledger.attachments()) {
      keep.add(Paths.of(context, a));
      // An extra goes with its first, and can't be without.
      boolean orphan = a.first().filter(first -> context.ledger.attachment(first).isEmpty()).isPresent();
      if (a.state() != AttachmentRecord.State.LIVE || orphan) {
        cut.add(a);
      } else {
        sayings.complete(a);
      }
    }
    context.ask(token -> new Effect.RemoveLeftovers(token, keep), event -> {
      if (event instanceof Event.KernelFailed f) {
        context.findings.put("leftovers", f.reason());
      }
      attachments.tidy();
    });
    // Nobody was promised these: an interrupted ADD leaves nothing that blocks the next, an interrupted DEL goes on.
    cut.forEach(a -> closings.close(a, OptionalLong.empty(), () -> {}));
    return context.taken();
  }

  /**
   * Takes an event.
   *
   * @param event the event
   * @param now the time; never earlier than before
   * @return the effects, in order
   */
  public List<Effect> on(Event event, Moment now) {
    context.now = now;
    if (context.book.thaw(now.monotonic())) {
      stockChanged();
    }
    switch (event) {
      case Event.Add e -> attachments.add(e.request(), e.of());
      case Event.Del e -> attachments.del(e.request(), e.key(), e.madeBefore());
      case Event.Check e -> attachments.check(e.request(), e.key());
      case Event.Gc e -> gc(e);
      case Event.Status e -> status(e.request());
      case Event.ReportWanted e -> context.emit(new Effect.Answer(e.request(), new Reply.Reported(report())));
      case Event.CallerGone e -> attachments.callerGone(e.request());
      case Event.AnswerRead e -> attachments.answerRead(e.request());
      case Event.Planned e -> context.answer(e.token(), e);
      case Event.PlannerFailed e -> {
        if (!e.mode().isEmpty()) {
          context.wakeAt(context.asides.set(e.mode(), e.reason(), context.millis()));
          context.findings.put("mode " + e.mode(), e.reason().about(e.mode()));
        }
        context.answer(e.token(), e);
      }
      case Event.Written e -> {
        context.answer(e.token(), e);
        // The disk takes writes, whoever asked.
        context.takesWrites();
      }
      case Event.WriteFailed e -> context.answer(e.token(), e);
      case Event.KernelDone e -> context.answer(e.token(), e);
      case Event.KernelFailed e -> context.answer(e.token(), e);
      case Event.Checked e -> context.answer(e.token(), e);
      case Event.Mended e -> context.answer(e.token(), e);
      case Event.KernelAltered e -> drift.altered(e.key());
      case Event.Answered e -> context.answer(e.token(), e);
      case Event.MetadataRead e -> context.answer(e.token(), e);
      case Event.MetadataFailed e -> context.answer(e.token(), e);
      case Event.ActDone e -> context.answer(e.token(), e);
      case Event.Devices e -> work.devices(e.present(), e.names());
      case Event.ObjectSeen e -> {
        context.objects = context.objects.with(e.object());
        notices.seen(e.object());
        objectChanged(e.object().ref());
      }
      case Event.ObjectGone e -> {
        context.objects = context.objects.without(e.ref());
        objectChanged(e.ref());
      }
      case Event.ObjectsHeard e -> {
        context.objects = context.objects.heard(e.kind(), e.heard());
        context.stale();
        attachments.heard(e.kind());
        if (context.facts().isPresent()) {
          work.factsChanged();
        }
      }
      case Event.Told e -> e.finding().ifPresentOrElse(f -> context.findings.put("told " + e.about(), f),
          () -> context.findings.remove("told " + e.about()));
      case Event.Tick _ -> {
        context.ledger.forgetCooled(context.millis());
        for (String mode : context.asides.back(ticked, context.millis())) {
          context.findings.remove("mode " + mode);
          work.factsChanged();
        }
        ticked = context.millis();
        context.unanswered.tick();
        attachments.expire();
        attachments.serve();
        notices.waiting(attachments.waiting());
        closings.retry();
        work.tick();
        drift.tick();
        witness.tick();
        decide();
        context.book.nextThaw().ifPresent(context::wakeAt);
      }
    }
    notices.look(trouble());
    return context.taken();
  }

  private void objectChanged(dev.patchbay.spi.ObjectRef ref) {
    context.stale();
    attachments.objectChanged(ref);
    // A pod says nothing of the node; everything else that a mode reads may.
    if (!ref.kind().equals(ObjectKind.POD) && context.facts().isPresent()) {
      work.factsChanged();
    }
  }

  private void gc(Event.Gc gc) {
    List<AttachmentRecord> gone = context.ledger.attachments().stream()
        .filter(a -> a.first().isEmpty() && a.network().equals(gc.network()) && !gc.valid().contains(a.key())
            && !attachments.busy(a.key())).toList();
    Set<Act> plugins = new LinkedHashSet<>(context.plan.datapath().elements(Act.class));
    context.ledger.attachments().forEach(a -> plugins.addAll(plugins(a)));
    if (gone.isEmpty()) {
      collected(gc.request(), plugins);
      return;
    }
    int[] left = {gone.size()};
    gone.forEach(a -> closings.close(a, OptionalLong.empty(), () -> {
      if (--left[0] == 0) {
        collected(gc.request(), plugins);
      }
    }));
  }

  private static List<Act> plugins(AttachmentRecord attachment) {
    return attachment.plan().elements(Act.class).stream().filter(act -> act.type().equals("plugin")).toList();
  }

  private void collected(long request, Set<Act> plugins) {
    context.emit(new Effect.Answer(request, plugins.isEmpty() ? new Reply.Done() : new Reply.Collected(List.copyOf(plugins),
        context.ledger.attachments().stream().filter(a -> !plugins(a).isEmpty()).toList())));
  }

  private void status(long request) {
    context.emit(new Effect.Answer(request,
        trouble().<Reply>map(t -> new Reply.Failed(t, true)).orElseGet(() -> {
          List<Act> plugins = context.plan.datapath().elements(Act.class);
          return plugins.isEmpty() ? new Reply.Done() : new Reply.Ready(plugins);
        })));
  }

  /** Why the next pod would get no network. */
  private Optional<Finding> trouble() {
    if (!context.serving) {
      return Optional.of(Optional.ofNullable(context.findings.get("node")).or(
          () -> Optional.ofNullable(context.findings.get("plan"))).or(
          () -> Optional.ofNullable(context.findings.get("node datapath"))).orElse(STARTING));
    }
    for (AddressFamily family : context.composition.families()) {
      String lane = context.plan.laneName(family, Lane.DEFAULT);
      if (context.book.counts(lane, family).free() == 0) {
        Optional<Finding> hopeless = supply.outlook().hopeless(Wants.stock(lane, family));
        if (hopeless.isPresent()) {
          return hopeless;
        }
      }
    }
    return Optional.empty();
  }

  /** The most pods: each has an address of every family, so the family that carries fewest decides. */
  private Optional<Integer> capacity() {
    Interfaces interfaces = new Interfaces(context);
    return context.composition.families().stream().map(interfaces::capacity).flatMap(Optional::stream).min(Integer::compare);
  }

  /**
   * {@return the state, for people and metrics}
   */
  public Report report() {
    List<Report.LaneReport> lanes = new ArrayList<>();
    for (LanePlan lane : context.plan.lanes()) {
      lane.sources().forEach((family, source) -> {
        AddressBook.Counts c = context.book.counts(lane.name(), family);
        int target = lane.stock(family).map(s -> supply.needs().of(lane, family, s).target()).orElse(0);
        lanes.add(new Report.LaneReport(lane.name(), lane.lane().origin().toString(), family, source.toString(),
            context.book.enis(lane.name()).stream().map(AddressBook.Eni::id).toList(), c.held(), c.free(), c.cooling(), target, lane.lane().most()));
      });
    }
    List<Report.Waiting> waiting = attachments.waiting().stream().map(j -> new Report.Waiting(j.pod(), j.of.key().toString(),
        j.waitingFor.orElse(Finding.of(Codes.ADDRESS_WAIT_EXPIRED, "It is about to be served.", "Wait.")),
        context.millis() - j.began.monotonic())).toList();
    Optional<Integer> capacity = context.facts().isPresent() && !context.plan.lanes().isEmpty()
        ? capacity() : Optional.empty();
    return new Report(context.serving, context.facts(), context.composition.modes().stream().map(ModeInstance::label).toList(),
        lanes, List.copyOf(context.ledger.attachments()), waiting, context.book.cooling(context.millis()),
        List.copyOf(context.findings.values()), supply.operation(), capacity,
        context.ledger.snapshot(Entry.Part.LIB, context.millis()).stream()
            .flatMap(e -> e instanceof Entry.EniMade m ? java.util.stream.Stream.of(m.eniId()) : java.util.stream.Stream.empty())
            .toList(), enis(), context.recent.refusals(), context.recent.holders());
  }

  private List<Report.EniReport> enis() {
    return context.facts().stream().flatMap(f -> f.enis().stream()).map(e -> new Report.EniReport(e.id(),
        context.book.isReady(e.id()), context.book.eni(e.id()).map(AddressBook.Eni::draining).orElse(false),
        witness.belonging().leftAlone(e))).toList();
  }

  /** How many addresses alone and prefixes were looked at so far, to count and to draw. */
  long visited() {
    return context.book.visited();
  }

  /**
   * {@return a look at the ledger and at what this makes of it; kernel, cloud and files are for others to add}
   * @param now the time
   */
  public Look look(Moment now) {
    List<NodeLook.Stock> stock = new ArrayList<>();
    for (LanePlan lane : context.plan.lanes()) {
      lane.sources().keySet().forEach(family -> lane.stock(family).ifPresent(s -> {
        StockNeed need = supply.needs().of(lane, family, s);
        stock.add(new NodeLook.Stock(lane.name(), family, context.book.counts(lane.name(), family).free(), need.target(), need.grow(),
            supply.outlook().hindrance(lane, family)));
      }));
    }
    boolean busy = !context.serving || supply.operation().isPresent() || !attachments.waiting().isEmpty() || !context.inFlight.isEmpty();
    return Look.of(now.monotonic(), context.ledger.copy(now.monotonic())).withNode(new NodeLook(context.facts().map(this::ours), context.book.places(),
        context.drawn, stock, busy));
  }

  /** What is on an interface that is borrowed, and not ours, is none of the brain's. */
  private NodeFacts ours(NodeFacts facts) {
    return facts.withEnis(facts.enis().stream().map(e -> !Belonging.isBorrowed(context, e) ? e : new NodeFacts.Eni(e.record().withUnits(
        e.record().addresses().stream().filter(a -> context.ledger.ours(e.id(), a.asCidr())).toList(),
        e.record().prefixes().stream().filter(c -> context.ledger.ours(e.id(), c)).toList()), e.number(), e.lane())).toList());
  }

  /**
   * What the kernel should have for an attachment, for who compares.
   *
   * @param key the attachment
   * @return its part of the datapath; empty if there is no such attachment
   */
  public Optional<AttachmentPath> path(AttachmentKey key) {
    return context.ledger.attachment(key).map(a -> Paths.of(context, a));
  }

  /**
   * {@return what the kernel should have for the node itself, for who compares; empty as long as that is not known}
   */
  public Optional<NodeDatapath> nodePath() {
    return context.serving && context.facts().isPresent() ? Optional.of(Paths.node(context)) : Optional.empty();
  }

  /**
   * The entries that a fresh snapshot of a part of the ledger holds, for the journal's compaction.
   *
   * @param part the part
   * @return the entries
   */
  public List<Entry> snapshot(Entry.Part part) {
    return context.ledger.snapshot(part, context.millis());
  }
}
