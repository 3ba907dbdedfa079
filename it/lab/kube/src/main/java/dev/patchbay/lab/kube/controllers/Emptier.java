package dev.patchbay.lab.kube.controllers;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.custom.DefinitionStrategy;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.ResourceType;
import dev.patchbay.lab.kube.operations.DeleteOptions;
import dev.patchbay.lab.kube.operations.ListOptions;
import dev.patchbay.lab.kube.operations.ObjectDeleter;
import dev.patchbay.lab.kube.operations.ObjectReader;
import dev.patchbay.lab.kube.operations.ObjectWriter;
import dev.patchbay.lab.kube.operations.Target;
import dev.patchbay.lab.kube.operations.WriteContext;
import dev.patchbay.lab.kube.resources.ResourceRegistry;
import dev.patchbay.lab.kube.store.Change;
import dev.patchbay.lab.kube.store.ObjectStore.Written;
import dev.patchbay.lab.kube.store.StoredObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Empties namespaces and CustomResourceDefinitions that are being deleted, and lets them go when nothing is left. Pods
 * on nodes end in their own time, so that this may take a while.
 */
final class Emptier implements Controller {
  private static final String DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";

  private final ResourceRegistry registry;
  private final ObjectReader reader;
  private final ObjectWriter writer;
  private final ObjectDeleter deleter;
  private final Set<String> namespaces = new TreeSet<>();
  private final Set<String> definitions = new TreeSet<>();

  Emptier(ResourceRegistry registry, ObjectReader reader, ObjectWriter writer, ObjectDeleter deleter) {
    this.registry = registry;
    this.reader = reader;
    this.writer = writer;
    this.deleter = deleter;
  }

  @Override
  public void react(Written written) {
    StoredObject object = written.change().object();
    boolean gone = written.change().kind() == Change.Kind.DELETED;
    boolean dying = !gone && !Json.text(object.content(), "metadata", "deletionTimestamp").isEmpty();
    String name = object.key().name();
    if (written.resource().equals("namespaces")) {
      if (dying && namespaces.add(name)) {
        emptyNamespace(name);
      } else if (gone) {
        namespaces.remove(name);
      }
    } else if (written.resource().equals(DEFINITIONS)) {
      if (dying && definitions.add(name)) {
        emptyDefinition(name);
      } else if (gone) {
        definitions.remove(name);
      }
    }
    if (gone && namespaces.contains(object.key().namespace())) {
      finishNamespace(object.key().namespace());
    }
    if (gone && definitions.contains(written.resource())) {
      finishDefinition(written.resource());
    }
  }

  private void emptyNamespace(String namespace) {
    for (ResourceType type : storedOnce()) {
      Target all = new Target(type, namespace, "", "");
      deleter.deleteAll(all, objects(all), DeleteOptions.DEFAULT, WriteContext.SERVER);
    }
    finishNamespace(namespace);
  }

  private void finishNamespace(String namespace) {
    for (ResourceType type : storedOnce()) {
      if (!objects(new Target(type, namespace, "", "")).isEmpty()) {
        return;
      }
    }
    ResourceType type = registry.find("", "v1", "namespaces").orElseThrow();
    writer.patch(
        new Target(type, "", namespace, "finalize"),
        WriteContext.SERVER,
        present -> {
          Json.child(present, "spec").remove("finalizers");
          return present;
        });
  }

  private List<ResourceType> storedOnce() {
    Set<String> seen = new HashSet<>();
    return registry.types().stream()
        .filter(type -> type.namespaced() && seen.add(ResourceRegistry.storage(type)))
        .toList();
  }

  private List<StoredObject> objects(Target target) {
    return reader.list(target, ListOptions.ALL).objects();
  }

  private void emptyDefinition(String name) {
    registry
        .findStored(name)
        .ifPresent(
            type -> {
              Target all = new Target(type, "", "", "");
              deleter.deleteAll(all, objects(all), DeleteOptions.DEFAULT, WriteContext.SERVER);
            });
    finishDefinition(name);
  }

  private void finishDefinition(String name) {
    boolean left =
        registry.findStored(name).filter(type -> !objects(new Target(type, "", "", "")).isEmpty()).isPresent();
    if (left) {
      return;
    }
    ResourceType type = registry.findStored(DEFINITIONS).orElseThrow();
    writer.patch(
        new Target(type, "", name, ""),
        WriteContext.SERVER,
        present -> withoutFinalizer(present, DefinitionStrategy.CLEANUP));
  }

  static ObjectNode withoutFinalizer(ObjectNode object, String finalizer) {
    ObjectNode metadata = Json.child(object, "metadata");
    ArrayNode kept = Json.array();
    Json.list(metadata, "finalizers").stream().filter(each -> !each.equals(finalizer)).forEach(kept::add);
    if (kept.isEmpty()) {
      metadata.remove("finalizers");
    } else {
      metadata.set("finalizers", kept);
    }
    return object;
  }
}
