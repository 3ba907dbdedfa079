package dev.patchbay.node.engine;

import dev.patchbay.spi.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Fields as the maps and lists of a JSON object, and back. What fields can't hold is left out (null) or kept as text (fractions). */
final class FieldsJson {
  private FieldsJson() {}

  static Map<String, Object> map(Fields fields) {
    Map<String, Object> map = new LinkedHashMap<>();
    fields.values().forEach((name, value) -> map.put(name, json(value)));
    return map;
  }

  private static Object json(Object value) {
    return switch (value) {
      case Fields fields -> map(fields);
      case List<?> list -> list.stream().map(e -> json(Objects.requireNonNull(e))).toList();
      default -> value;
    };
  }

  static Fields fields(Map<?, ?> map) {
    Map<String, Object> values = new LinkedHashMap<>();
    map.forEach((name, value) -> value(value).ifPresent(v -> values.put(String.valueOf(name), v)));
    return Fields.of(values);
  }

  private static Optional<Object> value(@org.jspecify.annotations.Nullable Object json) {
    return switch (json) {
      case null -> Optional.empty();
      case Map<?, ?> map -> Optional.of(fields(map));
      case List<?> list -> {
        List<Object> values = new ArrayList<>();
        list.forEach(e -> value(e).ifPresent(values::add));
        yield Optional.of(values);
      }
      case String text -> Optional.of(text);
      case Boolean truth -> Optional.of(truth);
      case Number number when number.doubleValue() == number.longValue() -> Optional.of(number.longValue());
      default -> Optional.of(json.toString());
    };
  }
}
