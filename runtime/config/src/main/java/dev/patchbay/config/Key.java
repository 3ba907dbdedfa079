package dev.patchbay.config;

import dev.patchbay.spi.Setting;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one key: the schema of the file is a list of these, and a mode's {@link Setting} becomes one, so that
 * both are checked by the same code.
 *
 * @param path its path, with {@code []} after the name of a list
 * @param kind what its value is
 * @param form how it is written, for people
 * @param documentation what it does
 * @param defaultValue its default as a read value: String, Long (time spans in milliseconds), Boolean, List, Fields
 * @param choices the words of a choice
 * @param least the least number or number of milliseconds
 * @param most the greatest
 * @param environment the variables that supply it when the file does not, first wins
 * @param counterparts the variables of aws-node that it answers to
 * @param perNode whether an override may set it
 * @param required whether it must be there
 * @param check what more has to hold of a text
 */
record Key(String path, Kind kind, String form, String documentation, @Nullable Object defaultValue, List<String> choices,
    long least, long most, List<String> environment, List<String> counterparts, boolean perNode, boolean required,
    Form check) {

  /** What is wrong with a text, and what to do. */
  record Complaint(String cause, String remedy) {}

  /** The kinds of values; the first eight are those of {@link Setting.Type}. */
  enum Kind {
    TEXT,
    CHOICE,
    NUMBER,
    TRUTH,
    DURATION,
    TEXTS,
    CIDRS,
    FIELDS,
    /** A list of free structures. */
    OBJECTS,
    /** Names and texts. */
    LABELS
  }

  static Key of(String path, Kind kind, String form, String documentation) {
    return new Key(path, kind, form, documentation, null, List.of(), Long.MIN_VALUE, Long.MAX_VALUE, List.of(), List.of(),
        true, false, Form.ANY);
  }

  static Key number(String path, long least, long most, String documentation) {
    return of(path, Kind.NUMBER, least + " to " + most, documentation).within(least, most);
  }

  static Key duration(String path, long least, long most, String documentation) {
    return of(path, Kind.DURATION, "time span, " + Durations.format(least) + " to " + Durations.format(most), documentation)
        .within(least, most);
  }

  static Key truth(String path, String documentation) {
    return of(path, Kind.TRUTH, "true, false", documentation);
  }

  static Key choice(String path, List<String> choices, String documentation) {
    return new Key(path, Kind.CHOICE, String.join(", ", choices), documentation, null, choices, 0, 0, List.of(), List.of(),
        true, false, Form.ANY);
  }

  static Key of(String path, Setting setting) {
    Kind kind = switch (setting.type()) {
      case TEXT -> Kind.TEXT;
      case CHOICE -> Kind.CHOICE;
      case NUMBER -> Kind.NUMBER;
      case TRUTH -> Kind.TRUTH;
      case DURATION -> Kind.DURATION;
      case TEXTS -> Kind.TEXTS;
      case CIDRS -> Kind.CIDRS;
      case FIELDS -> Kind.FIELDS;
    };
    return new Key(path, kind, "", setting.documentation(), setting.defaultValue().orElse(null), setting.choices(),
        setting.least(), setting.most(), List.of(), setting.environment().stream().toList(), true, false,
        Form.ANY);
  }

  /**
   * Whether the daemon takes another value when it starts, and not before: who the node is, where what it knows lies, and what
   * container runtimes were told. Every other key, and every setting of a mode, is taken while pods run.
   */
  boolean atStartAlone() {
    return path.equals("node.name") || path.equals("cluster.name") || path.startsWith("cni.") || path.startsWith("state.");
  }

  private Key within(long from, long to) {
    return new Key(path, kind, form, documentation, defaultValue, choices, from, to, environment, counterparts, perNode,
        required, check);
  }

  Key withDefault(Object value) {
    return new Key(path, kind, form, documentation, value, choices, least, most, environment, counterparts, perNode, required,
        check);
  }

  Key from(String... variables) {
    return new Key(path, kind, form, documentation, defaultValue, choices, least, most, List.of(variables), counterparts,
        perNode, required, check);
  }

  Key answersTo(String... variables) {
    return new Key(path, kind, form, documentation, defaultValue, choices, least, most, environment, List.of(variables),
        perNode, required, check);
  }

  Key sameOnAllNodes() {
    return new Key(path, kind, form, documentation, defaultValue, choices, least, most, environment, counterparts, false,
        required, check);
  }

  Key needed() {
    return new Key(path, kind, form, documentation, defaultValue, choices, least, most, environment, counterparts, perNode,
        true, check);
  }

  Key checked(Form by) {
    return new Key(path, kind, form, documentation, defaultValue, choices, least, most, environment, counterparts, perNode,
        required, by);
  }

  /** The key's own name, without its path. */
  String name() {
    return path.substring(path.lastIndexOf('.') + 1);
  }
}
