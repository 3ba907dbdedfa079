package dev.patchbay.simulation;

import dev.patchbay.core.invariants.Breach;
import dev.patchbay.core.invariants.CloudLook;
import dev.patchbay.core.invariants.Invariants;
import dev.patchbay.core.invariants.KernelLook;
import dev.patchbay.core.invariants.Look;
import dev.patchbay.core.kernel.Deviation;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Looks at a node from all sides, for the invariants of states. */
final class Looks {
  /** How long after the longest wait of a pod every request has its answer. */
  static final long LATE_MILLIS = 60_000;

  private Looks() {}

  /** What must hold at every instant does. */
  static void always(Node node) {
    if (node.isUp()) {
      // Whatever stands still meanwhile, a disk too.
      List<Long> late = node.waitingLongerThan(node.world.profile.waitMillis() + LATE_MILLIS);
      if (!late.isEmpty()) {
        throw new BrokenException(Way.ANSWERED, node.name, "requests " + late + " are not answered");
      }
      List<Breach> breaches = Invariants.breaches(Invariants.always(), node.daemon().look().withPromised(promised(node)));
      if (!breaches.isEmpty()) {
        Breach first = breaches.getFirst();
        throw new BrokenException(new Violation(first.invariant(), node.name, first.subject() + ": " + first.differs()));
      }
    }
  }

  private static Map<AttachmentKey, List<IpAddress>> promised(Node node) {
    Map<AttachmentKey, List<IpAddress>> promised = new TreeMap<>();
    node.sandboxes.values().stream().filter(s -> s.entitled).forEach(s -> promised.put(s.key, s.addresses));
    return promised;
  }

  static Look whole(Node node) {
    Map<AttachmentKey, List<Deviation>> deviations = new TreeMap<>();
    for (AttachmentRecord attachment : node.daemon().report().attachments()) {
      node.daemon().path(attachment.key()).ifPresent(path -> deviations.put(attachment.key(), node.kernel.compare(path)));
    }
    Set<String> keys = new TreeSet<>();
    List<KernelLook.Delivery> deliveries = new ArrayList<>();
    node.kernel.delivered().forEach((key, addresses) -> {
      keys.add(key.toString());
      addresses.forEach(a -> deliveries.add(new KernelLook.Delivery(a, node.kernel.device(key.toString()))));
    });
    return node.daemon().look().withPromised(promised(node)).withWritten(node.durable())
        .withKernel(new KernelLook(keys, deviations, deliveries))
        .withCloud(new CloudLook(node.world.ec2.attached(node.instance, node.world.now), node.world.ec2.tagged(node.instance)));
  }
}
