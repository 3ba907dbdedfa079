package dev.patchbay.lab.kube.patch;

import java.util.List;

/**
 * How lists and objects of a kind are merged: which lists are sets, which are maps by some key, and which are replaced
 * as a whole (Kubernetes documentation, "Server-Side Apply", "Merge strategy"). Paths are field names, without indices.
 */
public interface Shapes {
  /** How one list is merged. */
  sealed interface ListShape {}

  /** The list is one value. */
  record Atomic() implements ListShape {}

  /** Scalars, each there once. */
  record SetOf() implements ListShape {}

  /**
   * Objects with a key.
   *
   * @param mergeKey the field that strategic merge patches compare
   * @param keys the fields that server-side apply compares
   */
  record MapBy(String mergeKey, List<String> keys) implements ListShape {
    /** Copies the list. */
    public MapBy {
      keys = List.copyOf(keys);
    }
  }

  /** How the list under a path is merged. */
  ListShape list(List<String> path);

  /** Whether the object under a path is one value. */
  boolean isAtomicObject(List<String> path);
}
