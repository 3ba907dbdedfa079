package dev.patchbay.core.invariants;

import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What must be true between the ledger and the kernel. */
final class KernelInvariants {
  static final Invariant LIVE_IN_KERNEL = new Invariant("live-in-kernel", "Each attachment that is live has in the kernel all that its "
      + "plan says.", "Delete the pod that is named, or restart what took its network away; `patchbay explain POD` shows each object.",
      Invariant.Holds.SETTLED, KernelInvariants::liveInKernel);

  static final Invariant KERNEL_IS_KNOWN = new Invariant("kernel-is-known", "Nothing in the kernel is of an attachment that the ledger "
      + "does not have.", "Restart the daemon: at its start it removes what belongs to nobody.", Invariant.Holds.SETTLED,
      KernelInvariants::kernelIsKnown);

  static final Invariant ONE_PATH = new Invariant("one-path", "An address is delivered to one device, that of the pod that has it.",
      "Delete the pods that have the devices, and restart the daemon.", Invariant.Holds.SETTLED, KernelInvariants::onePath);

  static final List<Invariant> ALL = List.of(LIVE_IN_KERNEL, KERNEL_IS_KNOWN, ONE_PATH);

  private KernelInvariants() {}

  private static List<Breach> liveInKernel(Look look) {
    List<Breach> breaches = new ArrayList<>();
    look.kernel().ifPresent(kernel -> look.ledger().attachments().stream().filter(a -> a.state() == AttachmentRecord.State.LIVE)
        .forEach(a -> kernel.deviations().getOrDefault(a.key(), List.of()).forEach(d -> breaches.add(new Breach("live-in-kernel",
            a.key().toString(), a.pod() + ": " + d.element().kind() + ": " + d.found())))));
    return breaches;
  }

  private static List<Breach> kernelIsKnown(Look look) {
    Set<String> known = look.ledger().attachments().stream().map(a -> a.key().toString()).collect(Collectors.toSet());
    return look.kernel().stream().flatMap(k -> k.keys().stream()).filter(key -> !known.contains(key))
        .map(key -> new Breach("kernel-is-known", key, "the kernel has something of it, and the ledger nothing.")).toList();
  }

  private static List<Breach> onePath(Look look) {
    List<Breach> breaches = new ArrayList<>();
    Map<IpAddress, Set<String>> devices = new TreeMap<>();
    look.kernel().ifPresent(k -> k.deliveries().forEach(d -> devices.computeIfAbsent(d.address(), ip -> new TreeSet<>()).add(d.device())));
    devices.forEach((ip, names) -> {
      if (names.size() > 1) {
        breaches.add(new Breach("one-path", ip.toString(), "it is delivered to " + String.join(" and to ", names) + "."));
        return;
      }
      AttachmentKey holder = look.ledger().holder(ip).orElse(null);
      String device = holder == null ? "" : look.ledger().attachment(holder).orElseThrow().hostInterface();
      if (holder != null && !names.contains(device)) {
        breaches.add(new Breach("one-path", ip.toString(), "it is delivered to " + names.iterator().next() + ", and " + holder
            + " has it behind " + device + "."));
      }
    });
    return breaches;
  }
}
