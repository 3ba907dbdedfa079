package dev.patchbay.launch;

import dev.patchbay.launch.scan.Breach;
import dev.patchbay.launch.scan.ModuleScan;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.NetworkModeProvider;
import dev.patchbay.spi.SettingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolutionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Loads modes, each file into a layer of its own on the boot layer, after all that can be known of it beforehand has been
 * checked. This contains faults; it is no sandbox.
 */
final class ModeLoader {
  private static final String SPI = "dev.patchbay.spi";
  private static final int BREACHES_SHOWN = 5;

  private final ModuleLayer boot;
  private final ModuleScan scan;
  private final Asking asking;

  ModeLoader(ModuleLayer boot) {
    this(boot, Asking.LIMIT);
  }

  ModeLoader(ModuleLayer boot, Duration limit) {
    this.boot = boot;
    this.asking = new Asking(limit);
    this.scan = ModuleScan.against(boot);
  }

  /** Why a file is not loaded; travels from the check that finds it to the list of refusals. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Code code;
    private final String cause;
    private final String remedy;

    Refused(Code code, String cause, String remedy) {
      super(cause);
      this.code = code;
      this.cause = cause;
      this.remedy = remedy;
    }
  }

  ModeLoading load(List<ModuleFile> files) {
    Map<String, LoadedMode> loaded = new LinkedHashMap<>();
    List<ModuleRefusal> refused = new ArrayList<>();
    for (ModuleFile file : files) {
      try {
        List<LoadedMode> modes = load(file);
        for (LoadedMode mode : modes) {
          LoadedMode earlier = loaded.get(mode.id());
          if (earlier != null) {
            throw new Refused(LaunchCodes.MODE_TWICE,
                "its module " + mode.moduleName() + " provides the mode " + mode.id() + ", and so does " + earlier.moduleName()
                    + " in " + earlier.file() + ".",
                "Name one of the two files under modules.");
          }
        }
        modes.forEach(mode -> loaded.put(mode.id(), mode));
      } catch (Refused e) {
        refused.add(new ModuleRefusal(file.file(), e.code, e.cause, e.remedy));
      }
    }
    return new ModeLoading(List.copyOf(loaded.values()), refused);
  }

  private List<LoadedMode> load(ModuleFile file) throws Refused {
    String sha256 = checkedDigest(file);
    ModuleFinder finder = ModuleFinder.of(file.file());
    Set<ModuleReference> modules = modules(finder);
    checkNoForeigners(modules);
    ModuleReference own = ownModule(modules);
    checkDescriptor(own.descriptor());
    checkPurity(own);
    ModuleLayer layer = define(finder, modules);
    List<LoadedMode> modes = new ArrayList<>();
    for (NetworkModeProvider provider : providers(layer, own)) {
      String version = own.descriptor().rawVersion().orElse("unversioned");
      String id = id(provider, own);
      ModeDescriptor descriptor = asked(own, "when it was asked for its descriptor", provider::descriptor);
      modes.add(new LoadedMode(provider, id, descriptor, version, file.file(), sha256, () -> libraries(modules, own)));
    }
    return modes;
  }

  private static String checkedDigest(ModuleFile file) throws Refused {
    if (!Files.exists(file.file())) {
      throw new Refused(LaunchCodes.MODULE_MISSING, "there is no such file.",
          "Put the module there, or correct its path under modules.");
    }
    String sha256;
    try {
      sha256 = Digests.of(file.file());
    } catch (IOException e) {
      throw new Refused(LaunchCodes.MODULE_MISSING, "it can't be read: " + e + ".", "Let the user that runs Patchbay read it.");
    }
    if (file.sha256().isPresent() && !file.sha256().get().equals(sha256)) {
      throw new Refused(LaunchCodes.MODULE_ALTERED,
          "its SHA-256 is " + sha256 + ", and the configuration pins " + file.sha256().get() + ".",
          "Put the right file back, or pin the new digest if the change is meant.");
    }
    return sha256;
  }

  private static Set<ModuleReference> modules(ModuleFinder finder) throws Refused {
    Set<ModuleReference> modules;
    try {
      modules = finder.findAll();
    } catch (FindException e) {
      throw new Refused(LaunchCodes.MODULE_INVALID, "it can't be read as a module: " + deepest(e) + ".",
          "Name a modular jar, or a directory with one and the libraries it brings.");
    }
    if (modules.isEmpty()) {
      throw new Refused(LaunchCodes.MODULE_INVALID, "there is no module in it.",
          "Name a modular jar, or a directory with one and the libraries it brings.");
    }
    return modules;
  }

  private static String deepest(Throwable thrown) {
    Throwable deepest = thrown;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String message = deepest.getMessage();
    return message == null ? deepest.toString() : message;
  }

  private void checkNoForeigners(Set<ModuleReference> modules) throws Refused {
    for (ModuleReference module : modules) {
      String name = module.descriptor().name();
      if (boot.findModule(name).isPresent() || ModuleFinder.ofSystem().find(name).isPresent() || isRuntimes(name)) {
        String whose = isRuntimes(name) ? "Patchbay's own" : "the JDK's";
        throw new Refused(LaunchCodes.MODULE_FOREIGN, "it carries the module " + name + ", which is " + whose + ".",
            "Take that jar away; a mode gets the SPI from the runtime and brings nothing else of it.");
      }
    }
  }

  /** Every name under ours is the runtime's, except the modes'. */
  private static boolean isRuntimes(String module) {
    return module.startsWith("dev.patchbay.") && !module.startsWith("dev.patchbay.mode.");
  }

