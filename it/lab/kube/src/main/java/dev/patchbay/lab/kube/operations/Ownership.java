package dev.patchbay.lab.kube.operations;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Keeps the record of who owns which field, {@code metadata.managedFields}. */
public interface Ownership {
  /**
   * Records a write that is no apply.
   *
   * @param target what is written
   * @param object the object as it will be, in which the record is set
   * @param before the object as it was; empty if it is new
   * @param context who writes
   */
  void updated(Target target, ObjectNode object, ObjectNode before, WriteContext context);

  /**
   * Merges an applied configuration into an object.
   *
   * @param before the object as it is; empty if there is none
   * @param applied what is applied
   * @return the merged object with its record
   * @throws dev.patchbay.lab.kube.model.StatusException 409 if others own fields that it would change
   */
  ObjectNode applied(Target target, ObjectNode before, ObjectNode applied, WriteContext context);
}
