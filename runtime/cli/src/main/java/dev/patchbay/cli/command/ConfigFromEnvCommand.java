package dev.patchbay.cli.command;

import dev.patchbay.cli.CommandContext;
import dev.patchbay.cli.CommandException;
import dev.patchbay.cli.awsnode.FromAwsNode;
import dev.patchbay.cli.awsnode.Translation;
import dev.patchbay.config.ConfigurationException;
import dev.patchbay.config.ConfigurationFile;
import dev.patchbay.launch.LoadedMode;
import dev.patchbay.launch.ModeLoading;
import dev.patchbay.launch.ModuleFile;
import dev.patchbay.node.ChosenModes;
import dev.patchbay.spi.ModeDescriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints the configuration that the environment of aws-node amounts to. */
@Command(name = "from-env", mixinStandardHelpOptions = true, sortOptions = false,
    header = "Prints the configuration that the environment of aws-node amounts to.",
    description = "Prints the configuration that the environment of aws-node amounts to, each value with the variable that it comes from,"
        + " and names each variable that has no counterpart, and why. Without an option: the environment of this command.",
    footer = {"", "kubectl -n kube-system get daemonset aws-node -o yaml | patchbay config from-env --daemonset -", "",
        "Exit codes: 0 it is printed, 1 it can't be used as it is, 2 wrong usage."})
public final class ConfigFromEnvCommand implements Callable<Integer> {
  private static final int MOST_BYTES = 4 << 20;
  private static final DumpSettings INLINE =
      DumpSettings.builder().setDefaultFlowStyle(FlowStyle.FLOW).setWidth(10_000).setDereferenceAliases(true).build();

  private final CommandContext context;

  @ArgGroup
  private Source source = new Source();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /** Where the variables are. */
  static final class Source {
    @Option(names = "--daemonset", paramLabel = "FILE", description = "The DaemonSet aws-node, as kubectl prints it; - for standard input.")
    private @Nullable String daemonSet;

    @Option(names = "--env-file", paramLabel = "FILE", description = "Lines of NAME=VALUE; - for standard input.")
    private @Nullable String envFile;
  }

