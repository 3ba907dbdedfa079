package dev.patchbay.kube;

import dev.patchbay.core.objects.ClusterException;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectRef;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads and writes single objects at once. Blocks; for any number of threads. */
final class DirectObjects {
  private final ApiServer api;

  DirectObjects(ApiServer api) {
    this.api = api;
  }

  Optional<ObjectRecord> read(ObjectRef ref) {
    try {
      return Optional.of(record(ref, api.get(Paths.of(ref), Shape.WHOLE)));
    } catch (ApiFailure e) {
      if (e.kind() == ApiFailure.Kind.MISSING) {
        return Optional.empty();
      }
      throw new ClusterException(ref + " can't be read: " + e.text() + ".", e);
    }
  }

  Optional<ObjectRecord> write(ObjectRef ref, String resourceVersion, Fields content) {
    try {
      return Optional.of(record(ref, resourceVersion.isEmpty() ? make(ref, content) : change(ref, resourceVersion, content)));
    } catch (ApiFailure e) {
      boolean gone = e.kind() == ApiFailure.Kind.MISSING && !resourceVersion.isEmpty();
      if (gone || e.kind() == ApiFailure.Kind.CONFLICT) {
        return Optional.empty();
      }
      throw new ClusterException(ref + " can't be written: " + e.text() + ".", e);
    }
  }

  boolean delete(ObjectRef ref, String resourceVersion) {
    try {
      api.write("DELETE", Paths.of(ref), "application/json", Fields.empty().with("apiVersion", "v1").with("kind", "DeleteOptions")
          .with("preconditions", Fields.empty().with("resourceVersion", resourceVersion)));
      return true;
    } catch (ApiFailure e) {
      if (e.kind() == ApiFailure.Kind.MISSING) {
        return true;
      }
      if (e.kind() == ApiFailure.Kind.CONFLICT) {
        return false;
      }
      throw new ClusterException(ref + " can't be deleted: " + e.text() + ".", e);
    }
  }

  private Fields make(ObjectRef ref, Fields content) {
    Fields name = Fields.empty().with("name", ref.name());
    Fields whole = content.with("apiVersion", ref.kind().apiVersion()).with("kind", ref.kind().kind())
        .with("metadata", ref.kind().namespaced() ? name.with("namespace", ref.namespace()) : name);
    return api.write("POST", Paths.in(ref.kind(), ref.namespace()), "application/json", whole);
  }

  private Fields change(ObjectRef ref, String resourceVersion, Fields content) {
    return api.write("PATCH", Paths.of(ref), PatchWish.MERGE,
        content.with("metadata", Fields.empty().with("resourceVersion", resourceVersion)));
  }

  private static ObjectRecord record(ObjectRef ref, Fields object) {
    Fields metadata = object.fields("metadata");
    return new ObjectRecord(ref, metadata.text("uid").orElse(""), metadata.text("resourceVersion").orElse(""),
        texts(metadata.fields("labels")), texts(metadata.fields("annotations")),
        object.without("metadata").without("kind").without("apiVersion"));
  }

  private static Map<String, String> texts(Fields fields) {
    Map<String, String> texts = new TreeMap<>();
    fields.values().forEach((name, value) -> {
      if (value instanceof String text) {
        texts.put(name, text);
      }
    });
    return texts;
  }
}
