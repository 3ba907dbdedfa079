package dev.patchbay.config;

import dev.patchbay.config.Value.Mapping;
import dev.patchbay.config.Value.Scalar;
import dev.patchbay.config.Value.Sequence;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.Cidr;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads single values by what is known of their keys. */
final class LeafReader {
  private final List<Problem> problems;

  LeafReader(List<Problem> problems) {
    this.problems = problems;
  }

  /** The value as String, Long, Boolean, List or Fields; nothing if it is wrong, and then the problem is noted. */
  @Nullable Object read(String path, Value value, Key key) {
    return switch (key.kind()) {
      case TEXT -> text(path, value, key);
      case CHOICE -> choice(path, value, key);
      case NUMBER -> number(path, value, key);
      case TRUTH -> truth(path, value, key);
      case DURATION -> duration(path, value, key);
      case TEXTS -> list(path, value, "a list of texts", this::element);
      case CIDRS -> list(path, value, "a list of networks", this::cidr);
      case FIELDS -> structure(path, value, key);
      case OBJECTS -> list(path, value, "a list", (at, item) -> item instanceof Mapping mapping ? fields(at, mapping)
          : wrongType(at, item, "names and values", "Write - and, indented below it, the names."));
      case LABELS -> labels(path, value, key);
    };
  }

  private @Nullable Object structure(String path, Value value, Key key) {
    if (value instanceof Mapping mapping) {
      return fields(path, mapping);
    }
    if (value instanceof Scalar scalar && scalar.kind() == Value.Kind.NOTHING) {
      return Fields.empty();
    }
    return wrongType(path, value, "names and values", "Indent the names below " + key.name() + ".");
  }

  /** A value from the environment, which is text whatever it means. */
  @Nullable Object readText(String path, String text, Origin origin, Key key) {
    Value.Kind kind = switch (key.kind()) {
      case NUMBER -> text.matches("-?\\d+") ? Value.Kind.NUMBER : Value.Kind.TEXT;
      case TRUTH -> text.equals("true") || text.equals("false") ? Value.Kind.TRUTH : Value.Kind.TEXT;
      case TEXT, CHOICE, DURATION, TEXTS, CIDRS, FIELDS, OBJECTS, LABELS -> Value.Kind.TEXT;
    };
    return read(path, new Scalar(text, kind, origin), key);
  }

  private @Nullable Object text(String path, Value value, Key key) {
    String text = element(path, value);
    if (text == null) {
      return null;
    }
    if (text.isBlank()) {
      return wrong(ConfigurationCodes.WRONG_VALUE, value, path + " is empty.", "Write a value, or take the key away.");
    }
    Optional<Key.Complaint> complaint = key.check().check(text);
    return complaint.isEmpty() ? text
        : wrong(ConfigurationCodes.WRONG_VALUE, value, path + ": " + complaint.get().cause(), complaint.get().remedy());
  }

  private @Nullable String element(String path, Value value) {
    if (value instanceof Scalar scalar) {
      if (scalar.kind() == Value.Kind.TEXT) {
        return scalar.text();
      }
      if (scalar.kind() != Value.Kind.NOTHING) {
        wrongType(path, value, "text", "Put it in quotes: \"" + scalar.text() + "\".");
        return null;
      }
    }
    wrongType(path, value, "text", "Write one word, in quotes if it has a colon or a hash.");
    return null;
  }

  private @Nullable Object choice(String path, Value value, Key key) {
    if (value instanceof Scalar scalar && scalar.kind() != Value.Kind.NOTHING) {
      if (key.choices().contains(scalar.text()) && scalar.kind() == Value.Kind.TEXT) {
        return scalar.text();
      }
      String remedy = Nearest.to(scalar.text(), key.choices()).map(word -> "Did you mean " + word + "? ").orElse("");
      return wrong(ConfigurationCodes.WRONG_VALUE, value, path + " can't be " + scalar.text() + ".",
          remedy + "It is one of " + String.join(", ", key.choices()) + ".");
    }
    return wrongType(path, value, "one word", "It is one of " + String.join(", ", key.choices()) + ".");
  }

  private @Nullable Object number(String path, Value value, Key key) {
    boolean open = key.least() == Long.MIN_VALUE && key.most() == Long.MAX_VALUE;
    String range = open ? "Write a whole number."
        : key.most() == Long.MAX_VALUE ? "Write a whole number, " + key.least() + " or more."
            : "Write a whole number from " + key.least() + " to " + key.most() + ".";
    if (!(value instanceof Scalar scalar) || scalar.kind() != Value.Kind.NUMBER) {
      return wrongType(path, value, "a whole number", range);
    }
    BigInteger number = wholeNumber(scalar.text());
    if (number.compareTo(BigInteger.valueOf(key.least())) < 0 || number.compareTo(BigInteger.valueOf(key.most())) > 0) {
      return wrong(ConfigurationCodes.WRONG_VALUE, value, path + " is out of range: " + scalar.text() + ".", range);
    }
    return number.longValueExact();
  }

  /** YAML 1.2, section 10.3.2: decimal, 0o octal, 0x hexadecimal. */
  private static BigInteger wholeNumber(String text) {
    if (text.startsWith("0x")) {
      return new BigInteger(text.substring(2), 16);
    }
    return text.startsWith("0o") ? new BigInteger(text.substring(2), 8) : new BigInteger(text);
  }

