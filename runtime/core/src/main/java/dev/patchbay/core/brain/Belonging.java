package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.core.compose.LanePlan;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.eni.SubnetChoice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** To which lane an interface belongs, and what its lane wants of it. */
final class Belonging {
  /** The tag by which an operator keeps an interface for others. Source: aws-node's documentation. */
  private static final String NO_MANAGE = "node.k8s.amazonaws.com/no_manage";

  private final Context context;
  private final Descriptions descriptions;

  Belonging(Context context, Descriptions descriptions) {
    this.context = context;
    this.descriptions = descriptions;
  }

  NodeFacts laned(NodeFacts facts) {
    String primary = facts.primary().id();
    List<NodeFacts.Eni> enis = new ArrayList<>();
    for (NodeFacts.Eni eni : facts.enis()) {
      enis.add(new NodeFacts.Eni(eni.record(), eni.number(), laneOf(facts, eni, eni.id().equals(primary))));
    }
    return facts.withEnis(enis);
  }

  private Optional<String> laneOf(NodeFacts facts, NodeFacts.Eni eni, boolean primary) {
    if (context.plan.lanes().isEmpty()) {
      // Until the first plan of this process it belongs where it did: planned without a lane, its pods would lose their way out.
      return eni.lane();
    }
    if (primary) {
      return context.plan.lanes().stream().filter(l -> l.lane().primary()).map(LanePlan::name).findFirst();
    }
    Optional<String> made = context.ledger.made(eni.id()).map(Ledger.Made::lane);
    if (made.isPresent()) {
      return made.filter(name -> context.plan.lane(name).isPresent());
    }
    if (!descriptions.known()) {
      return Optional.empty();
    }
    // Somebody else's interface of the kind that a lane has is used by it, as the reference does, and never released.
    Optional<String> adopting = "true".equals(eni.record().tags().get(NO_MANAGE)) ? Optional.empty()
        : context.plan.lanes().stream().filter(l -> adopts(l.lane(), eni, facts)).map(LanePlan::name).findFirst();
    return adopting.or(() -> context.plan.lanes().stream().filter(l -> l.lane().borrowed().contains(eni.id())).map(LanePlan::name)
        .findFirst());
  }

  /** Whether an interface is another's, and a lane has no more on it than addresses. */
  static boolean isBorrowed(Context context, NodeFacts.Eni eni) {
    return eni.lane().flatMap(context.plan::lane).filter(l -> l.lane().borrowed().contains(eni.id())).isPresent();
  }

  /** Whether an interface lies where its lane now wants its interfaces. What is not known does not count against it. */
  boolean fits(NodeFacts.Eni eni) {
    NodeFacts facts = context.facts().orElseThrow();
    Optional<LanePlan> lane = eni.lane().flatMap(context.plan::lane);
    if (lane.isEmpty() || eni.id().equals(facts.primary().id()) || isBorrowed(context, eni)) {
      return true;
    }
    SubnetChoice subnets = lane.get().lane().subnets();
    String subnet = eni.record().subnetId();
    Optional<SubnetRecord> known = facts.subnet(subnet).filter(s -> s.free().isPresent());
    boolean there = subnets.isOfNode() ? subnet.equals(facts.primary().record().subnetId())
        : known.map(s -> Interfaces.admits(context, subnets, s)).orElseGet(() -> subnets.ids().isEmpty() || subnets.ids().contains(subnet));
    return there && lane.get().lane().interfaceType().equals(eni.record().type());
  }

  private boolean adopts(Lane lane, NodeFacts.Eni eni, NodeFacts facts) {
    int card = eni.record().attachment().map(EniRecord.Attachment::networkCard).orElse(0);
    if (!lane.borrowed().isEmpty() || !lane.interfaceType().equals(eni.record().type()) || lane.networkCard() != card) {
      return false;
    }
    // A lane that is there for its security groups gets no interface that has others.
    if (!lane.name().equals(Lane.DEFAULT) && !lane.groups().ids().isEmpty()
        && !new HashSet<>(lane.groups().ids()).equals(new HashSet<>(eni.record().groups()))) {
      return false;
    }
    if (lane.subnets().isOfNode()) {
      // Where whoever makes a lane's interfaces puts them is not for the node to say.
      return lane.owner() != Lane.Owner.NODE
          || (lane.pods() && eni.record().subnetId().equals(facts.primary().record().subnetId()));
    }
    return facts.subnet(eni.record().subnetId()).filter(s -> Interfaces.admits(context, lane.subnets(), s)).isPresent();
  }

  /** Why no pod gets an address of an interface; empty if pods may. */
  Optional<String> leftAlone(NodeFacts.Eni eni) {
    NodeFacts facts = context.facts().orElseThrow();
    if (isBorrowed(context, eni)) {
      return Optional.of("others manage it, and lane " + eni.lane().orElse("") + " has addresses on it for interfaces that other plugins make");
    }
    if (eni.lane().isPresent()) {
      return context.plan.lane(eni.lane().get()).filter(l -> !l.lane().pods())
          .map(l -> "its lane " + l.name() + " carries no pods itself");
    }
    if (eni.id().equals(facts.primary().id())) {
      return Optional.of("no lane of the modes in force takes addresses of the primary interface");
    }
    Optional<String> made = context.ledger.made(eni.id()).map(Ledger.Made::lane);
    if (made.isPresent()) {
      return Optional.of("Patchbay made it for lane " + made.get() + ", which no mode plans any more");
    }
    if ("true".equals(eni.record().tags().get(NO_MANAGE))) {
      return Optional.of("it has the tag " + NO_MANAGE + "=true, by which an operator keeps it for others");
    }
    return Optional.of(descriptions.known() ? "Patchbay did not make it (nothing in its ledger says so), and no lane takes interfaces of type "
        + eni.record().type() + " in subnet " + eni.record().subnetId()
        : "EC2 has not described it since the daemon's start, so its tags are not known");
  }

  /** Security groups that an interface should have. */
  record GroupChange(String eniId, List<String> groups) {}

  /**
   * The interfaces that have other security groups than the primary interface, which their lane follows, whoever made them. Where a lane
   * names its groups they are for interfaces that are made from then on: nobody takes a running pod's groups away by changing an object.
   */
  List<GroupChange> groupsToSet(Surroundings surroundings) {
    NodeFacts facts = context.facts().orElseThrow();
    List<GroupChange> changes = new ArrayList<>();
    for (NodeFacts.Eni eni : facts.enis()) {
      Optional<LanePlan> lane = eni.lane().flatMap(context.plan::lane).filter(l -> l.lane().owner() == Lane.Owner.NODE);
      if (lane.filter(l -> l.lane().groups().isOfPrimary()).isEmpty() || eni.id().equals(facts.primary().id())) {
        continue;
      }
      surroundings.groupsFor(lane.orElseThrow()).filter(groups -> !new HashSet<>(groups).equals(new HashSet<>(eni.record().groups())))
          .ifPresent(groups -> changes.add(new GroupChange(eni.id(), groups)));
    }
    return changes;
  }
}
