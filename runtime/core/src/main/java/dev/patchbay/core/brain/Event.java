package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.InstanceMetadata;
import dev.patchbay.core.kernel.Deviation;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.MadeBefore;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.net.MacAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What happens to the brain. An event with a token answers the effect that carried the token; a token that is no longer
 * waited for is passed over.
 */
public sealed interface Event {
  /**
   * A container runtime wants an attachment.
   *
   * @param request the request's number, unique in the process
   * @param of what it wants
   */
  record Add(long request, AttachmentRequest of) implements Event {}

  /**
   * A container runtime wants an attachment gone.
   *
   * @param request the request's number
   * @param key the attachment
   * @param madeBefore what was asked for later is another attachment of that key, and is not meant
   */
  record Del(long request, AttachmentKey key, MadeBefore madeBefore) implements Event {
    /**
     * Whatever is there is meant.
     *
     * @param request the request's number
     * @param key the attachment
     */
    public Del(long request, AttachmentKey key) {
      this(request, key, MadeBefore.ANYTHING);
    }
  }

  /**
   * A container runtime wants an attachment checked.
   *
   * @param request the request's number
   * @param key the attachment
   */
  record Check(long request, AttachmentKey key) implements Event {}

  /**
   * A container runtime says which attachments of a network it knows; all others may go.
   *
   * @param request the request's number
   * @param network the network's name
   * @param valid the attachments that it knows
   */
  record Gc(long request, String network, Set<AttachmentKey> valid) implements Event {}

  /**
   * A container runtime asks whether ADD would work.
   *
   * @param request the request's number
   */
  record Status(long request) implements Event {}

  /**
   * Somebody wants to see the state.
   *
   * @param request the request's number
   */
  record ReportWanted(long request) implements Event {}

  /**
   * Whoever made a request hung up before it was answered, or without having read the answer: the container runtime takes it for
   * failed.
   *
   * @param request the request's number
   */
  record CallerGone(long request) implements Event {}

  /**
   * Whoever made a request has read the answer.
   *
   * @param request the request's number
   */
  record AnswerRead(long request) implements Event {}

  /**
   * A planner answered.
   *
   * @param token the effect's token
   * @param outcome what the plan work gave
   */
  record Planned(long token, PlanWork.Outcome outcome) implements Event {}

  /**
   * A planner threw, overran its deadline, or gave what can't be used; the mode is set aside. Or the machine had no time for it: then no
   * mode is.
   *
   * @param token the effect's token
   * @param mode the id of the mode that failed; empty if none is to blame
   * @param reason what happened
   */
  record PlannerFailed(long token, String mode, Finding reason) implements Event {}

  /**
   * Entries are durable.
   *
   * @param token the effect's token
   */
  record Written(long token) implements Event {}

  /**
   * Entries could not be made durable.
   *
   * @param token the effect's token
   * @param reason why
   */
  record WriteFailed(long token, String reason) implements Event {}

  /**
   * The kernel has what was wanted, or no longer has what was not.
   *
   * @param token the effect's token
   * @param mac the hardware address of the interface in the pod, if one was made
   */
  record KernelDone(long token, Optional<MacAddress> mac) implements Event {
    /**
     * No interface of a pod was made.
     *
     * @param token the effect's token
     */
    public KernelDone(long token) {
      this(token, Optional.empty());
    }
  }

  /**
   * The kernel refused; what had been done of it was undone.
   *
   * @param token the effect's token
   * @param reason why, and what to do
   */
  record KernelFailed(long token, Finding reason) implements Event {}

  /**
   * An attachment was compared with the kernel.
   *
   * @param token the effect's token
   * @param deviations what is missing or altered
   */
  record Checked(long token, List<Deviation> deviations) implements Event {}

  /**
   * The kernel was looked at, and what was missing was brought back as far as that could be.
   *
   * @param token the effect's token
   * @param mended what was not as it should be
   * @param absent the attachments of which no device is there, so that nobody can use what they have
   */
  record Mended(long token, List<dev.patchbay.core.kernel.Mended> mended, Set<String> absent) implements Event {
    /**
     * Copies the collections.
     */
    public Mended {
      mended = List.copyOf(mended);
      absent = Set.copyOf(absent);
    }
  }

  /**
   * Something of ours may have been removed or altered in the kernel. A hint: what we do ourselves may be told too.
   *
   * @param key the attachment, {@link dev.patchbay.core.kernel.Mended#NODE} for the node's own part; empty if it may be anything
   */
  record KernelAltered(String key) implements Event {}

  /**
   * EC2 answered.
   *
   * @param token the effect's token
   * @param answer the answer
   */
  record Answered(long token, CloudAnswer answer) implements Event {}

  /**
   * IMDS answered.
   *
   * @param token the effect's token
   * @param metadata what it said
   */
  record MetadataRead(long token, InstanceMetadata metadata) implements Event {}

  /**
   * IMDS did not answer.
   *
   * @param token the effect's token
   * @param reason why
   */
  record MetadataFailed(long token, String reason) implements Event {}

  /**
   * The devices that the kernel has, whole; sent at start and when they change.
   *
   * @param present their hardware addresses
   * @param names the names of those that have an address, its own device's first
   */
  record Devices(Set<MacAddress> present, Map<MacAddress, List<String>> names) implements Event {
    /**
     * Copies them.
     */
    public Devices {
      present = Set.copyOf(present);
      names = Map.copyOf(names);
    }

    /**
     * Devices whose names nobody asks for.
     *
     * @param present their hardware addresses
     */
    public Devices(Set<MacAddress> present) {
      this(present, Map.of());
    }
  }

  /**
   * An object was seen.
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
   * All objects of a kind have been heard, or the API server is no longer heard.
   *
   * @param kind the kind
   * @param heard whether they have been heard
   */
  record ObjectsHeard(ObjectKind kind, boolean heard) implements Event {}

  /**
   * The operator should know something about the API server, or it is over.
   *
   * @param about what it is about; at most one finding holds for each
   * @param finding what it is; empty if it is over
   */
  record Told(String about, Optional<Finding> finding) implements Event {}

  /**
   * An act was carried out.
   *
   * @param token the effect's token
   * @param outcome its outcome
   */
  record ActDone(long token, Fields outcome) implements Event {}

  /** Time has passed. */
  record Tick() implements Event {}
}
