package dev.patchbay.simulation;

import dev.patchbay.core.brain.Brain;
import dev.patchbay.core.brain.BrainCodes;
import dev.patchbay.core.brain.BrainSettings;
import dev.patchbay.core.brain.Effect;
import dev.patchbay.core.brain.Event;
import dev.patchbay.core.brain.Moment;
import dev.patchbay.core.brain.Report;
import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.compose.Composition;
import dev.patchbay.core.compose.Inquiry;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.invariants.Look;
import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.kernel.Mended;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.simulation.model.Chance;
import dev.patchbay.simulation.model.Fault;
import dev.patchbay.simulation.model.KernelModel;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** One life of a node's daemon, from start to kill: the brain, and what carries its effects out. */
final class Daemon {
  private static final long TIMEOUT_MILLIS = 10_000;
  /** After a refused write a snapshot is tried so often, until the disk takes it. */
  private static final long HEAL_MILLIS = 2_000;

  private final Node node;
  private final World world;
  private final Composition composition;
  private final Brain brain;
  private final List<InFlight> inFlight = new ArrayList<>();
  /** Releases that EC2 has said it carried out, and the disk does not show yet. */
  private final List<CloudCall> unwritten = new ArrayList<>();
  /** When the brain wants to hear that time has passed, by the world's clock. */
  private long wakeAt = Long.MAX_VALUE;
  private long healAt = Long.MAX_VALUE;
  private boolean serving;
  private boolean heard;

  Daemon(Node node, Ledger recovered) {
    this.node = node;
    this.world = node.world;
    this.composition = choice().composition();
    InstanceTypeRecord type = new InstanceTypeRecord("model.large", List.of(world.profile.interfaces()), world.profile.addresses(),
        world.profile.addresses(), true, false, 0, 2);
    BrainSettings settings = new BrainSettings(node.name, "model", world.profile.cooldownMillis(), world.profile.waitMillis(), 9001, "eni",
        Fields.empty(), OptionalInt.empty(), Map.of(), world.profile.seed() * 31 + node.starts);
    this.brain = new Brain(settings, composition, name -> Optional.of(type), recovered, moment());
  }

  private Choice choice() {
    return world.choices.get(node.choice);
  }

  private Moment moment() {
    return new Moment(node.monotonic(), node.wall());
  }

  void begin() {
    take(brain.start(moment()));
    hear(new Event.Devices(world.ec2.devices(node.instance)), 1);
    if (world.now >= node.apiCutUntil) {
      hearObjects();
    }
  }

  // The API server.

  private Set<ObjectKind> kinds() {
    Set<ObjectKind> kinds = new LinkedHashSet<>();
    kinds.add(ObjectKind.NODE);
    composition.modes().forEach(m -> kinds.addAll(m.descriptor().nodeReads()));
    return kinds;
  }

  private void hearObjects() {
    heard = true;
    ObjectRecord self = new ObjectRecord(new ObjectRef(ObjectKind.NODE, "", node.name), "uid-" + node.name, "1",
        Map.of("topology.kubernetes.io/zone", "test-1a"), Map.of(), Fields.empty());
    give(new Event.ObjectSeen(self));
    choice().objectsAt(world.objectsTime).forEach(o -> give(new Event.ObjectSeen(o)));
    node.sandboxes.values().forEach(this::podSeen);
    kinds().forEach(kind -> give(new Event.ObjectsHeard(kind, true)));
  }

  /** A pod's object is heard of, by modes that read pods. */
  void podSeen(Sandbox sandbox) {
    if (heard && kinds().contains(ObjectKind.POD)) {
      give(new Event.ObjectSeen(new ObjectRecord(new ObjectRef(ObjectKind.POD, sandbox.kind.namespace(), sandbox.pod), "uid-" + sandbox.id, "1",
          sandbox.kind.labels(), sandbox.kind.annotations(), Fields.empty())));
    }
  }

