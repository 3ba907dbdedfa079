package dev.patchbay.node;

import dev.patchbay.config.Configuration;
import dev.patchbay.config.ConfigurationException;
import dev.patchbay.config.ModeUse;
import dev.patchbay.config.ModuleEntry;
import dev.patchbay.config.Problem;
import dev.patchbay.core.compose.Composition;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.launch.LaunchContext;
import dev.patchbay.launch.LoadedMode;
import dev.patchbay.launch.ModeLoading;
import dev.patchbay.launch.ModuleFile;
import dev.patchbay.launch.ModuleRefusal;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.SettingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The modes that configuration chooses, loaded, made, and checked to fit together; or every reason why not, each with its line.
 *
 * @param loaded all modes that the module files offer
 * @param composition the modes chosen
 */
public record ChosenModes(List<LoadedMode> loaded, Composition composition) {
  /**
   * Copies the list.
   */
  public ChosenModes {
    loaded = List.copyOf(loaded);
  }

  /**
   * Loads and checks.
   *
   * @param configuration the configuration
   * @param context what loads module files
   * @return the modes
   * @throws ConfigurationException with every problem at once
   */
  public static ChosenModes of(Configuration configuration, LaunchContext context) {
    ModeLoading loading = context.loadModes(
        configuration.modules().stream().map(m -> new ModuleFile(m.file(), m.sha256())).toList());
    List<Problem> problems = new ArrayList<>();
    for (ModuleRefusal refusal : loading.refused()) {
      problems.add(problem(configuration, refusal));
    }
    List<ModeInstance> modes = new ArrayList<>();
    for (ModeUse use : configuration.modes()) {
      Optional<LoadedMode> found = loading.loaded().stream().filter(l -> l.id().equals(use.id())).findFirst();
      if (found.isEmpty()) {
        // A module file that was refused may well have been the one that has it: one message is enough then.
        if (loading.refused().isEmpty()) {
          problems.add(use.unknown(loading.loaded().stream().map(LoadedMode::id).toList()));
        }
        continue;
      }
      make(use, found.get(), problems).ifPresent(modes::add);
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return switch (Composition.of(modes)) {
      case Composition.Outcome.Fits fits -> new ChosenModes(loading.loaded(), fits.composition());
      case Composition.Outcome.Clashes clashes -> throw new ConfigurationException(clashes.problems().stream()
          .map(p -> configuration.problem("modes", p.code(), p.cause(), p.remedy())).toList());
    };
  }

  private static Problem problem(Configuration configuration, ModuleRefusal refusal) {
    List<ModuleEntry> entries = configuration.modules();
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).file().equals(refusal.file())) {
        return configuration.problem("modules[" + i + "].file", refusal.code(), refusal.cause(), refusal.remedy());
      }
    }
    return configuration.problem("modules", refusal.code(), refusal.cause(), refusal.remedy());
  }

  private static Optional<ModeInstance> make(ModeUse use, LoadedMode loaded, List<Problem> problems) {
    try {
      Fields settings = use.settings(loaded.provider().descriptor().settings());
      NetworkMode mode = loaded.provider().create(() -> settings);
      return Optional.of(new ModeInstance(loaded.id(), loaded.version(), loaded.provider().descriptor(), mode));
    } catch (ConfigurationException e) {
      problems.addAll(e.problems());
    } catch (SettingException e) {
      problems.add(use.problem(e));
    }
    return Optional.empty();
  }
}
