package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.view.Gateways;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Gives symbols their numbers: what the kernel should have, as values. */
final class Paths {
  /** Tables of interfaces start here, clear of the kernel's own (253 to 255) and of what the operating system uses. */
  private static final int TABLES = 10_000;

  private Paths() {}

  static AttachmentPath of(Context context, AttachmentRecord attachment) {
    return of(context.facts(), context.settings.mtu(), attachment, standing(context, attachment));
  }

  /** An attachment's plan without the routes in whose place another interface of the pod has put one. */
  private static DatapathPlan standing(Context context, AttachmentRecord attachment) {
    List<Route> alone = context.ledger.ofSandbox(attachment.key().containerId()).stream().filter(a -> !a.key().equals(attachment.key()))
        .flatMap(a -> a.plan().elements(Route.class).stream()).filter(Route::isAlone).toList();
    if (alone.isEmpty()) {
      return attachment.plan();
    }
    List<PlanElement> rest = new ArrayList<>(attachment.plan().elements());
    rest.removeIf(e -> e instanceof Route r && alone.stream()
        .anyMatch(a -> a.space() == r.space() && a.table().equals(r.table()) && a.destination().equals(r.destination())));
    return DatapathPlan.of(rest);
  }

  static AttachmentPath of(Optional<NodeFacts> known, int mtu, AttachmentRecord attachment) {
    return of(known, mtu, attachment, attachment.plan());
  }

  private static AttachmentPath of(Optional<NodeFacts> known, int mtu, AttachmentRecord attachment, DatapathPlan standing) {
    Set<String> ids = new TreeSet<>();
    attachment.addresses().forEach(held -> held.eniId().ifPresent(ids::add));
    // Acts are carried out before, and undone afterwards; they are no part of the kernel's.
    DatapathPlan plan = withoutActs(standing);
    // A ledger has attachments only of a node that knew itself, but what it knew can have been lost.
    return known.map(facts -> {
      plan.elements().forEach(e -> named(e.fields(), facts, ids));
      return new AttachmentPath(attachment.key().toString(), plan, enis(mtu, facts, ids));
    }).orElseGet(() -> new AttachmentPath(attachment.key().toString(), plan, List.of()));
  }

  private static DatapathPlan withoutActs(DatapathPlan plan) {
    List<PlanElement> rest = new ArrayList<>(plan.elements());
    return rest.removeIf(e -> e instanceof Act) ? DatapathPlan.of(rest) : plan;
  }

  /** The interfaces that an element names, in whichever field it does: an element of a newer version is looked through alike. */
  private static void named(Object value, NodeFacts facts, Set<String> ids) {
    switch (value) {
      case String text -> {
        String id = text.startsWith("eni:") ? text.substring(4) : text;
        if (facts.eni(id).isPresent()) {
          ids.add(id);
        }
      }
      case Fields fields -> fields.values().values().forEach(v -> named(v, facts, ids));
      case List<?> list -> list.forEach(v -> named(v, facts, ids));
      default -> {
        // Numbers and booleans name nothing.
      }
    }
  }

  private static List<EniPath> enis(int mtu, NodeFacts facts, Set<String> ids) {
    List<EniPath> enis = new ArrayList<>(ids.size());
    for (String id : ids) {
      facts.eni(id).filter(e -> facts.subnet(e.record().subnetId()).isPresent()).ifPresent(e -> enis.add(eni(mtu, facts, e)));
    }
    return List.copyOf(enis);
  }

  static NodeDatapath node(Context context) {
    NodeFacts facts = context.facts().orElseThrow();
    // Whatever has become of its lane: an interface whose addresses pods hold keeps its way out.
    Set<String> used = new HashSet<>();
    context.ledger.attachments().forEach(a -> a.addresses().stream()
        .filter(held -> !held.request().role().equals(AddressRequest.ROLE_PLUGIN)).forEach(held -> held.eniId().ifPresent(used::add)));
    List<EniPath> enis = new ArrayList<>();
    for (NodeFacts.Eni eni : facts.enis()) {
      boolean primary = eni.id().equals(facts.primary().id());
      boolean carries = eni.lane().flatMap(context.plan::lane).map(l -> l.lane().pods()).orElse(false)
          && !Belonging.isBorrowed(context, eni);
      boolean drains = context.book.eni(eni.id()).map(AddressBook.Eni::draining).orElse(false);
      boolean wanted = primary || used.contains(eni.id()) || (carries && !drains);
      if (wanted && facts.subnet(eni.record().subnetId()).isPresent()) {
        enis.add(eni(context.settings.mtu(), facts, eni));
      }
    }
    return new NodeDatapath(enis, withoutActs(context.plan.datapath()), context.settings.vethPrefix(), facts.vpcCidrs());
  }

  private static EniPath eni(int mtu, NodeFacts facts, NodeFacts.Eni eni) {
    SubnetRecord subnet = facts.subnet(eni.record().subnetId()).orElseThrow(
        () -> new IllegalStateException("the subnet of " + eni.id() + " is not known"));
    List<EniPath.Own> own = new ArrayList<>();
    List<IpAddress> gateways = new ArrayList<>();
    boolean primary = eni.id().equals(facts.primary().id());
    for (AddressFamily family : AddressFamily.values()) {
      // Of IPv6, no address of another interface is the node's alone: each may be a pod's, which must not be found on the node.
      Optional<IpAddress> address = family == AddressFamily.IPV4 ? eni.record().primary()
          : eni.record().addresses().stream().filter(a -> primary && a.family() == family).findFirst();
      subnet.cidrs().stream().filter(c -> c.family() == family).findFirst().ifPresent(cidr -> {
        address.ifPresent(a -> own.add(new EniPath.Own(a, cidr)));
        Gateways.of(subnet, family).ifPresent(gateways::add);
      });
    }
    int device = eni.record().attachment().map(a -> a.networkCard() * 100 + a.deviceIndex()).orElse(0);
    return new EniPath(eni.id(), eni.record().mac(), primary, eni.number(), TABLES + device,
        mtu, own, gateways);
  }
}
