package dev.patchbay.simulation;

import java.util.Map;
import java.util.TreeMap;

/**
 * A kind of pod that is started on nodes: what modes read of it.
 *
 * @param namespace the namespace
 * @param labels the labels of its object
 * @param annotations the annotations of its object
 * @param single whether only one node has such pods: they want something that there is once
 */
public record PodKind(String namespace, Map<String, String> labels, Map<String, String> annotations, boolean single) {
  /** A pod of which nobody says anything. */
  public static final PodKind PLAIN = new PodKind("default", Map.of(), Map.of(), false);

  /**
   * Copies the maps.
   */
  public PodKind {
    labels = java.util.Collections.unmodifiableMap(new TreeMap<>(labels));
    annotations = java.util.Collections.unmodifiableMap(new TreeMap<>(annotations));
  }

  /**
   * {@return plain pods of a namespace}
   * @param namespace the namespace
   */
  public static PodKind of(String namespace) {
    return new PodKind(namespace, Map.of(), Map.of(), false);
  }

  /**
   * {@return pods with a label that names what there is once, so that only one node has such pods}
   * @param key the label
   * @param value its value
   */
  public static PodKind labelled(String key, String value) {
    return new PodKind("default", Map.of(key, value), Map.of(), true);
  }

  /**
   * {@return pods with an annotation}
   * @param key the annotation
   * @param value its value
   */
  public static PodKind annotated(String key, String value) {
    return new PodKind("default", Map.of(), Map.of(key, value), false);
  }
}
