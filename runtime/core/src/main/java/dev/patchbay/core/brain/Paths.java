package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.core.view.Gateways;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gives symbols their numbers: what the kernel should have, as values. */
final class Paths {
  /** Tables of interfaces start here, clear of the kernel's own (253 to 255) and of what the operating system uses. */
  private static final int TABLES = 10_000;

  private Paths() {}

  static AttachmentPath of(Context context, AttachmentRecord attachment) {
    return of(context.facts(), context.settings.mtu(), attachment);
  }

  static AttachmentPath of(Optional<NodeFacts> known, int mtu, AttachmentRecord attachment) {
    List<String> ids = attachment.addresses().stream().map(HeldAddress::eniId).flatMap(Optional::stream).distinct().toList();
    // A ledger has attachments only of a node that knew itself, but what it knew can have been lost.
    List<EniPath> enis = known.stream().flatMap(facts -> ids.stream().map(facts::eni).flatMap(Optional::stream)
        .map(e -> eni(mtu, facts, e))).toList();
    return new AttachmentPath(attachment.key().toString(), attachment.plan(), enis);
  }

  static NodeDatapath node(Context context) {
    NodeFacts facts = context.facts().orElseThrow();
    List<EniPath> enis = new ArrayList<>();
    for (NodeFacts.Eni eni : facts.enis()) {
      boolean primary = eni.id().equals(facts.primary().id());
      boolean carries = eni.lane().flatMap(context.plan::lane).map(l -> l.lane().pods()).orElse(false);
      if (primary || (carries && !context.book.eni(eni.id()).map(AddressBook.Eni::draining).orElse(false))) {
        enis.add(eni(context.settings.mtu(), facts, eni));
      }
    }
    return new NodeDatapath(enis, context.plan.datapath(), context.settings.vethPrefix());
  }

  private static EniPath eni(int mtu, NodeFacts facts, NodeFacts.Eni eni) {
    SubnetRecord subnet = facts.subnet(eni.record().subnetId()).orElseThrow(
        () -> new IllegalStateException("the subnet of " + eni.id() + " is not known"));
    List<EniPath.Own> own = new ArrayList<>();
    List<IpAddress> gateways = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      Optional<IpAddress> address = family == AddressFamily.IPV4 ? eni.record().primary()
          : eni.record().addresses().stream().filter(a -> a.family() == family).findFirst();
      subnet.cidrs().stream().filter(c -> c.family() == family).findFirst().ifPresent(cidr -> {
        address.ifPresent(a -> own.add(new EniPath.Own(a, cidr)));
        Gateways.of(subnet, family).ifPresent(gateways::add);
      });
    }
    int device = eni.record().attachment().map(a -> a.networkCard() * 100 + a.deviceIndex()).orElse(0);
    return new EniPath(eni.id(), eni.record().mac(), eni.id().equals(facts.primary().id()), eni.number(), TABLES + device,
        mtu, own, gateways);
  }
}
