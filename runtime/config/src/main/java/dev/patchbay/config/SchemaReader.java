package dev.patchbay.config;

import dev.patchbay.config.Value.Mapping;
import dev.patchbay.config.Value.Scalar;
import dev.patchbay.config.Value.Sequence;
import dev.patchbay.spi.Fields;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tree by {@link Keys}: one instance for one tree. What runs for a file without mistakes is written without lambdas
 * and pattern switches: it runs before the daemon serves, and each of them costs the JDK a millisecond at its first use.
 */
final class SchemaReader {
  private final Path file;
  private final Map<String, String> environment;
  private final List<Problem> problems;
  private final LeafReader leaves;
  private final Map<String, Object> values = new HashMap<>();
  private final Map<String, Origin> origins = new HashMap<>();

  SchemaReader(Path file, Map<String, String> environment, List<Problem> problems) {
    this.file = file;
    this.environment = environment;
    this.problems = problems;
    this.leaves = new LeafReader(problems);
  }

  /** The configuration; it may only be used if no problem was noted. */
  Configuration read(Mapping root) {
    SequencedSet<String> known = new LinkedHashSet<>(Keys.sections());
    known.add("overrides");
    checkNames("", root, known);
    List<ModuleEntry> modules = List.of();
    List<ModeUse> modes = List.of();
    for (String section : Keys.sections()) {
      Value value = root.get(section);
      switch (section) {
        case "modules" -> modules = modules(items(section, value));
        case "modes" -> modes = modes(items(section, value));
        default -> section(section, section, value);
      }
    }
    if (!root.fields().containsKey("modes")) {
      problems.add(new Problem(ConfigurationCodes.MISSING_KEY, root.origin(), "no mode is chosen.",
          "Write modes: [{use: NAME}] with the name of a mode, and name the mode's file under modules."));
    }
    Values read = new Values(values, origins);
    Configuration configuration = new Configuration(file, read, modules, modes);
    checkTogether(configuration);
    return configuration;
  }

  private void section(String schemaPath, String path, @Nullable Value value) {
    List<Key> keys = Keys.of(schemaPath);
    Mapping mapping = null;
    if (value instanceof Mapping present) {
      mapping = present;
      List<String> names = new ArrayList<>();
      for (Key key : keys) {
        names.add(key.name());
      }
      checkNames(path, present, names);
    } else if (value != null && !isNothing(value)) {
      problems.add(new Problem(ConfigurationCodes.WRONG_TYPE, value.origin(), path + " has to be names and values.",
          "Indent its keys below it: " + String.join(", ", keys.stream().map(Key::name).toList()) + "."));
    }
    for (Key key : keys) {
      leaf(path + "." + key.name(), mapping == null ? null : mapping.get(key.name()), key,
          value == null ? null : value.origin());
    }
  }

  private static boolean isNothing(Value value) {
    return value instanceof Scalar scalar && scalar.kind() == Value.Kind.NOTHING;
  }

  private void leaf(String path, @Nullable Value value, Key key, @Nullable Origin section) {
    if (value != null) {
      keep(path, leaves.read(path, value, key), value.origin());
      return;
    }
    for (String variable : key.environment()) {
      String text = environment.get(variable);
      if (text != null && !text.isEmpty()) {
        Origin origin = new Origin.Environment(variable);
        keep(path, leaves.readText(path, text, origin, key), origin);
        return;
      }
    }
    if (key.required() && section != null) {
      problems.add(new Problem(ConfigurationCodes.MISSING_KEY, section, path + " is missing.",
          "Write " + key.name() + ": " + key.form() + "."));
    }
    keep(path, key.defaultValue(), new Origin.Default());
  }

  private void keep(String path, @Nullable Object value, Origin origin) {
    if (value != null) {
      values.put(path, value);
      origins.put(path, origin);
    }
  }

  private List<Mapping> items(String section, @Nullable Value value) {
    List<Mapping> items = new ArrayList<>();
    if (value instanceof Sequence sequence) {
      for (Value item : sequence.items()) {
        if (item instanceof Mapping mapping) {
          items.add(mapping);
        } else {
          problems.add(new Problem(ConfigurationCodes.WRONG_TYPE, item.origin(),
              section + "[" + items.size() + "] has to be names and values.", example(section)));
        }
      }
    } else if (value != null && !isNothing(value)) {
      problems.add(new Problem(ConfigurationCodes.WRONG_TYPE, value.origin(), section + " has to be a list.",
          example(section)));
    }
    return items;
  }

