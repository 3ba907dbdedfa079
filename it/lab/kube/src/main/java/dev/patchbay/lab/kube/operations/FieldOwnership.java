package dev.patchbay.lab.kube.operations;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.patch.ManagedFields;
import dev.patchbay.lab.kube.patch.ManagedFields.Manager;

/** Keeps {@code metadata.managedFields} by the shapes of each kind. */
final class FieldOwnership {
  private final Strategies strategies;

  FieldOwnership(Strategies strategies) {
    this.strategies = strategies;
  }

  /**
   * Records a write that is no apply.
   *
   * @param object the object as it will be, in which the record is set
   * @param before the object as it was; empty if it is new
   */
  void updated(Target target, ObjectNode object, ObjectNode before, WriteContext context) {
    fields(target).updated(object, before, manager(target, context));
  }

  /**
   * Merges an applied configuration into an object.
   *
   * @param before the object as it is; empty if there is none
   * @throws dev.patchbay.lab.kube.model.StatusException 409 if others own fields that it would change
   */
  ObjectNode applied(Target target, ObjectNode before, ObjectNode configuration, WriteContext context) {
    return fields(target).applied(before, configuration, manager(target, context), context.force());
  }

  private ManagedFields fields(Target target) {
    return new ManagedFields(strategies.of(target.type()).shapes(target.type()));
  }

  private static Manager manager(Target target, WriteContext context) {
    return new Manager(context.fieldManager(), target.type().apiVersion(), target.subresource());
  }
}
