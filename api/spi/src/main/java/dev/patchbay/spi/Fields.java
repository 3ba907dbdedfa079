package dev.patchbay.spi;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.Set;
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
  private static final Fields EMPTY = new Fields(new String[0], new Object[0]);

  /** In alphabetical order. */
  private final String[] names;
  private final Object[] values;

  private Fields(String[] names, Object[] values) {
    this.names = names;
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
    return ofAny(map);
  }

  private static Fields ofAny(Map<?, ?> map) {
    String[] names = new String[map.size()];
    Object[] values = new Object[map.size()];
    int count = 0;
    boolean inOrder = true;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (entry.getValue() != null) {
        names[count] = String.valueOf(entry.getKey());
        values[count] = checked(entry.getValue());
        inOrder &= count == 0 || names[count - 1].compareTo(names[count]) < 0;
        count++;
      }
    }
    String[] all = count == names.length ? names : Arrays.copyOf(names, count);
    Object[] theirs = count == names.length ? values : Arrays.copyOf(values, count);
    return inOrder ? new Fields(all, theirs) : sorted(all, theirs);
  }

  private static Fields sorted(String[] names, Object[] values) {
    String[] sorted = names.clone();
    Arrays.sort(sorted);
    Object[] there = new Object[values.length];
    for (int i = 0; i < names.length; i++) {
      there[Arrays.binarySearch(sorted, names[i])] = values[i];
    }
    return new Fields(sorted, there);
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
      case Map<?, ?> map -> ofAny(map);
      default -> throw new IllegalArgumentException("fields hold no " + value.getClass().getName());
    };
  }

  private Fields put(String name, Object value) {
    int at = Arrays.binarySearch(names, name);
    if (at >= 0) {
      Object[] replaced = values.clone();
      replaced[at] = checked(value);
      return new Fields(names, replaced);
    }
    return new Fields(with(names, -at - 1, name, new String[names.length + 1]),
        with(values, -at - 1, checked(value), new Object[values.length + 1]));
  }

  private static <T> T[] with(T[] from, int at, T one, T[] to) {
    System.arraycopy(from, 0, to, 0, at);
    to[at] = one;
    System.arraycopy(from, at, to, at + 1, from.length - at);
    return to;
  }

  private static <T> T[] without(T[] from, int at) {
    T[] to = Arrays.copyOf(from, from.length - 1);
    System.arraycopy(from, at + 1, to, at, to.length - at);
    return to;
  }

  private @Nullable Object get(String name) {
    int at = Arrays.binarySearch(names, name);
    return at < 0 ? null : values[at];
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
    int at = Arrays.binarySearch(names, name);
    return at < 0 ? this : new Fields(without(names, at), without(values, at));
  }

  /**
   * {@return the text of that name; empty if there is none or it is something else}
   * @param name the name
   */
  public Optional<String> text(String name) {
    return get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /**
   * {@return the number of that name; empty if there is none or it is something else}
   * @param name the name
   */
  public OptionalLong number(String name) {
    return get(name) instanceof Long number ? OptionalLong.of(number) : OptionalLong.empty();
  }

  /**
   * {@return whether the field of that name is true}
   * @param name the name
   */
  public boolean isTrue(String name) {
    return Boolean.TRUE.equals(get(name));
  }

  /**
   * {@return the fields of that name; none if there are none}
   * @param name the name
   */
  public Fields fields(String name) {
    return get(name) instanceof Fields fields ? fields : EMPTY;
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
    if (!(get(name) instanceof List<?> list)) {
      return List.of();
    }
    List<T> those = new ArrayList<>(list.size());
    for (Object element : list) {
      if (type.isInstance(element)) {
        those.add(type.cast(element));
      }
    }
    return List.copyOf(those);
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
    return Arrays.binarySearch(names, name) >= 0;
  }

  /**
   * {@return all values by name, in alphabetical order: String, Long, Boolean, List of these, Fields; unmodifiable}
   */
  public SequencedMap<String, Object> values() {
    return new View(names, values);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || other instanceof Fields fields && Arrays.equals(fields.names, names) && Arrays.equals(fields.values, values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(names) * 31 + Arrays.hashCode(values);
  }

  /**
   * {@return the fields for people to read; not meant to be parsed}
   */
  @Override
  public String toString() {
    return values().toString();
  }

  /** All of it as a map. */
  private static final class View extends AbstractMap<String, Object> implements SequencedMap<String, Object> {
    private final String[] names;
    private final Object[] values;

    private View(String[] names, Object[] values) {
      this.names = names;
      this.values = values;
    }

    @Override
    public int size() {
      return names.length;
    }

    @Override
    public @Nullable Object get(@Nullable Object name) {
      int at = name instanceof String text ? Arrays.binarySearch(names, text) : -1;
      return at < 0 ? null : values[at];
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
      return name instanceof String text && Arrays.binarySearch(names, text) >= 0;
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
      return new AbstractSet<>() {
        @Override
        public int size() {
          return names.length;
        }

        @Override
        public Iterator<Map.Entry<String, Object>> iterator() {
          return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
              return next < names.length;
            }

            @Override
            public Map.Entry<String, Object> next() {
              if (next == names.length) {
                throw new NoSuchElementException();
              }
              Map.Entry<String, Object> entry = Map.entry(names[next], values[next]);
              next++;
              return entry;
            }
          };
        }
      };
    }

    @Override
    public SequencedMap<String, Object> reversed() {
      return Collections.unmodifiableSortedMap(new TreeMap<>(this)).reversed();
    }
  }
}
