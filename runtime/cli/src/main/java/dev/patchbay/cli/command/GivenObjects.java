package dev.patchbay.cli.command;

import dev.patchbay.cli.CommandException;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Kubernetes objects from manifest files, in place of an API server. */
final class GivenObjects {
  private static final int MOST_BYTES = 4 << 20;

  private GivenObjects() {}

  /**
   * Reads manifests; what is of no kind that is asked for is passed over.
   *
   * @param files the files, YAML of any number of documents, or JSON
   * @param kinds the kinds
   * @return the objects
   * @throws CommandException if a file can't be read
   */
  static List<ObjectRecord> read(List<Path> files, Set<ObjectKind> kinds) {
    List<ObjectRecord> objects = new ArrayList<>();
    for (Path file : files) {
      for (Object document : documents(file)) {
        add(file, document, kinds, objects);
      }
    }
    return objects;
  }

  private static List<Object> documents(Path file) {
    List<Object> documents = new ArrayList<>();
    try {
      if (!Files.isRegularFile(file)) {
        throw refused(file, Files.exists(file) ? "it is no file" : "there is no such file");
      }
      if (Files.size(file) > MOST_BYTES) {
        throw refused(file, "it has more than " + MOST_BYTES + " bytes");
      }
      Load load = new Load(LoadSettings.builder().setLabel(file.toString()).setMaxAliasesForCollections(10).build());
      for (Object document : load.loadAllFromString(Files.readString(file))) {
        if (document != null) {
          documents.add(document);
        }
      }
    } catch (YamlEngineException | StackOverflowError e) {
      throw refused(file, "it is neither YAML nor JSON (" + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + ")");
    } catch (IOException e) {
      throw refused(file, "it can't be read (" + e.getMessage() + ")");
    }
    return documents;
  }

  private static void add(Path file, Object document, Set<ObjectKind> kinds, List<ObjectRecord> objects) {
    Map<String, Object> object = map(document);
    if (object.isEmpty()) {
      throw refused(file, "a document in it is no object");
    }
    if (object.get("items") instanceof List<?> items) {
      items.forEach(item -> add(file, item, kinds, objects));
      return;
    }
    Optional<ObjectKind> kind = kinds.stream()
        .filter(k -> k.apiVersion().equals(object.get("apiVersion")) && k.kind().equals(object.get("kind"))).findFirst();
    if (kind.isEmpty()) {
      return;
    }
    Map<String, Object> metadata = map(object.get("metadata"));
    String name = String.valueOf(metadata.getOrDefault("name", ""));
    if (name.isEmpty()) {
      throw refused(file, "a " + kind.get().kind() + " in it has no name");
    }
    String namespace = kind.get().namespaced() ? String.valueOf(metadata.getOrDefault("namespace", "default")) : "";
    Map<String, Object> content = new LinkedHashMap<>(object);
    List.of("apiVersion", "kind", "metadata").forEach(content::remove);
    try {
      objects.add(new ObjectRecord(new ObjectRef(kind.get(), namespace, name), "", "", texts(metadata.get("labels")),
          texts(metadata.get("annotations")), Fields.of(content)));
    } catch (IllegalArgumentException e) {
      throw refused(file, "the " + kind.get().kind() + " " + name + " has what JSON does not know: " + e.getMessage());
    }
  }

  private static Map<String, Object> map(@Nullable Object value) {
    Map<String, Object> map = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> given) {
      given.forEach((k, v) -> map.put(String.valueOf(k), v));
    }
    return map;
  }

  private static Map<String, String> texts(@Nullable Object value) {
    Map<String, String> texts = new TreeMap<>();
    map(value).forEach((k, v) -> texts.put(k, String.valueOf(v)));
    return texts;
  }

  private static CommandException refused(Path file, String why) {
    return new CommandException("The objects in " + file + " can't be used: " + why + ".",
        "Name files as `kubectl get -o yaml` writes them.");
  }
}
