package dev.patchbay.core.objects;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.view.ObjectView;
import java.util.Map;
import java.util.TreeMap;

/**
 * An object of the API server, as last seen.
 *
 * @param ref its kind, namespace and name
 * @param uid its uid
 * @param resourceVersion its resource version
 * @param labels its labels
 * @param annotations its annotations
 * @param content the object without metadata and type
 */
public record ObjectRecord(ObjectRef ref, String uid, String resourceVersion, Map<String, String> labels,
    Map<String, String> annotations, Fields content) implements ObjectView {
  /**
   * Copies the maps.
   */
  public ObjectRecord {
    labels = java.util.Collections.unmodifiableMap(new TreeMap<>(labels));
    annotations = java.util.Collections.unmodifiableMap(new TreeMap<>(annotations));
  }
}
