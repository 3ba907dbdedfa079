package dev.patchbay.config;

import dev.patchbay.spi.Fields;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Values that were read, by path; the sections of {@link Configuration} are views of it. */
final class Values {
  private final Map<String, Object> values;
  private final Map<String, Origin> origins;

  Values(Map<String, Object> values, Map<String, Origin> origins) {
    this.values = Map.copyOf(values);
    this.origins = Map.copyOf(origins);
  }

  /** These, but those of some paths as others have them. */
  Values with(Values others, List<String> paths) {
    Map<String, Object> changed = new HashMap<>(values);
    Map<String, Origin> changedOrigins = new HashMap<>(origins);
    for (String path : paths) {
      changed.remove(path);
      changedOrigins.remove(path);
      Object value = others.values.get(path);
      Origin origin = others.origins.get(path);
      if (value != null) {
        changed.put(path, value);
      }
      if (origin != null) {
        changedOrigins.put(path, origin);
      }
    }
    return new Values(changed, changedOrigins);
  }

  @Nullable Object get(String path) {
    return values.get(path);
  }

  @Nullable Origin origin(String path) {
    return origins.get(path);
  }

  private Object required(String path) {
    Object value = values.get(path);
    if (value == null) {
      throw new IllegalStateException("the key " + path + " has neither a value nor a default");
    }
    return value;
  }

  String text(String path) {
    return (String) required(path);
  }

  Optional<String> optionalText(String path) {
    return Optional.ofNullable((String) values.get(path));
  }

  int integer(String path) {
    return Math.toIntExact((Long) required(path));
  }

  OptionalInt optionalInteger(String path) {
    return values.get(path) instanceof Long number ? OptionalInt.of(Math.toIntExact(number)) : OptionalInt.empty();
  }

  boolean truth(String path) {
    return (Boolean) required(path);
  }

  Duration duration(String path) {
    return Duration.ofMillis((Long) required(path));
  }

  <T> List<T> list(String path, Class<T> type) {
    return ((List<?>) required(path)).stream().map(type::cast).toList();
  }

  Fields fields(String path) {
    return values.get(path) instanceof Fields fields ? fields : Fields.empty();
  }
}
