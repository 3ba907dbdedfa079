package dev.patchbay.core.brain;

import dev.patchbay.core.compose.LanePlan;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ipam.Unit;
import dev.patchbay.spi.net.AddressFamily;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Whether addresses will come for who waits for them, and why not: everything is in use, or EC2 refuses for good. */
final class Outlook {
  private final Context context;
  private final Dealings dealings;
  private final Needs needs;
  private final Interfaces interfaces;
  private final Map<String, Finding> refusals = new HashMap<>();

  Outlook(Context context, Dealings dealings, Needs needs) {
    this.context = context;
    this.dealings = dealings;
    this.needs = needs;
    this.interfaces = new Interfaces(context);
  }

  /** EC2 refuses a want, and waiting alone won't change that. */
  void refuse(String want, Finding why) {
    refusals.put(want, why);
  }

  /** It does not any more, or nothing is wanted. */
  void reopen(String want) {
    refusals.remove(want);
  }

  /** Why EC2 refuses a want, if it does. */
  Optional<Finding> refused(String want) {
    return Optional.ofNullable(refusals.get(want));
  }

  /** Why no address will come for a want, if none will: everything is in use, or EC2 refuses for good. */
  Optional<Finding> hopeless(String want) {
    for (LanePlan lane : context.plan.lanes()) {
      for (AddressFamily family : AddressFamily.values()) {
        if (want.equals(Wants.stock(lane.name(), family))) {
          return lane.stock(family).isPresent() ? hopelessStock(lane, family, want) : refusal(want);
        }
        if (want.equals(Wants.slot(lane.name(), family))) {
          return hopelessSlot(lane, family, want);
        }
      }
    }
    return Optional.empty();
  }

  /** Why no more stock comes although it should; empty if nothing hinders. */
  Optional<String> hindrance(LanePlan lane, AddressFamily family) {
    Optional<String> refused = refused(Wants.stock(lane.name(), family)).map(Finding::cause);
    return refused.or(() -> interfaces.room(lane, family).isEmpty() ? Optional.of("the instance has no room for more") : Optional.empty());
  }

  private Optional<Finding> refusal(String want) {
    return dealings.operation().isPresent() ? Optional.empty() : refused(want);
  }

  private Optional<Finding> hopelessStock(LanePlan lane, AddressFamily family, String want) {
    AddressBook.Counts counts = context.book.counts(lane.name(), family);
    boolean unsettled = context.book.enis(lane.name()).stream().anyMatch(eni -> context.ledger.isUnsettled(eni.id()));
    if (unsettled || counts.cooling() > 0 || context.book.pending(lane.name(), family) > 0 || dealings.operation().isPresent()) {
      return Optional.empty();
    }
    Optional<Finding> refusal = refused(want);
    return interfaces.room(lane, family).isEmpty() ? refusal.or(() -> Optional.of(full(lane, counts))) : refusal;
  }

  private Optional<Finding> hopelessSlot(LanePlan lane, AddressFamily family, String want) {
    boolean comes = dealings.operation().isPresent() || interfaces.newInterface(lane, family).isPresent() || !needs.spare(lane, family).isEmpty()
        || context.book.enis(lane.name()).stream().anyMatch(e -> interfaces.freeUnits(e.id(), family) > 0);
    return comes ? refusal(want)
        : Optional.of(refusal(want).orElseGet(() -> full(lane, context.book.counts(lane.name(), family))));
  }

  private Finding full(LanePlan lane, AddressBook.Counts counts) {
    NodeFacts facts = context.facts().orElseThrow();
    if (!lane.lane().borrowed().isEmpty()) {
      return Finding.of(Codes.INSTANCE_FULL, "Interfaces that others manage (" + String.join(", ", lane.lane().borrowed().stream().sorted()
          .toList()) + ") have as many addresses as one carries on this " + facts.type().name() + ", " + facts.type().ipv4PerInterface()
          + ": pods hold " + counts.held() + " of them, or they are not attached.", "Run fewer such pods on the node, take off addresses"
          + " that nobody uses, or use a larger type.");
    }
    int card = lane.lane().networkCard();
    int slots = card < facts.type().interfacesPerCard().size() ? facts.type().interfacesPerCard().get(card) : 0;
    if (context.book.enis(lane.name()).isEmpty()) {
      return Finding.of(Codes.INSTANCE_FULL, "Lane " + lane.name() + " (" + lane.lane().origin() + ") has no interface, and there is no place"
          + " for one: all " + slots + " that this " + facts.type().name() + " has are taken or kept for others: " + takenBy(facts, lane.name()) + ".",
          "Let the pods of another of these lanes end, so that its interface is given back; or use a larger type.");
    }
    boolean prefixes = lane.stock(AddressFamily.IPV4).filter(s -> s.units().getFirst() == Unit.PREFIX).isPresent();
    return Finding.of(Codes.INSTANCE_FULL,
        "All " + counts.held() + " addresses that lane " + lane.name() + " can have on this " + facts.type().name() + " ("
            + slots + " interfaces with " + (facts.type().ipv4PerInterface() - 1)
            + (prefixes ? " prefixes of 16 addresses" : " addresses") + " for pods each) are held by pods.",
        "Run fewer pods on the node (set kubelet's max-pods to what `patchbay status` gives), or use a larger type.");
  }

  /** Who has the interfaces of the instance, in words. */
  private String takenBy(NodeFacts facts, String but) {
    Map<String, Integer> there = new TreeMap<>();
    facts.enis().forEach(e -> there.merge(e.lane().orElse(e.id().equals(facts.primary().id()) ? "the primary one" : "others"), 1, Integer::sum));
    context.plan.lanes().stream().filter(l -> !l.name().equals(but) && l.lane().reserve() > there.getOrDefault(l.name(), 0))
        .forEach(l -> there.put(l.name(), l.lane().reserve()));
    return String.join(", ", there.entrySet().stream().map(e -> e.getKey() + " (" + e.getValue() + ")").toList());
  }
}
