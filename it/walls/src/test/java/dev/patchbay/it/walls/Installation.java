package dev.patchbay.it.walls;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolutionException;
import java.lang.module.ResolvedModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An installation, as bin/patchbay runs it and distributions are made from: a folder of jars for each layer, and modes. */
final class Installation {
  private static final String LAUNCHER = "dev.patchbay.launch";

  private final Path lib;
  private final Path modes;

  Installation(Path home) {
    lib = home.resolve("lib");
    modes = home.resolve("modes");
  }

  /** The layers of each program, from the lowest on; each begins with boot. */
  Map<String, List<String>> programs() {
    Properties table = new Properties();
    try (Reader reader = Files.newBufferedReader(lib.resolve("layers.properties"))) {
      table.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, List<String>> programs = new TreeMap<>();
    table.stringPropertyNames().forEach(program -> programs.put(program, Stream.concat(
        Stream.of("boot"), Arrays.stream(table.getProperty(program).split(",")).map(String::strip)).toList()));
    return programs;
  }

  /** The folders of layers. */
  Set<String> layers() {
    return names(lib, true);
  }

  /** The files of modes: jars and folders. */
  Set<String> modes() {
    return names(modes, false);
  }

  private static Set<String> names(Path folder, boolean foldersOnly) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> !foldersOnly || Files.isDirectory(file)).map(file -> file.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> modules(ModuleFinder finder) {
    return finder.findAll().stream().map(reference -> reference.descriptor().name()).collect(Collectors.toCollection(TreeSet::new));
  }

  /** The modules of a layer. */
  Set<String> modulesOf(String layer) {
    return modules(ModuleFinder.of(lib.resolve(layer)));
  }

  /** Modules that are in more than one of some layers, each with these. */
  List<String> twice(Iterable<String> layers) {
    Map<String, List<String>> where = new TreeMap<>();
    layers.forEach(layer -> modulesOf(layer).forEach(module -> where.computeIfAbsent(module, m -> new ArrayList<>()).add(layer)));
    return where.entrySet().stream().filter(entry -> entry.getValue().size() > 1)
        .map(entry -> entry.getKey() + " is in " + String.join(" and ", entry.getValue())).toList();
  }

  /** Modules that a mode brings though the boot layer, the runtime or the JDK has them. */
  List<String> foreign(String mode) {
    Set<String> others = new TreeSet<>(modules(ModuleFinder.ofSystem()));
    layers().forEach(layer -> modulesOf(layer).stream().filter(name -> name.startsWith("dev.patchbay.")).forEach(others::add));
    return modules(ModuleFinder.of(modes.resolve(mode))).stream().filter(others::contains).map(name -> mode + " brings " + name).toList();
  }

  /** What does not resolve as the launcher builds it: each program's layers one on another, and each mode on boot. */
  List<String> unresolved() {
    List<String> problems = new ArrayList<>();
    Map<List<String>, Configuration> known = new LinkedHashMap<>();
    Configuration boot = Configuration.empty().resolveAndBind(
        ModuleFinder.of(lib.resolve("boot")), ModuleFinder.ofSystem(), Set.of(LAUNCHER));
    programs().forEach((program, layers) -> {
      Configuration below = boot;
      for (int i = 1; i < layers.size(); i++) {
        Configuration parent = below;
        below = known.computeIfAbsent(layers.subList(0, i + 1),
            stack -> resolved(program + ": " + stack.getLast(), parent, ModuleFinder.of(lib.resolve(stack.getLast())), problems));
      }
    });
    for (String mode : modes()) {
      resolved("mode " + mode, boot, ModuleFinder.of(modes.resolve(mode)), problems);
    }
    return problems;
  }

  private static Configuration resolved(String what, Configuration parent, ModuleFinder finder, List<String> problems) {
    Set<String> roots = modules(finder);
    try {
      Configuration configuration = Configuration.resolve(ModuleFinder.of(), List.of(parent), finder, roots);
      Set<String> missing = new TreeSet<>(roots);
      configuration.modules().stream().map(ResolvedModule::name).forEach(missing::remove);
      missing.forEach(name -> problems.add(what + ": " + name + " is taken from a layer below"));
      return configuration;
    } catch (FindException | ResolutionException e) {
      problems.add(what + ": " + e.getMessage());
      return parent;
    }
  }
}
