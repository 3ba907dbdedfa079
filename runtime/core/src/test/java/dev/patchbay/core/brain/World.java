package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceMetadata;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.cloud.NodeIdentity;
import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.core.compose.Composition;
import dev.patchbay.core.compose.Inquiry;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.invariants.CloudLook;
import dev.patchbay.core.invariants.KernelLook;
import dev.patchbay.core.invariants.Look;
import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.kernel.Mended;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.core.ledger.MadeBefore;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.NetworkModeProvider;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.spi.datapath.Delivery;
import dev.patchbay.spi.datapath.ReturnPath;
import dev.patchbay.spi.datapath.Sysctl;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import dev.patchbay.spi.object.ObjectPlan;
import dev.patchbay.spi.view.ObjectView;
import dev.patchbay.spi.view.PodView;
import dev.patchbay.tck.ModeUnderTest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A world for one brain in virtual time: an EC2 that answers at once, a kernel that takes everything, a disk that keeps what was
 * written. Any of them can be told to answer otherwise.
 */
final class World {
  final InstanceTypeRecord type;
  final WorldCloud cloud;
  final Map<String, EniRecord> enis;
  final List<Entry> disk = new ArrayList<>();
  final List<CloudCall> calls = new ArrayList<>();
  final Map<Long, Reply> replies = new TreeMap<>();
  final Set<String> kernel = new TreeSet<>();
  /** What the kernel was given last, by attachment. */
  final Map<String, AttachmentPath> paths = new TreeMap<>();
  /** What the kernel was given for the node, one after the other. */
  final List<NodeDatapath> nodePaths = new ArrayList<>();
  /** What was done for pods and undone, in order: {@code apply KEY}, {@code run ID of KEY}, {@code undo ...}. */
  final List<String> story = new ArrayList<>();
  final List<ObjectPlan> published = new ArrayList<>();
  final Deque<Event> events = new ArrayDeque<>();
  final List<Effect> held = new ArrayList<>();
  final List<Map<String, Finding>> told = new ArrayList<>();
  Function<CloudCall, Optional<CloudAnswer.Failed>> refuse = call -> Optional.empty();
  /** Calls that never reach EC2; what became of them is as unknown as of those whose answer is lost. */
  Predicate<CloudCall> loses = call -> false;
  Function<Effect, Boolean> hold = effect -> false;
  /** Why the kernel refuses something, if it does. */
  Function<Effect, Optional<String>> kernelRefuses = effect -> Optional.empty();
  Function<Act, Fields> acts = World::ordinaryOutcome;
  Function<PlanWork, Optional<String>> failing = work -> Optional.empty();
  List<String> groups = List.of("sg-node");
  /** The hardware address of what is made for pods. */
  Optional<MacAddress> mac = Optional.empty();
  /** What others have altered in the kernel: attachments, or the node's own part. */
  final Set<String> altered = new TreeSet<>();
  boolean mendable = true;
  boolean diskFull;
  /** Writes that the disk refuses although it is not full. */
  Predicate<Effect.Write> diskRefuses = write -> false;
  boolean metadataAway;
  /** What metadata says of the VPC's networks. */
  List<Cidr> vpc = List.of(Cidr.of("10.0.0.0/16"), Cidr.of("2001:db8::/56"));
  /** Which instance it is. */
  String instance = "i-1";
  /** Interfaces that metadata leaves out although they are attached. */
  List<String> metadataLacks = List.of();
  long now = 1_000_000;
  long wakeAt = Long.MAX_VALUE;
  /** How far the wall clock is from the monotonic one; a test may set it. */
  long wallShift = 1_700_000_000_000L;
  /** How often time has passed. */
  int ticks;
  boolean serving;
  /** How long planners have taken, in nanoseconds of the real clock. */
  long planning;
  private long nextRequest = 1;
  private Composition composition;
  private BrainSettings settings;
  private final Map<ObjectRef, ObjectRecord> objects = new LinkedHashMap<>();
  private boolean heard = true;
  private Brain brain;

  /** Whether the node's type is in no table, so that EC2 has to be asked. */
  boolean typeIsNew;

  World(BrainSettings settings, InstanceTypeRecord type, ModeInstance... modes) {
    this.type = type;
    this.settings = settings;
    this.composition = ((Composition.Outcome.Fits) Composition.of(List.of(modes))).composition();
    this.cloud = new WorldCloud(type, groups);
    this.enis = cloud.enis;
    brain = new Brain(settings, composition, this::inTable, new Ledger(), moment());
  }

