package dev.patchbay.lab.vpc;

import java.util.List;

/** Hears of every change of a {@link VpcModel}, in order. */
@FunctionalInterface
public interface ChangeListener {
  /**
   * Called on the thread that made the change, while it holds the model's lock: the operation returns to its caller only
   * afterwards. So a listener sees every state exactly once and in order; it should be quick or hand over to a queue of
   * its own, must not wait for another thread that uses the model, and must not change the model itself.
   *
   * @param before the state before
   * @param after the state after; its revision is one more
   * @param changes what differs, never empty
   */
  void changed(VpcState before, VpcState after, List<Change> changes);
}
