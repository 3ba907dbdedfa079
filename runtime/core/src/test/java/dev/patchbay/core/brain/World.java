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
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.datapath.ReturnPath;
import dev.patchbay.spi.datapath.Sysctl;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import dev.patchbay.spi.object.ObjectPlan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
import java.util.stream.Stream;

/**
 * A world for one brain in virtual time: an EC2 that answers at once, a kernel that takes everything, a disk that keeps what was
 * written. Any of them can be told to answer otherwise.
 */
final class World {
  final InstanceTypeRecord type;
  final Map<String, EniRecord> enis = new LinkedHashMap<>();
  final List<Entry> disk = new ArrayList<>();
  final List<CloudCall> calls = new ArrayList<>();
  final Map<Long, Reply> replies = new TreeMap<>();
  final Set<String> kernel = new TreeSet<>();
  final List<ObjectPlan> published = new ArrayList<>();
  final Deque<Event> events = new ArrayDeque<>();
  final List<Effect> held = new ArrayList<>();
  Function<CloudCall, Optional<CloudAnswer.Failed>> refuse = call -> Optional.empty();
  Function<Effect, Boolean> hold = effect -> false;
  List<String> groups = List.of("sg-node");
  boolean diskFull;
  boolean metadataAway;
  int subnetFree = 200;
  long now = 1_000_000;
  long wakeAt = Long.MAX_VALUE;
  boolean serving;
  private int nextAddress = 10;
  private int nextEni = 1;
  private long nextRequest = 1;
  private final Composition composition;
  private final BrainSettings settings;
  private Brain brain;

  World(BrainSettings settings, InstanceTypeRecord type, ModeInstance... modes) {
    this.type = type;
    this.settings = settings;
    this.composition = ((Composition.Outcome.Fits) Composition.of(List.of(modes))).composition();
    enis.put("eni-0", new EniRecord("eni-0", MacAddress.of("02:00:00:00:00:00"), "interface", "subnet-a", groups,
        Optional.of(IpAddress.of("10.0.0.5")), List.of(), List.of(),
        Optional.of(new EniRecord.Attachment("attach-0", "i-1", 0, 0, true)), Map.of(), "", "in-use"));
    brain = new Brain(settings, composition, name -> Optional.of(type), new Ledger(), new Moment(now, now));
  }

  static BrainSettings settings() {
    return new BrainSettings("node-1", "test", 30_000, 60_000, 9001, "eni", Fields.empty(), OptionalInt.empty(), Map.of(), 7);
  }

  static InstanceTypeRecord type(int interfaces, int addresses) {
    return new InstanceTypeRecord("test.large", List.of(interfaces), addresses, addresses, true, false, 0, 2);
  }

  World start() {
    take(brain.start(new Moment(now, now)));
    settle();
    return this;
  }

  /** Ends the process and starts another from what is on the disk. */
  World restart() {
    hold = effect -> false;
    return restartHolding();
  }

  /** The same, with effects held back as before. */
  World restartHolding() {
    Ledger ledger = new Ledger();
    disk.stream().map(e -> Entry.of(e.bytes())).forEach(ledger::apply);
    events.clear();
    held.clear();
    serving = false;
    brain = new Brain(settings, composition, name -> Optional.of(type), ledger, new Moment(now, now));
    return start();
  }

  Report report() {
    return brain.report();
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
    long request = nextRequest++;
    give(new Event.Add(request, new AttachmentRequest(new AttachmentKey(container, "eth0"), "patchbay", namespace, pod, "uid-" + pod,
        "/run/netns/" + container, Fields.empty(), Map.of())));
    return request;
  }

