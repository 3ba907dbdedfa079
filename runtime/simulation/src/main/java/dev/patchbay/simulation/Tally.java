package dev.patchbay.simulation;

import dev.patchbay.simulation.model.Fault;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What came of many histories. For one thread at a time. */
public final class Tally {
  /** More are not kept. */
  private static final int MOST_SEEDS = 100;

  private final Map<Fault, Long> faults = new EnumMap<>(Fault.class);
  private final BitSet states = new BitSet();
  private final Map<String, Long> violations = new TreeMap<>();
  private final List<Long> failing = new ArrayList<>();
  private long histories;
  private long steps;
  private long events;

  /** Nothing has come of anything yet. */
  public Tally() {}

  /**
   * Counts a history.
   *
   * @param outcome what came of it
   */
  public void add(Outcome outcome) {
    histories++;
    steps += outcome.steps();
    events += outcome.events();
    outcome.faults().forEach((fault, n) -> faults.merge(fault, (long) n, Long::sum));
    states.or(outcome.states());
    outcome.violation().ifPresent(v -> {
      violations.merge(v.invariant(), 1L, Long::sum);
      if (failing.size() < MOST_SEEDS) {
        failing.add(outcome.profile().seed());
      }
    });
  }

  /**
   * Adds what another has counted.
   *
   * @param other the other
   */
  public void add(Tally other) {
    histories += other.histories;
    steps += other.steps;
    events += other.events;
    other.faults.forEach((fault, n) -> faults.merge(fault, n, Long::sum));
    states.or(other.states);
    other.violations.forEach((invariant, n) -> violations.merge(invariant, n, Long::sum));
    failing.addAll(other.failing);
  }

  /**
   * {@return how many histories there were}
   */
  public long histories() {
    return histories;
  }

  /**
   * {@return how many steps they took}
   */
  public long steps() {
    return steps;
  }

  /**
   * {@return how many events the brains heard}
   */
  public long events() {
    return events;
  }

  /**
   * {@return how often each fault happened}
   */
  public Map<Fault, Long> faults() {
    return faults;
  }

  /**
   * {@return how many states were reached}
   */
  public int states() {
    return states.cardinality();
  }

  /**
   * {@return how often each invariant was violated}
   */
  public Map<String, Long> violations() {
    return violations;
  }

  /**
   * {@return the seeds of histories that violate something, a hundred at most}
   */
  public List<Long> failing() {
    return failing;
  }

  /**
   * {@return the counts, as lines for people}
   */
  public String words() {
    StringBuilder text = new StringBuilder();
    long all = faults.values().stream().mapToLong(Long::longValue).sum();
    text.append(String.format("%,d histories, %,d steps, %,d events, %,d faults, %,d states reached%n", histories, steps, events, all,
        states()));
    faults.forEach((fault, n) -> text.append(String.format("%,12d  %s%n", n, fault.words())));
    if (violations.isEmpty()) {
      text.append("violations: 0\n");
    } else {
      violations.forEach((invariant, n) -> text.append(String.format("%,12d  violations of %s%n", n, invariant)));
      text.append("seeds: ").append(failing).append('\n');
    }
    return text.toString();
  }
}
