package dev.patchbay.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The modes in a node's configuration. */
final class Modes {
  private static final String BASE = "secondary-ip";

  private Modes() {}

  /** A configuration that says nothing but which modes the nodes run, those of overrides included. */
  static Map<String, Object> alone(LabSettings settings) {
    Map<String, Object> all = complete(settings.configuration(), settings.home());
    Map<String, Object> alone = new LinkedHashMap<>();
    for (String key : List.of("modules", "modes", "overrides")) {
      if (all.containsKey(key)) {
        alone.put(key, all.get(key));
      }
    }
    return alone;
  }

  /** Adds what is not said: the base mode, and the installation's files of the modes in force. */
  static Map<String, Object> complete(Map<String, Object> configuration, Path home) {
    Map<String, Object> all = new LinkedHashMap<>(configuration);
    Object modes = all.computeIfAbsent("modes", key -> List.of(Map.of("use", BASE)));
    if (!all.containsKey("modules")) {
      List<Map<String, Object>> modules = new ArrayList<>();
      if (modes instanceof List<?> list) {
        for (Object entry : list) {
          if (entry instanceof Map<?, ?> mode && mode.get("use") instanceof String id) {
            modules.add(Map.of("file", Installations.modeFile(home, id).toString()));
          }
        }
      }
      all.put("modules", modules);
    }
    return all;
  }
}
