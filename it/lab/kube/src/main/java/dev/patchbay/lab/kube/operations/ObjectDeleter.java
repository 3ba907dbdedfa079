package dev.patchbay.lab.kube.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.operations.Admission.Attributes;
import dev.patchbay.lab.kube.operations.Admission.Operation;
import dev.patchbay.lab.kube.operations.DeleteOptions.Propagation;
import dev.patchbay.lab.kube.resources.ResourceRegistry;
import dev.patchbay.lab.kube.store.ObjectStore;
import dev.patchbay.lab.kube.store.StaleException;
import dev.patchbay.lab.kube.store.StoredObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Deleting: at once, or by a mark that finalizers, a grace period or a namespace's contents keep waiting (Kubernetes
 * documentation, "Finalizers", "Garbage Collection", "Pod Lifecycle"). Thread-safe.
 */
public final class ObjectDeleter {
  /** Keeps an owner until its dependents are gone. */
  public static final String FOREGROUND = "foregroundDeletion";

  /** Keeps an owner until its dependents no longer name it. */
  public static final String ORPHAN = "orphan";

  private static final int ATTEMPTS = 100;

  private final ObjectStore store;
  private final Strategies strategies;
  private final Admission admission;

  /** Deletes from a store. */
  public ObjectDeleter(ObjectStore store, Strategies strategies, Admission admission) {
    this.store = store;
    this.strategies = strategies;
    this.admission = admission;
  }

  /**
   * What a deletion has done.
   *
   * @param object the object's last or marked state
   * @param gone whether it is gone
   * @param answerObject whether the caller is told the object rather than a Status
   */
  public record Outcome(StoredObject object, boolean gone, boolean answerObject) {}

  /** Deletes an object. */
  public Outcome delete(Target target, DeleteOptions options, WriteContext context) {
    String storage = ResourceRegistry.storage(target.type());
    Strategy strategy = strategies.of(target.type());
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      StoredObject stored =
          store
              .get(storage, target.key())
              .orElseThrow(() -> StatusException.notFound(target.type(), target.name()));
      requirePreconditions(target, stored, options);
      Attributes attributes =
          new Attributes(
              target,
              Operation.DELETE,
              Optional.empty(),
              Optional.of(Representation.of(stored, target.type())),
              context.user(),
              context.dryRun());
      admission.mutate(attributes);
      admission.validate(attributes);
      ObjectNode marked = mark(stored, strategy, options);
      boolean gone = Metadata.mayGo(marked);
      if (context.dryRun()) {
        return new Outcome(StoredObject.unstored(stored.key(), marked), gone, !gone);
      }
      try {
        if (gone) {
          // What is deleted gracefully is marked, and seen so, even if nobody gives it time (registry/generic, Delete).
          StoredObject going = strategy.goesGracefully() ? store.replace(storage, stored, marked) : stored;
          StoredObject removed = store.remove(storage, going, last(going, marked));
          strategy.removed(removed.content());
          return new Outcome(removed, true, strategy.returnsDeleted());
        }
        return new Outcome(store.replace(storage, stored, marked), false, true);
      } catch (StaleException overtaken) {
        // Somebody wrote in between: look again.
      }
    }
    throw StatusException.modified(target.type(), target.name());
  }

  /** An object that was never marked is reported as it was, without a mark (registry/generic, Delete). */
  private static ObjectNode last(StoredObject stored, ObjectNode marked) {
    return Metadata.isBeingDeleted(stored.content()) ? marked : stored.copy();
  }

  private ObjectNode mark(StoredObject stored, Strategy strategy, DeleteOptions options) {
    ObjectNode object = stored.copy();
    ObjectNode metadata = Json.child(object, "metadata");
    if (options.propagation() != Propagation.BACKGROUND) {
      String finalizer = options.propagation() == Propagation.FOREGROUND ? FOREGROUND : ORPHAN;
      ArrayNode finalizers = metadata.withArrayProperty("finalizers");
      if (!Json.list(metadata, "finalizers").contains(finalizer)) {
        finalizers.add(finalizer);
      }
    }
    long grace = strategy.gracePeriod(object, options.gracePeriodSeconds());
    JsonNode earlier = metadata.path("deletionGracePeriodSeconds");
    boolean shorter = earlier.isMissingNode() || grace < earlier.asLong();
    if (!Metadata.isBeingDeleted(object) || (options.gracePeriodSeconds().isPresent() && shorter)) {
      if (strategy.tracksGeneration() && !Metadata.isBeingDeleted(object)) {
        Json.put(metadata, "generation", metadata.path("generation").asLong(0) + 1);
      }
      metadata.put(
          "deletionTimestamp",
          Instant.now().plusSeconds(grace).truncatedTo(ChronoUnit.SECONDS).toString());
      Json.put(metadata, "deletionGracePeriodSeconds", grace);
    }
    if (object.path("kind").asText().equals("Namespace")) {
      Json.child(object, "status").put("phase", "Terminating");
      metadata.remove("deletionGracePeriodSeconds");
    }
    return object;
  }

  private static void requirePreconditions(Target target, StoredObject stored, DeleteOptions options) {
    options
        .uid()
        .filter(uid -> !uid.equals(stored.uid()))
        .ifPresent(
            uid -> {
              throw StatusException.precondition(
                  target.type(),
                  target.name(),
                  "the UID in the precondition ("
                      + uid
                      + ") does not match the UID in record ("
                      + stored.uid()
                      + "). The object might have been deleted and then recreated");
            });
    options
        .resourceVersion()
        .filter(version -> ObjectReader.version(version) != stored.version())
        .ifPresent(
            version -> {
              throw StatusException.precondition(
                  target.type(),
                  target.name(),
                  "the ResourceVersion in the precondition ("
                      + version
                      + ") does not match the ResourceVersion in record ("
                      + stored.version()
                      + "). The object might have been modified");
            });
  }

  /** Deletes several objects, those that are still there. */
  public List<StoredObject> deleteAll(
      Target target, List<StoredObject> objects, DeleteOptions options, WriteContext context) {
    for (StoredObject object : objects) {
      Target one = new Target(target.type(), object.key().namespace(), object.key().name(), "");
      try {
        delete(one, options, context);
      } catch (StatusException e) {
        if (!e.reason().equals("NotFound")) {
          throw e;
        }
      }
    }
    return objects;
  }
}