  long del(String container) {
    long request = nextRequest++;
    give(new Event.Del(request, new AttachmentKey(container, "eth0")));
    return request;
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

  EniRecord eni(String id) {
    return Objects.requireNonNull(enis.get(id), id + " is not there");
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

  private void settle() {
    for (int n = 0; !events.isEmpty(); n++) {
      if (n > 100_000) {
        throw new IllegalStateException("the brain does not come to rest; last: " + events.peek());
      }
      take(brain.on(events.remove(), new Moment(now, now)));
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
        if (diskFull) {
          events.add(new Event.WriteFailed(w.token(), "no space left on device"));
        } else {
          disk.addAll(w.entries());
          events.add(new Event.Written(w.token()));
        }
      }
      case Effect.Plan p -> events.add(new Event.Planned(p.token(), p.work().run(new Inquiry())));
      case Effect.ApplyNode a -> events.add(namesStrangers(a.datapath())
          ? new Event.KernelFailed(a.token(), Finding.of(BrainCodes.NODE_DATAPATH, "an interface is named and not described.", "None."))
          : new Event.KernelDone(a.token()));
      case Effect.Apply a -> {
        if (!kernel.add(a.path().key())) {
          throw new AssertionError(a.path().key() + " is in the kernel already");
        }
        events.add(new Event.KernelDone(a.token()));
      }
      case Effect.Undo u -> {
        kernel.remove(u.path().key());
        events.add(new Event.KernelDone(u.token()));
      }
      case Effect.Compare c -> events.add(new Event.Checked(c.token(), List.of()));
      case Effect.RemoveLeftovers r -> {
        kernel.retainAll(r.keep().stream().map(p -> p.key()).toList());
        events.add(new Event.KernelDone(r.token()));
      }
      case Effect.Call c -> {
        calls.add(c.call());
        Optional<CloudAnswer.Failed> refused = refuse.apply(c.call());
        boolean lost = refused.isPresent() && refused.get().kind() == CloudAnswer.Kind.UNKNOWN;
        CloudAnswer answer = refused.isPresent() && !lost ? refused.get() : ec2(c.call());
        events.add(new Event.Answered(c.token(), lost ? refused.get() : answer));
      }
      case Effect.ReadMetadata m -> {
        devices();
        events.add(metadataAway ? new Event.MetadataFailed(m.token(), "timed out") : new Event.MetadataRead(m.token(),
            new InstanceMetadata(new NodeIdentity("i-1", type.name(), "test-1", "test-1a", "vpc-1",
                MacAddress.of("02:00:00:00:00:00")), List.copyOf(enis.values()), List.of(new SubnetRecord("subnet-a", "test-1a",
                List.of(Cidr.of("10.0.0.0/24")), OptionalInt.empty(), Map.of())), List.of(Cidr.of("10.0.0.0/16")))));
      }
      case Effect.Run r -> events.add(new Event.ActDone(r.token(), Fields.empty().with("result", Fields.empty())));
      case Effect.UndoRun u -> events.add(new Event.ActDone(u.token(), Fields.empty()));
      case Effect.Answer a -> {
        if (replies.put(a.request(), a.reply()) != null) {
          throw new AssertionError("request " + a.request() + " is answered twice");
        }
      }
      case Effect.WakeAt w -> wakeAt = Math.min(wakeAt, w.monotonic());
      case Effect.Publish p -> published.add(p.plan());
      case Effect.Serve _ -> serving = true;
    }
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
    Set<MacAddress> macs = new HashSet<>();
    enis.values().stream().filter(e -> e.attachment().isPresent()).forEach(e -> macs.add(e.mac()));
    events.add(new Event.Devices(macs));
  }

  private List<IpAddress> fresh(int n) {
    List<IpAddress> list = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      list.add(IpAddress.of("10.0.0.0").plus(nextAddress++));
    }
    subnetFree -= n;
    return list;
  }

