package dev.patchbay.tck.view;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.view.ObjectView;
import java.util.Map;
import java.util.TreeMap;
import org.apiguardian.api.API;

/**
 * An object of the Kubernetes API.
 *
 * @param ref its name
 * @param uid its uid
 * @param resourceVersion its resource version
 * @param labels its labels
 * @param annotations its annotations
 * @param content all but its metadata
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TestObject(ObjectRef ref, String uid, String resourceVersion, Map<String, String> labels,
    Map<String, String> annotations, Fields content) implements ObjectView {
  /**
   * Copies the maps.
   */
  public TestObject {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  /**
   * {@return an object without labels, annotations and content}
   * @param kind its kind
   * @param namespace its namespace, empty for a cluster-scoped one
   * @param name its name
   */
  public static TestObject of(ObjectKind kind, String namespace, String name) {
    return new TestObject(new ObjectRef(kind, namespace, name), "uid-of-" + name, "1", Map.of(), Map.of(), Fields.empty());
  }

  /**
   * {@return this object with one more label}
   * @param key the key
   * @param value the value
   */
  public TestObject withLabel(String key, String value) {
    return new TestObject(ref, uid, resourceVersion, plus(labels, key, value), annotations, content);
  }

  /**
   * {@return this object with one more annotation}
   * @param key the key
   * @param value the value
   */
  public TestObject withAnnotation(String key, String value) {
    return new TestObject(ref, uid, resourceVersion, labels, plus(annotations, key, value), content);
  }

  /**
   * {@return this object with other content}
   * @param content all but its metadata
   */
  public TestObject withContent(Fields content) {
    return new TestObject(ref, uid, resourceVersion, labels, annotations, content);
  }

  private static Map<String, String> plus(Map<String, String> map, String key, String value) {
    Map<String, String> all = new TreeMap<>(map);
    all.put(key, value);
    return all;
  }
}
