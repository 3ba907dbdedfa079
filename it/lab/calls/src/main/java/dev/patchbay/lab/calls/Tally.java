package dev.patchbay.lab.calls;

import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many calls there were.
 *
 * @param counts the number of each kind, sorted by service, action and outcome
 */
public record Tally(Map<Kind, Integer> counts) {
  /**
   * What is counted together.
   *
   * @param service as in {@link Recorder.Call}
   * @param action as in {@link Recorder.Call}
   * @param outcome as in {@link Recorder.Call}
   */
  public record Kind(String service, String action, String outcome) implements Comparable<Kind> {
    private static final Comparator<Kind> ORDER =
        Comparator.comparing(Kind::service).thenComparing(Kind::action).thenComparing(Kind::outcome);

    @Override
    public int compareTo(Kind other) {
      return ORDER.compare(this, other);
    }
  }

  /** Copies the map. */
  public Tally {
    counts = Collections.unmodifiableMap(new TreeMap<>(counts));
  }

  /** The numbers by action alone. */
  public Map<String, Integer> byAction() {
    Map<String, Integer> actions = new TreeMap<>();
    counts.forEach((kind, count) -> actions.merge(kind.action(), count, Integer::sum));
    return Collections.unmodifiableMap(actions);
  }

  /** A table for people: number, service, action, and the outcome where it was not ok. */
  public String table() {
    StringBuilder table = new StringBuilder();
    counts.forEach(
        (kind, count) -> {
          table.append("%7d  %-5s %s".formatted(count, kind.service(), kind.action()));
          if (!kind.outcome().equals("ok")) {
            table.append("  ").append(kind.outcome());
          }
          table.append('\n');
        });
    return table.toString();
  }
}
