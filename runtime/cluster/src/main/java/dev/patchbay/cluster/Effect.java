package dev.patchbay.cluster;

import dev.patchbay.cluster.view.ClusterSnapshot;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.object.ObjectPlan;
import java.util.Map;
import java.util.Optional;

/**
 * What the controller wants done.
 */
public sealed interface Effect {
  /**
   * Read the Lease.
   *
   * @param token to be given with what comes of it
   * @param lease the Lease
   */
  record ReadLease(long token, ObjectRef lease) implements Effect {}

  /**
   * Write the Lease.
   *
   * @param token to be given with what comes of it
   * @param lease the Lease
   * @param version the version that it is made of; empty to make it
   * @param content what it should hold
   */
  record WriteLease(long token, ObjectRef lease, String version, Fields content) implements Effect {}

  /**
   * Call EC2.
   *
   * @param token to be given with what comes of it
   * @param call the call
   * @param until the time, by the clock that never steps, from which on it must not be sent any more: another may act by then
   */
  record Call(long token, CloudCall call, long until) implements Effect {}

  /**
   * Ask a mode's cluster planner.
   *
   * @param token to be given with what comes of it
   * @param mode the mode
   * @param key the key to plan; empty to name the keys
   * @param view what it sees
   */
  record Ask(long token, ModeInstance mode, Optional<String> key, ClusterSnapshot view) implements Effect {}

  /**
   * Write what objects should hold.
   *
   * @param plan what they should hold
   */
  record Publish(ObjectPlan plan) implements Effect {}

  /** Write nothing more of what was published: another may act now. */
  record Withdraw() implements Effect {}

  /**
   * Tell the operator.
   *
   * @param now all that should be known, by what it is about
   */
  record Tell(Map<String, Finding> now) implements Effect {
    /**
     * Copies the map.
     */
    public Tell {
      now = Map.copyOf(now);
    }
  }

  /**
   * Send a tick at a time, at the latest; the newest wish counts.
   *
   * @param monotonic the time, by the clock that never steps
   */
  record WakeAt(long monotonic) implements Effect {}

  /** The controller has left: the process may end. */
  record Ended() implements Effect {}
}
