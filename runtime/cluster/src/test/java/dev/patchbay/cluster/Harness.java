package dev.patchbay.cluster;

import dev.patchbay.cluster.lease.ElectionSettings;
import dev.patchbay.core.brain.Moment;
import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.needs.RuntimeNeeds;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.cluster.ClusterPlanner;
import dev.patchbay.spi.object.ObjectPlan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One controller in virtual time, whose effects are carried out at once. */
final class Harness {
  static final ObjectRef LEASE = new ObjectRef(RuntimeNeeds.LEASE, "kube-system", "patchbay-cluster");
  static final InstanceTypeRecord TYPE = new InstanceTypeRecord("m5.large", List.of(3), 10, 10, true, true, 9, 2);

  final FakeCloud cloud = new FakeCloud();
  final List<ObjectPlan> published = new ArrayList<>();
  final Map<ObjectRef, ObjectRecord> objects = new LinkedHashMap<>();
  /** What EC2 answers instead of doing something; null: it does it. */
  Function<CloudCall, @Nullable CloudAnswer> weather = call -> null;
  /** Calls whose answers come late. */
  Predicate<CloudCall> late = call -> false;
  /** Whether the API server answers. */
  boolean heard = true;
  boolean withdrawn;
  boolean ended;
  Map<String, Finding> findings = Map.of();
  Optional<ObjectRecord> lease = Optional.empty();
  long now = 1_000;
  private final Controller controller;
  private final Deque<Event> inbox = new ArrayDeque<>();
  private final List<Event> held = new ArrayList<>();
  private long version;
  private long wake = Long.MAX_VALUE;

  Harness(ModeInstance... modes) {
    controller = new Controller(new ControllerSettings("shop", LEASE, new ElectionSettings("me", 30_000, 15_000, 5_000), 60_000, 120_000,
        Map.of(), name -> name.equals("m5.large") ? Optional.of(TYPE) : Optional.empty()), List.of(modes), 7);
  }

  Moment moment() {
    return new Moment(now, 1_750_000_000_000L + now);
  }

  /** How often it went through all that is wanted. */
  long passes() {
    return controller.passes();
  }

  ControllerReport report() {
    return controller.report(moment());
  }

  void see(ObjectRecord object) {
    objects.put(object.ref(), object);
    send(new Event.ObjectSeen(object));
  }

  void gone(ObjectRef ref) {
    objects.remove(ref);
    send(new Event.ObjectGone(ref));
  }

  void heard(ObjectKind kind) {
    send(new Event.ObjectsHeard(kind, true));
  }

  void node(String name, String instance) {
    version++;
    see(new ObjectRecord(new ObjectRef(ObjectKind.NODE, "", name), "uid-" + name, String.valueOf(version), Map.of(), Map.of(),
        Fields.empty().with("spec", Fields.empty().with("providerID", "aws:///zone-a/" + instance))));
  }

  void send(Event event) {
    inbox.add(event);
    drain();
  }

  /** What was late arrives. */
  void arrive() {
    inbox.addAll(held);
    held.clear();
    drain();
  }

  /** Lets time pass. */
  void pass(long millis) {
    long end = now + millis;
    while (wake <= end) {
      now = Math.max(now, wake);
      wake = Long.MAX_VALUE;
      send(new Event.Tick());
    }
    now = end;
    send(new Event.Tick());
  }

  private void drain() {
    for (Event event = inbox.poll(); event != null; event = inbox.poll()) {
      wake = Long.MAX_VALUE;
      for (Effect effect : controller.on(event, moment())) {
        carryOut(effect);
      }
    }
  }

  private void carryOut(Effect effect) {
    switch (effect) {
      case Effect.ReadLease e -> inbox.add(heard ? new Event.LeaseRead(e.token(), lease) : new Event.LeaseFailed(e.token(), "It is away."));
      case Effect.WriteLease e -> inbox.add(heard ? new Event.LeaseWritten(e.token(), write(e)) : new Event.LeaseFailed(e.token(), "It is away."));
      case Effect.Call e -> {
        CloudAnswer instead = weather.apply(e.call());
        Event answered = new Event.Answered(e.token(), instead == null ? cloud.call(e.call()) : instead);
        if (late.test(e.call())) {
          held.add(answered);
        } else {
          inbox.add(answered);
        }
      }
      case Effect.Ask e -> {
        ClusterPlanner planner = e.mode().mode().clusterPlanner().orElseThrow();
        inbox.add(e.key().<Event>map(key -> new Event.Planned(e.token(), planner.plan(e.view(), key)))
            .orElseGet(() -> new Event.Keyed(e.token(), planner.keys(e.view()))));
      }
      case Effect.Publish e -> published.add(e.plan());
      case Effect.Withdraw _ -> withdrawn = true;
      case Effect.Tell e -> findings = e.now();
      case Effect.WakeAt e -> wake = e.monotonic();
      case Effect.Ended _ -> ended = true;
    }
  }

  private Optional<ObjectRecord> write(Effect.WriteLease e) {
    if (!lease.map(ObjectRecord::resourceVersion).orElse("").equals(e.version())) {
      return Optional.empty();
    }
    version++;
    lease = Optional.of(new ObjectRecord(LEASE, "uid-lease", String.valueOf(version), Map.of(), Map.of(), e.content()));
    return lease;
  }
}