  private static ModuleReference ownModule(Set<ModuleReference> modules) throws Refused {
    List<ModuleReference> own = modules.stream()
        .filter(module -> module.descriptor().provides().stream()
            .anyMatch(provides -> provides.service().equals(NetworkModeProvider.class.getName())))
        .toList();
    if (own.isEmpty()) {
      throw new Refused(LaunchCodes.MODULE_INVALID,
          "none of its modules (" + names(modules) + ") provides " + NetworkModeProvider.class.getName() + ".",
          "Name a mode's file; a mode's module-info says provides " + NetworkModeProvider.class.getName() + " with ....");
    }
    if (own.size() > 1) {
      throw new Refused(LaunchCodes.MODULE_INVALID, "it holds the modules of several modes: " + names(Set.copyOf(own)) + ".",
          "Give each mode a file or directory of its own.");
    }
    return own.getFirst();
  }

  private static String names(Set<ModuleReference> modules) {
    return modules.stream().map(module -> module.descriptor().name()).sorted().collect(Collectors.joining(", "));
  }

  private void checkDescriptor(ModuleDescriptor mode) throws Refused {
    Optional<Requires> spi = mode.requires().stream().filter(requires -> requires.name().equals(SPI)).findFirst();
    if (mode.isAutomatic() || spi.isEmpty()) {
      throw new Refused(LaunchCodes.MODULE_INVALID,
          "its module " + mode.name() + (mode.isAutomatic() ? " has no module-info." : " does not require " + SPI + "."),
          "Give it a module-info that requires " + SPI + ".");
    }
    for (Requires requires : mode.requires()) {
      if (isRuntimes(requires.name()) && !requires.name().equals(SPI)) {
        throw new Refused(LaunchCodes.MODULE_FOREIGN,
            "its module " + mode.name() + " requires " + requires.name() + ", which belongs to the runtime.",
            "A mode requires " + SPI + " and its own libraries, and nothing else of Patchbay.");
      }
    }
    String running = boot.findModule(SPI).flatMap(module -> module.getDescriptor().rawVersion()).orElseThrow(() ->
        new LaunchException("the SPI in the boot layer has no version in its descriptor. Install Patchbay anew."));
    SpiVersion here = SpiVersion.parse(running).orElseThrow(() ->
        new LaunchException("the SPI in the boot layer has the version " + running + ", which has no major and minor number."
            + " Install Patchbay anew."));
    Optional<String> compiled = spi.get().rawCompiledVersion();
    if (compiled.isEmpty()) {
      throw new Refused(LaunchCodes.MODULE_INCOMPATIBLE,
          "its module " + mode.name() + " does not say which version of " + SPI + " it was compiled against.",
          "Compile it against the published jar of " + SPI + "; the compiler writes the version down.");
    }
    if (SpiVersion.parse(compiled.get()).filter(here::serves).isEmpty()) {
      throw new Refused(LaunchCodes.MODULE_INCOMPATIBLE,
          "its module " + mode.name() + " was compiled against " + SPI + " " + compiled.get() + ", and this runtime has "
              + running + ".",
          here.major() == 0
              ? "Take the mode's release for " + SPI + " " + here.major() + "." + here.minor() + "; while the SPI is 0.x, its"
                  + " minor versions differ."
              : "Take the mode's release for " + SPI + " " + here.major() + "." + here.minor() + " or older of the same major,"
                  + " or a newer Patchbay.");
    }
  }