  /** What the table that comes with the adapter has. */
  private Optional<InstanceTypeRecord> inTable(String name) {
    return typeIsNew ? Optional.empty() : Optional.of(type);
  }

  static BrainSettings settings() {
    return new BrainSettings("node-1", "test", 30_000, 60_000, 9001, "eni", Fields.empty(), OptionalInt.empty(), Map.of(), 7);
  }

  static InstanceTypeRecord type(int interfaces, int addresses) {
    return new InstanceTypeRecord("test.large", List.of(interfaces), addresses, addresses, true, false, 0, 2);
  }

  /** A world of a large instance with two network cards, for modes as they are provided. */
  static World of(NetworkModeProvider... providers) {
    return new World(settings(), new InstanceTypeRecord("test.metal", List.of(4, 4), 10, 10, true, true, 9, 8),
        Stream.of(providers).map(World::instance).toArray(ModeInstance[]::new));
  }

  static ModeInstance instance(NetworkModeProvider provider) {
    return new ModeInstance(provider.id(), "1", provider.descriptor(),
        provider.create(ModeUnderTest.context(ModeUnderTest.of(provider).complete(Fields.empty()))));
  }

  /** Other modes are chosen from the next start on. */
  World choosing(NetworkModeProvider... providers) {
    this.composition = ((Composition.Outcome.Fits) Composition.of(Stream.of(providers).map(World::instance).toList())).composition();
    return this;
  }

  /** Other modes could have been chosen. */
  World offering(NetworkModeProvider... providers) {
    composition = composition.with(Stream.of(providers).map(World::instance).toList());
    brain = new Brain(settings, composition, this::inTable, new Ledger(), moment());
    return this;
  }

  static Fields ordinaryOutcome(Act act) {
    return act.type().equals("device") ? Fields.empty().with("ids", List.of("device-1"))
        : Fields.empty().with("result", Fields.empty().with("interfaces", List.of()));
  }

  World start() {
    take(brain.start(moment()));
    if (heard) {
      tellObjects();
    }
    settle();
    return this;
  }

  /** The API server is away when the process starts next. */
  World unheard() {
    heard = false;
    return this;
  }

  /** The API server is heard: every object that it has is seen. */
  void hear() {
    heard = true;
    tellObjects();
    settle();
  }

  private void tellObjects() {
    objects.values().forEach(o -> events.add(new Event.ObjectSeen(o)));
    composition.modes().stream().flatMap(m -> m.descriptor().nodeReads().stream()).distinct()
        .forEach(kind -> events.add(new Event.ObjectsHeard(kind, true)));
  }

  void see(ObjectView object) {
    ObjectRecord record = new ObjectRecord(object.ref(), object.uid(), object.resourceVersion(), object.labels(), object.annotations(),
        object.content());
    objects.put(object.ref(), record);
    if (heard && started()) {
      give(new Event.ObjectSeen(record));
    }
  }

  private boolean started() {
    return !calls.isEmpty() || serving;
  }

  /** The device of an interface appears that somebody else attached. */
  void attached() {
    devices();
    settle();
  }

  /** What was written down so far. */
  Ledger written() {
    Ledger ledger = new Ledger();
    disk.stream().map(e -> Entry.of(e.bytes())).forEach(ledger::apply);
    return ledger;
  }

  /** Ends the process and starts another from what is on the disk. */
  World restart() {
    hold = effect -> false;
    return restartHolding();
  }

  /** The same, with effects held back as before. */
  World restartHolding() {
    Ledger ledger = written();
    events.clear();
    held.clear();
    serving = false;
    // Another process draws other numbers.
    settings = new BrainSettings(settings.nodeName(), settings.clusterName(), settings.cooldownMillis(), settings.addressWaitMillis(),
        settings.mtu(), settings.vethPrefix(), settings.datapath(), settings.maxPods(), settings.tags(), settings.seed() + 1);
    brain = new Brain(settings, composition, this::inTable, ledger, moment());
    return start();
  }

  /** Replaces what is on the disk by a snapshot. */
  void compact() {
    disk.clear();
    for (Entry.Part part : Entry.Part.values()) {
      disk.addAll(brain.snapshot(part));
    }
  }

  List<Entry> snapshot(Entry.Part part) {
    return brain.snapshot(part);
  }

  long visited() {
    return brain.visited();
  }

  Report report() {
    return brain.report();
  }

