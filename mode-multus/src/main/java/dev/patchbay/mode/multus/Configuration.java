package dev.patchbay.mode.multus;

import dev.patchbay.spi.view.HeldAddressView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A network's CNI configuration, a single plugin or a list, with every key that it came with. Immutable.
 */
final class Configuration {
  /** The type that names a lane of ours instead of a plugin. */
  static final String OURS = "patchbay-cni";

  /** Plugins that run whatever networks pods name would come back to where they were called from. */
  private static final Set<String> CIRCULAR = Set.of("multus", "multus-shim", "multus-cni", OURS);

  private final Map<String, Object> whole;

  private Configuration(Map<String, Object> whole) {
    this.whole = whole;
  }

  /**
   * Reads a network's configuration.
   *
   * @param network the network as people write it
   * @param name its name, for a configuration that has none
   * @param text the configuration
   * @return the configuration
   * @throws Refusal if it is none
   */
  static Configuration of(String network, String name, String text) throws Refusal {
    Map<String, Object> whole;
    try {
      whole = Json.object(text);
    } catch (IllegalArgumentException e) {
      throw wrong(network, "its config can't be read, " + e.getMessage());
    }
    Configuration configuration = new Configuration(whole);
    if (!whole.containsKey("name")) {
      whole.put("name", name);
    } else if (!(whole.get("name") instanceof String given) || !given.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]*")) {
      throw wrong(network, "its config has a name of other characters than letters, digits, dots, dashes and underscores");
    }
    if (!whole.containsKey("type") && !(whole.get("plugins") instanceof List<?> list && !list.isEmpty())) {
      throw wrong(network, "its config has neither a \"type\" nor \"plugins\"");
    }
    for (Object plugin : configuration.plugins()) {
      if (!(plugin instanceof Map<?, ?> map) || !(map.get("type") instanceof String type) || type.isEmpty()) {
        throw wrong(network, "a plugin of its config has no \"type\"");
      }
      if (type.contains("/")) {
        throw wrong(network, "\"" + type + "\" is no name of a plugin");
      }
      if (CIRCULAR.contains(type) && !configuration.isOurs() || map.containsKey("delegates") && type.startsWith("multus")) {
        throw wrong(network, "its plugin " + type + " would call Patchbay again, in a circle");
      }
    }
    return configuration;
  }

  static Refusal wrong(String network, String cause) {
    return new Refusal(Refusal.NETWORK_INVALID, "NetworkAttachmentDefinition " + network + " can't be used: " + cause + ".",
        "Correct the object.");
  }

  private List<?> plugins() {
    return !whole.containsKey("type") && whole.get("plugins") instanceof List<?> list ? list : List.of(whole);
  }

  /** Whether it names a lane, and no plugin is run for it. */
  boolean isOurs() {
    return OURS.equals(whole.get("type"));
  }

  /** The plugin that gets its addresses from us; empty if none does. */
  Optional<Map<String, Object>> pluginWithOurAddresses(String network) throws Refusal {
    List<Map<String, Object>> found = new ArrayList<>();
    for (Object plugin : plugins()) {
      if (hasOurAddresses(Json.copy(plugin))) {
        found.add(Json.copy(plugin));
      }
    }
    if (found.size() > 1) {
      throw wrong(network, "two plugins of its config have an \"ipam\" of type patchbay-cni");
    }
    return found.stream().findFirst();
  }

  private static boolean hasOurAddresses(Map<String, Object> plugin) {
    return plugin.get("ipam") instanceof Map<?, ?> ipam && OURS.equals(ipam.get("type")) && !OURS.equals(plugin.get("type"));
  }

  /** The same, with addresses for the plugin that gets them from us. */
  Configuration withAddresses(String network, List<HeldAddressView> addresses) throws Refusal {
    Optional<Map<String, Object>> plugin = pluginWithOurAddresses(network);
    if (plugin.isEmpty()) {
      return this;
    }
    Map<String, Object> told = BorrowedNetwork.told(network, Json.copy(plugin.get().getOrDefault("ipam", Map.of())), addresses);
    return withEach(one -> {
      if (hasOurAddresses(one)) {
        one.put("ipam", told);
      }
    });
  }

  Map<String, Object> members() {
    return Map.copyOf(whole);
  }

  /** What at least one of its plugins says that it can do. */
  Set<String> capabilities() {
    Set<String> names = new TreeSet<>();
    for (Object plugin : plugins()) {
      Json.copy(Json.copy(plugin).getOrDefault("capabilities", Map.of())).forEach((name, can) -> {
        if (can.equals(Json.Literal.TRUE)) {
          names.add(name);
        }
      });
    }
    return names;
  }

  /** The same, with arguments laid over those of each plugin. */
  Configuration withArguments(Map<String, Object> arguments) {
    return arguments.isEmpty() ? this : withEach(plugin -> {
      Map<String, Object> all = Json.copy(plugin.getOrDefault("args", Map.of()));
      Map<String, Object> cni = Json.copy(all.getOrDefault("cni", Map.of()));
      cni.putAll(arguments);
      all.put("cni", cni);
      plugin.put("args", all);
    });
  }

  /** The same, with a device for each plugin. */
  Configuration withDevice(String id) {
    return withEach(plugin -> {
      plugin.put("deviceID", id);
      plugin.put("pciBusID", id);
    });
  }

  private Configuration withEach(java.util.function.Consumer<Map<String, Object>> change) {
    Map<String, Object> changed = new LinkedHashMap<>(whole);
    if (plugins() == whole.get("plugins")) {
      List<Object> plugins = new ArrayList<>();
      for (Object plugin : plugins()) {
        Map<String, Object> copy = Json.copy(plugin);
        change.accept(copy);
        plugins.add(copy);
      }
      changed.put("plugins", plugins);
    } else {
      change.accept(changed);
    }
    return new Configuration(changed);
  }

  /** The name of the network as its plugins know it. */
  String name() {
    return String.valueOf(whole.get("name"));
  }

  String text() {
    return Json.write(whole);
  }
}
