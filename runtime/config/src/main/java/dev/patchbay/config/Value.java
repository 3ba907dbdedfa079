package dev.patchbay.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The file as a tree, before anything is known about its keys; every node knows where it stands. */
sealed interface Value {
  /** Where the value stands. */
  Origin origin();

  /** The same value at other places. */
  Value relocated(UnaryOperator<Origin> move);

  /** What YAML takes a scalar for. */
  enum Kind {
    TEXT,
    NUMBER,
    DECIMAL,
    TRUTH,
    NOTHING
  }

  /** A scalar, its text as written (without quotes). */
  record Scalar(String text, Kind kind, Origin origin) implements Value {
    @Override
    public Scalar relocated(UnaryOperator<Origin> move) {
      return new Scalar(text, kind, move.apply(origin));
    }
  }

  /** A list. */
  record Sequence(List<Value> items, Origin origin) implements Value {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public Sequence relocated(UnaryOperator<Origin> move) {
      List<Value> moved = new ArrayList<>();
      for (Value item : items) {
        moved.add(item.relocated(move));
      }
      return new Sequence(moved, move.apply(origin));
    }
  }

  /** A key of a mapping: where it is written, and its value. */
  record Field(Origin keyOrigin, Value value) {}

  /** A mapping, in the order of the file. */
  record Mapping(SequencedMap<String, Field> fields, Origin origin) implements Value {
    public Mapping {
      fields = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fields));
    }

    @Nullable Value get(String key) {
      Field field = fields.get(key);
      return field == null ? null : field.value();
    }

    Mapping without(String key) {
      LinkedHashMap<String, Field> rest = new LinkedHashMap<>(fields);
      rest.remove(key);
      return new Mapping(rest, origin);
    }

    @Override
    public Mapping relocated(UnaryOperator<Origin> move) {
      LinkedHashMap<String, Field> moved = new LinkedHashMap<>();
      fields.forEach((key, field) ->
          moved.put(key, new Field(move.apply(field.keyOrigin()), field.value().relocated(move))));
      return new Mapping(moved, move.apply(origin));
    }

    /**
     * Lays a patch over this mapping by the rules of RFC 7396 (JSON Merge Patch): mappings are merged key by key, an empty
     * value takes the key away, everything else (lists too) is replaced whole.
     */
    Mapping patched(Mapping patch) {
      LinkedHashMap<String, Field> result = new LinkedHashMap<>(fields);
      for (Map.Entry<String, Field> entry : patch.fields.entrySet()) {
        Field field = entry.getValue();
        Field below = result.get(entry.getKey());
        if (field.value() instanceof Scalar scalar && scalar.kind() == Kind.NOTHING) {
          result.remove(entry.getKey());
        } else if (field.value() instanceof Mapping mapping) {
          Mapping target = below != null && below.value() instanceof Mapping there ? there
              : new Mapping(new LinkedHashMap<>(), mapping.origin());
          result.put(entry.getKey(), new Field(below == null ? field.keyOrigin() : below.keyOrigin(), target.patched(mapping)));
        } else {
          result.put(entry.getKey(), field);
        }
      }
      return new Mapping(result, origin);
    }
  }
}
