package dev.patchbay.lab.kube.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.ObjectKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One version of one object. The tree is shared by all readers and must not be changed; who needs another one copies
 * it.
 */
public final class StoredObject {
  /** What tells an object's type. */
  public static final List<String> TYPE_FIELDS = List.of("kind", "apiVersion");

  private final ObjectKey key;
  private final long version;
  private final ObjectNode content;
  private volatile byte @Nullable [] bytes;
  private volatile byte @Nullable [] itemBytes;

  StoredObject(ObjectKey key, long version, ObjectNode content) {
    this.key = key;
    this.version = version;
    this.content = content;
  }

  /** An object that is not in the store, the outcome of a dry run. */
  public static StoredObject unstored(ObjectKey key, ObjectNode content) {
    return new StoredObject(key, 0, content);
  }

  /** Namespace and name. */
  public ObjectKey key() {
    return key;
  }

  /** The resource version of this state. */
  public long version() {
    return version;
  }

  /** The object itself, not to be changed. */
  public ObjectNode content() {
    return content;
  }

  /** A copy that may be changed. */
  public ObjectNode copy() {
    return content.deepCopy();
  }

  /** The object's {@code metadata.uid}. */
  public String uid() {
    return Json.text(content, "metadata", "uid");
  }

  /** The object in JSON, written once for all watchers; not to be changed. */
  public byte[] bytes() {
    byte[] present = bytes;
    if (present == null) {
      // Two readers may both write it; they write the same.
      present = Json.bytes(content);
      bytes = present;
    }
    return present;
  }

  /** The object in JSON without its type, as items of a list have it; not to be changed. */
  public byte[] itemBytes() {
    byte[] present = itemBytes;
    if (present == null) {
      ObjectNode shallow = Json.object();
      shallow.setAll(content);
      present = Json.bytes(shallow.without(TYPE_FIELDS));
      itemBytes = present;
    }
    return present;
  }
}
