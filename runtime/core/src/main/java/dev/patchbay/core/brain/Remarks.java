package dev.patchbay.core.brain;

import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.object.ObjectPlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What planners remark on attachments: findings as long as the attachment is there, and an Event on the pod when one is new. A mode that is
 * asked again says the whole of it again; each question's remarks replace those that it had before.
 */
final class Remarks {
  private static final String PREFIX = "attachment ";

  private final Context context;
  /** Those of which anything was remarked, so that all others cost nothing. */
  private final Set<AttachmentKey> remarked = new HashSet<>();

  /** A pod's interface. */
  record On(AttachmentKey key, String namespace, String name, String uid) {
    static On of(AttachmentKey key, AttachmentRequest of) {
      return new On(key, of.podNamespace(), of.podName(), of.podUid());
    }

    static On of(AttachmentRecord attachment) {
      return new On(attachment.key(), attachment.podNamespace(), attachment.podName(), attachment.podUid());
    }

    String words() {
      return name.isEmpty() ? "sandbox " + key.containerId() : namespace + "/" + name;
    }
  }

  Remarks(Context context) {
    this.context = context;
  }

  /** Whether a finding is a remark, by its key: it is told on its pod, and is nothing that the whole node has. */
  static boolean isOne(String key) {
    return key.startsWith(PREFIX);
  }

  /**
   * Takes what was remarked.
   *
   * @param on the interface
   * @param question what was asked, the same whenever it is asked again
   * @param findings what was answered beside the plan
   */
  void take(On on, String question, List<Finding> findings) {
    if (findings.isEmpty() && !remarked.contains(on.key())) {
      return;
    }
    String prefix = prefix(on.key()) + question + " ";
    List<Finding> before = new ArrayList<>();
    context.findings.entrySet().removeIf(e -> e.getKey().startsWith(prefix) && before.add(e.getValue()));
    ObjectPlan events = ObjectPlan.empty();
    int n = 0;
    for (Finding finding : findings) {
      Finding about = finding.subject().isPresent() ? finding : finding.about(on.words());
      context.findings.put(prefix + n++, about);
      if (!before.contains(about) && !on.name().isEmpty()) {
        events = events.withEvent(new ObjectRef(ObjectKind.POD, on.namespace(), on.name()), on.uid(), true, about.code(),
            about.cause() + " " + about.remedy());
      }
    }
    remarked.add(on.key());
    if (!events.events().isEmpty()) {
      context.emit(new Effect.Publish(events));
    }
  }

  /** An attachment is gone, or did not come about. */
  void over(AttachmentKey key) {
    if (remarked.remove(key)) {
      context.findings.keySet().removeIf(k -> k.startsWith(prefix(key)));
    }
  }

  private static String prefix(AttachmentKey key) {
    return PREFIX + key + " ";
  }
}
