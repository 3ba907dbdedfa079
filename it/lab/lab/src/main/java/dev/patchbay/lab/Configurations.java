package dev.patchbay.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Configuration as YAML text and as maps. */
public final class Configurations {
  private Configurations() {}

  /** Reads a file that holds one mapping. */
  public static Map<String, Object> read(Path file) {
    try {
      Object loaded = new Load(LoadSettings.builder().setLabel(file.toString()).build()).loadFromString(Files.readString(file));
      return loaded == null ? Map.of() : sections(loaded, file.toString());
    } catch (IOException failure) {
      throw new LabException("cannot read " + file + ": " + failure.getMessage(), failure);
    } catch (YamlEngineException wrong) {
      throw new LabException(file + " is no YAML: " + wrong.getMessage(), wrong);
    }
  }

  /** Changes a file that holds one mapping, by the rules of RFC 7396. */
  public static void change(Path file, Map<String, Object> over) {
    String text = text(merge(read(file), over));
    try {
      Files.writeString(file, text);
    } catch (IOException failure) {
      throw new LabException("cannot write " + file + ": " + failure.getMessage(), failure);
    }
  }

  static String text(Map<String, Object> value) {
    return new Dump(DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build()).dumpToString(value);
  }

  /** Lays one mapping over another as RFC 7396 says. */
  static Map<String, Object> merge(Map<String, Object> base, Map<String, Object> over) {
    Map<String, Object> merged = new LinkedHashMap<>(base);
    over.forEach(
        (key, value) -> {
          @Nullable Object present = merged.get(key);
          if (value == null) {
            merged.remove(key);
          } else if (value instanceof Map && present instanceof Map) {
            merged.put(key, merge(sections(present, key), sections(value, key)));
          } else {
            merged.put(key, value);
          }
        });
    return merged;
  }

  private static Map<String, Object> sections(Object value, String where) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new LabException(where + " must hold keys with values, as in \"node: {mtu: 1500}\"");
    }
    Map<String, Object> typed = new LinkedHashMap<>();
    map.forEach((key, inner) -> typed.put(String.valueOf(key), inner));
    return typed;
  }
}
