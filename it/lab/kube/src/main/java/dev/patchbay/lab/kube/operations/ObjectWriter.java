package dev.patchbay.lab.kube.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.Names;
import dev.patchbay.lab.kube.model.ObjectKey;
import dev.patchbay.lab.kube.model.ResourceType;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.model.StatusException.Cause;
import dev.patchbay.lab.kube.operations.Admission.Attributes;
import dev.patchbay.lab.kube.operations.Admission.Operation;
import dev.patchbay.lab.kube.resources.ResourceRegistry;
import dev.patchbay.lab.kube.store.ObjectStore;
import dev.patchbay.lab.kube.store.StaleException;
import dev.patchbay.lab.kube.store.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Creating and changing. Each write goes the API server's way: defaults, mutating admission, validation, ownership of
 * fields, validating admission, and the store, which refuses it if somebody else was faster. Thread-safe; nothing is
 * locked while webhooks are called.
 */
public final class ObjectWriter {
  private static final int ATTEMPTS = 100;
  private static final int NAME_ATTEMPTS = 8;

  private final ObjectStore store;
  private final Strategies strategies;
  private final Admission admission;
  private final FieldOwnership ownership;

  /** Writes to a store. */
  public ObjectWriter(ObjectStore store, Strategies strategies, Admission admission) {
    this.store = store;
    this.strategies = strategies;
    this.admission = admission;
    this.ownership = new FieldOwnership(strategies);
  }

  /**
   * What an update or a patch has done.
   *
   * @param object the object as it is now
   * @param created whether it was made by it
   */
  public record Outcome(StoredObject object, boolean created) {}

  /**
   * Makes an object.
   *
   * @param body what the caller sent; it is used up
   */
  public StoredObject create(Target target, ObjectNode body, WriteContext context) {
    return create(target, body, context, false);
  }

  private StoredObject create(Target target, ObjectNode body, WriteContext context, boolean applied) {
    ResourceType type = target.type();
    Metadata.requireType(type, body);
    if (!Json.text(body, "metadata", "resourceVersion").isEmpty()) {
      throw StatusException.unforeseen("resourceVersion should not be set on objects to be created");
    }
    boolean generated = Json.text(body, "metadata", "name").isEmpty();
    String prefix = Json.text(body, "metadata", "generateName");
    ObjectNode owners = Json.object();
    if (applied) {
      owners.set("managedFields", Json.at(body, "metadata", "managedFields"));
    }
    Strategy strategy = strategies.of(type);
    Metadata.create(target, body, strategy);
    if (applied) {
      Json.child(body, "metadata").setAll(owners);
    }
    Metadata.requireName(target, body, strategy);
    requireNamespace(target, Json.text(body, "metadata", "name"));
    strategy.prepareCreate(type, body);
    prune(type, body, strategy, context);
    strategy.applyDefaults(body);
    Target named = target.named(Json.text(body, "metadata", "name"));
    ObjectNode object =
        admission
            .mutate(attributes(named, Operation.CREATE, body, Optional.empty(), context))
            .orElse(body);
    strategy.applyDefaults(object);
    List<Cause> causes = new ArrayList<>(Labels.validate(type, object));
    causes.addAll(strategy.validate(object));
    validate(type, named.name(), causes);
    if (!applied) {
      ownership.updated(named, object, Json.object(), context);
    }
    admission.validate(attributes(named, Operation.CREATE, object, Optional.empty(), context));
    Representation.toStorage(object, type);
    if (context.dryRun()) {
      if (store.get(ResourceRegistry.storage(type), named.key()).isPresent()) {
        throw StatusException.alreadyExists(type, named.name());
      }
      return StoredObject.unstored(named.key(), object);
    }
    StoredObject stored = add(named, object, generated ? prefix : "");
    strategy.written(stored.content());
    return stored;
  }

  private StoredObject add(Target target, ObjectNode object, String prefix) {
    ObjectKey key = target.key();
    for (int attempt = 1; ; attempt++) {
      try {
        return store.create(ResourceRegistry.storage(target.type()), key, object);
      } catch (StaleException taken) {
        if (prefix.isEmpty() || attempt == NAME_ATTEMPTS) {
          throw StatusException.alreadyExists(target.type(), key.name());
        }
        key = new ObjectKey(key.namespace(), Names.generate(prefix));
        Json.child(object, "metadata").put("name", key.name());
      }
    }
  }