  /** The objects of the API server, Nodes and Pods apart, are others now. */
  void objectsChanged(int since) {
    if (!heard) {
      return;
    }
    List<ObjectRecord> now = choice().objectsAt(world.objectsTime);
    List<ObjectRecord> before = choice().objectsAt(since);
    before.stream().filter(o -> now.stream().noneMatch(n -> n.ref().equals(o.ref()))).forEach(o -> give(new Event.ObjectGone(o.ref())));
    now.forEach(o -> give(new Event.ObjectSeen(o)));
  }

  /** The kernel tells that somebody altered it. */
  void altered(String key) {
    hear(new Event.KernelAltered(key), 1 + world.chance.below(500));
  }

  void cutFromApi() {
    if (heard) {
      heard = false;
      kinds().forEach(kind -> give(new Event.ObjectsHeard(kind, false)));
    }
  }

  void devicesChanged() {
    hear(new Event.Devices(world.ec2.devices(node.instance)), 1);
  }

  // Time.

  long next() {
    long at = Math.min(Math.min(wakeAt, healAt), nextInFlight());
    return heard ? at : Math.min(at, node.apiCutUntil);
  }

  long nextInFlight() {
    long at = Long.MAX_VALUE;
    for (InFlight each : inFlight) {
      at = Math.min(at, each.next());
    }
    return at;
  }

  /** What is due next happens. */
  void turn() {
    if (!heard && node.apiCutUntil <= world.now) {
      hearObjects();
      return;
    }
    if (healAt <= world.now) {
      heal();
      return;
    }
    InFlight next = null;
    for (InFlight each : inFlight) {
      if (next == null || each.next() < next.next()) {
        next = each;
      }
    }
    if (next != null && next.next() <= world.now && next.next() <= wakeAt) {
      goOn(next);
    } else if (wakeAt <= world.now) {
      wakeAt = Long.MAX_VALUE;
      give(new Event.Tick());
    }
  }

  /** One of those under way goes on before its time. */
  boolean overtake() {
    if (inFlight.size() < 2) {
      return false;
    }
    goOn(inFlight.get(world.chance.below(inFlight.size())));
    return true;
  }

  private void goOn(InFlight item) {
    if (!item.done && item.effect instanceof Effect.Write && standsStillFor() > 0) {
      // It was asked for before the disk stood still.
      item.doneAt = world.now + standsStillFor();
      item.dueAt = item.doneAt;
      return;
    }
    if (!item.done) {
      carryOut(item);
      item.done = true;
      if (item.answer == null || item.dueAt > world.now) {
        if (item.answer == null) {
          inFlight.remove(item);
        }
        return;
      }
    }
    inFlight.remove(item);
    released(item).ifPresent(unwritten::add);
    give(Objects.requireNonNull(item.answer));
  }

  /** A release that EC2 has carried out, and said so. */
  private static Optional<CloudCall> released(InFlight item) {
    return item.effect instanceof Effect.Call c && c.call() instanceof CloudCall.Unassign
        && item.answer instanceof Event.Answered a && a.answer() instanceof CloudAnswer.Done ? Optional.of(c.call()) : Optional.empty();
  }

  // Events in, effects out.

  void give(Event event) {
    if (!node.isUp() || node.daemon() != this) {
      return;
    }
    world.story.event();
    try {
      take(brain.on(event, moment()));
    } catch (BrokenException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new BrokenException(Way.STEADY, node.name, "the daemon fails with " + e + " at " + List.of(e.getStackTrace()).subList(0,
          Math.min(4, e.getStackTrace().length)) + " when it hears " + event.getClass().getSimpleName());
    }
  }

  private void hear(Event event, long within) {
    inFlight.add(InFlight.heard(event, world.now, world.now + within));
  }

