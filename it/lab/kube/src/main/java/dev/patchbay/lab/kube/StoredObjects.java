package dev.patchbay.lab.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.FieldSelector;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.LabelSelector;
import dev.patchbay.lab.kube.model.ResourceType;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.operations.DeleteOptions;
import dev.patchbay.lab.kube.operations.ListOptions;
import dev.patchbay.lab.kube.operations.ObjectDeleter;
import dev.patchbay.lab.kube.operations.ObjectReader;
import dev.patchbay.lab.kube.operations.ObjectWriter;
import dev.patchbay.lab.kube.operations.Representation;
import dev.patchbay.lab.kube.operations.Target;
import dev.patchbay.lab.kube.operations.WriteContext;
import dev.patchbay.lab.kube.patch.MergePatch;
import dev.patchbay.lab.kube.resources.ResourceRegistry;
import dev.patchbay.lab.kube.store.Change;
import dev.patchbay.lab.kube.store.StoredObject;
import dev.patchbay.lab.kube.store.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The objects of the lab's own API server. Thread-safe. */
final class StoredObjects implements KubeObjects {
  private static final Duration FOREVER = Duration.ofDays(365);

  private final ResourceRegistry registry;
  private final ObjectReader reader;
  private final ObjectWriter writer;
  private final ObjectDeleter deleter;

  StoredObjects(ResourceRegistry registry, ObjectReader reader, ObjectWriter writer, ObjectDeleter deleter) {
    this.registry = registry;
    this.reader = reader;
    this.writer = writer;
    this.deleter = deleter;
  }

  @Override
  public ObjectNode create(ObjectNode object) {
    return call(
        () -> {
          ResourceType type =
              registry
                  .findKind(Json.text(object, "apiVersion"), Json.text(object, "kind"))
                  .orElseThrow(StatusException::noSuchPath);
          String namespace =
              type.namespaced() ? Json.optional(object, "metadata", "namespace").orElse("default") : "";
          Target target = new Target(type, namespace, "", "");
          return writer.create(target, Json.normalized(object), WriteContext.SERVER).copy();
        });
  }

  @Override
  public ObjectNode create(String json) {
    return create(call(() -> Json.parseObject(json)));
  }

  @Override
  public Optional<ObjectNode> get(String resource, String namespace, String name) {
    Target target = target(resource, namespace, name, "");
    return call(() -> reader.find(target).map(found -> Representation.copy(found, target.type())));
  }

  @Override
  public List<ObjectNode> list(String resource, String namespace, String labelSelector) {
    Target target = target(resource, namespace, "", "");
    return call(
        () -> {
          ListOptions options =
              new ListOptions(LabelSelector.parse(labelSelector), FieldSelector.EVERYTHING, 0, "", "", "");
          return reader.list(target, options).objects().stream()
              .map(found -> Representation.copy(found, target.type()))
              .toList();
        });
  }

  @Override
  public ObjectNode update(String resource, String namespace, String name, UnaryOperator<ObjectNode> change) {
    Target target = target(resource, namespace, name, "");
    return call(() -> writer.patch(target, WriteContext.SERVER, change.andThen(Json::normalized)::apply).copy());
  }

  @Override
  public ObjectNode updateStatus(String resource, String namespace, String name, UnaryOperator<ObjectNode> change) {
    Target target = target(resource, namespace, name, "status");
    return call(() -> writer.patch(target, WriteContext.SERVER, change.andThen(Json::normalized)::apply).copy());
  }

  @Override
  public ObjectNode merge(String resource, String namespace, String name, ObjectNode patch) {
    return update(resource, namespace, name, present -> MergePatch.apply(present, patch));
  }

  @Override
  public ObjectNode bind(String namespace, String pod, String node) {
    Target target = target("pods", namespace, pod, "");
    return call(() -> writer.bind(target, node, Json.object(), WriteContext.SERVER).copy());
  }

  @Override
  public void delete(String resource, String namespace, String name) {
    Target target = target(resource, namespace, name, "");
    call(() -> deleter.delete(target, DeleteOptions.DEFAULT, WriteContext.SERVER));
  }

  @Override
  public void deleteNow(String resource, String namespace, String name) {
    Target target = target(resource, namespace, name, "");
    call(() -> deleter.delete(target, DeleteOptions.NOW, WriteContext.SERVER));
  }

  @Override
  public AutoCloseable follow(String resource, String namespace, Consumer<KubeChange> receiver) {
    Target target = target(resource, namespace, "", "");
    Subscription subscription = call(() -> reader.follow(target));
    Thread.ofVirtual()
        .name("kube-follow-" + resource)
        .start(
            () -> {
              try (subscription) {
                follow(subscription, target, receiver);
              } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
              }
            });
    return subscription::end;
  }

  private static void follow(Subscription subscription, Target target, Consumer<KubeChange> receiver)
      throws InterruptedException {
    for (StoredObject object : subscription.start().objects()) {
      receiver.accept(new KubeChange(KubeChange.Kind.ADDED, Representation.copy(object, target.type())));
    }
    while (!subscription.ended()) {
      Optional<Change> next = subscription.next(FOREVER);
      if (next.isPresent() && isIn(target, next.get().object())) {
        KubeChange.Kind kind =
            switch (next.get().kind()) {
              case ADDED -> KubeChange.Kind.ADDED;
              case MODIFIED -> KubeChange.Kind.MODIFIED;
              case DELETED -> KubeChange.Kind.DELETED;
            };
        receiver.accept(new KubeChange(kind, Representation.copy(next.get().object(), target.type())));
      }
    }
  }

  private static boolean isIn(Target target, StoredObject object) {
    return target.namespace().isEmpty() || target.namespace().equals(object.key().namespace());
  }

  private Target target(String resource, String namespace, String name, String subresource) {
    int dot = resource.indexOf('.');
    String plural = dot < 0 ? resource : resource.substring(0, dot);
    String group = dot < 0 ? "" : resource.substring(dot + 1);
    ResourceType type =
        call(() -> registry.findAny(group, plural).orElseThrow(StatusException::noSuchPath));
    return new Target(type, namespace, name, subresource);
  }

  private static <T> T call(Supplier<T> operation) {
    try {
      return operation.get();
    } catch (StatusException e) {
      throw new KubeApiException(e.code(), e.reason(), e.getMessage(), e);
    }
  }
}