  private static String example(String section) {
    return switch (section) {
      case "modules" -> "Write - file: PATH for each module file.";
      case "modes" -> "Write - use: NAME for each mode.";
      default -> "Write - and, indented below it, the keys.";
    };
  }

  private List<ModuleEntry> modules(List<Mapping> items) {
    List<ModuleEntry> modules = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      String path = "modules[" + i + "]";
      section("modules[]", path, items.get(i));
      Object named = values.get(path + ".file");
      if (!(named instanceof String text)) {
        continue;
      }
      Path folder = file.toAbsolutePath().getParent();
      Path resolved = (folder == null ? Path.of(text) : folder.resolve(text)).normalize();
      String sha256 = values.get(path + ".sha256") instanceof String digest ? digest.toLowerCase(Locale.ROOT) : null;
      Origin origin = origins.getOrDefault(path + ".file", items.get(i).origin());
      for (ModuleEntry earlier : modules) {
        if (earlier.file().equals(resolved)) {
          problems.add(new Problem(ConfigurationCodes.CONFLICT, origin,
              path + ".file names " + resolved + " a second time; the first is at " + earlier.origin() + ".",
              "Take one of the two away."));
        }
      }
      modules.add(new ModuleEntry(resolved, sha256, origin));
    }
    return modules;
  }

  private List<ModeUse> modes(List<Mapping> items) {
    List<ModeUse> modes = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      String path = "modes[" + i + "]";
      section("modes[]", path, items.get(i));
      if (!(values.get(path + ".use") instanceof String id)) {
        continue;
      }
      Origin origin = origins.getOrDefault(path + ".use", items.get(i).origin());
      for (ModeUse earlier : modes) {
        if (earlier.id().equals(id)) {
          problems.add(new Problem(ConfigurationCodes.CONFLICT, origin,
              path + " uses " + id + " a second time; the first is at " + earlier.origin() + ".",
              "Keep one of the two, with the settings of both."));
        }
      }
      modes.add(new ModeUse(id, path, origin, items.get(i).get("settings") instanceof Mapping settings ? settings : null));
    }
    return modes;
  }

  private void checkNames(String path, Mapping mapping, Collection<String> known) {
    for (Map.Entry<String, Value.Field> entry : mapping.fields().entrySet()) {
      if (!known.contains(entry.getKey())) {
        problems.add(unknown(path, entry.getKey(), entry.getValue().keyOrigin(), known));
      }
    }
  }

  /** The words for a key that nobody knows: what was probably meant, or where such a key would belong. */
  static Problem unknown(String path, String name, Origin origin, Collection<String> known) {
    String full = path.isEmpty() ? name : path + "." + name;
    String remedy = Nearest.to(name, known).map(word -> "Did you mean " + word + "?").orElseGet(() -> elsewhere(name)
        .map(place -> "Did you mean " + place + "?")
        .orElseGet(() -> known.isEmpty() ? "There are no keys here; take it away."
            : "The keys here are " + String.join(", ", known) + "."));
    return new Problem(ConfigurationCodes.UNKNOWN_KEY, origin, "there is no key " + full + ".", remedy);
  }

  private static Optional<String> elsewhere(String name) {
    return Keys.ALL.stream().filter(key -> key.name().equals(name)).map(Key::path).findFirst();
  }

  private void checkTogether(Configuration configuration) {
    if (values.get("introspection.address") instanceof String introspection && !introspection.equals("off")
        && !introspection.endsWith(":0") && introspection.equals(values.get("metrics.address"))) {
      problems.add(new Problem(ConfigurationCodes.CONFLICT, configuration.origin("metrics.address"),
          "metrics.address and introspection.address are both " + introspection + ".", "Give each a port of its own."));
    }
    if (values.get("cni.chained") instanceof List<?> plugins) {
      int index = 0;
      for (Object plugin : plugins) {
        String at = "cni.chained[" + index++ + "]";
        if (!(plugin instanceof Fields fields) || fields.text("type").isEmpty()) {
          problems.add(new Problem(ConfigurationCodes.MISSING_KEY, configuration.origin("cni.chained"), at + ".type is missing.",
              "Write type: and the name of the plugin's executable, portmap say."));
        }
      }
    }
  }
}
