package dev.patchbay.cli.command;

import dev.patchbay.cli.CommandContext;
import dev.patchbay.config.Configuration;
import dev.patchbay.config.ConfigurationException;
import dev.patchbay.config.ConfigurationFile;
import dev.patchbay.config.ModeUse;
import dev.patchbay.config.Origin;
import dev.patchbay.config.Problem;
import dev.patchbay.node.ChosenModes;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks a configuration file without starting anything. */
@Command(name = "check", mixinStandardHelpOptions = true, sortOptions = false, header = "Checks a configuration file without starting anything.",
    description = "Checks a configuration file without starting anything: its form, its values, its module files, the modes' settings, and "
        + "whether the modes fit together. Names every mistake with its line and what to do.",
    footer = {"", "Exit codes: 0 it can be used, 1 it can't, 2 wrong usage."})
public final class ConfigCheckCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(paramLabel = "FILE", arity = "0..1",
      description = "The file. Unless named: what PATCHBAY_CONFIG names, or /etc/patchbay/patchbay.yaml.")
  private @Nullable Path file;

  @Option(names = "--config", paramLabel = "FILE", description = "The same.")
  private @Nullable Path config;

  @Option(names = "--without-modules", description = "Leave out what needs the module files, which may lie elsewhere: the modes' settings "
      + "and whether the modes fit together.")
  private boolean withoutModules;

  @Option(names = "--label", paramLabel = "NAME=VALUE", description = "A label of the node, for overrides that its selector finds.")
  private Map<String, String> labels = new LinkedHashMap<>();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /**
   * Makes the command.
   *
   * @param context what it works with
   */
  public ConfigCheckCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Path named = file == null ? config : file;
    Path path = named == null ? ConfigurationFile.usual(context.environment()) : named.toAbsolutePath();
    Optional<Configuration> read = Optional.empty();
    List<Problem> problems = List.of();
    try {
      Configuration configuration = ConfigurationFile.read(path, context.environment()).forNode(labels);
      read = Optional.of(configuration);
      if (!withoutModules) {
        ChosenModes.of(configuration, context.launch());
      }
    } catch (ConfigurationException e) {
      problems = e.problems();
    }
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("file", path.toString());
      all.put("usable", problems.isEmpty());
      all.put("problems", problems.stream().map(ConfigCheckCommand::json).toList());
      context.json(all);
    } else if (problems.isEmpty()) {
      context.out().println(path + " can be used: " + read.map(c -> modes(c)).orElse("") + (withoutModules
          ? "; the modes' settings and whether they fit together were not looked at." : "."));
    } else {
      problems.forEach(context.out()::println);
      context.out().println(problems.size() == 1 ? "1 mistake." : problems.size() + " mistakes.");
    }
    return problems.isEmpty() ? 0 : 1;
  }

  private static String modes(Configuration configuration) {
    List<ModeUse> modes = configuration.modes();
    return (modes.size() == 1 ? "the mode " : "the modes ") + modes.stream().map(ModeUse::id).collect(Collectors.joining(", "));
  }

  private static Map<String, Object> json(Problem problem) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("code", problem.code().number());
    json.put("name", problem.code().name());
    json.put("where", problem.origin().toString());
    json.put("line", switch (problem.origin()) {
      case Origin.InFile place -> place.line();
      case Origin.InOverride place -> place.line();
      case Origin.Environment _, Origin.Default _ -> null;
    });
    json.put("cause", problem.cause());
    json.put("remedy", problem.remedy());
    return json;
  }
}
