package dev.patchbay.simulation.cluster;

import dev.patchbay.cluster.Controller;
import dev.patchbay.cluster.ControllerSettings;
import dev.patchbay.cluster.Effect;
import dev.patchbay.cluster.Event;
import dev.patchbay.cluster.lease.ElectionSettings;
import dev.patchbay.core.brain.Moment;
import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.cluster.ClusterPlanner;
import dev.patchbay.spi.object.ObjectPlan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A replica: the controller as it is, with a clock of its own, and the ways to EC2 and the API server, on which things get lost. */
final class ReplicaModel {
  private static final InstanceTypeRecord TYPE = new InstanceTypeRecord("m5.large", List.of(8), 10, 10, true, true, 9, 2);

  private final ClusterWorld world;
  private final ClusterJudge judge;
  private final int number;
  private final double rate;
  private final long origin;
  private final Map<String, ObjectRef> known = new TreeMap<>();
  private final Map<String, ObjectPlan.Patch> wishes = new TreeMap<>();
  private final ArrayDeque<Event> held = new ArrayDeque<>();
  private boolean thawing;
  private Controller controller;
  private boolean up;
  private boolean away;
  private long frozenUntil = Long.MIN_VALUE;
  /** Counts starts: what was meant for a process that is gone reaches nobody. */
  private int start;
  /** Counts connections to the API server likewise. */
  private int connection;
  private long lastHeard;
  private long wake;
  private boolean led;

  ReplicaModel(ClusterWorld world, ClusterJudge judge, int number, double rate) {
    this.world = world;
    this.judge = judge;
    this.number = number;
    this.rate = world.sabotage.rate(number, rate);
    this.origin = world.now - world.chance.between(0, 1_000_000_000L);
    this.controller = controller();
  }

  private Controller controller() {
    return new Controller(new ControllerSettings(CloudOfCluster.CLUSTER, ApiModel.LEASE,
        ElectionSettings.of("replica-" + number + "-" + start, 30_000), 120_000, ClusterWorld.GRACE, Map.of(),
        name -> name.equals("m5.large") ? Optional.of(TYPE) : Optional.empty()), world.modes, world.chance.next());
  }

  private Moment moment() {
    return new Moment((long) ((world.now - origin) * rate), 1_750_000_000_000L + world.now);
  }

  String name() {
    return "replica-" + number;
  }

  boolean acts() {
    return up && controller.leads(moment());
  }

  void start() {
    if (!up) {
      up = true;
      start++;
      known.clear();
      wishes.clear();
      held.clear();
      lastHeard = world.now;
      controller = controller();
      world.say(name() + " starts");
      connect();
      take(new Event.Tick());
    }
  }

  void kill() {
    if (up) {
      world.say(name() + " is killed" + (acts() ? ", which acts" : ""));
      up = false;
      start++;
      held.clear();
      connection++;
      led = false;
      frozenUntil = Long.MIN_VALUE;
    }
  }

  void freeze(long millis) {
    if (up) {
      world.say(name() + " stands still for " + millis + " ms" + (acts() ? " while it acts" : ""));
      frozenUntil = Math.max(frozenUntil, world.now + millis);
    }
  }

  void cut(long millis) {
    if (!away) {
      world.say(name() + " does not hear the API server for " + millis + " ms");
      away = true;
      connection++;
      if (up) {
        world.kinds().forEach(kind -> take(new Event.ObjectsHeard(kind, false)));
      }
      world.after(millis, this::back);
    }
  }

  void back() {
    if (away) {
      away = false;
      if (up) {
        connect();
      }
    }
  }

  /** Lists and watches from now on. */
  private void connect() {
    connection++;
    if (away) {
      return;
    }
    hear(() -> {
      List<Event> events = new ArrayList<>();
      Map<String, ObjectRecord> there = new TreeMap<>();
      world.api.objects().forEach(o -> there.put(o.ref().toString(), o));
      known.values().stream().filter(ref -> !there.containsKey(ref.toString())).forEach(ref -> events.add(new Event.ObjectGone(ref)));
      there.values().forEach(o -> events.add(new Event.ObjectSeen(o)));
      world.kinds().forEach(kind -> events.add(new Event.ObjectsHeard(kind, true)));
      known.clear();
      there.values().forEach(o -> known.put(o.ref().toString(), o.ref()));
      events.forEach(this::take);
    });
  }