  private @Nullable Object truth(String path, Value value, Key key) {
    if (value instanceof Scalar scalar && scalar.kind() == Value.Kind.TRUTH) {
      return Boolean.valueOf(scalar.text());
    }
    return wrongType(path, value, "true or false", "Write " + key.name() + ": true or " + key.name() + ": false, without quotes.");
  }

  private @Nullable Object duration(String path, Value value, Key key) {
    if (!(value instanceof Scalar scalar) || scalar.kind() == Value.Kind.NOTHING || scalar.kind() == Value.Kind.TRUTH) {
      return wrongType(path, value, "a time span", "Write a number and its unit: 250ms, 30s, 5m or 1h.");
    }
    OptionalLong milliseconds = scalar.kind() == Value.Kind.TEXT ? Durations.parse(scalar.text()) : OptionalLong.empty();
    if (milliseconds.isEmpty()) {
      String remedy = scalar.kind() == Value.Kind.NUMBER ? "Add the unit: " + scalar.text() + "s for seconds, ms, m or h."
          : "Write a number and its unit: 250ms, 30s, 5m or 1h.";
      return wrong(ConfigurationCodes.WRONG_VALUE, value, path + ": \"" + scalar.text() + "\" is no time span.", remedy);
    }
    if (milliseconds.getAsLong() < key.least() || milliseconds.getAsLong() > key.most()) {
      return wrong(ConfigurationCodes.WRONG_VALUE, value, path + " is out of range: " + scalar.text() + ".",
          "Write a time span from " + Durations.format(key.least()) + " to " + Durations.format(key.most()) + ".");
    }
    return milliseconds.getAsLong();
  }

  private interface Element<T> {
    @Nullable T read(String path, Value item);
  }

  private <T> @Nullable Object list(String path, Value value, String what, Element<T> element) {
    if (!(value instanceof Sequence sequence)) {
      return wrongType(path, value, what, "Write [a, b], or one line with - for each.");
    }
    List<Object> result = new ArrayList<>();
    int index = 0;
    for (Value item : sequence.items()) {
      T read = element.read(path + "[" + index++ + "]", item);
      if (read != null) {
        result.add(read);
      }
    }
    return result.size() == sequence.items().size() ? List.copyOf(result) : null;
  }

  private @Nullable String cidr(String path, Value item) {
    String text = element(path, item);
    if (text == null) {
      return null;
    }
    try {
      return Cidr.of(text).toString();
    } catch (IllegalArgumentException e) {
      wrong(ConfigurationCodes.WRONG_VALUE, item, path + ": " + e.getMessage() + ".",
          "Write a network like 10.0.0.0/16 or fd00::/48.");
      return null;
    }
  }

  private @Nullable Object labels(String path, Value value, Key key) {
    if (!(value instanceof Mapping mapping)) {
      return wrongType(path, value, "names and texts", "Indent the names below " + key.name() + ".");
    }
    Map<String, String> labels = new TreeMap<>();
    for (Map.Entry<String, Value.Field> entry : mapping.fields().entrySet()) {
      String text = element(path + "." + entry.getKey(), entry.getValue().value());
      if (text != null) {
        labels.put(entry.getKey(), text);
      }
    }
    return labels.size() == mapping.fields().size() ? Fields.of(labels) : null;
  }

  private @Nullable Fields fields(String path, Mapping mapping) {
    int before = problems.size();
    Map<String, Object> result = new TreeMap<>();
    for (Map.Entry<String, Value.Field> entry : mapping.fields().entrySet()) {
      Object read = free(path + "." + entry.getKey(), entry.getValue().value());
      if (read != null) {
        result.put(entry.getKey(), read);
      }
    }
    return problems.size() == before ? Fields.of(result) : null;
  }

  private @Nullable Object free(String path, Value value) {
    if (value instanceof Mapping mapping) {
      return fields(path, mapping);
    }
    return value instanceof Scalar scalar ? scalar(path, scalar) : list(path, value, "a list", this::free);
  }

  private @Nullable Object scalar(String path, Scalar scalar) {
    return switch (scalar.kind()) {
      case TEXT -> scalar.text();
      case TRUTH -> Boolean.valueOf(scalar.text());
      case NUMBER -> {
        BigInteger number = wholeNumber(scalar.text());
        yield number.bitLength() < Long.SIZE ? number.longValueExact()
            : wrong(ConfigurationCodes.WRONG_VALUE, scalar, path + " is out of range: " + scalar.text() + ".",
                "Write a smaller number.");
      }
      case DECIMAL -> wrongType(path, scalar, "text, a whole number, true or false", "Put it in quotes: \"" + scalar.text()
          + "\".");
      case NOTHING -> wrong(ConfigurationCodes.WRONG_TYPE, scalar, path + " has no value.", "Write one, or take the key away.");
    };
  }

  private @Nullable Object wrongType(String path, Value value, String wanted, String remedy) {
    String found = switch (value) {
      case Mapping _ -> "names and values";
      case Sequence _ -> "a list";
      case Scalar scalar -> switch (scalar.kind()) {
        case TEXT -> "the text \"" + scalar.text() + "\"";
        case NUMBER, DECIMAL -> "the number " + scalar.text();
        case TRUTH -> scalar.text();
        case NOTHING -> "nothing";
      };
    };
    return wrong(ConfigurationCodes.WRONG_TYPE, value, path + " has to be " + wanted + ", and is " + found + ".", remedy);
  }

  private @Nullable Object wrong(Code code, Value value, String cause, String remedy) {
    problems.add(new Problem(code, value.origin(), cause, remedy));
    return null;
  }
}
