package dev.patchbay.lab.kube.store;

import java.util.Optional;

/**
 * One change of one object.
 *
 * @param kind what happened
 * @param version the resource version that the change made
 * @param object the object after it; of a deleted one its last state, with the version of the deletion
 * @param previous the object before it, empty if it was created
 */
public record Change(Kind kind, long version, StoredObject object, Optional<StoredObject> previous) {
  /** What happened. */
  public enum Kind {
    /** It was created. */
    ADDED,
    /** It was changed. */
    MODIFIED,
    /** It is gone. */
    DELETED
  }
}
