package dev.patchbay.cli.words;

import dev.patchbay.cli.daemon.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code patchbay config} says of values and where they come from. */
public final class ConfigText {
  private ConfigText() {}

  /**
   * The values as a table.
   *
   * @param values the values
   * @param title what they are
   * @param differences what the file says by now instead
   * @param documented whether to say what each key does
   * @param colour whether the reader wants colour
   * @return the lines
   */
  public static List<String> of(List<Json> values, String title, List<String> differences, boolean documented, boolean colour) {
    Page page = new Page(colour, "");
    page.line(title);
    List<List<String>> rows = new ArrayList<>();
    for (Json value : values) {
      String text = value.text("value");
      rows.add(List.of(value.text("key"), text.isEmpty() ? "\"\"" : text, value.text("from")));
    }
    page.table(List.of("key", "value", "from"), rows);
    if (documented) {
      page.line("");
      values.forEach(v -> page.line("  " + v.text("key") + ": " + v.text("documentation")));
    }
    if (!differences.isEmpty()) {
      page.heading("The file has changed since the daemon read it");
      differences.forEach(d -> page.line("  " + d));
      page.line("  do: See `patchbay status`: what can be used is in force within a second, what is taken at start alone waits for a restart, and what"
          + " can't be used is told there and by `patchbay config check`.");
    }
    return page.lines();
  }

  /**
   * What a file says otherwise than what is in force. What comes from the environment is left out: the daemon's is its own.
   *
   * @param inForce the values in force
   * @param file the values that the file amounts to now
   * @return one line for each difference
   */
  public static List<String> differences(Json inForce, Json file) {
    Map<String, Json> then = byKey(inForce);
    Map<String, Json> now = byKey(file);
    List<String> lines = new ArrayList<>();
    now.forEach((key, value) -> {
      Json before = then.get(key);
      boolean written = isWritten(value) || (before != null && isWritten(before));
      if (written && (before == null || !before.text("value").equals(value.text("value")))) {
        lines.add(key + " is " + (before == null ? "not set" : before.text("value")) + " in force, and " + value.text("value") + " by now ("
            + value.text("from") + ")");
      }
    });
    then.forEach((key, value) -> {
      if (!now.containsKey(key) && isWritten(value)) {
        lines.add(key + " is " + value.text("value") + " in force, and not set by now");
      }
    });
    return lines;
  }

  private static boolean isWritten(Json value) {
    return value.text("source").equals("file") || value.text("source").equals("override");
  }

  private static Map<String, Json> byKey(Json values) {
    Map<String, Json> byKey = new LinkedHashMap<>();
    values.items().forEach(v -> byKey.put(v.text("key"), v));
    return byKey;
  }
}