  void sees(ObjectRecord object) {
    hear(() -> {
      known.put(object.ref().toString(), object.ref());
      take(new Event.ObjectSeen(object));
    });
  }

  void misses(ObjectRef ref) {
    hear(() -> {
      known.remove(ref.toString());
      take(new Event.ObjectGone(ref));
    });
  }

  /** In the order of what happened, some time later. */
  private void hear(Runnable what) {
    if (!up || away) {
      return;
    }
    long delay = world.happens(ClusterFault.WATCH_LATE) ? world.chance.between(5_000, 30_000) : world.chance.between(20, 800);
    lastHeard = Math.max(lastHeard, world.now + delay);
    int of = connection;
    world.at(lastHeard, () -> {
      if (of == connection) {
        what.run();
      }
    });
  }

  private void take(Event event) {
    int of = start;
    if (!up) {
      return;
    }
    if (world.now < frozenUntil || !held.isEmpty() && !thawing) {
      held.add(event);
      if (held.size() == 1) {
        world.at(frozenUntil, () -> thaw(of));
      }
      return;
    }
    world.events++;
    List<Effect> effects = controller.on(world.sabotage.heard(event), moment());
    boolean leads = acts();
    if (leads != led) {
      led = leads;
      world.terms += leads ? 1 : 0;
      world.say(name() + (leads ? " acts" : " acts no longer"));
    }
    for (Effect effect : effects) {
      world.sabotage.wanted(effect).ifPresent(this::carryOut);
    }
  }

  /** What came while it stood still is taken in the order in which it came. */
  private void thaw(int of) {
    if (of != start) {
      return;
    }
    if (world.now < frozenUntil) {
      world.at(frozenUntil, () -> thaw(of));
      return;
    }
    thawing = true;
    while (!held.isEmpty() && of == start) {
      take(held.removeFirst());
    }
    thawing = false;
  }

  private void later(long millis, Event event) {
    int of = start;
    world.after(millis, () -> {
      if (of == start) {
        take(event);
      }
    });
  }

  /** A wish for an object takes the place of one that has not been written yet; what is lost is written again. */
  private void publish(ObjectPlan plan) {
    judge.published(this, plan);
    for (ObjectPlan.Patch patch : plan.patches()) {
      wishes.put(patch.object() + " " + patch.subresource(), patch);
      write(patch, hop());
    }
  }

  private void write(ObjectPlan.Patch patch, long after) {
    int of = start;
    String key = patch.object() + " " + patch.subresource();
    world.after(after, () -> {
      if (of != start || wishes.get(key) != patch) {
        return;
      }
      if (world.now < frozenUntil) {
        write(patch, frozenUntil - world.now);
        return;
      }
      boolean lost = away || world.happens(ClusterFault.WRITE_LOST);
      if (!lost || !away && world.chance.oneIn(2)) {
        world.api.patch(patch).ifPresent(judge::told);
      }
      if (lost) {
        write(patch, world.chance.between(500, 5_000));
      } else {
        wishes.remove(key);
      }
    });
  }

  private long hop() {
    return world.chance.between(5, 150);
  }

  private void carryOut(Effect effect) {
    switch (effect) {
      case Effect.ReadLease e -> ask(e.token(), () -> new Event.LeaseRead(e.token(), world.api.lease));
      case Effect.WriteLease e -> ask(e.token(), () -> new Event.LeaseWritten(e.token(), world.api.write(e)));
      case Effect.Call e -> call(e);
      case Effect.Ask e -> plan(e);
      case Effect.Publish e -> publish(e.plan());
      case Effect.Withdraw _ -> wishes.clear();
      case Effect.Tell e -> world.mix(e.now().hashCode());
      case Effect.WakeAt e -> wake(e.monotonic());
      case Effect.Ended _ -> { }
    }
  }

