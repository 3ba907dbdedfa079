package dev.patchbay.cluster;

import dev.patchbay.cluster.view.ClusterSnapshot;
import dev.patchbay.cluster.view.Marks;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.cluster.ClusterPlan;
import dev.patchbay.spi.object.ObjectPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One mode's plans, by key. All keys are planned anew in rounds: one round at a time, each on one view. What a planner planned last for
 * a key holds while it can't say; a key that it no longer names is wanted no more, which removes nothing by itself.
 */
final class Planning {
  /** The least time between two rounds, so that a thousand changes make a few rounds. */
  private static final long SPACING = 100;
  /** A round of this many keys may cost a millisecond: the more there are, the fewer rounds, and planning stays a part of the process. */
  private static final int KEYS_A_MILLISECOND = 4;
  private static final long FIRST_ASIDE = 5_000;
  private static final long LONGEST_ASIDE = 3_600_000;

  private final Context context;
  private final ModeInstance mode;
  private final java.util.function.Supplier<Optional<ClusterSnapshot>> view;
  private final Runnable changed;
  private final Pauses aside;
  private final Map<String, ClusterPlan> plans = new TreeMap<>();
  /** What plans want removed, with the key under which the planner saw it. */
  private final Map<String, String> removals = new HashMap<>();
  private final Map<String, ObjectPlan> published = new TreeMap<>();
  private final Set<String> awaited = new HashSet<>();
  private final Set<String> wanted = new HashSet<>();
  private @Nullable ClusterSnapshot round;
  private boolean dirty = true;
  private long rounds;
  private long next;

  /**
   * Makes it.
   *
   * @param view what the planner sees now; empty while there is nothing to be seen yet
   * @param changed told after each round
   */
  Planning(Context context, ModeInstance mode, java.util.function.Supplier<Optional<ClusterSnapshot>> view, Runnable changed) {
    this.context = context;
    this.mode = mode;
    this.view = view;
    this.changed = changed;
    this.aside = new Pauses(FIRST_ASIDE, LONGEST_ASIDE, context.random);
    this.next = context.millis();
  }

  String mode() {
    return mode.id();
  }

  Map<String, ClusterPlan> plans() {
    return plans;
  }

  /** Whether what a plan wants removed is still what its planner saw: another may have taken it over since. */
  boolean isAsPlanned(EniRecord eni) {
    return key(eni).equals(removals.get(eni.id()));
  }

  private static String key(EniRecord eni) {
    return eni.tags().getOrDefault(Marks.KEY, "");
  }

  /** Whether every key has been planned once, so that what no plan wants is wanted by none. */
  boolean complete() {
    return rounds > 0;
  }

  boolean wants(String key) {
    return wanted.contains(key);
  }

  /** What planners see has changed. */
  void dirty() {
    dirty = true;
  }

  void advance() {
    if (round != null || !isDue()) {
      return;
    }
    Optional<ClusterSnapshot> now = view.get();
    if (now.isEmpty()) {
      return;
    }
    if (context.millis() < next) {
      context.wakeAt(next);
      return;
    }
    dirty = false;
    ClusterSnapshot seen = now.get();
    round = seen;
    long token = context.expect(event -> keyed(seen, event));
    context.effect(new Effect.Ask(token, mode, Optional.empty(), seen));
  }

  private boolean isDue() {
    Optional<Long> again = plans.values().stream().flatMap(p -> p.again().stream()).min(Long::compare);
    if (dirty || again.filter(time -> time <= context.now.wall()).isPresent()) {
      return true;
    }
    again.ifPresent(time -> context.wakeAt(context.millis() + (time - context.now.wall())));
    return false;
  }