  private void requireNamespace(Target target, String name) {
    if (target.namespace().isEmpty()) {
      return;
    }
    ObjectNode namespace =
        store
            .get("namespaces", new ObjectKey("", target.namespace()))
            .map(StoredObject::content)
            .orElseThrow(() -> StatusException.noNamespace(target.namespace()));
    if (Metadata.isBeingDeleted(namespace)) {
      throw StatusException.forbidden(
          target.type().group(),
          target.type().plural(),
          name,
          target.type().qualified()
              + " \""
              + name
              + "\" is forbidden: unable to create new content in namespace "
              + target.namespace()
              + " because it is being terminated");
    }
  }

  /**
   * Replaces an object, or its subresource.
   *
   * @param body what the caller sent
   */
  public Outcome update(Target target, ObjectNode body, WriteContext context) {
    Metadata.requireType(target.type(), body);
    Metadata.requireSameName(target, body);
    boolean exists = store.get(ResourceRegistry.storage(target.type()), target.key()).isPresent();
    Strategy strategy = strategies.of(target.type());
    if (!exists && target.subresource().isEmpty() && strategy.createsOnUpdate()) {
      Json.child(body, "metadata").remove("resourceVersion");
      return new Outcome(create(target, body, context), true);
    }
    if (exists && strategy.requiresVersion() && Json.text(body, "metadata", "resourceVersion").isEmpty()) {
      throw StatusException.unconditional(target.type(), target.name());
    }
    return new Outcome(change(target, context, true, before -> body.deepCopy()), false);
  }

  /**
   * Changes an object, or its subresource, as often as it takes to get in between the writes of others.
   *
   * @param patch makes the new object from a copy of the present one
   */
  public StoredObject patch(Target target, WriteContext context, UnaryOperator<ObjectNode> patch) {
    return change(
        target,
        context,
        true,
        before -> {
          ObjectNode after = patch.apply(before);
          Metadata.requireType(target.type(), after);
          Metadata.requireSameName(target, after);
          return after;
        });
  }

  /**
   * Gives a pod to a node.
   *
   * @param annotations of the binding, which the pod gets
   * @throws StatusException 409 if it has a node already
   */
  public StoredObject bind(Target pod, String node, JsonNode annotations, WriteContext context) {
    return change(
        new Target(pod.type(), pod.namespace(), pod.name(), "binding"),
        context,
        true,
        before -> {
          if (!Json.text(before, "spec", "nodeName").isEmpty()) {
            throw StatusException.conflict(
                pod.type(),
                pod.name(),
                "pod " + pod.name() + " is already assigned to node " + Json.text(before, "spec", "nodeName"));
          }
          Json.child(before, "spec").put("nodeName", node);
          if (annotations instanceof ObjectNode given && !given.isEmpty()) {
            Json.child(before, "metadata", "annotations").setAll(given);
          }
          markScheduled(Json.child(before, "status").withArrayProperty("conditions"));
          return before;
        });
  }

  private static void markScheduled(ArrayNode conditions) {
    conditions
        .addObject()
        .put("type", "PodScheduled")
        .put("status", "True")
        .putNull("lastProbeTime")
        .put("lastTransitionTime", Metadata.now());
  }