  private void wake(long monotonic) {
    wake++;
    long mine = wake;
    int of = start;
    long at = origin + (long) Math.ceil(monotonic / rate) + 1;
    world.at(at, () -> {
      if (mine == wake && of == start) {
        take(new Event.Tick());
      }
    });
  }

  private void ask(long token, java.util.function.Supplier<Event> question) {
    boolean lost = world.happens(ClusterFault.LEASE_LOST);
    boolean done = !lost || world.chance.oneIn(2);
    if (away) {
      later(hop(), new Event.LeaseFailed(token, "It is away."));
      return;
    }
    int of = start;
    long there = hop();
    long back = hop();
    world.after(there, () -> {
      Optional<Event> answer = done ? Optional.of(question.get()) : Optional.empty();
      if (of == start) {
        later(lost ? 5_000 : back, lost ? new Event.LeaseFailed(token, "No answer.") : answer.orElseThrow());
      }
    });
  }

  private void plan(Effect.Ask e) {
    if (world.happens(ClusterFault.PLANNER_FAILED)) {
      later(world.chance.between(10, 5_000), new Event.PlannerFailed(e.token(), "it is told to"));
      return;
    }
    ClusterPlanner planner = e.mode().mode().clusterPlanner().orElseThrow();
    later(world.chance.between(1, 60), e.key().<Event>map(key -> new Event.Planned(e.token(), planner.plan(e.view(), key)))
        .orElseGet(() -> new Event.Keyed(e.token(), planner.keys(e.view()))));
  }

  private void call(Effect.Call e) {
    int of = start;
    world.after(world.chance.between(0, 30), () -> {
      if (of == start) {
        send(e);
      }
    });
  }

  private void send(Effect.Call e) {
    int of = start;
    if (world.now < frozenUntil) {
      world.at(frozenUntil, () -> {
        if (of == start) {
          send(e);
        }
      });
      return;
    }
    if (moment().monotonic() >= e.until()) {
      take(new Event.TooLate(e.token()));
      return;
    }
    judge.sends(this, e.call());
    if (world.happens(ClusterFault.UNREACHABLE)) {
      fail(e.token(), hop(), CloudAnswer.Kind.UNREACHABLE, "ConnectException");
    } else if (world.happens(ClusterFault.THROTTLED)) {
      fail(e.token(), hop(), CloudAnswer.Kind.THROTTLED, "RequestLimitExceeded");
    } else if (world.happens(ClusterFault.REFUSED)) {
      fail(e.token(), hop(), CloudAnswer.Kind.REFUSED, "InternalFailure");
    } else if (world.happens(ClusterFault.CALL_LOST)) {
      fail(e.token(), ClusterWorld.CALL_LIMIT, CloudAnswer.Kind.UNKNOWN, "SocketTimeoutException");
    } else {
      long there = world.happens(ClusterFault.CALL_LATE) ? world.chance.between(500, ClusterWorld.CALL_LIMIT - 500) : hop();
      boolean lost = world.happens(ClusterFault.ANSWER_LOST);
      long back = lost ? ClusterWorld.CALL_LIMIT - there : hop();
      world.after(there, () -> {
        if (!e.call().action().startsWith("Describe")) {
          world.say(name() + " (" + of + ") has EC2 do: " + e.call());
        }
        CloudAnswer answer = world.cloud.call(e.call(), judge);
        if (of == start) {
          later(back, new Event.Answered(e.token(), lost
              ? new CloudAnswer.Failed(CloudAnswer.Kind.UNKNOWN, "SocketTimeoutException", "no answer") : answer));
        }
      });
    }
  }

  private void fail(long token, long after, CloudAnswer.Kind kind, String code) {
    later(after, new Event.Answered(token, new CloudAnswer.Failed(kind, code, "the history says so")));
  }
}
