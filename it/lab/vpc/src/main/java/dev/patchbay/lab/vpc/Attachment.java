package dev.patchbay.lab.vpc;

import java.time.Instant;

/**
 * An interface's place in an instance.
 *
 * @param id such as {@code eni-attach-0…}
 * @param instanceId the instance
 * @param deviceIndex its index on the network card; 0 on card 0 is the primary interface
 * @param networkCard the card's index
 * @param status where it is in its life
 * @param attachTime when it was asked for
 * @param settles when {@link Status#ATTACHING} or {@link Status#DETACHING} ends
 * @param deleteOnTermination whether the interface goes with the instance
 */
public record Attachment(
    String id,
    String instanceId,
    int deviceIndex,
    int networkCard,
    Status status,
    Instant attachTime,
    Instant settles,
    boolean deleteOnTermination) {
  /** Where an attachment is in its life. */
  public enum Status {
    /** Asked for; the instance does not see the device yet. */
    ATTACHING,
    /** The instance has the device. */
    ATTACHED,
    /** It is being taken away; the instance has the device no more. */
    DETACHING
  }

  /** Whether this is the instance's primary interface. */
  public boolean primary() {
    return deviceIndex == 0 && networkCard == 0;
  }

  Attachment with(Status changed, Instant end) {
    return new Attachment(id, instanceId, deviceIndex, networkCard, changed, attachTime, end, deleteOnTermination);
  }

  Attachment withDeleteOnTermination(boolean changed) {
    return new Attachment(id, instanceId, deviceIndex, networkCard, status, attachTime, settles, changed);
  }
}
