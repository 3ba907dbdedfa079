package dev.patchbay.wire;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** Argument checks that the frames share. */
final class Check {
  private Check() {}

  static void range(String name, long value, long from, long to) {
    if (value < from || value > to) {
      throw new IllegalArgumentException(name + " must be from " + from + " to " + to + ", not " + value);
    }
  }

  /** A time that fits into the 32 bits of milliseconds of a field. */
  static void duration(String name, Duration value) {
    if (value.isNegative() || value.compareTo(Duration.ofMillis(0xffff_ffffL)) > 0) {
      throw new IllegalArgumentException(name + " must be from 0 to 49 days, not " + value);
    }
  }

  static void text(String name, String value) {
    if (value.isEmpty() || value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(name + " must not be empty nor contain a NUL");
    }
  }

  /** Variables in the order given, with names and values that an environment can hold. */
  static Map<String, String> environment(Map<String, String> environment) {
    SequencedMap<String, String> copy = new LinkedHashMap<>();
    environment.forEach((name, value) -> {
      text("the name of a variable", name);
      if (name.indexOf('=') >= 0 || value.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("no variable can have the name " + name + " and the value " + value);
      }
      copy.put(name, value);
    });
    return Collections.unmodifiableMap(copy);
  }
}
