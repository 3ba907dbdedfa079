package dev.patchbay.cli.command;

import dev.patchbay.cli.CommandContext;
import dev.patchbay.cli.CommandException;
import dev.patchbay.config.Configuration;
import dev.patchbay.config.ConfigurationException;
import dev.patchbay.config.ConfigurationFile;
import dev.patchbay.config.ModeUse;
import dev.patchbay.config.Problem;
import dev.patchbay.launch.LoadedMode;
import dev.patchbay.launch.ModeLoading;
import dev.patchbay.launch.ModuleFile;
import dev.patchbay.launch.ModuleRefusal;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ModeDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Modes as their modules have them: those that a configuration chooses for any node, or all of the installation.
 *
 * @param modes the modes
 * @param settings the settings with which each is made on one node or another
 */
record ChosenModules(Map<String, LoadedMode> modes, Map<String, Set<Fields>> settings) {
  /** What the modes say of themselves, with the needs that they have with these settings. */
  Map<String, ModeDescriptor> descriptors() {
    Map<String, ModeDescriptor> descriptors = new LinkedHashMap<>();
    modes.forEach((id, mode) -> descriptors.put(id, mode.descriptor().under(settings.getOrDefault(id, Set.of()))));
    return descriptors;
  }

  /** Those that a configuration chooses, overrides included. */
  static ChosenModules ofConfiguration(CommandContext context, Path file) {
    List<Configuration> everywhere;
    try {
      everywhere = ConfigurationFile.read(file, context.environment()).everywhere();
    } catch (ConfigurationException e) {
      throw refused(e);
    }
    List<ModuleFile> files =
        everywhere.getFirst().modules().stream().map(module -> new ModuleFile(module.file(), module.sha256())).toList();
    Map<String, LoadedMode> loaded = load(context, files);
    Map<String, LoadedMode> chosen = new LinkedHashMap<>();
    Map<String, Set<Fields>> settings = new LinkedHashMap<>();
    List<Problem> problems = new ArrayList<>();
    for (Configuration configuration : everywhere) {
      for (ModeUse use : configuration.modes()) {
        Optional<LoadedMode> mode = Optional.ofNullable(loaded.get(use.id()));
        mode.ifPresentOrElse(found -> {
          chosen.put(use.id(), found);
          try {
            settings.computeIfAbsent(use.id(), id -> new LinkedHashSet<>()).add(use.settings(found.descriptor().settings()));
          } catch (ConfigurationException e) {
            problems.addAll(e.problems());
          }
        }, () -> problems.add(use.unknown(loaded.keySet())));
      }
    }
    if (!problems.isEmpty()) {
      throw refused(new ConfigurationException(problems));
    }
    return new ChosenModules(chosen, settings);
  }

  /** All that lie in the installation's folder. */
  static ChosenModules ofInstallation(CommandContext context) {
    Path folder = context.launch().home().resolve("modes");
    try (Stream<Path> list = Files.list(folder)) {
      Map<String, LoadedMode> all = load(context, list.sorted().map(file -> new ModuleFile(file, Optional.empty())).toList());
      Map<String, Set<Fields>> defaults = new LinkedHashMap<>();
      all.forEach((id, mode) -> defaults.put(id, Set.of(mode.descriptor().defaults())));
      return new ChosenModules(all, defaults);
    } catch (IOException e) {
      throw new CommandException("The folder " + folder + " can't be read: " + e.getMessage() + ".",
          "Name a configuration with --config.");
    }
  }

  private static Map<String, LoadedMode> load(CommandContext context, List<ModuleFile> files) {
    ModeLoading loading = context.launch().loadModes(files);
    if (!loading.refused().isEmpty()) {
      throw new CommandException(loading.refused().stream().map(ModuleRefusal::toString).collect(Collectors.joining("\n")),
          "Nothing is said of needs that can't be known whole.");
    }
    Map<String, LoadedMode> modes = new LinkedHashMap<>();
    for (LoadedMode mode : loading.loaded()) {
      modes.put(mode.id(), mode);
    }
    return modes;
  }

  private static CommandException refused(ConfigurationException e) {
    return new CommandException(String.valueOf(e.getMessage()), "");
  }
}
