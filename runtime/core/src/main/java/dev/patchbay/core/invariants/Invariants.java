package dev.patchbay.core.invariants;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All invariants. */
public final class Invariants {
  private static final List<Invariant> ALL = Stream.of(LedgerInvariants.ALL, StockInvariants.ALL, KernelInvariants.ALL,
      CloudInvariants.ALL).flatMap(List::stream).toList();

  private Invariants() {}

  /**
   * {@return all of them, in the order in which they are shown}
   */
  public static List<Invariant> all() {
    return ALL;
  }

  /**
   * {@return those that must be true at every instant}
   */
  public static List<Invariant> always() {
    return ALL.stream().filter(i -> i.holds() == Invariant.Holds.ALWAYS).toList();
  }

  /**
   * {@return one of them; empty if there is none of that name}
   * @param name its name
   */
  public static Optional<Invariant> of(String name) {
    return ALL.stream().filter(i -> i.name().equals(name)).findFirst();
  }

  /**
   * {@return what breaks any of some invariants}
   * @param invariants the invariants
   * @param look the look
   */
  public static List<Breach> breaches(List<Invariant> invariants, Look look) {
    List<Breach> breaches = new ArrayList<>();
    invariants.forEach(i -> breaches.addAll(i.breaches(look)));
    return breaches;
  }

  /**
   * What two looks have in common: what a later look does not show any more was a step of the work. Those that must hold at every
   * instant count from one look.
   *
   * @param first the breaches of a look
   * @param later those of a later one
   * @return what counts
   */
  public static List<Breach> lasting(List<Breach> first, List<Breach> later) {
    List<Breach> lasting = new ArrayList<>();
    for (Breach breach : first) {
      boolean always = of(breach.invariant()).filter(i -> i.holds() == Invariant.Holds.ALWAYS).isPresent();
      if (always || later.stream().anyMatch(b -> b.invariant().equals(breach.invariant()) && b.subject().equals(breach.subject()))) {
        lasting.add(breach);
      }
    }
    later.stream().filter(b -> of(b.invariant()).filter(i -> i.holds() == Invariant.Holds.ALWAYS).isPresent() && !lasting.contains(b))
        .forEach(lasting::add);
    return lasting;
  }
}