  private void checkPurity(ModuleReference own) throws Refused {
    List<Breach> breaches;
    try {
      breaches = scan.breaches(own);
    } catch (IOException | IllegalArgumentException e) {
      throw new Refused(LaunchCodes.MODULE_INVALID, "its classes can't be read: " + deepest(e) + ".",
          "Build the mode anew, with a compiler for Java 25 or older.");
    }
    if (breaches.isEmpty()) {
      return;
    }
    String shown = breaches.stream().limit(BREACHES_SHOWN).map(Breach::toString).collect(Collectors.joining("; "));
    String more = breaches.size() > BREACHES_SHOWN ? "; and " + (breaches.size() - BREACHES_SHOWN) + " more" : "";
    throw new Refused(LaunchCodes.MODULE_IMPURE,
        "its module " + own.descriptor().name() + " does what a mode must not do: " + shown + more + ".",
        "What a planner may know stands in its view, and what should be done goes into its plan; take these calls out.");
  }

  private ModuleLayer define(ModuleFinder finder, Set<ModuleReference> modules) throws Refused {
    // Automatic modules declare no requires, so every module is a root.
    Set<String> roots = modules.stream().map(module -> module.descriptor().name()).collect(Collectors.toSet());
    try {
      Configuration configuration =
          Configuration.resolve(finder, List.of(boot.configuration()), ModuleFinder.of(), roots);
      return ModuleLayer.defineModulesWithOneLoader(configuration, List.of(boot), ClassLoader.getPlatformClassLoader()).layer();
    } catch (FindException e) {
      throw new Refused(LaunchCodes.MODULE_INCOMPLETE, "a module is missing: " + e.getMessage() + ".",
          "Name a directory that holds the mode's jar and every library it needs, and none that it does not.");
    } catch (ResolutionException | LayerInstantiationException e) {
      throw new Refused(LaunchCodes.MODULE_INVALID, "its modules don't fit together: " + e.getMessage() + ".",
          "Take the jar away that is one too many.");
    }
  }

  private List<NetworkModeProvider> providers(ModuleLayer layer, ModuleReference own) throws Refused {
    return asked(own, "when it was made", () -> {
      try (ContextLoader _ = ContextLoader.of(layer)) {
        return ServiceLoader.load(layer, NetworkModeProvider.class).stream()
            .filter(provider -> provider.type().getModule().getLayer() == layer)
            .map(ServiceLoader.Provider::get)
            .toList();
      }
    });
  }

  private String id(NetworkModeProvider provider, ModuleReference own) throws Refused {
    String id = asked(own, "when it was asked for its name", provider::id);
    if (!id.matches("[a-z0-9][a-z0-9-]{0,39}")) {
      throw new Refused(LaunchCodes.MODULE_INVALID,
          "its module " + own.descriptor().name() + " calls its mode \"" + id + "\", which is no name of a mode.",
          "Mode names have lower-case letters, digits and dashes, 40 at most.");
    }
    return id;
  }

  private <T> T asked(ModuleReference own, String when, Supplier<@Nullable T> question) throws Refused {
    try {
      return asking.ask(own.descriptor().name(), question);
    } catch (ModeBrokenException | SettingException e) {
      String what = e instanceof ModeBrokenException ? String.valueOf(e.getMessage()) : "threw " + e;
      throw new Refused(LaunchCodes.MODULE_BROKEN,
          "the provider of its module " + own.descriptor().name() + " " + what + " " + when + ".",
          "A provider does no work; report this to whoever made the mode.");
    }
  }

  private List<LibraryReport> libraries(Set<ModuleReference> modules, ModuleReference own) {
    Map<String, LibraryReport> reports = new TreeMap<>();
    for (ModuleReference module : modules) {
      if (module == own) {
        continue;
      }
      Map<Reach, Integer> uses = new EnumMap<>(Reach.class);
      Map<Reach, String> examples = new EnumMap<>(Reach.class);
      try {
        for (Breach breach : scan.breaches(module)) {
          if (breach.reach() != Reach.OTHER) {
            uses.merge(breach.reach(), 1, Integer::sum);
            examples.putIfAbsent(breach.reach(), breach.place() + " " + breach.verb() + " " + breach.target());
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException("can't read the library " + module.descriptor().name(), e);
      }
      if (!uses.isEmpty()) {
        ModuleDescriptor descriptor = module.descriptor();
        reports.put(descriptor.name(),
            new LibraryReport(descriptor.name(), descriptor.rawVersion().orElse("unversioned"), uses, examples));
      }
    }
    return List.copyOf(reports.values());
  }
}
