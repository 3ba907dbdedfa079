package dev.patchbay.spi;

import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A setting that a mode has: name, type, default, range, and documentation for the operator. The runtime checks
 * configuration against it, so a mode only ever sees values of the right type and range. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Setting {
  /** The types of settings. The runtime switches over it, modes only name them. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public enum Type {
    /** Any text. */
    TEXT,
    /** One of the choices that the setting lists. */
    CHOICE,
    /** A whole number within the range that the setting states. */
    NUMBER,
    /** {@code true} or {@code false}. */
    TRUTH,
    /** A time span such as {@code 30s}, {@code 5m}, {@code 250ms}; read as milliseconds. */
    DURATION,
    /** A list of texts. */
    TEXTS,
    /** A list of networks, of either family. */
    CIDRS,
    /** Named fields, deeper structure that the mode checks itself. */
    FIELDS
  }

  private final String name;
  private final Type type;
  private final String documentation;
  private final @Nullable Object defaultValue;
  private final List<String> choices;
  private final long least;
  private final long most;
  private final @Nullable String environment;

  private Setting(String name, Type type, String documentation, @Nullable Object defaultValue, List<String> choices,
      long least, long most, @Nullable String environment) {
    if (!name.matches("[a-z][A-Za-z0-9]{0,63}")) {
      throw new IllegalArgumentException("\"" + name + "\" is no name of a setting; use camelCase");
    }
    if (documentation.isBlank()) {
      throw new IllegalArgumentException("setting " + name + " has no documentation; the operator needs a sentence");
    }
    this.name = name;
    this.type = type;
    this.documentation = documentation;
    this.defaultValue = defaultValue;
    this.choices = choices;
    this.least = least;
    this.most = most;
    this.environment = environment;
  }

  private static Setting of(String name, Type type, String documentation) {
    return new Setting(name, type, documentation, null, List.of(), Long.MIN_VALUE, Long.MAX_VALUE, null);
  }

  /**
   * A text.
   *
   * @param name its name in camelCase
   * @param documentation what it does, in sentences for the operator
   * @return the setting, without a default
   */
  public static Setting text(String name, String documentation) {
    return of(name, Type.TEXT, documentation);
  }

  /**
   * One of several words.
   *
   * @param name its name in camelCase
   * @param documentation what it does
   * @param choices the words, at least two
   * @return the setting, without a default
   */
  public static Setting choice(String name, String documentation, String... choices) {
    return new Setting(name, Type.CHOICE, documentation, null, List.of(choices), 0, 0, null);
  }

  /**
   * A whole number.
   *
   * @param name its name in camelCase
   * @param documentation what it does, with the unit
   * @param least the least value that is allowed
   * @param most the greatest value that is allowed
   * @return the setting, without a default
   */
  public static Setting number(String name, String documentation, long least, long most) {
    return new Setting(name, Type.NUMBER, documentation, null, List.of(), least, most, null);
  }

  /**
   * Yes or no.
   *
   * @param name its name in camelCase
   * @param documentation what it does when true
   * @return the setting, without a default
   */
  public static Setting truth(String name, String documentation) {
    return of(name, Type.TRUTH, documentation);
  }

  /**
   * A time span; the mode reads it in milliseconds.
   *
   * @param name its name in camelCase
   * @param documentation what it does
   * @return the setting, without a default
   */
  public static Setting duration(String name, String documentation) {
    return new Setting(name, Type.DURATION, documentation, null, List.of(), 0, Long.MAX_VALUE, null);
  }

  /**
   * A list of texts.
   *
   * @param name its name in camelCase
   * @param documentation what it does
   * @return the setting, without a default
   */
  public static Setting texts(String name, String documentation) {
    return of(name, Type.TEXTS, documentation);
  }

  /**
   * A list of networks.
   *
   * @param name its name in camelCase
   * @param documentation what it does
   * @return the setting, without a default
   */
  public static Setting cidrs(String name, String documentation) {
    return of(name, Type.CIDRS, documentation);
  }

  /**
   * Deeper structure, which the mode checks itself when it is made.
   *
   * @param name its name in camelCase
   * @param documentation what it does and how it is built
   * @return the setting, without a default
   */
  public static Setting fields(String name, String documentation) {
    return of(name, Type.FIELDS, documentation);
  }

  /**
   * {@return this setting with a default}
   * @param value the default: a text, number, truth, list of texts or {@link Fields}, as the type wants; a time span in
   *     milliseconds
   */
  public Setting withDefault(Object value) {
    return new Setting(name, type, documentation, Fields.of(java.util.Map.of("value", value)).values().get("value"),
        choices, least, most, environment);
  }

  /**
   * {@return this setting with the environment variable of {@code aws-node} that it answers to}
   * @param variable the variable's name
   */
  public Setting fromEnvironment(String variable) {
    return new Setting(name, type, documentation, defaultValue, choices, least, most, variable);
  }

  /**
   * {@return the name}
   */
  public String name() {
    return name;
  }

  /**
   * {@return the type}
   */
  public Type type() {
    return type;
  }

  /**
   * {@return what it does}
   */
  public String documentation() {
    return documentation;
  }

  /**
   * {@return the default: String, Long, Boolean, List or Fields}
   */
  public Optional<Object> defaultValue() {
    return Optional.ofNullable(defaultValue);
  }

  /**
   * {@return the words that a choice allows, else empty}
   */
  public List<String> choices() {
    return choices;
  }

  /**
   * {@return the least number that is allowed}
   */
  public long least() {
    return least;
  }

  /**
   * {@return the greatest number that is allowed}
   */
  public long most() {
    return most;
  }

  /**
   * {@return the environment variable of {@code aws-node} that it answers to}
   */
  public Optional<String> environment() {
    return Optional.ofNullable(environment);
  }

  @Override
  public String toString() {
    return name + ": " + type;
  }
}
