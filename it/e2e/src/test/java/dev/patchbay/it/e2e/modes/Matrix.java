package dev.patchbay.it.e2e.modes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What was tried with which modes, and what came of it: a row for each thing tried, a column for each combination of modes. */
final class Matrix {
  private final Map<String, Map<String, Outcome>> rows = new LinkedHashMap<>();
  private final Set<String> columns = new LinkedHashSet<>();

  /** What came of one thing tried. */
  sealed interface Outcome {
    /** It is as it must be. */
    record Holds() implements Outcome {}

    /** It can't be, and why. */
    record Apart(String reason) implements Outcome {}

    /** It is not as it must be. */
    record Fails(String how) implements Outcome {}
  }

  synchronized void put(String row, String column, Outcome outcome) {
    columns.add(column);
    rows.computeIfAbsent(row, name -> new LinkedHashMap<>()).put(column, outcome);
  }

  /** What failed in a column, and what was not tried though other columns have it. */
  synchronized List<String> wrong(String column) {
    List<String> wrong = new ArrayList<>();
    rows.forEach((row, cells) -> {
      Outcome outcome = cells.get(column);
      if (outcome == null) {
        wrong.add(row + ": not tried");
      } else if (outcome instanceof Outcome.Fails failed) {
        wrong.add(row + ": " + failed.how());
      }
    });
    return wrong;
  }

  @Override
  public synchronized String toString() {
    List<String> reasons = new ArrayList<>();
    StringBuilder out = new StringBuilder();
    int width = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
    int number = 0;
    for (String column : columns) {
      out.append(" ".repeat(width)).append("  (").append((char) ('a' + number)).append(") ").append(column).append('\n');
      number++;
    }
    out.append(" ".repeat(width));
    for (int i = 0; i < columns.size(); i++) {
      out.append("  (").append((char) ('a' + i)).append(") ");
    }
    out.append('\n');
    rows.forEach((row, cells) -> {
      out.append(row).append(" ".repeat(width - row.length()));
      for (String column : columns) {
        out.append("  %-4s".formatted(word(cells.get(column), reasons)));
      }
      out.append('\n');
    });
    for (int i = 0; i < reasons.size(); i++) {
      out.append("%3d  %s%n".formatted(i + 1, reasons.get(i)));
    }
    return out.toString();
  }

  private static String word(@org.jspecify.annotations.Nullable Outcome outcome, List<String> reasons) {
    return switch (outcome) {
      case null -> "?";
      case Outcome.Holds _ -> "ok";
      case Outcome.Fails _ -> "FAIL";
      case Outcome.Apart apart -> {
        if (!reasons.contains(apart.reason())) {
          reasons.add(apart.reason());
        }
        yield "-" + (reasons.indexOf(apart.reason()) + 1);
      }
    };
  }
}
