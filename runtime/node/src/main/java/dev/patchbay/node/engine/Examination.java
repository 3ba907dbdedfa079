package dev.patchbay.node.engine;

import dev.patchbay.core.kernel.KernelObject;
import java.util.List;

/**
 * What of a plan is in the kernel at one moment.
 *
 * @param unseen why the pod's namespace could not be looked into; empty if it was, or there is none
 * @param objects the objects, in the order of the plan
 */
public record Examination(String unseen, List<KernelObject> objects) {
  /**
   * Copies the list.
   */
  public Examination {
    objects = List.copyOf(objects);
  }
}
