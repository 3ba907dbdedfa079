package dev.patchbay.it.walls;

import dev.patchbay.it.walls.BuiltModule.Kind;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which modules of ours a module may require. The compiler sees to it that its classes know no others. */
final class Requirements {
  private static final String BASE = "dev.patchbay.";
  private static final String SPI = "dev.patchbay.spi";

  /**
   * The runtime's modules, each with those of the runtime that it is meant to know; the SPI is known to all but those that know no
   * pod. Adapters (aws, kube, linux, store) know core at most, and never each other.
   */
  private static final Map<String, Set<String>> RUNTIME = Map.ofEntries(
      Map.entry("admission", Set.of("cluster", "controller", "core", "node")),
      Map.entry("aws", Set.of("core", "types")),
      Map.entry("cli", Set.of("config", "core", "launch", "linux", "netlink", "node", "simulation", "store", "types", "wire")),
      Map.entry("cluster", Set.of("core")),
      Map.entry("config", Set.of()),
      // Of the API it knows the contract tests, which it is there for.
      Map.entry("contract", Set.of("cli", "tck")),
      Map.entry("controller", Set.of("cluster", "config", "core", "launch", "node")),
      Map.entry("core", Set.of()),
      Map.entry("kube", Set.of("core")),
      Map.entry("launch", Set.of()),
      Map.entry("linux", Set.of("core", "netlink", "wire")),
      Map.entry("metrics", Set.of("cluster", "core", "node")),
      Map.entry("netlink", Set.of()),
      Map.entry("node", Set.of("config", "core", "launch", "linux", "netlink", "store", "wire")),
      Map.entry("simulation", Set.of("cluster", "core", "store")),
      Map.entry("store", Set.of()),
      Map.entry("types", Set.of("core")),
      Map.entry("wire", Set.of()));

  private Requirements() {}

  /** What is wrong with what a module requires. */
  static List<String> breaches(Kind kind, ModuleDescriptor module) {
    Set<String> required = module.requires().stream().filter(r -> !r.modifiers().contains(Modifier.STATIC))
        .map(ModuleDescriptor.Requires::name).filter(name -> !name.equals("java.base")).collect(Collectors.toCollection(TreeSet::new));
    Set<String> ours = required.stream().filter(name -> name.startsWith(BASE)).collect(Collectors.toCollection(TreeSet::new));
    return switch (kind) {
      case API -> excess(module, ours, Set.of(SPI));
      case MODE -> excess(module, required, Set.of(SPI));
      case IT -> List.of();
      case RUNTIME -> {
        Set<String> known = RUNTIME.get(module.name().substring(BASE.length()));
        if (known == null) {
          yield List.of(module.name() + " has no line in the table of what modules of the runtime may know; give it one, in Requirements");
        }
        Set<String> allowed = known.stream().map(name -> BASE + name).collect(Collectors.toCollection(TreeSet::new));
        allowed.add(SPI);
        yield excess(module, ours, allowed);
      }
    };
  }

  private static List<String> excess(ModuleDescriptor module, Set<String> required, Set<String> allowed) {
    List<String> excess = new ArrayList<>(required);
    excess.removeAll(allowed);
    return excess.stream().map(name -> module.name() + " requires " + name).toList();
  }
}
