package dev.patchbay.config;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Time spans as people write them: {@code 250ms}, {@code 30s}, {@code 5m}, {@code 1h30m}. */
final class Durations {
  private static final Pattern PARTS = Pattern.compile("(?:(\\d{1,6})h)?(?:(\\d{1,7})m)?(?:(\\d{1,9})s)?(?:(\\d{1,12})ms)?");
  private static final long[] MILLISECONDS = {3_600_000, 60_000, 1_000, 1};
  private static final String[] UNITS = {"h", "m", "s", "ms"};

  private Durations() {}

  /** Milliseconds, or nothing if the text is no time span. */
  static OptionalLong parse(String text) {
    Matcher matcher = PARTS.matcher(text);
    if (text.isEmpty() || !matcher.matches()) {
      return OptionalLong.empty();
    }
    long sum = 0;
    for (int i = 0; i < UNITS.length; i++) {
      String digits = matcher.group(i + 1);
      if (digits != null) {
        sum += Long.parseLong(digits) * MILLISECONDS[i];
      }
    }
    return OptionalLong.of(sum);
  }

  /** The shortest way to write it. */
  static String format(long milliseconds) {
    if (milliseconds == 0) {
      return "0s";
    }
    StringBuilder text = new StringBuilder();
    long rest = milliseconds;
    for (int i = 0; i < UNITS.length; i++) {
      long count = rest / MILLISECONDS[i];
      if (count > 0) {
        text.append(count).append(UNITS[i]);
      }
      rest %= MILLISECONDS[i];
    }
    return text.toString();
  }
}
