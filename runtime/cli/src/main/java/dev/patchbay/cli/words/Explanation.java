package dev.patchbay.cli.words;

import java.util.List;
import java.util.Map;

/**
 * Why something is as it is.
 *
 * @param kind what was asked about: {@code pod}, {@code address}, {@code eni}, {@code node}, or {@code unknown}
 * @param well whether it is there, complete, and waits for nothing
 * @param lines for people
 * @param json for tools; names are stable
 */
public record Explanation(String kind, boolean well, List<String> lines, Map<String, Object> json) {
  /**
   * Copies the list.
   */
  public Explanation {
    lines = List.copyOf(lines);
  }
}
