package dev.patchbay.config;

import dev.patchbay.config.Value.Mapping;
import dev.patchbay.config.Value.Sequence;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration file as written: what holds for every node, and overrides for those that a label selector finds.
 * Immutable; all of it has been checked, each override laid over the rest, so that only overrides that meet on one node
 * can still contradict each other.
 */
public final class ConfigurationFile {
  /** Some hundred times what a configuration that sets everything has. */
  private static final int LARGEST = 1 << 20;

  private final Path file;
  private final Map<String, String> environment;
  private final Mapping base;
  private final List<Override> overrides;

  private record Override(LabelSelector selector, Mapping patch) {}

  private ConfigurationFile(Path file, Map<String, String> environment, Mapping base, List<Override> overrides) {
    this.file = file;
    this.environment = environment;
    this.base = base;
    this.overrides = overrides;
  }

  /**
   * {@return where the file is if nobody named it: {@code PATCHBAY_CONFIG} says, or it is {@code /etc/patchbay/patchbay.yaml}}
   * @param environment the process's environment
   */
  public static Path usual(Map<String, String> environment) {
    String named = environment.getOrDefault("PATCHBAY_CONFIG", "");
    return named.isEmpty() ? Path.of("/etc/patchbay/patchbay.yaml") : Path.of(named).toAbsolutePath();
  }

  /**
   * Reads and checks a file.
   *
   * @param file the file; a relative one counts from the working directory
   * @param environment the process's environment, which supplies some values that the file leaves out
   * @return the file
   * @throws ConfigurationException with every mistake, if there is one, or because the file can't be read
   */
  public static ConfigurationFile read(Path file, Map<String, String> environment) {
    Path named = file.toAbsolutePath();
    try {
      if (Files.exists(named) && !Files.isRegularFile(named)) {
        // A pipe would never end.
        throw new FileSystemException(named.toString(), null, "it is no regular file");
      }
      try (InputStream in = Files.newInputStream(named)) {
        byte[] content = in.readNBytes(LARGEST + 1);
        if (content.length > LARGEST) {
          throw new FileSystemException(named.toString(), null, "it has more than " + LARGEST / 1024 + " KiB, the most that is read");
        }
        return parse(named, content, environment);
      }
    } catch (IOException e) {
      throw ConfigurationException.unreadable(named, e);
    }
  }

  /**
   * Reads and checks a file's content.
   *
   * @param file the file's name, for messages and as the folder from which relative module files count; it is not opened
   * @param content its bytes
   * @param environment the process's environment, which supplies some values that the file leaves out
   * @return the file
   * @throws ConfigurationException with every mistake, if there is one
   */
  public static ConfigurationFile parse(Path file, byte[] content, Map<String, String> environment) {
    List<Problem> problems = new ArrayList<>();
    Value tree = new YamlReader(file, problems).read(content);
    if (tree == null) {
      throw new ConfigurationException(problems);
    }
    if (!(tree instanceof Mapping root)) {
      Mapping none = new Mapping(new LinkedHashMap<>(), tree.origin());
      if (tree instanceof Value.Scalar scalar && scalar.kind() == Value.Kind.NOTHING) {
        return checked(file, none, environment, problems);
      }
      problems.add(new Problem(ConfigurationCodes.WRONG_TYPE, tree.origin(), "the file has to be names and values.",
          "Begin with the sections: " + String.join(", ", Keys.sections()) + "."));
      throw new ConfigurationException(problems);
    }
    return checked(file, root, environment, problems);
  }

  private static ConfigurationFile checked(Path file, Mapping root, Map<String, String> environment, List<Problem> problems) {
    Mapping base = root.without("overrides");
    new SchemaReader(file, environment, problems).read(base);
    List<Override> overrides = new ArrayList<>();
    Value written = root.get("overrides");
    if (written instanceof Sequence sequence) {
      for (Value item : sequence.items()) {
        Optional<Override> override = readOverride(overrides.size() + 1, file, item, problems);
        if (override.isPresent()) {
          overrides.add(override.get());
          new SchemaReader(file, environment, problems).read(base.patched(override.get().patch()));
        }
      }
    } else if (written != null && !(written instanceof Value.Scalar scalar && scalar.kind() == Value.Kind.NOTHING)) {
      problems.add(notAList(written));
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException(Problems.inOrder(problems));
    }
    return new ConfigurationFile(file, Map.copyOf(environment), base, List.copyOf(overrides));
  }

