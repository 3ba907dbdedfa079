package dev.patchbay.core.brain;

import dev.patchbay.core.compose.AttachmentPlanning;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.core.view.AttachmentSnapshot;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An ADD that is under way. */
final class Job {
  /** How far it is. */
  enum Stage {
    /** Planners are asked what it should hold. */
    DRAFTING,
    /** An object must change first. */
    WAITING_FOR_OBJECT,
    /** An address must come first. */
    WAITING_FOR_ADDRESS,
    /** Planners are asked for its datapath, acts are carried out. */
    PLANNING,
    /** It is being written down and made. It can't be given up any more, only undone. */
    MAKING
  }

  final long request;
  final AttachmentRequest of;
  final String hostInterface;
  final long since;
  final long deadline;
  final List<Long> deletions = new ArrayList<>();
  final Map<String, Fields> outcomes = new TreeMap<>();
  Stage stage = Stage.DRAFTING;
  boolean callerGone;
  AttachmentPlanning.@Nullable Draft draft;
  List<HeldAddress> held = List.of();
  Optional<ObjectRef> object = Optional.empty();
  Optional<Finding> waitingFor = Optional.empty();

  Job(long request, AttachmentRequest of, String hostInterface, long since, long deadline) {
    this.request = request;
    this.of = of;
    this.hostInterface = hostInterface;
    this.since = since;
    this.deadline = deadline;
  }

  /** Whether nobody wants it any more: it is undone as soon as it is made. */
  boolean unwanted() {
    return callerGone || !deletions.isEmpty();
  }

  AttachmentPlanning.Draft draft() {
    AttachmentPlanning.Draft d = draft;
    if (d == null) {
      throw new IllegalStateException("the attachment is not drafted yet");
    }
    return d;
  }

  String pod() {
    return of.podName().isEmpty() ? "sandbox " + of.key().containerId() : of.podNamespace() + "/" + of.podName();
  }

  AttachmentSnapshot view(Context context) {
    return new AttachmentSnapshot(context.snapshot(),
        new AttachmentSnapshot.Pod(of.podNamespace(), of.podName(), of.podUid(), podObject(context)), of.key().containerId(),
        of.key().interfaceName(), hostInterface, of.capabilities(), of.arguments(), Fields.empty(), List.of(), List.of(),
        outcomes).holding(held);
  }

  private Optional<dev.patchbay.spi.view.ObjectView> podObject(Context context) {
    if (of.podName().isEmpty()) {
      return Optional.empty();
    }
    // A pod of the same name with another uid is another pod: what it says is not about this one.
    return context.objects.get(new ObjectRef(dev.patchbay.spi.ObjectKind.POD, of.podNamespace(), of.podName()))
        .filter(o -> of.podUid().isEmpty() || o.uid().equals(of.podUid()));
  }
}
