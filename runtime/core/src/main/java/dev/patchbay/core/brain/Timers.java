package dev.patchbay.core.brain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What the brain does at a time, beside what it does at every turn. */
final class Timers {
  private final Context context;
  private final Map<Long, List<Runnable>> timers = new TreeMap<>();

  Timers(Context context) {
    this.context = context;
  }

  /** Runs something at a time. */
  void at(long monotonic, Runnable what) {
    timers.computeIfAbsent(monotonic, t -> new ArrayList<>()).add(what);
    context.wakeAt(monotonic);
  }

  /** Runs what is due. */
  void tick() {
    List.copyOf(timers.keySet()).stream().filter(t -> t <= context.millis())
        .forEach(t -> Objects.requireNonNull(timers.remove(t)).forEach(Runnable::run));
  }

  /** Sees to it that time passes when the next one is due. */
  void wake() {
    timers.keySet().stream().mapToLong(Long::longValue).min().ifPresent(context::wakeAt);
  }
}
