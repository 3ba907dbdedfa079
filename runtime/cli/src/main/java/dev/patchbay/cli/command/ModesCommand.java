package dev.patchbay.cli.command;

import dev.patchbay.cli.CommandContext;
import dev.patchbay.cli.CommandException;
import dev.patchbay.launch.LoadedMode;
import dev.patchbay.launch.ModeLoading;
import dev.patchbay.launch.ModuleFile;
import dev.patchbay.launch.ModuleRefusal;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what module files offer. */
@Command(name = "modes", mixinStandardHelpOptions = true, sortOptions = false, header = "Shows the modes that module files offer.", synopsisSubcommandLabel = "[COMMAND]",
    description = "Shows the modes that module files offer, and which files a node would refuse and why. Whether the modes of a "
        + "configuration fit together, `patchbay config check` says.",
    footer = {"", "Exit codes: 0 all files can be used, 1 some can't, 2 wrong usage."})
public final class ModesCommand implements Callable<Integer> {
  private final CommandContext context;

  @Option(names = "--modules", paramLabel = "FILE", arity = "1..*",
      description = "Module files. Unless named: those in the installation's folder modes.")
  private List<Path> modules = List.of();

  @Option(names = "--settings", description = "Show the modes' settings, with defaults and documentation.")
  private boolean settings;

  @Option(names = "--json", description = "Print JSON, settings included.")
  private boolean json;

  /**
   * Makes the command.
   *
   * @param context what it works with
   */
  public ModesCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<Path> files = modules.isEmpty() ? installed() : modules;
    ModeLoading loading = context.launch().loadModes(
        files.stream().map(f -> new ModuleFile(f.toAbsolutePath(), Optional.empty())).toList());
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("modes", loading.loaded().stream().map(ModesCommand::json).toList());
      all.put("refused", loading.refused().stream().map(ModesCommand::json).toList());
      context.json(all);
    } else {
      loading.loaded().forEach(this::print);
      loading.refused().forEach(r -> context.err().println(r));
    }
    return loading.refused().isEmpty() ? 0 : 1;
  }

  private void print(LoadedMode mode) {
    ModeDescriptor descriptor = mode.descriptor();
    context.out().printf("%s %s%n  %s%n  %s%n", mode.id(), mode.version(), descriptor.summary(), descriptor.roles());
    if (settings) {
      for (Setting setting : descriptor.settings()) {
        String value = setting.defaultValue().map(v -> ", default " + v).orElse("");
        context.out().printf("    %s (%s%s)%n      %s%n", setting.name(), setting.type(), value, setting.documentation());
      }
    }
  }

  private static Map<String, Object> json(LoadedMode mode) {
    ModeDescriptor descriptor = mode.descriptor();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", mode.id());
    map.put("version", mode.version());
    map.put("module", mode.moduleName());
    map.put("file", mode.file().toString());
    map.put("sha256", mode.sha256());
    map.put("summary", descriptor.summary());
    map.put("roles", descriptor.roles().stream().map(Object::toString).toList());
    map.put("settings", descriptor.settings().stream().map(ModesCommand::json).toList());
    return map;
  }

  private static Map<String, Object> json(Setting setting) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", setting.name());
    map.put("type", setting.type().toString());
    map.put("default", setting.defaultValue().map(Object::toString).orElse(null));
    if (!setting.choices().isEmpty()) {
      map.put("choices", setting.choices());
    }
    if (setting.type() == Setting.Type.NUMBER) {
      map.put("least", setting.least());
      map.put("most", setting.most());
    }
    map.put("documentation", setting.documentation());
    return map;
  }

  private static Map<String, Object> json(ModuleRefusal refusal) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("file", refusal.file().toString());
    map.put("code", refusal.code().number());
    map.put("name", refusal.code().name());
    map.put("cause", refusal.cause());
    map.put("remedy", refusal.remedy());
    return map;
  }

  private List<Path> installed() {
    Path folder = context.launch().home().resolve("modes");
    try (Stream<Path> list = Files.list(folder)) {
      return list.sorted().toList();
    } catch (IOException e) {
      throw new CommandException("The folder " + folder + " can't be read: " + e.getMessage() + ".", "Name files with --modules.");
    }
  }
}
