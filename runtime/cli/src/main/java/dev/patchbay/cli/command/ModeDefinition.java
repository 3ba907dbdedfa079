package dev.patchbay.cli.command;

import dev.patchbay.cli.CommandException;
import dev.patchbay.launch.LoadedMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A definition of objects that a mode reads, as its module holds it.
 *
 * @param mode the mode's name
 * @param name the definition's name
 * @param text the definition as YAML, one document that begins with three dashes
 * @param object the same as an object
 */
record ModeDefinition(String mode, String name, String text, Map<String, Object> object) {
  /** Those that modes declare; one that several bring alike, once. */
  static List<ModeDefinition> of(Collection<LoadedMode> modes) {
    List<ModeDefinition> definitions = new ArrayList<>();
    for (LoadedMode mode : modes) {
      for (String resource : mode.provider().descriptor().needs().crds()) {
        ModeDefinition definition = read(mode, resource);
        if (definitions.stream().noneMatch(d -> d.object().equals(definition.object()))) {
          definitions.add(definition);
        }
      }
    }
    return definitions;
  }

  private static ModeDefinition read(LoadedMode mode, String resource) {
    String text;
    Object loaded;
    try {
      byte[] bytes = mode.resource(resource).orElseThrow(() -> defect(mode, resource, "its module has no such resource"));
      text = new String(bytes, StandardCharsets.UTF_8);
      loaded = new Load(LoadSettings.builder().setLabel(resource).build()).loadFromString(text);
    } catch (IOException | YamlEngineException e) {
      throw defect(mode, resource, String.valueOf(e.getMessage()));
    }
    Map<String, Object> object = new LinkedHashMap<>();
    if (loaded instanceof Map<?, ?> map) {
      map.forEach((key, value) -> object.put(String.valueOf(key), value));
    }
    if (!"CustomResourceDefinition".equals(object.get("kind")) || !(object.get("metadata") instanceof Map<?, ?> metadata)
        || !(metadata.get("name") instanceof String name)) {
      throw defect(mode, resource, "it is no CustomResourceDefinition with a name");
    }
    String document = text.startsWith("---") ? text : "---\n" + text;
    return new ModeDefinition(mode.id(), name, document.endsWith("\n") ? document : document + "\n", object);
  }

  private static CommandException defect(LoadedMode mode, String resource, String why) {
    return new CommandException("The definition " + resource + " of the mode " + mode.id() + " can't be read: " + why + ".",
        "This is a defect of the mode: report it to its maker.");
  }
}
