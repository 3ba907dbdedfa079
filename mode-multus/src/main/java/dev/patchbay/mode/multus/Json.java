package dev.patchbay.mode.multus;

import dev.patchbay.spi.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON (RFC 8259), read and written again without loss: objects are maps in the order of their text, lists are lists, text is text, and
 * all else is kept to the letter.
 */
final class Json {
  private static final int DEEPEST = 32;

  /** A number, a truth or null, as it is written. */
  record Literal(String text) {
    static final Literal TRUE = new Literal("true");

    @Override
    public String toString() {
      return text;
    }
  }

  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /** Reads a text; throws {@link IllegalArgumentException} with the reason, in words that end a sentence. */
  static Object read(String text) {
    Json json = new Json(text);
    Object value = json.value(0);
    json.space();
    if (json.at != text.length()) {
      throw json.wrong();
    }
    return value;
  }

  /** Reads an object; throws {@link IllegalArgumentException} as {@link #read} does. */
  static Map<String, Object> object(String text) {
    Object value = read(text);
    if (!(value instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException("it is no JSON object");
    }
    return copy(map);
  }

  /** The same members, in a map of its own. */
  static Map<String, Object> copy(Object object) {
    Map<String, Object> copy = new LinkedHashMap<>();
    if (object instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> member : map.entrySet()) {
        copy.put(String.valueOf(member.getKey()), member.getValue());
      }
    }
    return copy;
  }

  /** A value of {@link #read} as fields have it; a number with a fraction becomes text, and null none. */
  static Object field(Object value) {
    return switch (value) {
      case Map<?, ?> map -> fields(copy(map));
      case List<?> list -> list.stream().map(Json::field).toList();
      case Literal literal when literal.text.equals("true") || literal.text.equals("false") -> literal.text.equals("true");
      case Literal literal when literal.text.matches("-?[0-9]{1,18}") -> Long.parseLong(literal.text);
      default -> String.valueOf(value);
    };
  }

  static Fields fields(Map<String, Object> object) {
    Map<String, Object> members = new LinkedHashMap<>();
    object.forEach((name, value) -> {
      if (!value.equals(new Literal("null"))) {
        members.put(name, field(value));
      }
    });
    return Fields.of(members);
  }

  /** Writes a value of {@link #read}, or of fields. */
  static String write(Object value) {
    StringBuilder written = new StringBuilder();
    write(value, written);
    return written.toString();
  }

  private static void write(Object value, StringBuilder to) {
    switch (value) {
      case Fields fields -> write(fields.values(), to);
      case Map<?, ?> map -> {
        to.append('{');
        String between = "";
        for (Map.Entry<?, ?> member : map.entrySet()) {
          to.append(between);
          quote(String.valueOf(member.getKey()), to);
          to.append(':');
          write(member.getValue(), to);
          between = ",";
        }
        to.append('}');
      }
      case List<?> list -> {
        to.append('[');
        String between = "";
        for (Object element : list) {
          to.append(between);
          write(element, to);
          between = ",";
        }
        to.append(']');
      }
      case String text -> quote(text, to);
      default -> to.append(value);
    }
  }

  private static void quote(String text, StringBuilder to) {
    to.append('"');
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        to.append('\\').append(c);
      } else if (c < ' ') {
        to.append(String.format("\\u%04x", (int) c));
      } else {
        to.append(c);
      }
    }
    to.append('"');
  }

  private IllegalArgumentException wrong() {
    return new IllegalArgumentException(at >= text.length() ? "it ends too early" : "character " + (at + 1) + " is not JSON");
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char next() {
    space();
    if (at >= text.length()) {
      throw wrong();
    }
    return text.charAt(at);
  }

  private boolean takes(char expected) {
    boolean there = next() == expected;
    if (there) {
      at++;
    }
    return there;
  }

  private void expect(char expected) {
    if (!takes(expected)) {
      throw wrong();
    }
  }

  private Object value(int depth) {
    if (depth > DEEPEST) {
      throw new IllegalArgumentException("it is nested too deeply");
    }
    return switch (next()) {
      case '{' -> members(depth);
      case '[' -> array(depth);
      case '"' -> string();
      default -> word();
    };
  }

  private Map<String, Object> members(int depth) {
    Map<String, Object> members = new LinkedHashMap<>();
    expect('{');
    if (takes('}')) {
      return members;
    }
    do {
      if (next() != '"') {
        throw wrong();
      }
      String name = string();
      expect(':');
      members.put(name, value(depth + 1));
    } while (takes(','));
    expect('}');
    return members;
  }

  private List<Object> array(int depth) {
    List<Object> values = new ArrayList<>();
    expect('[');
    if (takes(']')) {
      return values;
    }
    do {
      values.add(value(depth + 1));
    } while (takes(','));
    expect(']');
    return values;
  }

  private String string() {
    StringBuilder read = new StringBuilder();
    at++;
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at++);
      if (c < ' ') {
        throw wrong();
      }
      read.append(c == '\\' ? escaped() : c);
    }
    if (at >= text.length()) {
      throw wrong();
    }
    at++;
    return read.toString();
  }

  private char escaped() {
    if (at >= text.length()) {
      throw wrong();
    }
    char c = text.charAt(at++);
    int known = "\"\\/bfnrt".indexOf(c);
    if (known >= 0) {
      return "\"\\/\b\f\n\r\t".charAt(known);
    }
    if (c != 'u' || at + 4 > text.length() || !text.substring(at, at + 4).matches("[0-9a-fA-F]{4}")) {
      throw wrong();
    }
    at += 4;
    return (char) Integer.parseInt(text.substring(at - 4, at), 16);
  }

  private Literal word() {
    int from = at;
    while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || "+-.".indexOf(text.charAt(at)) >= 0)) {
      at++;
    }
    String word = text.substring(from, at);
    if (!word.matches("true|false|null|-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
      at = from;
      throw wrong();
    }
    return new Literal(word);
  }
}
