package dev.patchbay.lab.kube.operations;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Names;
import dev.patchbay.lab.kube.model.ResourceType;
import dev.patchbay.lab.kube.model.StatusException.Cause;
import dev.patchbay.lab.kube.patch.BuiltInShapes;
import dev.patchbay.lab.kube.patch.Shapes;
import java.util.List;
import java.util.Optional;

/**
 * What is particular to the objects of one kind. The methods change or look at a tree that nobody else sees yet. The
 * defaults are those of a kind that has nothing particular.
 */
public interface Strategy {
  /**
   * Drops fields that are not known.
   *
   * @return their paths
   */
  default List<String> prune(ObjectNode object) {
    return List.of();
  }

  /** How lists are merged and owned. */
  default Shapes shapes(ResourceType type) {
    return new BuiltInShapes(type.kind());
  }

  /** Whether strategic merge patches are taken. */
  default boolean mergesStrategically() {
    return true;
  }

  /** Fills in what the writer left out; run again after mutating webhooks, so it must be idempotent. */
  default void applyDefaults(ObjectNode object) {}

  /** Sets what a new object has and its maker can't choose. */
  default void prepareCreate(ResourceType type, ObjectNode object) {
    if (type.hasStatus() && type.custom()) {
      object.remove("status");
    } else if (type.hasStatus()) {
      // A typed server always writes it, and kubectl's apply counts on that.
      object.putObject("status");
    }
  }

  /** Takes back what an update of the object itself may not touch without being refused for it. */
  default void prepareUpdate(ObjectNode object, ObjectNode before) {}

  /** What is wrong with an object, new or changed. */
  default List<Cause> validate(ObjectNode object) {
    return List.of();
  }

  /** What an update may not have changed. */
  default List<Cause> validateUpdate(ObjectNode object, ObjectNode before) {
    return List.of();
  }

  /** What is wrong with a name; empty if nothing. */
  default Optional<String> invalidName(String name) {
    return Names.invalidSubdomain(name);
  }

  /** Whether {@code metadata.generation} counts the changes of everything but metadata and status. */
  default boolean tracksGeneration() {
    return false;
  }

  /** Whether PUT makes an object that is not there. */
  default boolean createsOnUpdate() {
    return false;
  }

  /** Whether a PUT must name the version that it replaces. */
  default boolean requiresVersion() {
    return false;
  }

  /**
   * How long an object lives on after its deletion, in seconds; 0 for none.
   *
   * @param asked the period that the caller asked for
   */
  default long gracePeriod(ObjectNode object, Optional<Long> asked) {
    return 0;
  }

  /** Whether it is marked before it goes, although it goes at once. */
  default boolean goesGracefully() {
    return false;
  }

  /** Whether the answer to a deletion is the object rather than a Status. */
  default boolean returnsDeleted() {
    return false;
  }

  /** Told after an object was written. */
  default void written(ObjectNode object) {}

  /** Told after an object is gone. */
  default void removed(ObjectNode object) {}
}
