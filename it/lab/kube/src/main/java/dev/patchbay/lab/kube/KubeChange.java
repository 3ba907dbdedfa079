package dev.patchbay.lab.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One change of one object, as {@link KubeObjects#follow} tells it.
 *
 * @param kind what happened
 * @param object the object after it; of a deleted one its last state. The tree belongs to the receiver.
 */
public record KubeChange(Kind kind, ObjectNode object) {
  /** What happened. */
  public enum Kind {
    /** It is there: since before the following began, or newly. */
    ADDED,
    /** It was changed. */
    MODIFIED,
    /** It is gone. */
    DELETED
  }
}
