package dev.patchbay.lab.kube.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.ObjectKey;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.operations.DeleteOptions;
import dev.patchbay.lab.kube.operations.DeleteOptions.Propagation;
import dev.patchbay.lab.kube.operations.ObjectDeleter;
import dev.patchbay.lab.kube.operations.ObjectReader;
import dev.patchbay.lab.kube.operations.ObjectWriter;
import dev.patchbay.lab.kube.operations.Target;
import dev.patchbay.lab.kube.operations.WriteContext;
import dev.patchbay.lab.kube.resources.ResourceRegistry;
import dev.patchbay.lab.kube.store.Change;
import dev.patchbay.lab.kube.store.ObjectStore.Written;
import dev.patchbay.lab.kube.store.StoredObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Deletes what no owner is left of (Kubernetes documentation, "Garbage Collection"): in the background after the owner,
 * in the foreground before it, or lets dependents live on as orphans.
 */
final class GarbageCollector implements Controller {
  private final ResourceRegistry registry;
  private final ObjectReader reader;
  private final ObjectWriter writer;
  private final ObjectDeleter deleter;
  private final Set<String> alive = new HashSet<>();
  private final Map<String, Set<Place>> dependents = new HashMap<>();
  private final Map<String, Place> waiting = new HashMap<>();

  private record Place(String resource, ObjectKey key) {}

  GarbageCollector(ResourceRegistry registry, ObjectReader reader, ObjectWriter writer, ObjectDeleter deleter) {
    this.registry = registry;
    this.reader = reader;
    this.writer = writer;
    this.deleter = deleter;
  }

  @Override
  public void react(Written written) {
    Change change = written.change();
    StoredObject object = change.object();
    Place place = new Place(written.resource(), object.key());
    change.previous().ifPresent(before -> forget(before, place));
    if (change.kind() == Change.Kind.DELETED) {
      alive.remove(object.uid());
      waiting.remove(object.uid());
      Set<Place> left = dependents.getOrDefault(object.uid(), Set.of());
      List.copyOf(left).forEach(this::collect);
      owners(object.content()).forEach(this::finishForeground);
      return;
    }
    alive.add(object.uid());
    List<String> owners = owners(object.content());
    owners.forEach(uid -> dependents.computeIfAbsent(uid, any -> new LinkedHashSet<>()).add(place));
    if (!owners.isEmpty()) {
      collect(place);
    }
    List<String> finalizers = Json.list(object.content(), "metadata", "finalizers");
    if (!Json.text(object.content(), "metadata", "deletionTimestamp").isEmpty()) {
      if (finalizers.contains(ObjectDeleter.ORPHAN)) {
        orphan(object, place);
      } else if (finalizers.contains(ObjectDeleter.FOREGROUND) && waiting.putIfAbsent(object.uid(), place) == null) {
        deleteDependents(object.uid());
      }
    }
  }

  private void forget(StoredObject before, Place place) {
    for (String uid : owners(before.content())) {
      Set<Place> places = dependents.getOrDefault(uid, new LinkedHashSet<>());
      places.remove(place);
      if (places.isEmpty()) {
        dependents.remove(uid);
      }
    }
  }

  /** Deletes an object if all its owners are gone. */
  private void collect(Place place) {
    Optional<StoredObject> object = find(place);
    boolean ownerless = object.map(each -> owners(each.content())).filter(this::areGone).isPresent();
    if (ownerless) {
      delete(place, DeleteOptions.DEFAULT);
    }
  }

  private boolean areGone(List<String> owners) {
    return !owners.isEmpty() && owners.stream().noneMatch(alive::contains);
  }

  private void deleteDependents(String uid) {
    DeleteOptions foreground =
        new DeleteOptions(Optional.empty(), Propagation.FOREGROUND, Optional.empty(), Optional.empty());
    List.copyOf(dependents.getOrDefault(uid, Set.of())).forEach(each -> delete(each, foreground));
    finishForeground(uid);
  }

  /** Lets an owner go that waits for its dependents, if none is left that blocks it. */
  private void finishForeground(String uid) {
    Place owner = waiting.get(uid);
    if (owner == null) {
      return;
    }
    boolean blocked =
        dependents.getOrDefault(uid, Set.of()).stream()
            .anyMatch(each -> find(each).filter(object -> blocks(object.content(), uid)).isPresent());
    if (!blocked) {
      patch(owner, present -> Emptier.withoutFinalizer(present, ObjectDeleter.FOREGROUND));
    }
  }

  private static boolean blocks(ObjectNode object, String uid) {
    for (JsonNode reference : Json.at(object, "metadata", "ownerReferences")) {
      if (Json.text(reference, "uid").equals(uid)) {
        return reference.path("blockOwnerDeletion").asBoolean(false);
      }
    }
    return false;
  }

  private void orphan(StoredObject owner, Place place) {
    for (Place each : List.copyOf(dependents.getOrDefault(owner.uid(), Set.of()))) {
      patch(each, present -> withoutOwner(present, owner.uid()));
    }
    patch(place, present -> Emptier.withoutFinalizer(present, ObjectDeleter.ORPHAN));
  }

  private static ObjectNode withoutOwner(ObjectNode object, String uid) {
    ObjectNode metadata = Json.child(object, "metadata");
    ArrayNode kept = Json.array();
    for (JsonNode reference : metadata.path("ownerReferences")) {
      if (!Json.text(reference, "uid").equals(uid)) {
        kept.add(reference);
      }
    }
    if (kept.isEmpty()) {
      metadata.remove("ownerReferences");
    } else {
      metadata.set("ownerReferences", kept);
    }
    return object;
  }

  private static List<String> owners(ObjectNode object) {
    return Json.at(object, "metadata", "ownerReferences").findValuesAsText("uid");
  }

  private Optional<StoredObject> find(Place place) {
    return target(place).flatMap(reader::find);
  }

  private Optional<Target> target(Place place) {
    return registry
        .findStored(place.resource())
        .map(type -> new Target(type, place.key().namespace(), place.key().name(), ""));
  }

  private void delete(Place place, DeleteOptions options) {
    ignoringAbsence(() -> target(place).ifPresent(target -> deleter.delete(target, options, WriteContext.SERVER)));
  }

  private void patch(Place place, UnaryOperator<ObjectNode> change) {
    ignoringAbsence(() -> target(place).ifPresent(target -> writer.patch(target, WriteContext.SERVER, change)));
  }

  private static void ignoringAbsence(Runnable action) {
    try {
      action.run();
    } catch (StatusException e) {
      if (!e.reason().equals("NotFound")) {
        throw e;
      }
    }
  }
}
