package dev.patchbay.node;

import dev.patchbay.config.Configuration;
import dev.patchbay.config.Entry;
import dev.patchbay.config.ModeUse;
import dev.patchbay.config.Origin;
import dev.patchbay.launch.LoadedMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every value in force with where it comes from, as JSON values. Names are stable: tools read them. */
public final class ConfigurationJson {
  private ConfigurationJson() {}

  /**
   * {@return one object for each value: {@code key}, {@code value}, {@code from} for people; {@code source} (file, override,
   * environment, default) with {@code file}, {@code line} or {@code variable} for tools; {@code documentation}}
   * @param configuration the configuration
   * @param modes the modes that module files offer, whose settings belong to it
   */
  public static List<Map<String, Object>> of(Configuration configuration, List<LoadedMode> modes) {
    List<Entry> entries = new ArrayList<>(configuration.entries());
    for (ModeUse use : configuration.modes()) {
      modes.stream().filter(m -> m.id().equals(use.id())).findFirst()
          .ifPresent(m -> entries.addAll(use.entries(m.provider().descriptor().settings())));
    }
    return entries.stream().map(ConfigurationJson::entry).toList();
  }

  private static Map<String, Object> entry(Entry entry) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("key", entry.path());
    json.put("value", entry.value());
    json.put("from", entry.origin().toString());
    switch (entry.origin()) {
      case Origin.InFile place -> {
        json.put("source", "file");
        json.put("file", place.file().toString());
        json.put("line", place.line());
      }
      case Origin.InOverride place -> {
        json.put("source", "override");
        json.put("file", place.file().toString());
        json.put("line", place.line());
        json.put("override", place.number());
      }
      case Origin.Environment environment -> {
        json.put("source", "environment");
        json.put("variable", environment.variable());
      }
      case Origin.Default _ -> json.put("source", "default");
    }
    json.put("documentation", entry.documentation());
    return json;
  }
}