  private void keyed(ClusterSnapshot seen, Event event) {
    if (!(event instanceof Event.Keyed keyed)) {
      failed(event);
      return;
    }
    Set<String> keys = new HashSet<>(keyed.keys());
    plans.keySet().retainAll(keys);
    published.keySet().retainAll(keys);
    awaited.addAll(keys);
    for (String key : keys.stream().sorted().toList()) {
      long token = context.expect(e -> planned(seen, key, e));
      context.effect(new Effect.Ask(token, mode, Optional.of(key), seen));
    }
    if (awaited.isEmpty()) {
      end();
    }
  }

  private void planned(ClusterSnapshot seen, String key, Event event) {
    awaited.remove(key);
    String about = about() + " " + key;
    switch (event) {
      case Event.Planned(long _, Answer.Planned<ClusterPlan> p) -> {
        plans.put(key, p.value());
        p.value().removals().forEach(r -> seen.record(r.id()).ifPresent(eni -> removals.put(r.id(), key(eni))));
        context.overAll(about);
        for (int i = 0; i < p.findings().size(); i++) {
          context.find(about + (i == 0 ? "" : " " + i), p.findings().get(i));
        }
        publish(key, p.value().objects());
      }
      case Event.Planned(long _, Answer.Pass<ClusterPlan> _) -> {
        plans.put(key, ClusterPlan.empty());
        context.overAll(about);
      }
      case Event.Planned(long _, Answer.Wait<ClusterPlan> w) -> context.find(about, w.reason());
      case Event.Planned(long _, Answer.Refuse<ClusterPlan> r) -> {
        plans.put(key, ClusterPlan.empty());
        context.find(about, r.reason());
      }
      default -> {
        awaited.clear();
        failed(event);
        return;
      }
    }
    if (awaited.isEmpty() && round != null) {
      end();
    }
  }

  private String about() {
    return "mode " + mode.id();
  }

  private void end() {
    round = null;
    rounds++;
    wanted.clear();
    Set<String> removed = new HashSet<>();
    plans.values().forEach(plan -> {
      plan.enis().forEach(eni -> wanted.add(eni.key()));
      plan.removals().forEach(r -> removed.add(r.id()));
    });
    removals.keySet().retainAll(removed);
    aside.reset();
    context.over(about());
    next = context.millis() + Math.max(SPACING, plans.size() / KEYS_A_MILLISECOND);
    changed.run();
    advance();
  }

  private void failed(Event event) {
    if (round == null) {
      return;
    }
    round = null;
    dirty = true;
    next = context.millis() + aside.next();
    String why = event instanceof Event.PlannerFailed f ? f.why() : "it answered what it was not asked";
    context.find(about(), Finding.of(ControllerCodes.PLANNER_FAILED, "The cluster planner of the mode " + mode.label() + " failed: " + why
        + ".", "What it planned before holds, and others go on; it is asked again, less and less often. Report it to its maker, with the log.")
        .about(mode.id()));
    context.wakeAt(next);
  }

  /** Only what is new: what was published stays wished for until it is written. */
  private void publish(String key, ObjectPlan now) {
    ObjectPlan before = published.getOrDefault(key, ObjectPlan.empty());
    if (now.equals(before)) {
      return;
    }
    published.put(key, now);
    ObjectPlan news = ObjectPlan.empty();
    for (ObjectPlan.Patch p : without(now.patches(), before.patches())) {
      news = p.subresource().equals(ObjectPlan.CREATE) ? news.withObject(p.object(), p.content())
          : news.withPatch(p.object(), p.subresource(), p.content());
    }
    for (ObjectPlan.Event e : without(now.events(), before.events())) {
      news = news.withEvent(e.object(), e.uid(), e.warning(), e.code(), e.text());
    }
    for (ObjectPlan.Condition c : without(now.conditions(), before.conditions())) {
      news = news.withCondition(c.object(), c.type(), c.status(), c.code(), c.text());
    }
    if (!news.equals(ObjectPlan.empty())) {
      context.effect(new Effect.Publish(news));
    }
  }

  private static <T> List<T> without(List<T> now, List<T> before) {
    List<T> rest = new ArrayList<>(now);
    rest.removeAll(before);
    return rest;
  }
}