  /** Applies a configuration: makes the object, or merges into it what the configuration says. */
  public Outcome apply(Target target, ObjectNode configuration, WriteContext context) {
    Applied.requireWhole(target, configuration, strategies.of(target.type()));
    Metadata.requireType(target.type(), configuration);
    Metadata.requireSameName(target, configuration);
    if (Json.at(configuration, "metadata").has("managedFields")
        && !Json.at(configuration, "metadata", "managedFields").isNull()) {
      throw StatusException.badRequest("metadata.managedFields must be nil");
    }
    if (target.subresource().isEmpty() && target.type().hasStatus()) {
      // The fields of a subresource are neither set nor owned through the object itself.
      configuration.remove("status");
    }
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      boolean exists = store.get(ResourceRegistry.storage(target.type()), target.key()).isPresent();
      if (exists) {
        return new Outcome(
            change(
                target,
                context,
                false,
                before -> ownership.applied(target, before, configuration.deepCopy(), context)),
            false);
      }
      if (!target.subresource().isEmpty()) {
        throw StatusException.notFound(target.type(), target.name());
      }
      Json.child(configuration, "metadata").remove("resourceVersion");
      ObjectNode made = ownership.applied(target, Json.object(), configuration.deepCopy(), context);
      try {
        return new Outcome(create(target, made, context, true), true);
      } catch (StatusException e) {
        if (!e.reason().equals("AlreadyExists")) {
          throw e;
        }
      }
    }
    throw StatusException.modified(target.type(), target.name());
  }

  private StoredObject change(
      Target target, WriteContext context, boolean recordOwner, UnaryOperator<ObjectNode> change) {
    String storage = ResourceRegistry.storage(target.type());
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      StoredObject stored =
          store
              .get(storage, target.key())
              .orElseThrow(() -> StatusException.notFound(target.type(), target.name()));
      ObjectNode before = Representation.copy(stored, target.type());
      ObjectNode after = change.apply(before.deepCopy());
      requireVersion(target, after, stored);
      ObjectNode object = prepare(target, after, before, context, recordOwner);
      if (context.dryRun()) {
        return StoredObject.unstored(stored.key(), Representation.toStorage(object, target.type()));
      }
      try {
        return write(target, stored, Representation.toStorage(object, target.type()));
      } catch (StaleException overtaken) {
        // A writer that named a version is refused in the next round; any other tries on the newer object.
      }
    }
    throw StatusException.modified(target.type(), target.name());
  }

  private StoredObject write(Target target, StoredObject before, ObjectNode object) {
    String storage = ResourceRegistry.storage(target.type());
    Strategy strategy = strategies.of(target.type());
    if (Metadata.mayGo(object)) {
      StoredObject removed = store.remove(storage, before, object);
      strategy.removed(removed.content());
      return removed;
    }
    StoredObject written = store.replace(storage, before, object);
    strategy.written(written.content());
    return written;
  }

  private ObjectNode prepare(
      Target target, ObjectNode after, ObjectNode before, WriteContext context, boolean recordOwner) {
    ResourceType type = target.type();
    Strategy strategy = strategies.of(type);
    boolean whole = target.subresource().isEmpty();
    ObjectNode object = whole ? after : Subresources.merge(target, after, before);
    carryOver(object, before, type, strategy, whole);
    prune(type, object, strategy, context);
    strategy.applyDefaults(object);
    object =
        admission
            .mutate(attributes(target, Operation.UPDATE, object, Optional.of(before), context))
            .orElse(object);
    carryOver(object, before, type, strategy, whole);
    strategy.applyDefaults(object);
    List<Cause> causes = new ArrayList<>(Labels.validate(type, object));
    causes.addAll(Metadata.validateUpdate(object, before));
    causes.addAll(strategy.validate(object));
    if (whole) {
      causes.addAll(strategy.validateUpdate(object, before));
      if (strategy.tracksGeneration()) {
        Metadata.countGeneration(object, before);
      }
    }
    validate(type, target.name(), causes);
    if (recordOwner) {
      ownership.updated(target, object, before, context);
    }
    admission.validate(attributes(target, Operation.UPDATE, object, Optional.of(before), context));
    return object;
  }

  private static void carryOver(
      ObjectNode object, ObjectNode before, ResourceType type, Strategy strategy, boolean whole) {
    Metadata.keep(object, before);
    if (whole) {
      if (type.hasStatus()) {
        Subresources.replaceField(object, before, "status");
      }
      strategy.prepareUpdate(object, before);
    }
  }

  private static void requireVersion(Target target, ObjectNode after, StoredObject stored) {
    String asked = Json.text(after, "metadata", "resourceVersion");
    if (!asked.isEmpty() && ObjectReader.version(asked) != stored.version() && !asked.equals("0")) {
      throw StatusException.modified(target.type(), target.name());
    }
    String uid = Json.text(after, "metadata", "uid");
    if (!uid.isEmpty() && !uid.equals(stored.uid())) {
      throw StatusException.conflict(
          target.type(),
          target.name(),
          "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + stored.uid());
    }
  }

  private static void prune(ResourceType type, ObjectNode object, Strategy strategy, WriteContext context) {
    List<String> unknown = strategy.prune(object);
    if (context.strict() && !unknown.isEmpty()) {
      throw StatusException.badRequest(
          type.kind()
              + " in version \""
              + type.version()
              + "\" cannot be handled as a "
              + type.kind()
              + ": strict decoding error: "
              + unknown.stream().sorted().map(field -> "unknown field \"" + field + '"').collect(Collectors.joining(", ")));
    }
  }

  private static void validate(ResourceType type, String name, List<Cause> causes) {
    if (!causes.isEmpty()) {
      throw StatusException.invalid(type, name, causes);
    }
  }

  private static Attributes attributes(
      Target target, Operation operation, ObjectNode object, Optional<ObjectNode> before, WriteContext context) {
    return new Attributes(target, operation, Optional.of(object), before, context.user(), context.dryRun());
  }
}