  private void take(List<Effect> effects) {
    for (Effect wanted : effects) {
      for (Effect effect : world.sabotage.wanted(wanted)) {
        world.story.mix(kind(effect));
        switch (effect) {
          case Effect.WakeAt w -> wakeAt = Math.min(wakeAt, Math.max(world.now + 1, w.monotonic() + node.bootedAt));
          case Effect.Tell _, Effect.Publish _ -> {
            // Read by people and by others.
          }
          case Effect.Serve _ -> serving = true;
          case Effect.Answer a -> {
            if (node.isOpen(a.request())) {
              inFlight.add(new InFlight(a, world.now, world.now + 1, world.now + 1));
            }
          }
          case Effect.Write w -> later(w, Math.max(standsStillFor(),
              world.happens(Fault.DISK_SLOW) ? 2_000 + world.chance.below(3_000) : world.chance.below(2)));
          case Effect.Plan p -> later(p, world.chance.below(2));
          case Effect.ReadMetadata m -> later(m, 2 + world.chance.below(20));
          case Effect.Call c -> call(c);
          case Effect.ApplyNode e -> later(e, 1 + world.chance.below(5));
          case Effect.Apply e -> later(e, 1 + world.chance.below(5));
          case Effect.Change e -> later(e, 1 + world.chance.below(5));
          case Effect.Undo e -> later(e, 1 + world.chance.below(5));
          case Effect.Mend e -> later(e, 1 + world.chance.below(5));
          case Effect.Compare e -> later(e, 1 + world.chance.below(5));
          case Effect.RemoveLeftovers e -> later(e, 1 + world.chance.below(20));
          case Effect.Run e -> later(e, 1 + world.chance.below(50));
          case Effect.UndoRun e -> later(e, 1 + world.chance.below(50));
        }
      }
    }
  }

  private static int kind(Effect effect) {
    return switch (effect) {
      case Effect.Write _ -> 1;
      case Effect.Plan _ -> 2;
      case Effect.ApplyNode _ -> 3;
      case Effect.Apply _ -> 4;
      case Effect.Change _ -> 5;
      case Effect.Undo _ -> 6;
      case Effect.Compare _ -> 7;
      case Effect.RemoveLeftovers _ -> 8;
      case Effect.Call c -> 100 + c.call().action().length();
      case Effect.ReadMetadata _ -> 10;
      case Effect.Run _ -> 11;
      case Effect.UndoRun _ -> 12;
      case Effect.Answer _ -> 13;
      case Effect.WakeAt w -> 14 + (int) w.monotonic();
      case Effect.Publish _ -> 15;
      case Effect.Tell _ -> 16;
      case Effect.Serve _ -> 17;
      case Effect.Mend _ -> 18;
    };
  }

  private void later(Effect effect, long millis) {
    inFlight.add(new InFlight(effect, world.now, world.now + millis, world.now + millis));
  }

  private void call(Effect.Call call) {
    long done = world.now + 20 + world.chance.below(200);
    long due = done + 10 + world.chance.below(200);
    if (world.happens(Fault.EC2_SLOW)) {
      done += world.chance.below(5_000);
      due = Math.min(world.now + TIMEOUT_MILLIS, done + world.chance.below(5_000));
    }
    inFlight.add(new InFlight(call, world.now, done, due));
  }

  private void carryOut(InFlight item) {
    Effect effect = Objects.requireNonNull(item.effect);
    switch (effect) {
      case Effect.Write w -> write(w, item);
      case Effect.Plan p -> item.answer = plan(p);
      case Effect.ReadMetadata m -> item.answer = metadata(m);
      case Effect.Call c -> item.answer = called(c, item);
      case Effect.Answer a -> node.answered(a.request(), a.reply());
      case Effect.ApplyNode a -> item.answer = kernel(a.token(), node.kernel.applyNode(a.datapath(), world.ec2.devices(node.instance)));
      case Effect.Apply a -> item.answer = apply(a);
      case Effect.Change c -> {
        node.say(() -> "the kernel changes " + c.after().key());
        item.answer = kernel(c.token(), node.kernel.change(c.after()));
      }
      case Effect.Undo u -> item.answer = undo(u);
      case Effect.Mend m -> item.answer = mend(m);
      case Effect.Compare c -> item.answer = new Event.Checked(c.token(), node.kernel.compare(c.path()));
      case Effect.RemoveLeftovers r -> item.answer = leftovers(r);
      case Effect.Run r -> item.answer = new Event.ActDone(r.token(), Fields.empty().with("result", Fields.empty()));
      case Effect.UndoRun u -> item.answer = new Event.ActDone(u.token(), Fields.empty());
      case Effect.WakeAt _, Effect.Tell _, Effect.Publish _, Effect.Serve _ -> throw new IllegalStateException(effect + " takes no time");
    }
  }

