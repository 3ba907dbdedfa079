package dev.patchbay.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.KubeObjects;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The definitions of custom resources that module files hold, put into the Kubernetes API as an installer would. */
final class Definitions {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Definitions() {}

  /**
   * Installs those of all modules that a configuration names.
   *
   * @param configuration a whole one
   */
  static void install(Map<String, Object> configuration, KubeObjects objects) {
    if (configuration.get("modules") instanceof List<?> modules) {
      for (Object entry : modules) {
        if (entry instanceof Map<?, ?> module && module.get("file") instanceof String file && Files.isRegularFile(Path.of(file))) {
          in(Path.of(file)).forEach(definition -> create(definition, objects));
        }
      }
    }
  }

  /** Modes that read the same kind of objects each bring its definition. */
  private static void create(ObjectNode definition, KubeObjects objects) {
    if (objects.get("customresourcedefinitions.apiextensions.k8s.io", "", definition.at("/metadata/name").asText()).isEmpty()) {
      objects.create(definition);
    }
  }

  private static List<ObjectNode> in(Path jar) {
    List<ObjectNode> found = new ArrayList<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        if (entry.getName().endsWith(".yaml")) {
          try (InputStream in = zip.getInputStream(entry)) {
            JsonNode object = JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromInputStream(in));
            if (object instanceof ObjectNode definition && definition.path("kind").asText().equals("CustomResourceDefinition")) {
              found.add(definition);
            }
          }
        }
      }
    } catch (IOException failure) {
      throw new LabException("cannot read " + jar + ": " + failure.getMessage(), failure);
    }
    return found;
  }
}
