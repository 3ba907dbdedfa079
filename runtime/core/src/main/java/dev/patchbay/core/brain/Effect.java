package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.spi.object.ObjectPlan;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the brain wants done. Effects of one event are in order; those with a token are answered by an event with that token,
 * in any order and at any time.
 */
public sealed interface Effect {
  /**
   * Make entries durable, all or none of each part. Answered by {@link Event.Written} or {@link Event.WriteFailed}.
   *
   * @param token the token
   * @param entries the entries, in order
   */
  record Write(long token, List<Entry> entries) implements Effect {
    /**
     * Copies the list.
     */
    public Write {
      entries = List.copyOf(entries);
    }
  }

  /**
   * Ask planners, on a thread that can be given up. Answered by {@link Event.Planned} or {@link Event.PlannerFailed}.
   *
   * @param token the token
   * @param work what to ask
   */
  record Plan(long token, PlanWork work) implements Effect {}

  /**
   * Bring the node's own datapath to what it should be. Answered by {@link Event.KernelDone} or {@link Event.KernelFailed}.
   *
   * @param token the token
   * @param datapath what it should be
   */
  record ApplyNode(long token, NodeDatapath datapath) implements Effect {}

  /**
   * Make an attachment. Answered by {@link Event.KernelDone} or {@link Event.KernelFailed}.
   *
   * @param token the token
   * @param request the request that brought the pod's namespace
   * @param path what to make
   */
  record Apply(long token, long request, AttachmentPath path) implements Effect {}

  /**
   * Bring a live attachment from one plan to another, without its namespace; all of it or nothing. Answered by
   * {@link Event.KernelDone} or {@link Event.KernelFailed}.
   *
   * @param token the token
   * @param before what is there
   * @param after what should be
   */
  record Change(long token, AttachmentPath before, AttachmentPath after) implements Effect {}

  /**
   * Undo an attachment; its namespace may be gone. Answered by {@link Event.KernelDone} or {@link Event.KernelFailed}.
   *
   * @param token the token
   * @param request the request that brought the pod's namespace, if one did
   * @param path what to undo
   */
  record Undo(long token, OptionalLong request, AttachmentPath path) implements Effect {}

  /**
   * Compare an attachment with the kernel. Answered by {@link Event.Checked} or {@link Event.KernelFailed}.
   *
   * @param token the token
   * @param request the request that brought the pod's namespace
   * @param path what should be there
   * @param attachment as the ledger has it, for what plugins have made of it, which is theirs to compare; absent if that is left out
   */
  record Compare(long token, long request, AttachmentPath path, Optional<AttachmentRecord> attachment) implements Effect {
    /**
     * Compare an attachment with the kernel alone.
     *
     * @param token the token
     * @param request the request that brought the pod's namespace
     * @param path what should be there
     */
    public Compare(long token, long request, AttachmentPath path) {
      this(token, request, path, Optional.empty());
    }
  }

  /**
   * Remove what is ours in the kernel and belongs to no attachment. Answered by {@link Event.KernelDone} or
   * {@link Event.KernelFailed}.
   *
   * @param token the token
   * @param keep the attachments
   */
  record RemoveLeftovers(long token, List<AttachmentPath> keep) implements Effect {
    /**
     * Copies the list.
     */
    public RemoveLeftovers {
      keep = List.copyOf(keep);
    }
  }

  /**
   * Look whether the kernel still has what it was given, and bring back what it has not. Of attachments, what is on the node; those of which
   * no device is there any more are named and passed over. Answered by {@link Event.Mended} or {@link Event.KernelFailed}.
   *
   * @param token the token
   * @param node what the node itself was given; empty if that is not asked for
   * @param attachments the attachments
   */
  record Mend(long token, Optional<NodeDatapath> node, List<AttachmentPath> attachments) implements Effect {
    /**
     * Copies the list.
     */
    public Mend {
      attachments = List.copyOf(attachments);
    }
  }

  /**
   * Call EC2. Answered by {@link Event.Answered}.
   *
   * @param token the token
   * @param call the call
   */
  record Call(long token, CloudCall call) implements Effect {}

  /**
   * Read IMDS. Answered by {@link Event.MetadataRead} or {@link Event.MetadataFailed}.
   *
   * @param token the token
   */
  record ReadMetadata(long token) implements Effect {}

  /**
   * Carry out an act. Answered by {@link Event.ActDone}.
   *
   * @param token the token
   * @param request the request on whose behalf
   * @param attachment the attachment, as it is written down by now
   * @param act the act
   */
  record Run(long token, long request, AttachmentRecord attachment, Act act) implements Effect {}

  /**
   * Undo an act; it may never have been carried out, and may have been undone before. Answered by {@link Event.ActDone}, whose outcome
   * has {@code error} if it must be tried again.
   *
   * @param token the token
   * @param request the request on whose behalf, if there is one
   * @param attachment the attachment
   * @param act the act
   * @param outcome what the act gave; empty if that is not known
   */
  record UndoRun(long token, OptionalLong request, AttachmentRecord attachment, Act act, Fields outcome) implements Effect {}

  /**
   * Answer a request.
   *
   * @param request the request's number
   * @param reply the answer
   */
  record Answer(long request, Reply reply) implements Effect {}

  /**
   * Send an {@link Event.Tick} at a time; a later wish replaces an earlier one only if its time is sooner.
   *
   * @param monotonic the time in milliseconds of the monotonic clock
   */
  record WakeAt(long monotonic) implements Effect {}

  /**
   * Write what objects should hold, behind everything else.
   *
   * @param plan what they should hold
   */
  record Publish(ObjectPlan plan) implements Effect {}

  /**
   * Tell the operator: what should be known has changed.
   *
   * @param now what should be known now, by what it is about; a finding that lasts keeps its key
   */
  record Tell(Map<String, Finding> now) implements Effect {
    /**
     * Copies the map, in its order.
     */
    public Tell {
      now = Collections.unmodifiableMap(new LinkedHashMap<>(now));
    }
  }

  /**
   * The node can serve pods from now on: the CNI configuration may be written.
   */
  record Serve() implements Effect {}
}
