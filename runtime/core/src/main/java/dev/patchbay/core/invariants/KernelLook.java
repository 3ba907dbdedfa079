package dev.patchbay.core.invariants;

import dev.patchbay.core.kernel.Deviation;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.spi.net.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the kernel has of attachments.
 *
 * @param keys the attachments, as the kernel's marks name them, of which there is something
 * @param deviations what of an attachment is missing or altered, for those that were looked at
 * @param deliveries where the node sends what is for a pod
 */
public record KernelLook(Set<String> keys, Map<AttachmentKey, List<Deviation>> deviations, List<Delivery> deliveries) {
  /**
   * Copies the collections.
   */
  public KernelLook {
    keys = java.util.Collections.unmodifiableSet(new TreeSet<>(keys));
    deviations = java.util.Collections.unmodifiableMap(new TreeMap<>(deviations));
    deliveries = List.copyOf(deliveries);
  }

  /**
   * A route to a pod.
   *
   * @param address the pod's address
   * @param device the device on the node that leads to it
   */
  public record Delivery(IpAddress address, String device) {}
}
