package dev.patchbay.core.invariants;

import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What must be true between the ledger and EC2. */
final class CloudInvariants {
  private static final String TOKEN = "patchbay.dev/token";

  static final Invariant HELD_IS_ASSIGNED = new Invariant("held-is-assigned", "An address that a pod holds is on its interface in EC2.",
      "Delete the pod that is named, so that it gets another; find out in CloudTrail who took the address away.",
      Invariant.Holds.SETTLED, CloudInvariants::heldIsAssigned);

  static final Invariant MADE_IS_THERE = new Invariant("made-is-there",
      "An interface that we made is attached here, and stands in the ledger as made until it is gone.",
      "If it is loose in EC2 and this node does not delete it within a quarter of an hour, delete it there.", Invariant.Holds.SETTLED,
      CloudInvariants::madeIsThere);

  static final Invariant UNITS_ARE_THERE = new Invariant("units-are-there",
      "An address or prefix that we assigned is on its interface in EC2 until we take it off.",
      "Find out in CloudTrail who took it away; the daemon forgets it after its next looks at EC2.", Invariant.Holds.SETTLED,
      CloudInvariants::unitsAreThere);

  static final Invariant FACTS_AGREE = new Invariant("facts-agree", "What the node takes its interfaces to have is what EC2 says they have.",
      "Wait for the daemon's next look at EC2, ten minutes at most; if it lasts, `patchbay status` says why it can't look.",
      Invariant.Holds.SETTLED, CloudInvariants::factsAgree);

  static final Invariant CALLS_IN_BUDGET = new Invariant("calls-in-budget", "EC2 is called no more often than the budget of each action "
      + "allows.", "Report it with the daemon's log.", Invariant.Holds.ALWAYS, CloudInvariants::callsInBudget);

  static final List<Invariant> ALL = List.of(HELD_IS_ASSIGNED, MADE_IS_THERE, UNITS_ARE_THERE, FACTS_AGREE, CALLS_IN_BUDGET);

  private CloudInvariants() {}

  private static List<Cidr> units(EniRecord eni) {
    return Stream.of(AddressFamily.values()).flatMap(family -> eni.units(family).stream()).toList();
  }

  private static boolean has(EniRecord eni, HeldAddress held) {
    return eni.primary().equals(Optional.of(held.address())) || units(eni).stream().anyMatch(u -> u.contains(held.address()));
  }

  private static List<Breach> heldIsAssigned(Look look) {
    List<Breach> breaches = new ArrayList<>();
    if (look.cloud().isEmpty()) {
      return breaches;
    }
    for (AttachmentRecord a : look.ledger().attachments()) {
      for (HeldAddress held : a.addresses()) {
        if (a.state() == AttachmentRecord.State.CLOSING || held.eniId().isEmpty()) {
          continue;
        }
        String id = held.eniId().get();
        Optional<EniRecord> eni = look.cloud().get().eni(id);
        // What others make for the node, branches say, is not described here.
        boolean ours = look.ledger().made(id).isPresent()
            || look.node().flatMap(NodeLook::facts).flatMap(f -> f.eni(id)).isPresent();
        if (eni.isEmpty() && ours) {
          breaches.add(new Breach("held-is-assigned", held.address().toString(), a.pod() + " has it, and EC2 has no interface " + id + "."));
        } else if (eni.isPresent() && !has(eni.get(), held)) {
          breaches.add(new Breach("held-is-assigned", held.address().toString(), a.pod() + " has it, and EC2 does not have it on " + id + "."));
        }
      }
    }
    return breaches;
  }

  private static List<Breach> madeIsThere(Look look) {
    List<Breach> breaches = new ArrayList<>();
    if (look.cloud().isEmpty()) {
      return breaches;
    }
    CloudLook cloud = look.cloud().get();
    for (Ledger.Made made : look.ledger().made()) {
      Optional<EniRecord> eni = cloud.eni(made.eniId());
      if (eni.isEmpty()) {
        breaches.add(new Breach("made-is-there", made.eniId(), "the ledger has it as made for lane " + made.lane() + ", and EC2 has none."));
      } else if (eni.get().attachment().isEmpty()) {
        breaches.add(new Breach("made-is-there", made.eniId(), "the ledger has it as made for lane " + made.lane()
            + ", and in EC2 it is attached to nothing."));
      }
    }
    for (EniRecord eni : cloud.tagged()) {
      String token = eni.tags().getOrDefault(TOKEN, "");
      boolean known = look.ledger().made(eni.id()).isPresent() || look.ledger().intended().containsKey(token);
      // One that is attached and without provenance is used, and never released: so it must be after the loss of /var/lib.
      if (!known && eni.attachment().isEmpty()) {
        breaches.add(new Breach("made-is-there", eni.id(), "its tags in EC2 say that this node made it, it is attached to nothing, and the "
            + "ledger does not have it."));
      }
    }
    return breaches;
  }

  private static List<Breach> unitsAreThere(Look look) {
    List<Breach> breaches = new ArrayList<>();
    look.cloud().ifPresent(cloud -> look.ledger().units().forEach((id, ours) -> {
      Optional<EniRecord> eni = cloud.eni(id);
      List<Cidr> there = eni.map(CloudInvariants::units).orElse(List.of());
      ours.stream().filter(unit -> !there.contains(unit) && !look.ledger().leaving(id).contains(unit)
          && !look.ledger().enisLeaving().contains(id)).forEach(unit -> breaches.add(new Breach("units-are-there", unit.toString(),
              "the ledger has it as assigned to " + id + " by us, and EC2 does not have it there.")));
    }));
    return breaches;
  }

  private static List<Breach> factsAgree(Look look) {
    List<Breach> breaches = new ArrayList<>();
    Optional<NodeFacts> facts = look.node().flatMap(NodeLook::facts);
    if (look.cloud().isEmpty() || facts.isEmpty()) {
      return breaches;
    }
    Set<String> ids = new TreeSet<>();
    facts.get().enis().forEach(e -> ids.add(e.id()));
    look.cloud().get().attached().forEach(e -> ids.add(e.id()));
    for (String id : ids) {
      Optional<EniRecord> known = facts.get().eni(id).map(NodeFacts.Eni::record);
      Optional<EniRecord> there = look.cloud().get().attached().stream().filter(e -> e.id().equals(id)).findFirst();
      if (known.isEmpty() || there.isEmpty()) {
        breaches.add(new Breach("facts-agree", id, known.isEmpty() ? "EC2 has it on the instance, and the node does not know it."
            : "the node takes it to be attached, and EC2 does not have it on the instance."));
        continue;
      }
      Set<Cidr> ours = new TreeSet<>(units(known.get()));
      Set<Cidr> theirs = new TreeSet<>(units(there.get()));
      if (!ours.equals(theirs)) {
        Set<Cidr> more = new TreeSet<>(ours);
        more.removeAll(theirs);
        theirs.removeAll(ours);
        breaches.add(new Breach("facts-agree", id, "the node takes it to have " + more + ", which EC2 does not, and EC2 has " + theirs
            + ", which the node does not know."));
      }
    }
    return breaches;
  }

  private static List<Breach> callsInBudget(Look look) {
    return look.calls().stream().filter(c -> c.calls() > c.budget()).map(c -> new Breach("calls-in-budget", c.action(), "it was called "
        + c.calls() + " times, and " + c.budget() + " are allowed.")).toList();
  }
}
