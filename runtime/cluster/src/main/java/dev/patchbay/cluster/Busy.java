package dev.patchbay.cluster;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Interfaces to which something is being done, or may have been done: what else becomes of them waits until that is known. */
final class Busy {
  private final Set<String> underWay = new HashSet<>();
  private final Map<String, Long> untilShown = new HashMap<>();

  void begin(String id) {
    underWay.add(id);
  }

  void end(String id) {
    underWay.remove(id);
  }

  /** What came of it is shown by a look that began then, and not by an earlier one. */
  void unknownUntil(String id, long time) {
    untilShown.merge(id, time, Math::max);
  }

  /** A look began then. */
  void lookedAt(long time) {
    untilShown.values().removeIf(from -> from <= time);
  }

  boolean has(String id) {
    return underWay.contains(id) || untilShown.containsKey(id);
  }
}
