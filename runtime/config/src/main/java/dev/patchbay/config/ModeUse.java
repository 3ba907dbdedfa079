package dev.patchbay.config;

import dev.patchbay.spi.Code;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Setting;
import dev.patchbay.spi.SettingException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A mode that the configuration chooses, with its settings as written. They are checked when the mode is loaded and has
 * said which settings it has.
 */
public final class ModeUse {
  private final String id;
  private final String path;
  private final Origin origin;
  private final Value.@Nullable Mapping written;

  ModeUse(String id, String path, Origin origin, Value.@Nullable Mapping written) {
    this.id = id;
    this.path = path;
    this.origin = origin;
    this.written = written;
  }

  /**
   * {@return the mode's name}
   */
  public String id() {
    return id;
  }

  /**
   * {@return where it is chosen}
   */
  public Origin origin() {
    return origin;
  }

  /**
   * The settings, checked: every one that is written or has a default, with values as
   * {@link dev.patchbay.spi.ModeContext#settings()} promises them.
   *
   * @param settings the settings that the mode has
   * @return the values
   * @throws ConfigurationException with every mistake, if there is one
   */
  public Fields settings(List<Setting> settings) {
    List<Problem> problems = new ArrayList<>();
    TreeMap<String, Object> values = new TreeMap<>();
    if (written != null) {
      List<String> known = settings.stream().map(Setting::name).toList();
      written.fields().forEach((name, field) -> {
        if (!known.contains(name)) {
          problems.add(new Problem(ConfigurationCodes.UNKNOWN_KEY, field.keyOrigin(),
              "the mode " + id + " has no setting " + name + ".", remedy(name, known)));
        }
      });
    }
    LeafReader leaves = new LeafReader(problems);
    for (Setting setting : settings) {
      Value value = written == null ? null : written.get(setting.name());
      Object read = value == null ? setting.defaultValue().orElse(null)
          : leaves.read(settingPath(setting), value, Key.of(settingPath(setting), setting));
      if (read != null) {
        values.put(setting.name(), read);
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException(Problems.inOrder(problems));
    }
    return Fields.of(values);
  }

  private static String remedy(String name, List<String> known) {
    return Nearest.to(name, known).map(word -> "Did you mean " + word + "?").orElseGet(() -> known.isEmpty()
        ? "It has no settings; take this one away." : "It has " + String.join(", ", known) + ".");
  }

  /**
   * The settings in force, each with where it comes from.
   *
   * @param settings the settings that the mode has
   * @return one entry for each that has a value, in the mode's order
   * @throws ConfigurationException with every mistake, if there is one
   */
  public List<Entry> entries(List<Setting> settings) {
    Fields values = settings(settings);
    List<Entry> entries = new ArrayList<>();
    for (Setting setting : settings) {
      Object value = values.values().get(setting.name());
      if (value != null) {
        Key key = Key.of(settingPath(setting), setting);
        entries.add(new Entry(key.path(), Texts.of(value, key.kind()), originOf(setting.name()), setting.documentation()));
      }
    }
    return entries;
  }

  /** The settings as they are written, wherever that is. */
  String written() {
    return written == null ? "{}" : text(written);
  }

  private static String text(Value value) {
    return switch (value) {
      case Value.Scalar scalar -> scalar.kind() + " " + scalar.text();
      case Value.Sequence sequence -> sequence.items().stream().map(ModeUse::text).toList().toString();
      case Value.Mapping mapping -> {
        TreeMap<String, String> fields = new TreeMap<>();
        mapping.fields().forEach((name, field) -> fields.put(name, text(field.value())));
        yield fields.toString();
      }
    };
  }

  private String settingPath(Setting setting) {
    return path + ".settings." + setting.name();
  }

  private Origin originOf(String setting) {
    Value value = written == null ? null : written.get(setting);
    return value == null ? new Origin.Default() : value.origin();
  }

  /**
   * The words for settings that the mode itself refused.
   *
   * @param refused what the mode said
   * @return the problem, at the setting's line if it is written, else at the mode's
   */
  public Problem problem(SettingException refused) {
    String name = refused.setting();
    Origin place = written == null || written.get(name) == null ? origin : originOf(name);
    return new Problem(Codes.SETTING_INVALID, place,
        path + ".settings." + name + ": " + refused.getMessage(), refused.remedy());
  }

  /**
   * The words for anything else that is wrong with the choice of this mode.
   *
   * @param code what it is
   * @param cause why, as a sentence
   * @param remedy what to do, as a sentence
   * @return the problem, at the mode's line
   */
  public Problem problem(Code code, String cause, String remedy) {
    return new Problem(code, origin, cause, remedy);
  }

  /**
   * The words for a mode that none of the loaded modules provides.
   *
   * @param provided the names of the modes that are
   * @return the problem
   */
  public Problem unknown(Collection<String> provided) {
    Optional<String> near = Nearest.to(id, provided);
    String remedy = near.map(word -> "Did you mean " + word + "?").orElseGet(() -> provided.isEmpty()
        ? "Name the file of its module under modules."
        : "They provide " + String.join(", ", provided) + "; name the file of its module under modules.");
    return new Problem(ConfigurationCodes.UNKNOWN_MODE, origin,
        "none of the modules that the configuration names provides the mode " + id + ".", remedy);
  }

  @Override
  public String toString() {
    return id;
  }
}
