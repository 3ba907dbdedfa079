package dev.patchbay.spi;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * An immutable tree of values: text, whole numbers, booleans, lists and named fields. It is what every value that must
 * outlive a process is made of: plan elements stand in the ledger as their fields, so that a runtime that does not know
 * an element keeps it to the letter. Names are in alphabetical order, so equal trees have equal text.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Fields {
  private static final Fields EMPTY = new Fields(new TreeMap<>());

  private final TreeMap<String, Object> values;

  private Fields(TreeMap<String, Object> values) {
    this.values = values;
  }

  /**
   * {@return no fields}
   */
  public static Fields empty() {
    return EMPTY;
  }

  /**
   * Makes fields of a map.
   *
   * @param map names and values: {@link String}, {@link Long}, {@link Integer}, {@link Boolean}, {@link List} of these,
   *     {@link Map} with text keys, {@link Fields}
   * @return the fields
   * @throws IllegalArgumentException if a value is of another type
   */
  public static Fields of(Map<String, ?> map) {
    TreeMap<String, Object> values = new TreeMap<>();
    map.forEach((name, value) -> set(values, name, value));
    return new Fields(values);
  }

  private static void set(TreeMap<String, Object> values, String name, @Nullable Object value) {
    if (value != null) {
      values.put(name, checked(value));
    }
  }

  private static Object checked(Object value) {
    return switch (value) {
      case String text -> text;
      case Long number -> number;
      case Integer number -> (long) number;
      case Boolean truth -> truth;
      case Fields fields -> fields;
      case List<?> list -> {
        List<Object> copy = new ArrayList<>(list.size());
        for (Object element : list) {
          copy.add(checked(element));
        }
        yield Collections.unmodifiableList(copy);
      }
      case Map<?, ?> map -> {
        TreeMap<String, Object> values = new TreeMap<>();
        map.forEach((name, element) -> set(values, String.valueOf(name), element));
        yield new Fields(values);
      }
      default -> throw new IllegalArgumentException("fields hold no " + value.getClass().getName());
    };
  }

  private Fields put(String name, @Nullable Object value) {
    TreeMap<String, Object> copy = new TreeMap<>(values);
    if (value == null) {
      copy.remove(name);
    } else {
      copy.put(name, checked(value));
    }
    return new Fields(copy);
  }

  /**
   * {@return these fields with one set}
   * @param name its name
   * @param value its value
   */
  public Fields with(String name, String value) {
    return put(name, value);
  }

  /**
   * {@return these fields with one set}
   * @param name its name
   * @param value its value
   */
  public Fields with(String name, long value) {
    return put(name, value);
  }

  /**
   * {@return these fields with one set}
   * @param name its name
   * @param value its value
   */
  public Fields with(String name, boolean value) {
    return put(name, value);
  }

  /**
   * {@return these fields with one set}
   * @param name its name
   * @param value its value
   */
  public Fields with(String name, Fields value) {
    return put(name, value);
  }

  /**
   * {@return these fields with one set}
   * @param name its name
   * @param values its values, of the types that {@link #of(Map)} takes
   */
  public Fields with(String name, List<?> values) {
    return put(name, values);
  }

  /**
   * {@return these fields without one}
   * @param name its name
   */
  public Fields without(String name) {
    return put(name, null);
  }

  /**
   * {@return the text of that name; empty if there is none or it is something else}
   * @param name the name
   */
  public Optional<String> text(String name) {
    return values.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /**
   * {@return the number of that name; empty if there is none or it is something else}
   * @param name the name
   */
  public OptionalLong number(String name) {
    return values.get(name) instanceof Long number ? OptionalLong.of(number) : OptionalLong.empty();
  }

  /**
   * {@return whether the field of that name is true}
   * @param name the name
   */
  public boolean isTrue(String name) {
    return Boolean.TRUE.equals(values.get(name));
  }

  /**
   * {@return the fields of that name; none if there are none}
   * @param name the name
   */
  public Fields fields(String name) {
    return values.get(name) instanceof Fields fields ? fields : EMPTY;
  }

  /**
   * {@return the texts of the list of that name, in order; whatever in it is no text is left out}
   * @param name the name
   */
  public List<String> texts(String name) {
    return elements(name, String.class);
  }

  /**
   * {@return the fields in the list of that name, in order; whatever else is in it is left out}
   * @param name the name
   */
  public List<Fields> list(String name) {
    return elements(name, Fields.class);
  }

  private <T> List<T> elements(String name, Class<T> type) {
    if (!(values.get(name) instanceof List<?> list)) {
      return List.of();
    }
    return list.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /**
   * Text that must be there.
   *
   * @param name the name
   * @return the text
   * @throws IllegalArgumentException if it is not there
   */
  public String required(String name) {
    return text(name).orElseThrow(() -> new IllegalArgumentException("\"" + name + "\" is missing in " + this));
  }

  /**
   * {@return whether there is a field of that name}
   * @param name the name
   */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /**
   * {@return all values by name, in alphabetical order: String, Long, Boolean, List of these, Fields; unmodifiable}
   */
  public SequencedMap<String, Object> values() {
    return Collections.unmodifiableSortedMap(values);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Fields fields && fields.values.equals(values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /**
   * {@return the fields for people to read; not meant to be parsed}
   */
  @Override
  public String toString() {
    return values.toString();
  }
}