  /**
   * Makes the command.
   *
   * @param context what it works with
   */
  public ConfigFromEnvCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    ModeLoading loading = context.launch().loadModes(moduleFiles());
    Map<String, ModeDescriptor> offered = new TreeMap<>();
    Map<String, Path> files = new TreeMap<>();
    for (LoadedMode mode : loading.loaded()) {
      offered.put(mode.id(), mode.provider().descriptor());
      files.put(mode.id(), mode.file());
    }
    FromAwsNode found = FromAwsNode.of(environment(), offered);
    String yaml = yaml(found, files);
    Optional<String> wrong = wrong(yaml);
    if (json) {
      context.json(json(found, wrong));
    } else {
      context.out().print(yaml);
    }
    wrong.ifPresent(why -> context.err().println("patchbay config from-env: this can't be used as it is. " + why));
    return wrong.isEmpty() ? 0 : 1;
  }

  private List<ModuleFile> moduleFiles() {
    Path folder = context.launch().home().resolve("modes");
    try (Stream<Path> list = Files.list(folder)) {
      return list.sorted().map(file -> new ModuleFile(file, Optional.empty())).toList();
    } catch (IOException e) {
      throw new CommandException("The folder " + folder + " can't be read: " + e.getMessage() + ".", "Reinstall Patchbay.");
    }
  }

  private Map<String, String> environment() {
    if (source.envFile != null) {
      return ofLines(source.envFile, text(source.envFile));
    }
    return source.daemonSet != null ? ofDaemonSet(source.daemonSet, text(source.daemonSet)) : context.environment();
  }

  private static String text(String file) {
    try {
      byte[] bytes;
      if (file.equals("-")) {
        bytes = System.in.readNBytes(MOST_BYTES + 1);
      } else if (Files.isRegularFile(Path.of(file))) {
        try (var in = Files.newInputStream(Path.of(file))) {
          bytes = in.readNBytes(MOST_BYTES + 1);
        }
      } else {
        throw refused(file, Files.exists(Path.of(file)) ? "it is no file" : "there is no such file");
      }
      if (bytes.length > MOST_BYTES) {
        throw refused(file, "it has more than " + MOST_BYTES + " bytes");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException | java.nio.file.InvalidPathException e) {
      throw refused(file, "it can't be read (" + e.getMessage() + ")");
    }
  }

  private static Map<String, String> ofLines(String file, String text) {
    Map<String, String> environment = new LinkedHashMap<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String stripped = line.strip();
      if (stripped.isEmpty() || stripped.startsWith("#")) {
        continue;
      }
      int equals = stripped.indexOf('=');
      if (equals < 1) {
        throw refused(file, "its line " + number + " is not NAME=VALUE");
      }
      environment.put(stripped.substring(0, equals).strip(), stripped.substring(equals + 1));
    }
    return environment;
  }

  private static Map<String, String> ofDaemonSet(String file, String text) {
    Map<String, String> environment = new LinkedHashMap<>();
    try {
      for (Object document : new Load(LoadSettings.builder().setMaxAliasesForCollections(10).build()).loadAllFromString(text)) {
        Map<?, ?> podSpec = map(map(map(map(document).get("spec")).get("template")).get("spec"));
        for (String list : List.of("initContainers", "containers")) {
          if (podSpec.get(list) instanceof List<?> containers) {
            containers.forEach(container -> variables(map(container), environment));
          }
        }
      }
    } catch (YamlEngineException | StackOverflowError e) {
      throw refused(file, "it is neither YAML nor JSON (" + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + ")");
    }
    if (environment.isEmpty()) {
      throw refused(file, "no container in it has environment variables");
    }
    return environment;
  }

  private static void variables(Map<?, ?> container, Map<String, String> environment) {
    if (container.get("env") instanceof List<?> variables) {
      for (Object variable : variables) {
        // What comes from a field or a ConfigMap has its value on the node alone.
        if (map(variable).get("name") instanceof String name) {
          Object value = map(variable).get("value");
          environment.put(name, value == null ? "" : String.valueOf(value));
        }
      }
    }
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static CommandException refused(String file, String why) {
    return new CommandException((file.equals("-") ? "Standard input" : file) + " can't be used: " + why + ".",
        "Name the DaemonSet as `kubectl get daemonset -o yaml` prints it, or lines of NAME=VALUE.");
  }

  private static String yaml(FromAwsNode found, Map<String, Path> files) {
    List<String> lines = new ArrayList<>();
    if (!found.left().isEmpty()) {
      lines.add("# Variables without a counterpart:");
      found.left().forEach(left -> lines.add(oneLine("#   " + left.variable() + "=" + left.value() + ": " + left.why())));
    }
    Map<String, List<Translation.Taken>> sections = new TreeMap<>();
    found.values().forEach(v -> sections.computeIfAbsent(v.path().substring(0, v.path().indexOf('.')), s -> new ArrayList<>()).add(v));
    sections.forEach((section, values) -> {
      lines.add(section + ":");
      values.forEach(v -> lines.add(entry("  ", v.path().substring(v.path().indexOf('.') + 1), v)));
    });
    lines.add("modules:");
    found.modes().stream().map(m -> files.get(m.id())).distinct().forEach(file -> lines.add("  - file: " + inline(file.toString())));
    lines.add("modes:");
    for (FromAwsNode.Mode mode : found.modes()) {
      lines.add(oneLine("  - use: " + mode.id() + (mode.from().isEmpty() ? "" : "  # " + mode.from())));
      if (!mode.settings().isEmpty()) {
        lines.add("    settings:");
        mode.settings().forEach(s -> lines.add(entry("      ", s.path(), s)));
      }
    }
    return String.join("\n", lines) + "\n";
  }

  private static String entry(String indent, String key, Translation.Taken taken) {
    return oneLine(indent + key + ": " + inline(taken.value()) + "  # " + taken.from());
  }

  private static String inline(Object value) {
    return new Dump(INLINE).dumpToString(value).strip();
  }

  /** A value may have line breaks, and a comment has none. */
  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}", " ");
  }

  private Optional<String> wrong(String yaml) {
    try {
      ChosenModes.of(ConfigurationFile.parse(Path.of("from-env"), yaml.getBytes(StandardCharsets.UTF_8), Map.of()).forNode(Map.of()),
          context.launch());
      return Optional.empty();
    } catch (ConfigurationException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, Object> json(FromAwsNode found, Optional<String> wrong) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("values", found.values().stream().map(ConfigFromEnvCommand::json).toList());
    json.put("modes", found.modes().stream().map(mode -> {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("use", mode.id());
      one.put("from", mode.from());
      one.put("settings", mode.settings().stream().map(ConfigFromEnvCommand::json).toList());
      return one;
    }).toList());
    json.put("left", found.left().stream().map(left -> {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("variable", left.variable());
      one.put("value", left.value());
      one.put("why", left.why());
      return one;
    }).toList());
    json.put("usable", wrong.isEmpty());
    json.put("problem", wrong.orElse(null));
    return json;
  }

  private static Map<String, Object> json(Translation.Taken taken) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("key", taken.path());
    one.put("value", taken.value());
    one.put("from", taken.from());
    return one;
  }
}