  private long standsStillFor() {
    return world.calm ? 0 : Math.max(0, node.diskStillUntil - world.now);
  }

  // The disk: writes are made in order, those that wait together at once.

  private void write(Effect.Write last, InFlight item) {
    List<InFlight> batch = new ArrayList<>();
    for (InFlight each : inFlight) {
      if (each.effect instanceof Effect.Write && !each.done) {
        batch.add(each);
      }
      if (each == item) {
        break;
      }
    }
    node.disks.full(world.now < node.diskFullUntil && !world.calm);
    for (InFlight each : batch) {
      Effect.Write write = (Effect.Write) Objects.requireNonNull(each.effect);
      Optional<String> refused = node.disks.write(write.entries());
      world.story.say(world.now, () -> node.name + ": " + (refused.isPresent() ? "the disk refuses " : "on disk: ") + Words.of(write.entries()));
      if (refused.isPresent()) {
        healAt = Math.min(healAt, world.now + HEAL_MILLIS);
      } else if (write.entries().stream().anyMatch(Entry.Seen.class::isInstance)) {
        unwritten.clear();
      }
      each.answer = refused.<Event>map(why -> new Event.WriteFailed(write.token(), why)).orElseGet(() -> new Event.Written(write.token()));
      each.done = true;
      each.dueAt = world.now;
    }
  }

  /** What was refused is written as soon as the disk takes writes again, whoever wanted it. */
  private void heal() {
    boolean healed = List.of(Entry.Part.values()).stream().allMatch(this::compact);
    healAt = healed ? Long.MAX_VALUE : world.now + HEAL_MILLIS;
    if (healed) {
      node.say("on disk: all that was refused");
      give(new Event.Written(0));
    }
  }

  // Planners.

  private Event plan(Effect.Plan plan) {
    if (world.happens(Fault.PLANNER_FAILED)) {
      ModeInstance mode = world.chance.of(composition.modes());
      node.say(() -> "a planner of " + mode.id() + " fails");
      return new Event.PlannerFailed(plan.token(), mode.id(), Finding.of(BrainCodes.MODE_FAILED, "The mode " + mode.id() + " failed.",
          "None."));
    }
    Inquiry inquiry = new Inquiry();
    try {
      return new Event.Planned(plan.token(), plan.work().run(inquiry));
    } catch (RuntimeException e) {
      throw new BrokenException(Way.STEADY, node.name, "a planner of " + inquiry.asked().map(ModeInstance::label).orElse("no mode")
          + " fails with " + e);
    }
  }

  // EC2 and IMDS.

  private Event metadata(Effect.ReadMetadata read) {
    if (world.now < node.imdsAwayUntil && !world.calm) {
      return new Event.MetadataFailed(read.token(), "timed out");
    }
    long lag = world.happens(Fault.IMDS_STALE) ? world.chance.below(59_000) : 0;
    return new Event.MetadataRead(read.token(), world.ec2.metadata(node.instance, world.now, lag));
  }

  private Event called(Effect.Call effect, InFlight item) {
    CloudCall call = effect.call();
    node.cloudCalls++;
    CloudAnswer answer = answer(call, item);
    world.story.say(world.now, () -> node.name + ": EC2 is asked to " + Words.of(call) + ": " + Words.of(answer));
    if (answer instanceof CloudAnswer.Failed f) {
      world.story.mix(f.kind().ordinal());
    }
    return new Event.Answered(effect.token(), answer);
  }

  private static CloudAnswer failed(CloudAnswer.Kind kind) {
    return new CloudAnswer.Failed(kind, "Model" + kind, "a fault");
  }