  /** A look from every side: the brain's, what was written, the kernel, EC2. */
  Look look() {
    Ledger written = new Ledger();
    disk.forEach(written::apply);
    List<KernelLook.Delivery> deliveries = paths.values().stream().filter(p -> kernel.contains(p.key())).flatMap(
        p -> p.plan().elements(Delivery.class).stream()).map(d -> new KernelLook.Delivery(d.address(), d.device().name().orElse(""))).toList();
    List<EniRecord> all = List.copyOf(enis.values());
    return brain.look(moment()).withWritten(written).withKernel(new KernelLook(kernel, Map.of(), deliveries))
        .withCloud(new CloudLook(all.stream().filter(e -> e.attachment().isPresent()).toList(),
            all.stream().filter(e -> e.tags().containsKey("patchbay.dev/token")).toList()));
  }

  Optional<dev.patchbay.core.kernel.AttachmentPath> path(AttachmentKey key) {
    return brain.path(key);
  }

  Optional<dev.patchbay.core.kernel.NodeDatapath> nodePath() {
    return brain.nodePath();
  }

  long add(String container) {
    return add(container, "default", container);
  }

  long add(String container, String namespace, String pod) {
    return add(container, namespace, pod, "uid-" + pod, Fields.empty());
  }

  long add(String container, PodView pod, Fields capabilities) {
    return add(container, pod.namespace(), pod.name(), pod.uid(), capabilities);
  }

  private long add(String container, String namespace, String pod, String uid, Fields capabilities) {
    long request = nextRequest++;
    give(new Event.Add(request, new AttachmentRequest(new AttachmentKey(container, "eth0"), "patchbay", namespace, pod, uid,
        "/run/netns/" + container, capabilities, Map.of())));
    return request;
  }

  long del(String container) {
    long request = nextRequest++;
    give(new Event.Del(request, new AttachmentKey(container, "eth0")));
    return request;
  }

  /** A DEL that was noted at a time of the monotonic clock. */
  long del(String container, MadeBefore madeBefore) {
    long request = nextRequest++;
    give(new Event.Del(request, new AttachmentKey(container, "eth0"), madeBefore));
    return request;
  }

  /** The time as the brain hears it; nothing may depend on the wall clock's. */
  Moment moment() {
    return new Moment(now, now + wallShift);
  }

  long status() {
    long request = nextRequest++;
    give(new Event.Status(request));
    return request;
  }

  IpAddress addressOf(long request) {
    return ((Reply.Added) Objects.requireNonNull(replies.get(request), "no reply yet")).attachment().addresses().getFirst().address();
  }

  Reply.Failed failed(long request) {
    return (Reply.Failed) Objects.requireNonNull(replies.get(request), "no reply yet");
  }

  long check(String container) {
    long request = nextRequest++;
    give(new Event.Check(request, new AttachmentKey(container, "eth0")));
    return request;
  }

  long gc(String... valid) {
    long request = nextRequest++;
    give(new Event.Gc(request, "patchbay", Stream.of(valid).map(c -> new AttachmentKey(c, "eth0")).collect(Collectors.toSet())));
    return request;
  }

  Reply.Added added(long request) {
    Reply reply = Objects.requireNonNull(replies.get(request), "no reply yet");
    if (!(reply instanceof Reply.Added added)) {
      throw new AssertionError("the ADD was answered with " + reply);
    }
    return added;
  }

  /** What the kernel was given for an attachment. */
  AttachmentPath madeFor(String key) {
    return Objects.requireNonNull(paths.get(key), key + " was not made");
  }

  EniRecord eni(String id) {
    return cloud.eni(id);
  }

  void give(Event event) {
    events.add(event);
    settle();
  }

  /** Lets time pass, with every tick that the brain asked for. */
  void pass(long millis) {
    long until = now + millis;
    while (wakeAt <= until) {
      now = Math.max(now, wakeAt);
      wakeAt = Long.MAX_VALUE;
      ticks++;
      give(new Event.Tick());
    }
    now = until;
    give(new Event.Tick());
  }

  /** Lets effects that were held back happen. */
  void release() {
    hold = effect -> false;
    List<Effect> late = List.copyOf(held);
    held.clear();
    take(late);
    settle();
  }

  /** Lets some of what was held back happen. */
  void release(Predicate<Effect> which) {
    List<Effect> some = held.stream().filter(which).toList();
    held.removeAll(some);
    some.forEach(this::carryOut);
    settle();
  }

  /** Answers calls of a kind that are held back, in place of EC2. */
  void answerHeld(Class<? extends CloudCall> kind, CloudAnswer answer) {
    List<Effect.Call> some = held.stream().filter(Effect.Call.class::isInstance).map(Effect.Call.class::cast)
        .filter(c -> kind.isInstance(c.call())).toList();
    if (some.isEmpty()) {
      throw new AssertionError("EC2 is not asked for any " + kind.getSimpleName());
    }
    held.removeAll(some);
    some.forEach(c -> events.add(new Event.Answered(c.token(), answer)));
    settle();
  }

