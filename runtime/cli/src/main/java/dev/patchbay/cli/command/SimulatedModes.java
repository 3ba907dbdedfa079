package dev.patchbay.cli.command;

import dev.patchbay.cli.CommandContext;
import dev.patchbay.cli.CommandException;
import dev.patchbay.config.Configuration;
import dev.patchbay.config.ConfigurationException;
import dev.patchbay.config.ConfigurationFile;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.launch.LoadedMode;
import dev.patchbay.launch.ModeLoading;
import dev.patchbay.launch.ModuleFile;
import dev.patchbay.node.ChosenModes;
import dev.patchbay.simulation.Choice;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.Setting;
import dev.patchbay.spi.SettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The modes that a simulation runs with. */
final class SimulatedModes {
  private SimulatedModes() {}

  /** Those of configurations, each as it is for any node. */
  static List<Choice> ofConfigurations(CommandContext context, List<Path> files) {
    List<Choice> choices = new ArrayList<>();
    for (Path file : files) {
      try {
        int n = 0;
        for (Configuration configuration : ConfigurationFile.read(file, context.environment()).everywhere()) {
          String name = file.getFileName() + (n++ == 0 ? "" : ", override " + (n - 1));
          choices.add(Choice.of(name, ChosenModes.of(configuration, context.launch()).composition()));
        }
      } catch (ConfigurationException e) {
        throw new CommandException(String.valueOf(e.getMessage()), "");
      }
    }
    return choices;
  }

  /** Each base of some module files alone, with the defaults of its settings. */
  static List<Choice> ofModules(CommandContext context, List<Path> modules) {
    List<Path> files = modules.isEmpty() ? installed(context) : modules;
    ModeLoading loading = context.launch().loadModes(
        files.stream().map(f -> new ModuleFile(f.toAbsolutePath(), Optional.empty())).toList());
    if (!loading.refused().isEmpty()) {
      throw new CommandException(loading.refused().getFirst().toString(), "Nothing is simulated with files that a node would refuse.");
    }
    List<Choice> choices = new ArrayList<>();
    for (LoadedMode mode : loading.loaded()) {
      if (mode.descriptor().roles().stream().anyMatch(Role.Base.class::isInstance)) {
        choices.add(Choice.of(mode.id(), List.of(instance(mode))));
      }
    }
    if (choices.isEmpty()) {
      throw new CommandException("None of the module files has a mode that supplies addresses by itself.",
          "Name a configuration that chooses modes which fit together, with --config.");
    }
    return choices;
  }

  private static ModeInstance instance(LoadedMode mode) {
    ModeDescriptor descriptor = mode.descriptor();
    Map<String, Object> values = new TreeMap<>();
    for (Setting setting : descriptor.settings()) {
      setting.defaultValue().ifPresent(value -> values.put(setting.name(), value));
    }
    Fields settings = Fields.of(values);
    try {
      return new ModeInstance(mode.id(), mode.version(), descriptor, mode.make(settings));
    } catch (SettingException e) {
      throw new CommandException("The mode " + mode.id() + " can't be made with the defaults of its settings: " + e.getMessage(),
          "Name a configuration that sets what it needs, with --config.");
    }
  }

  private static List<Path> installed(CommandContext context) {
    Path folder = context.launch().home().resolve("modes");
    try (Stream<Path> list = Files.list(folder)) {
      return list.sorted().toList();
    } catch (IOException e) {
      throw new CommandException("The folder " + folder + " can't be read: " + e.getMessage() + ".", "Name files with --modules.");
    }
  }
}
