package dev.patchbay.admission;

import dev.patchbay.cluster.admission.Asked;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** How often was asked, by rule and by what was answered. For any thread. */
final class Tally {
  private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();

  void count(Asked asked, String answer) {
    counts.computeIfAbsent(asked.name() + " " + answer, name -> new AtomicLong()).incrementAndGet();
  }

  Map<String, Object> counts() {
    Map<String, Object> all = new TreeMap<>();
    counts.forEach((name, count) -> all.put(name, count.get()));
    return all;
  }
}