  private void settle() {
    for (int n = 0; !events.isEmpty(); n++) {
      if (n > 100_000) {
        throw new IllegalStateException("the brain does not come to rest; last: " + events.peek());
      }
      take(brain.on(events.remove(), moment()));
    }
  }

  private void take(List<Effect> effects) {
    for (Effect effect : effects) {
      if (hold.apply(effect)) {
        held.add(effect);
      } else {
        carryOut(effect);
      }
    }
  }

  private void carryOut(Effect effect) {
    switch (effect) {
      case Effect.Write w -> {
        if (diskFull || diskRefuses.test(w)) {
          events.add(new Event.WriteFailed(w.token(), "no space left on device"));
        } else {
          disk.addAll(w.entries());
          events.add(new Event.Written(w.token()));
        }
      }
      case Effect.Plan p -> events.add(plan(p));
      case Effect.ApplyNode a when kernelRefuses.apply(a).isPresent() -> events.add(new Event.KernelFailed(a.token(),
          Finding.of(BrainCodes.NODE_DATAPATH, kernelRefuses.apply(a).get(), "None.")));
      case Effect.ApplyNode a -> {
        nodePaths.add(a.datapath());
        events.add(namesStrangers(a.datapath())
            ? new Event.KernelFailed(a.token(), Finding.of(BrainCodes.NODE_DATAPATH, "an interface is named and not described.", "None."))
            : new Event.KernelDone(a.token()));
      }
      case Effect.Apply a when kernelRefuses.apply(a).isPresent() -> events.add(new Event.KernelFailed(a.token(),
          Finding.of(BrainCodes.NODE_DATAPATH, kernelRefuses.apply(a).get(), "None.")));
      case Effect.Apply a -> {
        story.add("apply " + a.path().key());
        paths.put(a.path().key(), a.path());
        if (!kernel.add(a.path().key())) {
          throw new AssertionError(a.path().key() + " is in the kernel already");
        }
        events.add(new Event.KernelDone(a.token(), mac));
      }
      case Effect.Change c when kernelRefuses.apply(c).isPresent() -> events.add(new Event.KernelFailed(c.token(),
          Finding.of(BrainCodes.NODE_DATAPATH, kernelRefuses.apply(c).get(), "None.")));
      case Effect.Change c -> {
        story.add("change " + c.after().key());
        paths.put(c.after().key(), c.after());
        events.add(new Event.KernelDone(c.token()));
      }
      case Effect.Undo u when kernelRefuses.apply(u).isPresent() -> events.add(new Event.KernelFailed(u.token(),
          Finding.of(BrainCodes.NODE_DATAPATH, kernelRefuses.apply(u).get(), "None.")));
      case Effect.Undo u -> {
        story.add("undo " + u.path().key());
        kernel.remove(u.path().key());
        events.add(new Event.KernelDone(u.token()));
      }
      case Effect.Mend m when kernelRefuses.apply(m).isPresent() -> events.add(new Event.KernelFailed(m.token(),
          Finding.of(BrainCodes.NODE_DATAPATH, kernelRefuses.apply(m).get(), "None.")));
      case Effect.Mend m -> {
        List<Mended> mended = new ArrayList<>();
        m.node().filter(n -> altered.remove(Mended.NODE)).ifPresent(n -> mended.add(mended(Mended.NODE)));
        m.attachments().stream().map(AttachmentPath::key).filter(altered::remove).forEach(key -> mended.add(mended(key)));
        mended.forEach(one -> story.add("mend " + one.key()));
        mended.stream().filter(one -> one.refusal().isPresent()).forEach(one -> altered.add(one.key()));
        events.add(new Event.Mended(m.token(), mended,
            m.attachments().stream().map(AttachmentPath::key).filter(key -> !kernel.contains(key)).collect(Collectors.toSet())));
      }
      case Effect.Compare c when kernelRefuses.apply(c).isPresent() -> events.add(new Event.KernelFailed(c.token(),
          Finding.of(BrainCodes.NODE_DATAPATH, kernelRefuses.apply(c).get(), "None.")));
      case Effect.Compare c -> events.add(new Event.Checked(c.token(), List.of()));
      case Effect.RemoveLeftovers r when kernelRefuses.apply(r).isPresent() -> events.add(new Event.KernelFailed(r.token(),
          Finding.of(BrainCodes.NODE_DATAPATH, kernelRefuses.apply(r).get(), "None.")));
      case Effect.RemoveLeftovers r -> {
        kernel.retainAll(r.keep().stream().map(p -> p.key()).toList());
        events.add(new Event.KernelDone(r.token()));
      }
      case Effect.Call c -> {
        calls.add(c.call());
        Optional<CloudAnswer.Failed> refused = refuse.apply(c.call());
        boolean lost = refused.isPresent() && refused.get().kind() == CloudAnswer.Kind.UNKNOWN;
        CloudAnswer answer = loses.test(c.call()) ? new CloudAnswer.Failed(CloudAnswer.Kind.UNKNOWN, "SocketTimeout", "lost")
            : refused.isPresent() && !lost ? refused.get() : cloud.answer(c.call());
        devices();
        events.add(new Event.Answered(c.token(), lost ? refused.get() : answer));
      }
      case Effect.ReadMetadata m -> {
        devices();
        events.add(metadataAway ? new Event.MetadataFailed(m.token(), "timed out") : new Event.MetadataRead(m.token(),
            new InstanceMetadata(new NodeIdentity(instance, type.name(), "test-1", "test-1a", "vpc-1",
                MacAddress.of("02:00:00:00:00:00")), 
                enis.values().stream().filter(e -> e.attachment().isPresent() && !metadataLacks.contains(e.id())).toList(),
                metadataSubnets(),
                vpc)));
      }
      case Effect.Run r -> {
        story.add("run " + r.act().id() + " of " + r.attachment().key());
        events.add(new Event.ActDone(r.token(), acts.apply(r.act())));
      }
      case Effect.UndoRun u -> {
        story.add("undo " + u.act().id() + " of " + u.attachment().key());
        events.add(new Event.ActDone(u.token(), kernelRefuses.apply(u).map(why -> Fields.empty().with("error", why))
            .orElse(Fields.empty())));
      }
      case Effect.Answer a -> {
        if (replies.put(a.request(), a.reply()) != null) {
          throw new AssertionError("request " + a.request() + " is answered twice");
        }
      }
      case Effect.WakeAt w -> wakeAt = Math.min(wakeAt, w.monotonic());
      case Effect.Publish p -> published.add(p.plan());
      case Effect.Tell t -> told.add(t.now());
      case Effect.Serve _ -> serving = true;
    }
  }

