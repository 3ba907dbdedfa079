package dev.patchbay.node.engine;

import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.LedgerFormatException;
import dev.patchbay.core.salvage.KernelWitness;
import dev.patchbay.linux.datapath.Inventory;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the kernel shows of attachments, for who rebuilds a ledger. */
public final class Witnesses {
  private static final Logger LOG = LoggerFactory.getLogger(Witnesses.class);

  private Witnesses() {}

  /**
   * {@return what there is of each attachment}
   * @param inventory everything in the kernel that carries our mark
   */
  public static List<KernelWitness> of(Inventory inventory) {
    List<KernelWitness> witnesses = new ArrayList<>();
    for (String text : inventory.keys()) {
      AttachmentKey key;
      try {
        key = AttachmentKey.of(text);
      } catch (LedgerFormatException e) {
        LOG.warn("The kernel has something of \"{}\", which is no attachment.", text);
        continue;
      }
      Optional<Inventory.OwnLink> link = inventory.links().stream().filter(l -> l.key().equals(text)).findFirst();
      String device = link.map(Inventory.OwnLink::name).orElse("");
      List<IpAddress> addresses = inventory.deliveries().stream().filter(d -> !device.isEmpty() && d.device().equals(device))
          .map(Inventory.Delivered::address).toList();
      witnesses.add(new KernelWitness(key, device, link.map(Inventory.OwnLink::mtu).orElse(0), addresses));
    }
    return witnesses;
  }
}