  private CloudAnswer ec2(CloudCall call) {
    return switch (call) {
      case CloudCall.CreateInterface c -> {
        Optional<EniRecord> before =
            enis.values().stream().filter(e -> c.clientToken().equals(e.tags().get("patchbay.dev/token"))).findFirst();
        if (before.isPresent()) {
          yield new CloudAnswer.Made(before.get());
        }
        if (subnetFree < c.addresses() + 1) {
          yield new CloudAnswer.Failed(CloudAnswer.Kind.SUBNET_FULL, "InsufficientFreeAddressesInSubnet", "full");
        }
        String id = "eni-" + nextEni++;
        EniRecord eni = new EniRecord(id, MacAddress.of("02:00:00:00:00:0" + nextEni), "interface", c.subnetId(), c.groups(),
            Optional.of(fresh(1).getFirst()), fresh(c.addresses()), List.of(), Optional.empty(), c.tags(), c.description(), "available");
        enis.put(id, eni);
        yield new CloudAnswer.Made(eni);
      }
      case CloudCall.AttachInterface a -> {
        EniRecord e = eni(a.eniId());
        enis.put(e.id(), with(e, Optional.of(new EniRecord.Attachment("attach-" + e.id(), "i-1", a.deviceIndex(), a.networkCard(),
            false)), e.addresses()));
        devices();
        yield new CloudAnswer.Attached("attach-" + e.id());
      }
      case CloudCall.AssignAddresses a -> {
        if (subnetFree < a.addresses()) {
          yield new CloudAnswer.Failed(CloudAnswer.Kind.SUBNET_FULL, "InsufficientFreeAddressesInSubnet", "full");
        }
        EniRecord e = eni(a.eniId());
        if (e.addresses().size() + a.addresses() > type.ipv4PerInterface() - 1) {
          yield new CloudAnswer.Failed(CloudAnswer.Kind.LIMIT, "PrivateIpAddressLimitExceeded", "too many");
        }
        List<IpAddress> more = fresh(a.addresses());
        List<IpAddress> all = new ArrayList<>(e.addresses());
        all.addAll(more);
        enis.put(e.id(), with(e, e.attachment(), all));
        yield new CloudAnswer.Assigned(more.stream().map(IpAddress::asCidr).toList());
      }
      case CloudCall.Unassign u -> {
        EniRecord e = eni(u.eniId());
        List<IpAddress> rest = new ArrayList<>(e.addresses());
        u.units().forEach(c -> rest.remove(c.address()));
        enis.put(e.id(), with(e, e.attachment(), rest));
        yield new CloudAnswer.Done();
      }
      case CloudCall.Detach d -> {
        EniRecord e = eni(d.eniId());
        enis.put(e.id(), with(e, Optional.empty(), e.addresses()));
        devices();
        yield new CloudAnswer.Done();
      }
      case CloudCall.Delete d -> {
        enis.remove(d.eniId());
        yield new CloudAnswer.Done();
      }
      case CloudCall.SetGroups s -> {
        EniRecord e = eni(s.eniId());
        enis.put(e.id(), new EniRecord(e.id(), e.mac(), e.type(), e.subnetId(), s.groups(), e.primary(), e.addresses(), e.prefixes(),
            e.attachment(), e.tags(), e.description(), e.status()));
        yield new CloudAnswer.Done();
      }
      case CloudCall.DescribeAttached _ ->
          new CloudAnswer.Interfaces(enis.values().stream().filter(e -> e.attachment().isPresent()).toList());
      case CloudCall.DescribeTagged t -> new CloudAnswer.Interfaces(
          enis.values().stream().filter(e -> t.value().equals(e.tags().get(t.key()))).toList());
      case CloudCall.DescribeInterface d -> new CloudAnswer.Interfaces(Optional.ofNullable(enis.get(d.eniId())).stream().toList());
      case CloudCall.DescribeType _ -> new CloudAnswer.Type(type);
      case CloudCall.DescribeGroups _ -> new CloudAnswer.Groups(List.of());
      case CloudCall.DescribeSubnets _ -> new CloudAnswer.Subnets(List.of());
      case CloudCall.AssignParticular _, CloudCall.DeleteWithInstance _, CloudCall.Tag _ -> new CloudAnswer.Done();
    };
  }

  private static EniRecord with(EniRecord e, Optional<EniRecord.Attachment> attachment, List<IpAddress> addresses) {
    return new EniRecord(e.id(), e.mac(), e.type(), e.subnetId(), e.groups(), e.primary(), addresses, e.prefixes(), attachment,
        e.tags(), e.description(), attachment.isPresent() ? "in-use" : "available");
  }
}
