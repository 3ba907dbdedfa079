package dev.patchbay.it.e2e.modes;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Configuration for nodes whose modes change while the lab runs. */
final class Modules {
  private static final String LABEL = "patchbay.test/mode";

  private Modules() {}

  /**
   * A configuration with one mode, and with others for nodes of labels that none has: the lab gives the daemon what all of them need.
   *
   * @param first the mode in force
   * @param others those to which it may be changed
   */
  static Map<String, Object> with(Map<String, Object> first, List<Map<String, Object>> others) {
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("node", Map.of("cooldown", "1s"));
    configuration.put("modules", Stream.concat(Stream.of(first), others.stream()).map(mode -> Map.of("file", file(mode))).toList());
    configuration.put("modes", List.of(first));
    configuration.put("overrides", others.stream().map(mode ->
        Map.of("selector", Map.of("matchLabels", Map.of(LABEL, String.valueOf(mode.get("use")))), "modes", List.of(mode))).toList());
    return configuration;
  }

  private static String file(Map<String, Object> mode) {
    String name = String.valueOf(mode.get("use")).replace("-", "");
    return System.getProperty("patchbay.home") + "/modes/dev.patchbay.mode." + name + ".jar";
  }
}
