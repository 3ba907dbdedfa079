package dev.patchbay.core.brain;

import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What people ask about afterwards: who was refused, and who had an address before. Nothing is decided by it; it is bounded, and
 * lost when the daemon ends.
 */
final class Recent {
  private static final int MOST_REFUSALS = 100;
  private static final int MOST_HOLDERS = 2_000;
  private static final int LONGEST_NAME = 400;

  private final Map<String, Report.Refusal> refusals = new LinkedHashMap<>();
  private final Map<IpAddress, Report.Holder> holders = new LinkedHashMap<>();

  /** An ADD was refused. A container runtime tries again under another sandbox, so it is the pod that is remembered. */
  void refused(AttachmentRequest of, Finding reason, boolean later, long wall) {
    String pod = pod(of.podNamespace(), of.podName(), of.key().containerId());
    Report.Refusal before = refusals.remove(pod + " " + of.key().interfaceName());
    refusals.put(pod + " " + of.key().interfaceName(), new Report.Refusal(pod, of.key().toString(), reason, later,
        before == null ? 1 : before.times() + 1, before == null ? wall : before.first(), wall));
    trim(refusals, MOST_REFUSALS);
  }

  /** An attachment ended, and its addresses with it. */
  void ended(AttachmentRecord attachment, long wall) {
    for (HeldAddress held : attachment.addresses()) {
      holders.remove(held.address());
      holders.put(held.address(), new Report.Holder(attachment.pod(), attachment.key().toString(), wall));
    }
    trim(holders, MOST_HOLDERS);
  }

  private static void trim(Map<?, ?> map, int most) {
    var eldest = map.keySet().iterator();
    while (map.size() > most) {
      eldest.next();
      eldest.remove();
    }
  }

  /** The refusals, the latest first. */
  List<Report.Refusal> refusals() {
    return new ArrayList<>(refusals.values()).reversed();
  }

  /** The last holders of addresses that nobody holds any more, or that others hold by now. */
  Map<IpAddress, Report.Holder> holders() {
    return Map.copyOf(holders);
  }

  /** The pod as people name it; what is longer than any name of Kubernetes is cut, since callers send what they like. */
  private static String pod(String namespace, String name, String containerId) {
    String pod = name.isEmpty() ? "sandbox " + containerId : namespace + "/" + name;
    return pod.length() <= LONGEST_NAME ? pod : pod.substring(0, LONGEST_NAME) + "...";
  }
}
