package dev.patchbay.cluster;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.cluster.ClusterPlan;
import java.util.List;
import java.util.Optional;

/**
 * What the controller hears.
 */
public sealed interface Event {
  /** It is time that was asked for, or any time. */
  record Tick() implements Event {}

  /**
   * The Lease was read.
   *
   * @param token the effect's token
   * @param lease the Lease; empty if there is none
   */
  record LeaseRead(long token, Optional<ObjectRecord> lease) implements Event {}

  /**
   * The Lease was written, or not.
   *
   * @param token the effect's token
   * @param lease the Lease as it is then; empty if somebody else was faster
   */
  record LeaseWritten(long token, Optional<ObjectRecord> lease) implements Event {}

  /**
   * The API server could not be asked about the Lease, or the answer was lost.
   *
   * @param token the effect's token
   * @param why what happened, as a sentence
   */
  record LeaseFailed(long token, String why) implements Event {}

  /**
   * EC2 answered.
   *
   * @param token the effect's token
   * @param answer the answer
   */
  record Answered(long token, CloudAnswer answer) implements Event {}

  /**
   * A call was not made: this replica had to stop acting before its turn came.
   *
   * @param token the effect's token
   */
  record TooLate(long token) implements Event {}

  /**
   * A planner named its keys.
   *
   * @param token the effect's token
   * @param keys the keys
   */
  record Keyed(long token, List<String> keys) implements Event {
    /**
     * Copies the list.
     */
    public Keyed {
      keys = List.copyOf(keys);
    }
  }

  /**
   * A planner planned a key.
   *
   * @param token the effect's token
   * @param plan its answer
   */
  record Planned(long token, Answer<ClusterPlan> plan) implements Event {}

  /**
   * A planner failed or did not answer in time.
   *
   * @param token the effect's token
   * @param why what happened, as a clause
   */
  record PlannerFailed(long token, String why) implements Event {}

  /**
   * An object is new or has changed.
   *
   * @param object the object
   */
  record ObjectSeen(ObjectRecord object) implements Event {}

  /**
   * An object is gone.
   *
   * @param ref the object
   */
  record ObjectGone(ObjectRef ref) implements Event {}

  /**
   * All objects of a kind have been heard, or no longer.
   *
   * @param kind the kind
   * @param heard whether they have been heard
   */
  record ObjectsHeard(ObjectKind kind, boolean heard) implements Event {}

  /**
   * An adapter has something that the operator should know, or it is over.
   *
   * @param about what it is about
   * @param finding what it is; empty if it is over
   */
  record Told(String about, Optional<Finding> finding) implements Event {}

  /** The process is told to end. */
  record Leave() implements Event {}
}