  private Mended mended(String key) {
    return new Mended(key, List.of("something of " + key + " is missing"),
        mendable ? Optional.empty() : Optional.of(Finding.of(BrainCodes.NODE_DATAPATH, "as the test wants it", "None.")));
  }

  /** As the kernel's adapter sees it: it can do nothing for an interface of which it knows the id alone. */
  private static boolean namesStrangers(NodeDatapath node) {
    Set<String> described = new HashSet<>();
    node.enis().forEach(e -> described.add(e.id()));
    return Stream.concat(
        node.plan().elements(Sysctl.class).stream().flatMap(s -> s.device().stream()).flatMap(d -> d.eni().stream()),
        node.plan().elements(ReturnPath.class).stream().map(ReturnPath::eni)).anyMatch(id -> !described.contains(id));
  }

  void devices() {
    Map<MacAddress, List<String>> names = new HashMap<>();
    enis.values().stream().filter(e -> e.attachment().isPresent())
        .forEach(e -> names.put(e.mac(), List.of("eth" + e.attachment().orElseThrow().deviceIndex())));
    events.add(new Event.Devices(names.keySet(), names));
  }

  /** IMDS knows the subnets of the attached interfaces, and little of them. */
  private List<SubnetRecord> metadataSubnets() {
    return enis.values().stream().filter(e -> e.attachment().isPresent()).map(e -> e.subnetId()).distinct().map(id -> {
      SubnetRecord whole = Objects.requireNonNull(cloud.subnets.get(id));
      return new SubnetRecord(id, id.equals("subnet-a") ? "test-1a" : "", whole.cidrs(), OptionalInt.empty(), Map.of());
    }).toList();
  }

  private Event plan(Effect.Plan plan) {
    Optional<String> mode = failing.apply(plan.work());
    if (mode.isPresent()) {
      return new Event.PlannerFailed(plan.token(), mode.get(), Finding.of(BrainCodes.MODE_FAILED, "as the test wants it", "None."));
    }
    long begun = System.nanoTime();
    PlanWork.Outcome outcome = plan.work().run(new Inquiry());
    planning += System.nanoTime() - begun;
    return new Event.Planned(plan.token(), outcome);
  }
}
