package dev.patchbay.lab.ec2;

import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Patterns in which {@code *} stands for any text and {@code ?} for any character, as in filters and in policies. */
final class Wildcards {
  private Wildcards() {}

  static Predicate<String> of(String pattern) {
    return of(pattern, 0);
  }

  static Predicate<String> ignoringCase(String pattern) {
    return of(pattern, Pattern.CASE_INSENSITIVE);
  }

  private static Predicate<String> of(String pattern, int flags) {
    if (flags == 0 && pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0) {
      return pattern::equals;
    }
    String expression =
        pattern
            .chars()
            .mapToObj(
                c ->
                    switch (c) {
                      case '*' -> ".*";
                      case '?' -> ".";
                      default -> Pattern.quote(Character.toString(c));
                    })
            .collect(Collectors.joining());
    return Pattern.compile(expression, Pattern.DOTALL | flags).asMatchPredicate();
  }
}