  private CloudAnswer answer(CloudCall call, InFlight item) {
    if (world.now < world.ec2AwayUntil && !world.calm || world.happens(Fault.EC2_UNREACHABLE)) {
      return failed(CloudAnswer.Kind.UNREACHABLE);
    }
    if (world.happens(Fault.EC2_THROTTLED)) {
      return failed(CloudAnswer.Kind.THROTTLED);
    }
    if (world.happens(Fault.EC2_REFUSED)) {
      return failed(CloudAnswer.Kind.REFUSED);
    }
    if (world.happens(Fault.EC2_CALL_LOST)) {
      item.dueAt = item.born + TIMEOUT_MILLIS;
      return failed(CloudAnswer.Kind.UNKNOWN);
    }
    if (named(call).filter(id -> world.ec2.isNew(id, world.now)).isPresent() && world.happens(Fault.EC2_NOT_YET)) {
      return failed(CloudAnswer.Kind.NOT_FOUND);
    }
    CloudAnswer answer = carriedOut(call);
    if (world.happens(Fault.EC2_ANSWER_LOST)) {
      world.judge.unheard(call);
      item.dueAt = item.born + TIMEOUT_MILLIS;
      return failed(CloudAnswer.Kind.UNKNOWN);
    }
    return answer;
  }

  /** The interface that a call is about. */
  private static Optional<String> named(CloudCall call) {
    return switch (call) {
      case CloudCall.AttachInterface c -> Optional.of(c.eniId());
      case CloudCall.AssignAddresses c -> Optional.of(c.eniId());
      case CloudCall.Unassign c -> Optional.of(c.eniId());
      case CloudCall.Delete c -> Optional.of(c.eniId());
      case CloudCall.DeleteWithInstance c -> Optional.of(c.eniId());
      default -> Optional.empty();
    };
  }

  private CloudAnswer carriedOut(CloudCall call) {
    world.judge.called(node, call);
    boolean lags = call.action().equals("DescribeNetworkInterfaces") && world.happens(Fault.EC2_LAG);
    Chance chance = world.chance;
    long detach = call instanceof CloudCall.Detach && world.happens(Fault.EC2_SLOW_DETACH) ? 30_000 : 2_000;
    CloudAnswer answer = world.ec2.call(call, world.now, detach, () -> lags ? chance.below(12_000) : 0, chance);
    if (call instanceof CloudCall.AttachInterface || call instanceof CloudCall.Detach) {
      hear(new Event.Devices(world.ec2.devices(node.instance)), 10 + chance.below(500));
    }
    return answer;
  }

  // The kernel.

  private static Finding refused(String why) {
    return Finding.of(BrainCodes.NODE_DATAPATH, why + ".", "None.");
  }

  private static Event kernel(long token, Optional<String> refusal) {
    return refusal.<Event>map(why -> new Event.KernelFailed(token, refused(why)))
        .orElseGet(() -> new Event.KernelDone(token));
  }

  private Event apply(Effect.Apply apply) {
    String key = apply.path().key();
    List<HeldAddress> held = world.judge.written(node, key);
    Sandbox sandbox = node.sandboxOf(key);
    if (sandbox == null || !sandbox.netns) {
      return kernel(apply.token(), Optional.of("the namespace is gone"));
    }
    if (world.happens(Fault.KERNEL_REFUSED)) {
      return kernel(apply.token(), Optional.of("a fault"));
    }
    world.judge.delivers(node, apply, held);
    Optional<String> refusal = node.kernel.apply(apply.path(), true);
    node.say(() -> "the kernel " + refusal.map(why -> "refuses " + key + ": " + why).orElse("has " + key));
    return kernel(apply.token(), refusal);
  }

  private Event undo(Effect.Undo undo) {
    String key = undo.path().key();
    if (world.happens(Fault.KERNEL_REFUSED)) {
      return kernel(undo.token(), Optional.of("a fault"));
    }
    world.judge.undoes(node, key);
    node.kernel.undo(key);
    node.say(() -> "the kernel has no " + key);
    return new Event.KernelDone(undo.token());
  }

