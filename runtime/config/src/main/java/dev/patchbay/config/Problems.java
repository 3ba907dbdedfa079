package dev.patchbay.config;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;

/** Problems as they are shown: each once, in the order of the file. */
final class Problems {
  private Problems() {}

  static List<Problem> inOrder(List<Problem> problems) {
    return new LinkedHashSet<>(problems).stream()
        .sorted(Comparator.comparingInt((Problem p) -> line(p.origin())).thenComparingInt(p -> column(p.origin())))
        .toList();
  }

  private static int line(Origin origin) {
    return switch (origin) {
      case Origin.InFile place -> place.line();
      case Origin.InOverride place -> place.line();
      case Origin.Environment _, Origin.Default _ -> Integer.MAX_VALUE;
    };
  }

  private static int column(Origin origin) {
    return switch (origin) {
      case Origin.InFile place -> place.column();
      case Origin.InOverride place -> place.column();
      case Origin.Environment _, Origin.Default _ -> 0;
    };
  }
}
