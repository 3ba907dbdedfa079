package dev.patchbay.core.salvage;

import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.spi.net.IpAddress;
import java.util.List;

/**
 * What the kernel shows of an attachment.
 *
 * @param key the attachment, as the mark on its objects says
 * @param hostInterface its device on the node; empty if it has none there
 * @param mtu the device's MTU; 0 if it has no device there
 * @param addresses the addresses that are delivered to the device
 */
public record KernelWitness(AttachmentKey key, String hostInterface, int mtu, List<IpAddress> addresses) {
  /**
   * Copies the list.
   */
  public KernelWitness {
    addresses = List.copyOf(addresses);
  }
}
