package dev.patchbay.cli.vendor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came of looking at a module file.
 *
 * @param file the file
 * @param title the mode and its version, or the file again if nothing more is known
 * @param steps what was looked at, in order
 */
public record Verdict(Path file, String title, List<Step> steps) {
  /** Copies the list. */
  public Verdict {
    steps = List.copyOf(steps);
  }

  private boolean has(Step.State state) {
    return steps.stream().anyMatch(step -> step.state() == state);
  }

  /**
   * {@return whether a node would take the file}
   */
  public boolean taken() {
    return !has(Step.State.REFUSED);
  }

  /**
   * {@return whether a node would take the file, and all that could be looked at is as it should be}
   */
  public boolean good() {
    return taken() && !has(Step.State.BROKEN);
  }

  /**
   * {@return the verdict, as a sentence}
   */
  public String words() {
    if (!taken()) {
      return "A node would not take it.";
    }
    if (!good()) {
      return "A node would take it, but it does not keep the contract: sooner or later it is set aside, or pods are refused.";
    }
    return has(Step.State.LEFT_OUT) ? "A node would take it; not everything could be looked at."
        : "A node would take it, and it keeps the contract.";
  }

  /**
   * {@return lines for a person}
   */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(title);
    for (Step step : steps) {
      String mark = switch (step.state()) {
        case GOOD -> "";
        case REFUSED -> "REFUSED" + (step.code().isEmpty() ? ": " : " [" + step.code() + "]: ");
        case BROKEN -> "BROKEN: ";
        case LEFT_OUT -> "left out: ";
      };
      lines.add("  " + step.name() + " ".repeat(Math.max(1, 11 - step.name().length())) + mark + step.words());
      if (!step.remedy().isEmpty()) {
        lines.add("    do: " + step.remedy());
      }
      step.details().forEach(detail -> lines.add("    " + detail));
    }
    lines.add(words());
    return lines;
  }

  /**
   * {@return the same for tools}
   */
  public Map<String, Object> json() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("file", file.toString());
    map.put("taken", taken());
    map.put("good", good());
    map.put("words", words());
    map.put("steps", steps.stream().map(Step::json).toList());
    return map;
  }
}
