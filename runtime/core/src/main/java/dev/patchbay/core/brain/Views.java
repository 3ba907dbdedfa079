package dev.patchbay.core.brain;

import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.core.view.AttachmentSnapshot;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.ObjectView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Attachments as modes see them. */
final class Views {
  private Views() {}

  static AttachmentSnapshot of(Context context, AttachmentSnapshot.Pod pod, AttachmentKey key, String hostInterface,
      Fields capabilities, Map<String, String> arguments, Fields request, List<AttachmentView> earlier, Map<String, Fields> outcomes,
      List<HeldAddress> held) {
    return new AttachmentSnapshot(context.snapshot(), pod, key.containerId(), key.interfaceName(), hostInterface, capabilities,
        arguments, request, List.of(), earlier, outcomes).holding(held);
  }

  /** An attachment that stands in the ledger. */
  static AttachmentSnapshot of(Context context, AttachmentRecord attachment) {
    List<AttachmentView> earlier = new ArrayList<>();
    for (AttachmentRecord other : context.ledger.ofSandbox(attachment.key().containerId())) {
      if (other.key().equals(attachment.key())) {
        break;
      }
      earlier.add(of(context, other, List.copyOf(earlier)));
    }
    return of(context, attachment, earlier);
  }

  static AttachmentSnapshot of(Context context, AttachmentRecord a, List<AttachmentView> earlier) {
    return of(context, new AttachmentSnapshot.Pod(a.podNamespace(), a.podName(), a.podUid(),
        podObject(context, a.podNamespace(), a.podName(), a.podUid())), a.key(), a.hostInterface(),
        a.asked().fields("capabilities"), a.arguments(), a.request(), earlier, a.outcomes(), a.addresses());
  }

  static Optional<ObjectView> podObject(Context context, String namespace, String name, String uid) {
    if (name.isEmpty()) {
      return Optional.empty();
    }
    // A pod of the same name with another uid is another pod: what it says is not about this one.
    return context.objects.get(new ObjectRef(ObjectKind.POD, namespace, name)).filter(o -> uid.isEmpty() || o.uid().equals(uid));
  }
}
