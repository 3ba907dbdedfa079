package dev.patchbay.lab.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the demonstration shows: progress with the time, tables, and checks that hold or don't. */
final class Screen {
  private final PrintWriter out;
  private final long start = System.nanoTime();
  private int failed;
  private int passed;

  Screen(PrintWriter out) {
    this.out = out;
  }

  /** How long it has been shown. */
  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  void heading(String text) {
    line("");
    line(text);
  }

  /** Something that takes a moment and starts now. */
  void progress(String text) {
    line(String.format(Locale.ROOT, "  [%4.1f s] %s", elapsed().toMillis() / 1e3, text));
  }

  void line(String text) {
    out.println(text);
    out.flush();
  }

  /** Shows whether something holds, and counts it. */
  void check(boolean holds, String what, String seen) {
    if (holds) {
      passed++;
    } else {
      failed++;
    }
    line(String.format(Locale.ROOT, "  %-6s  %-52s  %s", holds ? "ok" : "FAILED", what, seen));
  }

  /** Shows rows below a head, each column as wide as its longest text. */
  void table(List<String> head, List<List<String>> rows) {
    List<List<String>> all = new ArrayList<>();
    all.add(head);
    all.addAll(rows);
    for (List<String> row : all) {
      StringBuilder text = new StringBuilder(" ");
      for (int column = 0; column < row.size(); column++) {
        int at = column;
        int width = all.stream().mapToInt(each -> each.get(at).length()).max().orElse(0);
        text.append(' ').append(row.get(column)).append(" ".repeat(width - row.get(column).length() + 1));
      }
      line(text.toString().stripTrailing());
    }
  }

  int failed() {
    return failed;
  }

  int passed() {
    return passed;
  }
}