  private Event mend(Effect.Mend mend) {
    if (world.happens(Fault.KERNEL_REFUSED)) {
      return kernel(mend.token(), Optional.of("a fault"));
    }
    List<Mended> mended = new ArrayList<>();
    if (mend.node().isPresent() && !node.kernel.hasNode(mend.node().get())) {
      Optional<String> refusal = node.kernel.applyNode(mend.node().get(), world.ec2.devices(node.instance));
      mended.add(new Mended(Mended.NODE, List.of("the node's own part"), refusal.map(why -> refused(why))));
    }
    for (AttachmentPath path : mend.attachments()) {
      Sandbox sandbox = node.sandboxOf(path.key());
      if (sandbox != null && sandbox.netns && node.kernel.has(path.key()) && !node.kernel.compare(path).isEmpty()) {
        node.kernel.mend(path);
        node.mended(sandbox);
        mended.add(new Mended(path.key(), List.of("routes"), Optional.empty()));
        node.say(() -> "the kernel has all of " + path.key() + " again");
      }
    }
    return new Event.Mended(mend.token(), mended, mend.attachments().stream().map(AttachmentPath::key)
        .filter(key -> node.kernel.device(key).isEmpty()).collect(Collectors.toSet()));
  }

  private Event leftovers(Effect.RemoveLeftovers leftovers) {
    if (world.happens(Fault.KERNEL_REFUSED)) {
      return kernel(leftovers.token(), Optional.of("a fault"));
    }
    Set<String> keep = new LinkedHashSet<>();
    leftovers.keep().forEach(p -> keep.add(p.key()));
    for (AttachmentKey key : node.kernel.delivered().keySet()) {
      if (!keep.contains(key.toString())) {
        world.judge.undoes(node, key.toString());
        node.say(() -> "the kernel loses the leftover " + key);
      }
    }
    node.kernel.removeLeftovers(leftovers.keep());
    return new Event.KernelDone(leftovers.token());
  }

  /** The process ends: what is under way is done, or not, or half. */
  void kill() {
    List<Entry> waiting = new ArrayList<>();
    // What this process alone knows, nobody knows any more.
    unwritten.forEach(world.judge::unheard);
    for (InFlight each : List.copyOf(inFlight)) {
      if (each.done || each.effect == null) {
        released(each).ifPresent(world.judge::unheard);
        continue;
      }
      switch (each.effect) {
        case Effect.Write w -> waiting.addAll(w.entries());
        case Effect.Call c -> {
          if (world.chance.oneIn(2) && world.now >= world.ec2AwayUntil) {
            carriedOut(c.call());
            world.judge.unheard(c.call());
          }
        }
        case Effect.Apply a -> half(a);
        case Effect.Undo u -> half(u);
        default -> {
          // Nothing of it is left.
        }
      }
    }
    node.disks.full(world.now < node.diskFullUntil && !world.calm);
    node.disks.killed(waiting, world.happens(Fault.DISK_TORN));
  }

  private void half(Effect.Apply apply) {
    String key = apply.path().key();
    Sandbox sandbox = node.sandboxOf(key);
    if (world.happens(Fault.KERNEL_HALF) && sandbox != null && sandbox.netns) {
      boolean whole = world.chance.oneIn(2);
      List<HeldAddress> held = world.judge.written(node, key);
      world.judge.delivers(node, apply, held);
      KernelModel kernel = node.kernel;
      Optional<String> refusal = kernel.apply(apply.path(), whole);
      node.say(() -> "the kernel " + (refusal.isPresent() ? "refuses " : whole ? "still has " : "has half of ") + key);
    }
  }

  private void half(Effect.Undo undo) {
    if (world.happens(Fault.KERNEL_HALF)) {
      String key = undo.path().key();
      world.judge.undoes(node, key);
      node.kernel.undoHalf(key);
      node.say(() -> "the kernel has half of " + key);
    }
  }

  // What others look at.

  boolean serving() {
    return serving;
  }

  Report report() {
    return brain.report();
  }

  Look look() {
    return brain.look(moment());
  }

  Optional<AttachmentPath> path(AttachmentKey key) {
    return brain.path(key);
  }

  /** A part of the ledger is replaced by its state, if nothing of it is under way. Says whether it was. */
  boolean compact(Entry.Part part) {
    if (standsStillFor() > 0 || inFlight.stream().anyMatch(f -> f.effect instanceof Effect.Write && !f.done)) {
      return false;
    }
    node.disks.full(world.now < node.diskFullUntil && !world.calm);
    return node.disks.compact(part, brain.snapshot(part));
  }
}
