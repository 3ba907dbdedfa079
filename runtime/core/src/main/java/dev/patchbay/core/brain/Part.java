package dev.patchbay.core.brain;

import dev.patchbay.core.compose.AttachmentPlanning;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.core.view.AttachmentSnapshot;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.view.AttachmentView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One interface of an ADD that is under way. */
final class Part {
  final Job job;
  final AttachmentKey key;
  final int ordinal;
  final String hostInterface;
  /** The extra by which it came about; empty for the pod's first. */
  final Optional<AttachmentPlanning.Extra> extra;

  /** The outcomes of the acts that were carried out, by id. */
  final Map<String, Fields> outcomes = new TreeMap<>();
  AttachmentPlanning.@Nullable Draft draft;
  /** The plan of the node that must be there before it is known that nobody supplies a lane that it asks for; 0 if none was needed. */
  long planOfNode;
  /** What it holds and no ledger knows of yet, or the ledger knows too once {@link #written} is there. */
  List<HeldAddress> held = List.of();
  /** As it stands in the ledger; empty until it does. */
  Optional<AttachmentRecord> written = Optional.empty();

  Part(Job job, AttachmentKey key, String hostInterface, Optional<AttachmentPlanning.Extra> extra) {
    this.job = job;
    this.key = key;
    this.ordinal = job.parts.size();
    this.hostInterface = hostInterface;
    this.extra = extra;
  }

  AttachmentPlanning.Draft draft() {
    AttachmentPlanning.Draft d = draft;
    if (d == null) {
      throw new IllegalStateException("the attachment is not drafted yet");
    }
    return d;
  }

  /** What the ledger should say of it. */
  AttachmentRecord record(DatapathPlan plan) {
    AttachmentRequest of = job.of;
    return new AttachmentRecord(key, extra.map(e -> of.key()), ordinal, of.network(), of.podNamespace(), of.podName(), of.podUid(),
        of.netns(), hostInterface, String.join(",", draft().modes().stream().map(ModeInstance::label).toList()), held, plan, outcomes,
        Fields.empty().with("capabilities", of.capabilities()).with("arguments", Fields.of(of.arguments())),
        extra.map(e -> e.attachment().request()).orElse(Fields.empty()), AttachmentRecord.State.OPEN, job.began.wall(), job.began.monotonic());
  }

  /** What the pod had before this ADD, by calls of their own. */
  private List<AttachmentRecord> others(Context context) {
    return context.ledger.ofSandbox(key.containerId()).stream().filter(a -> a.state() == AttachmentRecord.State.LIVE).toList();
  }

  /** Whether this is the pod's first interface, to which extras add others. */
  boolean isFirst(Context context) {
    return extra.isEmpty() && others(context).isEmpty();
  }

  /** The attachment as modes see it. */
  AttachmentSnapshot view(Context context) {
    List<AttachmentView> earlier = new ArrayList<>();
    for (AttachmentRecord live : others(context)) {
      earlier.add(Views.of(context, live, List.copyOf(earlier)));
    }
    for (Part before : job.parts) {
      if (before == this) {
        break;
      }
      earlier.add(before.snapshot(context, List.copyOf(earlier)));
    }
    return snapshot(context, earlier);
  }

  private AttachmentSnapshot snapshot(Context context, List<AttachmentView> earlier) {
    return Views.of(context, new AttachmentSnapshot.Pod(job.of.podNamespace(), job.of.podName(), job.of.podUid(),
        Views.podObject(context, job.of.podNamespace(), job.of.podName(), job.of.podUid())), key, hostInterface,
        job.of.capabilities(), job.of.arguments(), extra.map(e -> e.attachment().request()).orElse(Fields.empty()), earlier, outcomes,
        held);
  }
}
