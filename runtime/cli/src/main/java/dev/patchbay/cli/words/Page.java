package dev.patchbay.cli.words;

import dev.patchbay.cli.daemon.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lines for a terminal, in the making: headings, tables, findings. */
public final class Page {
  private static final String PLAIN = "\u001b[0m";

  private final List<String> lines = new ArrayList<>();
  private final boolean colour;
  private final Optional<Instant> now;

  /**
   * An empty page.
   *
   * @param colour whether its reader wants colour
   * @param now the time to count ages from, as ISO 8601 has it; ages are left out if it is none
   */
  public Page(boolean colour, String now) {
    this.colour = colour;
    this.now = instant(now);
  }

  /**
   * {@return the lines so far}
   */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  void line(String text) {
    lines.add(text.stripTrailing());
  }

  void heading(String text) {
    lines.add("");
    lines.add(paint("1", text));
  }

  /** A word and what there is to say of it. */
  void entry(String word, String text) {
    line("  " + pad(word, 11) + text);
  }

  /** Rows of equally many cells, each column as wide as its widest cell. */
  void table(List<String> head, List<List<String>> rows) {
    List<Integer> widths = new ArrayList<>();
    for (int i = 0; i < head.size(); i++) {
      int width = head.get(i).length();
      for (List<String> row : rows) {
        width = Math.max(width, row.get(i).length());
      }
      widths.add(Math.min(width, 60));
    }
    line("  " + row(head, widths));
    rows.forEach(row -> line("  " + row(row, widths)));
  }

  private static String row(List<String> cells, List<Integer> widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      line.append(i == cells.size() - 1 ? cells.get(i) : pad(cells.get(i), widths.get(i)) + "  ");
    }
    return line.toString();
  }

  /** What the operator should know: code and cause, then what to do. */
  void finding(String indent, Json finding) {
    String code = finding.text("name").isEmpty() ? "" : " [" + finding.text("code") + " " + finding.text("name") + "]";
    line(indent + finding.text("cause") + paint("33", code));
    if (!finding.text("remedy").isEmpty()) {
      line(indent + "  " + paint("1", "do:") + " " + finding.text("remedy"));
    }
  }

  String good(String word) {
    return paint("32", word);
  }

  String bad(String word) {
    return paint("31", word);
  }

  String dim(String word) {
    return paint("2", word);
  }

  private String paint(String with, String word) {
    return colour && !word.isEmpty() ? "\u001b[" + with + "m" + word + PLAIN : word;
  }

  /** A time, and how long ago it was. */
  String since(String time) {
    Optional<Instant> then = instant(time);
    // What was rebuilt does not know when it was made.
    if (then.isEmpty() || then.get().equals(Instant.EPOCH)) {
      return "an unknown time";
    }
    String text = then.get().toString().replaceAll("\\.\\d+Z", "Z");
    return text + now.map(n -> " (" + span(Duration.between(then.get(), n).toMillis()) + " ago)").orElse("");
  }

  /** A span of time in one or two units. */
  static String span(long millis) {
    long seconds = Math.max(0, millis) / 1000;
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return seconds / 60 + " min" + (seconds % 60 == 0 || seconds >= 600 ? "" : " " + seconds % 60 + " s");
    }
    if (seconds < 48 * 3600) {
      return seconds / 3600 + " h" + (seconds % 3600 < 60 ? "" : " " + seconds % 3600 / 60 + " min");
    }
    return seconds / 86_400 + " days";
  }

  private static Optional<Instant> instant(String time) {
    try {
      return Optional.of(Instant.parse(time));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  static String count(long number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }

  static String pad(String text, int width) {
    return text.length() >= width ? text : text + " ".repeat(width - text.length());
  }
}
