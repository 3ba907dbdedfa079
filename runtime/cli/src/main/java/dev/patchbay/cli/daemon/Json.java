package dev.patchbay.cli.daemon;

import io.avaje.json.JsonException;
import io.avaje.json.mapper.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value of JSON from another process, read without trust: what is missing or of another type is empty, and texts have nothing in
 * them that would move a terminal's cursor. So a command works beside a daemon of another version, and says what it can.
 */
public final class Json {
  /** Longer texts are cut: no name and no sentence is so long. */
  private static final int LONGEST = 4_000;

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final Json NOTHING = new Json(null);

  private final @Nullable Object value;

  private Json(@Nullable Object value) {
    this.value = value;
  }

  /**
   * Reads an object.
   *
   * @param text the text
   * @return the object; empty if the text is none
   */
  public static Optional<Json> object(String text) {
    try {
      // Casts nothing: what is no object is refused by the parser.
      return Optional.ofNullable(MAPPER.fromJsonObject(text)).map(Json::new);
    } catch (JsonException | IllegalStateException | IndexOutOfBoundsException | NumberFormatException | StackOverflowError e) {
      return Optional.empty();
    }
  }

  /**
   * Reads an object or a list.
   *
   * @param text the text
   * @return the value; empty if the text is neither
   */
  public static Optional<Json> value(String text) {
    if (!text.stripLeading().startsWith("[")) {
      return object(text);
    }
    return object("{\"list\":" + text + "}").map(o -> o.at("list"));
  }

  /**
   * {@return the value of values, maps and lists as they are}
   * @param value what commands put together themselves
   */
  public static Json of(Object value) {
    return new Json(value);
  }

  /**
   * {@return a member; nothing if there is none}
   * @param name its name
   */
  public Json at(String name) {
    return value instanceof Map<?, ?> map && map.get(name) != null ? new Json(map.get(name)) : NOTHING;
  }

  /**
   * {@return whether there is a value, other than null}
   */
  public boolean exists() {
    return value != null;
  }

  /**
   * {@return the text; empty if there is none}
   */
  public Optional<String> text() {
    return switch (value) {
      case String text -> Optional.of(clean(text));
      case Number number -> Optional.of(number instanceof Double d && d == Math.rint(d) && Math.abs(d) < 1e15
          ? String.valueOf(d.longValue()) : number.toString());
      case Boolean truth -> Optional.of(truth.toString());
      case null, default -> Optional.empty();
    };
  }

  /**
   * {@return a member's text; empty text if it has none}
   * @param name its name
   */
  public String text(String name) {
    return at(name).text().orElse("");
  }

  /**
   * {@return a member's number; 0 if it is none}
   * @param name its name
   */
  public long number(String name) {
    return at(name).value instanceof Number number ? number.longValue() : 0;
  }

  /**
   * {@return whether a member is true}
   * @param name its name
   */
  public boolean isTrue(String name) {
    return Boolean.TRUE.equals(at(name).value);
  }

  /**
   * {@return the items of a member that is a list; none otherwise}
   * @param name its name
   */
  public List<Json> list(String name) {
    return at(name).items();
  }

  /**
   * {@return the items, if this is a list}
   */
  public List<Json> items() {
    List<Json> items = new ArrayList<>();
    if (value instanceof List<?> list) {
      list.forEach(item -> items.add(item == null ? NOTHING : new Json(item)));
    }
    return items;
  }

  /**
   * {@return the texts of a member that is a list of them}
   * @param name its name
   */
  public List<String> texts(String name) {
    return list(name).stream().flatMap(item -> item.text().stream()).toList();
  }

  /**
   * {@return the members of a member that is an object, in their order}
   * @param name its name
   */
  public Map<String, Json> members(String name) {
    Map<String, Json> members = new LinkedHashMap<>();
    if (at(name).value instanceof Map<?, ?> map) {
      map.forEach((key, item) -> members.put(clean(String.valueOf(key)), item == null ? NOTHING : new Json(item)));
    }
    return members;
  }

  /**
   * {@return the value as it came, for who prints it as JSON}
   */
  public @Nullable Object raw() {
    return value;
  }

  /** Texts come from pods' names, tags and cloud errors: no control character of theirs reaches the terminal. */
  private static String clean(String text) {
    String cut = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "... (" + text.length() + " characters)";
    StringBuilder clean = new StringBuilder(cut.length());
    cut.codePoints().forEach(c -> {
      int type = Character.getType(c);
      if (type == Character.CONTROL || type == Character.FORMAT || type == Character.SURROGATE || type == Character.LINE_SEPARATOR
          || type == Character.PARAGRAPH_SEPARATOR) {
        clean.append("\\u").append(String.format("%04x", c));
      } else {
        clean.appendCodePoint(c);
      }
    });
    return clean.toString();
  }

  @Override
  public String toString() {
    return String.valueOf(value);
  }
}
