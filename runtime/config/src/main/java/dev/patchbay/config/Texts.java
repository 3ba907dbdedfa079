package dev.patchbay.config;

import dev.patchbay.spi.Fields;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Read values as they would be written in the file, on one line. */
final class Texts {
  private Texts() {}

  static String of(Object value, Key.Kind kind) {
    return kind == Key.Kind.DURATION && value instanceof Long milliseconds ? Durations.format(milliseconds) : of(value);
  }

  private static String of(Object value) {
    return switch (value) {
      case List<?> list -> list.stream().map(Texts::of).collect(Collectors.joining(", ", "[", "]"));
      case Fields fields -> fields.values().entrySet().stream()
          .map((Map.Entry<String, Object> field) -> field.getKey() + ": " + of(field.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
      default -> value.toString();
    };
  }
}
