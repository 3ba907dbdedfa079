package dev.patchbay.lab.calls;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as people type them: {@code 250ms}, {@code 10s}, {@code 2m}, {@code 1h}, {@code 1d}. */
public final class Lengths {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private Lengths() {}

  static Duration parse(String name, String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "%s=%s: a length of time is needed, such as 250ms, 10s, 2m, 1h or 1d".formatted(name, text));
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  /**
   * A length with its sign: {@code +1h}, {@code -30s}.
   *
   * @param name what it is for, for the words of a refusal
   * @throws IllegalArgumentException if it is none
   */
  public static Duration parseSigned(String name, String text) {
    boolean back = text.startsWith("-");
    if (!back && !text.startsWith("+")) {
      throw new IllegalArgumentException("%s=%s: a length of time with its sign is needed, such as -1h or +30s".formatted(name, text));
    }
    Duration length = parse(name, text.substring(1));
    return back ? length.negated() : length;
  }

  static String format(Duration length) {
    long millis = length.toMillis();
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds == 0 || seconds % 60 != 0) {
      return seconds + "s";
    }
    return seconds % 3600 != 0 ? seconds / 60 + "m" : seconds / 3600 + "h";
  }
}
