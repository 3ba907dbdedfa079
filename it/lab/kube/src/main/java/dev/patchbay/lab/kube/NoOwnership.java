package dev.patchbay.lab.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.operations.Ownership;
import dev.patchbay.lab.kube.operations.Target;
import dev.patchbay.lab.kube.operations.WriteContext;
import dev.patchbay.lab.kube.patch.MergePatch;

/** Ownership that is not recorded. */
final class NoOwnership implements Ownership {
  @Override
  public void updated(Target target, ObjectNode object, ObjectNode before, WriteContext context) {}

  @Override
  public ObjectNode applied(Target target, ObjectNode before, ObjectNode applied, WriteContext context) {
    return MergePatch.apply(before, applied);
  }
}