  private static Problem notAList(Value value) {
    return new Problem(ConfigurationCodes.WRONG_TYPE, value.origin(), "overrides has to be a list.",
        "Write - selector: {matchLabels: {LABEL: VALUE}} and, beside selector, the keys that differ.");
  }

  private static Optional<Override> readOverride(int number, Path file, Value item, List<Problem> problems) {
    String path = "overrides[" + (number - 1) + "]";
    if (!(item instanceof Mapping mapping)) {
      problems.add(notAList(item));
      return Optional.empty();
    }
    if (!(mapping.get("selector") instanceof Mapping selector)) {
      problems.add(new Problem(ConfigurationCodes.MISSING_KEY, mapping.origin(), path + " has no selector.",
          "Write selector: {matchLabels: {LABEL: VALUE}}; it says on which nodes the override holds."));
      return Optional.empty();
    }
    LabelSelector labels = LabelSelector.read(path + ".selector", selector, problems);
    Mapping patch = mapping.without("selector").relocated(origin -> switch (origin) {
      case Origin.InFile place -> new Origin.InOverride(number, file, place.line(), place.column());
      case Origin.InOverride _, Origin.Environment _, Origin.Default _ -> origin;
    });
    checkPerNode(path, patch, problems);
    return Optional.of(new Override(labels, patch));
  }

  /** Some keys must be the same on every node, or a node whose labels change would lose what it knows. */
  private static void checkPerNode(String path, Mapping patch, List<Problem> problems) {
    patch.fields().forEach((section, field) -> {
      if (section.equals("modules") || section.equals("overrides")) {
        problems.add(notPerNode(path + "." + section, field.keyOrigin()));
      } else if (field.value() instanceof Mapping keys) {
        keys.fields().forEach((name, value) -> Keys.of(section).stream()
            .filter(key -> key.name().equals(name) && !key.perNode())
            .forEach(key -> problems.add(notPerNode(path + "." + key.path(), value.keyOrigin()))));
      }
    });
  }

  private static Problem notPerNode(String path, Origin origin) {
    return new Problem(ConfigurationCodes.CONFLICT, origin, path + " can't differ from node to node.",
        "Set it outside the overrides.");
  }

  /**
   * {@return the file's name}
   */
  public Path file() {
    return file;
  }

  /**
   * {@return whether the labels of a node can make a difference}
   */
  public boolean hasOverrides() {
    return !overrides.isEmpty();
  }

  /**
   * What is in force somewhere: without an override, and with each of them. Lists are replaced whole, so every mode that is in force on
   * any node is in one of these.
   *
   * @return the configurations, that without an override first
   */
  public List<Configuration> everywhere() {
    // Each was checked when the file was read.
    List<Configuration> all = new ArrayList<>();
    all.add(new SchemaReader(file, environment, new ArrayList<>()).read(base));
    for (Override override : overrides) {
      all.add(new SchemaReader(file, environment, new ArrayList<>()).read(base.patched(override.patch())));
    }
    return all;
  }

  /**
   * What is in force on one node: the overrides whose selector matches, laid over the rest in the order of the file by the
   * rules of RFC 7396 (an empty value takes a key back to its default; a list is replaced whole).
   *
   * @param labels the labels of the node; empty as long as they are not known
   * @return the configuration
   * @throws ConfigurationException if overrides that meet on this node contradict each other
   */
  public Configuration forNode(Map<String, String> labels) {
    Mapping merged = base;
    for (Override override : overrides) {
      if (override.selector().matches(labels)) {
        merged = merged.patched(override.patch());
      }
    }
    List<Problem> problems = new ArrayList<>();
    Configuration configuration = new SchemaReader(file, environment, problems).read(merged);
    if (!problems.isEmpty()) {
      throw new ConfigurationException(Problems.inOrder(problems));
    }
    return configuration;
  }
}
