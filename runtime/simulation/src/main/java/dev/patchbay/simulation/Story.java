package dev.patchbay.simulation;

import dev.patchbay.simulation.model.Fault;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What happens: always as a digest and counts, as text only where somebody will read it. */
final class Story {
  private static final long PRIME = 0x100000001b3L;

  private final boolean told;
  private final List<String> lines = new ArrayList<>();
  private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
  private final BitSet states = new BitSet();
  private long digest = 0xcbf29ce484222325L;
  private long events;

  Story(boolean told) {
    this.told = told;
  }

  void say(long now, Supplier<String> line) {
    if (told) {
      lines.add(String.format("%10.3f  ", now / 1000.0) + line.get());
    }
  }

  void mix(long value) {
    digest = (digest ^ value) * PRIME;
    digest ^= digest >>> 29;
  }

  void mix(String text) {
    for (int i = 0; i < text.length(); i++) {
      mix(text.charAt(i));
    }
  }

  void happened(Fault fault) {
    faults.merge(fault, 1, Integer::sum);
    mix(1000 + fault.ordinal());
  }

  void event() {
    events++;
  }

  void state(int signature) {
    states.set(signature);
  }

  long digest() {
    return digest;
  }

  long events() {
    return events;
  }

  Map<Fault, Integer> faults() {
    return faults;
  }

  BitSet states() {
    return states;
  }

  List<String> lines() {
    return lines;
  }
}
