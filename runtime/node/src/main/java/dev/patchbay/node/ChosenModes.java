package dev.patchbay.node;

import dev.patchbay.config.Configuration;
import dev.patchbay.config.ConfigurationException;
import dev.patchbay.config.ModeUse;
import dev.patchbay.config.ModuleEntry;
import dev.patchbay.config.Problem;
import dev.patchbay.core.compose.Composition;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.launch.LaunchCodes;
import dev.patchbay.launch.LaunchContext;
import dev.patchbay.launch.LoadedMode;
import dev.patchbay.launch.ModeBrokenException;
import dev.patchbay.launch.ModeLoading;
import dev.patchbay.launch.ModuleFile;
import dev.patchbay.launch.ModuleRefusal;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.SettingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;

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
      case Composition.Outcome.Fits fits -> new ChosenModes(loading.loaded(), fits.composition().with(others(loading.loaded(), modes)));
      case Composition.Outcome.Clashes clashes -> throw new ConfigurationException(clashes.problems().stream()
          .map(p -> place(configuration.modes(), p).problem(p.code(), p.cause(), p.remedy())).toList());
    };
  }

  /** Those that are not chosen, with their defaults; one that can't be made so is none to recommend. */
  private static List<ModeInstance> others(List<LoadedMode> loaded, List<ModeInstance> chosen) {
    List<ModeInstance> others = new ArrayList<>();
    for (LoadedMode mode : loaded) {
      if (chosen.stream().noneMatch(c -> c.id().equals(mode.id()))) {
        try {
          ModeDescriptor descriptor = mode.descriptor();
          Fields settings = descriptor.defaults();
          others.add(new ModeInstance(mode.id(), mode.version(), descriptor.under(List.of(settings)), mode.make(settings)));
        } catch (RuntimeException | LinkageError e) {
          LoggerFactory.getLogger(ChosenModes.class).debug("The mode {} can't be made with its defaults.", mode.id(), e);
        }
      }
    }
    return others;
  }

  /** Where a mode stands that a problem is about, the last of several: the others fit without it. */
  private static ModeUse place(List<ModeUse> uses, dev.patchbay.core.compose.Problem problem) {
    List<String> subjects = List.of(problem.subject().split(", "));
    return uses.reversed().stream().filter(use -> subjects.contains(use.id())).findFirst().orElse(uses.getFirst());
  }

  private static Problem problem(Configuration configuration, ModuleRefusal refusal) {
    List<ModuleEntry> entries = configuration.modules();
    String path = "modules";
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).file().equals(refusal.file())) {
        path = "modules[" + i + "].file";
      }
    }
    // A relative path was resolved, and the operator may have thought of another folder.
    return configuration.problem(path, refusal.code(), refusal.file() + ": " + refusal.cause(), refusal.remedy());
  }

  private static Optional<ModeInstance> make(ModeUse use, LoadedMode loaded, List<Problem> problems) {
    try {
      ModeDescriptor descriptor = loaded.descriptor();
      Fields settings = use.settings(descriptor.settings());
      NetworkMode mode = loaded.make(settings);
      return Optional.of(new ModeInstance(loaded.id(), loaded.version(), descriptor.under(List.of(settings)), mode));
    } catch (ConfigurationException e) {
      problems.addAll(e.problems());
    } catch (SettingException e) {
      problems.add(use.problem(e));
    } catch (ModeBrokenException e) {
      LoggerFactory.getLogger(ChosenModes.class).warn("The mode {} can't be made.", use.id(), e);
      problems.add(use.problem(LaunchCodes.MODULE_BROKEN, "the mode " + use.id() + " can't be made: it " + e.getMessage() + ".",
          "This is a defect of the mode: report it to its maker, with the log."));
    }
    return Optional.empty();
  }
}
