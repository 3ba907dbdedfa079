package dev.patchbay.core.invariants;

import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What must be true between the ledger and what the brain makes of it. */
final class StockInvariants {
  /** Larger blocks are not counted out. */
  private static final long LARGEST = 1 << 16;
  private static final String REPORT = "Restart the daemon, which counts anew from the ledger, and report it with the daemon's log.";

  static final Invariant FREE_IS_FREE = new Invariant("free-is-free", "An address that could be given out is held by nobody and does not "
      + "cool down.", REPORT, Invariant.Holds.ALWAYS, StockInvariants::freeIsFree);

  static final Invariant ACCOUNTED = new Invariant("accounted", "Every address of the lanes is held, free, cooling, or being made or "
      + "removed: none is lost.", REPORT, Invariant.Holds.SETTLED, StockInvariants::accounted);

  static final Invariant STOCK_AT_TARGET = new Invariant("stock-at-target", "The stock of each lane returns to its target, unless "
      + "something hinders it and is told.", "See `patchbay status`; report it with the daemon's log if nothing there says why.",
      Invariant.Holds.SETTLED, StockInvariants::stockAtTarget);

  static final List<Invariant> ALL = List.of(FREE_IS_FREE, ACCOUNTED, STOCK_AT_TARGET);

  private StockInvariants() {}

  private static boolean cools(Look look, IpAddress ip) {
    return look.ledger().coolUntil(ip).orElse(0L) > look.monotonic();
  }

  private static List<Breach> freeIsFree(Look look) {
    List<Breach> breaches = new ArrayList<>();
    look.node().ifPresent(node -> node.places().forEach((ip, place) -> {
      if (place.state() != NodeLook.State.FREE) {
        return;
      }
      look.ledger().holder(ip).ifPresent(key -> breaches.add(new Breach("free-is-free", ip.toString(), "it could be given out, and " + key
          + " holds it.")));
      if (cools(look, ip)) {
        breaches.add(new Breach("free-is-free", ip.toString(), "it could be given out, and the ledger says that it cools down."));
      }
    }));
    return breaches;
  }

  private static List<Breach> accounted(Look look) {
    List<Breach> breaches = new ArrayList<>();
    look.node().ifPresent(node -> {
      for (Map.Entry<IpAddress, NodeLook.Place> e : node.places().entrySet()) {
        IpAddress ip = e.getKey();
        NodeLook.State state = e.getValue().state();
        if (state == NodeLook.State.HELD && look.ledger().holder(ip).isEmpty() && !node.drawn().containsKey(ip)) {
          breaches.add(new Breach("accounted", ip.toString(), "it counts as held, and nobody holds it: it is lost."));
        } else if (state == NodeLook.State.COOLING && !cools(look, ip)) {
          breaches.add(new Breach("accounted", ip.toString(), "it counts as cooling, and the ledger does not say so: it is lost."));
        }
      }
      node.facts().ifPresent(facts -> facts.enis().forEach(eni -> places(breaches, look.ledger(), node, eni)));
    });
    return breaches;
  }

  private static void places(List<Breach> breaches, Ledger ledger, NodeLook node, NodeFacts.Eni eni) {
    if (eni.lane().isEmpty()) {
      return;
    }
    for (AddressFamily family : AddressFamily.values()) {
      for (Cidr unit : eni.record().units(family)) {
        for (long n = 0; unit.size() <= LARGEST && n < unit.size(); n++) {
          IpAddress ip = unit.at(n);
          if (!node.places().containsKey(ip)) {
            breaches.add(new Breach("accounted", ip.toString(), "it is on " + eni.id() + " of lane " + eni.lane().get()
                + ledger.holder(ip).map(key -> ", " + key + " holds it").orElse("") + ", and is neither held nor free nor cooling."));
          }
        }
      }
    }
  }

  private static List<Breach> stockAtTarget(Look look) {
    return look.node().stream().filter(n -> !n.busy()).flatMap(n -> n.lanes().stream())
        .filter(s -> s.lacking() > 0 && s.hindrance().isEmpty())
        .map(s -> new Breach("stock-at-target", s.lane() + " " + s.family(), s.free() + " addresses are free, " + s.target()
            + " should be, and nothing says why.")).toList();
  }
}
