package dev.patchbay.core.brain;

import dev.patchbay.core.compose.LanePlan;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.ipam.Unit;
import dev.patchbay.spi.net.AddressFamily;
import java.util.List;
import java.util.function.Predicate;

/**
 * In which units a lane's stock is held at the moment: the preferred one, and those after it as long as the subnet has no room for
 * it. Units of other kinds are on the interfaces too, from a time when something else was preferred; pods have them as long as they
 * live, and they are given back as they empty. What is not ours to give back counts as stock, whatever its kind.
 */
final class Kinds {
  private final Context context;
  private final Interfaces interfaces;

  Kinds(Context context) {
    this.context = context;
    this.interfaces = new Interfaces(context);
  }

  /** How many addresses a unit has. */
  static int size(AddressFamily family, Unit unit) {
    return unit == Unit.SINGLE || family == AddressFamily.IPV6 ? 1 : 16;
  }

  private static Unit of(AddressBook.Unit unit) {
    return unit.cidr().size() > 1 ? Unit.PREFIX : Unit.SINGLE;
  }

  /** Two that are equal count the same. */
  private record Counted(List<Unit> kinds, Ledger ledger, long provenance) implements Predicate<AddressBook.Unit> {
    @Override
    public boolean test(AddressBook.Unit unit) {
      return kinds.contains(of(unit)) || !ledger.ours(unit.eniId(), unit.cidr());
    }
  }

  /** What is fetched next: the first unit in the order of preference that the subnet is not known to lack. */
  Unit next(LanePlan lane, AddressFamily family, AddressSource.Stock stock) {
    Unit first = stock.units().getFirst();
    if (first == Unit.SINGLE || context.fragmentedSubnets.isEmpty()) {
      return first;
    }
    boolean fragmented = interfaces.growsIn(lane, family).or(() -> interfaces.subnetFor(lane))
        .map(subnet -> context.fragmentedSubnets.getOrDefault(subnet, 0L) > context.millis()).orElse(false);
    return stock.units().stream().filter(unit -> unit == Unit.SINGLE || !fragmented).findFirst().orElse(stock.units().getLast());
  }

  /** What is counted as stock. */
  Predicate<AddressBook.Unit> counted(LanePlan lane, AddressFamily family, AddressSource.Stock stock) {
    List<Unit> kinds = stock.units().subList(0, stock.units().indexOf(next(lane, family, stock)) + 1);
    return new Counted(kinds, context.ledger, context.ledger.provenance());
  }

  /** What a pod is given rather than others, so that the others empty. */
  static Predicate<AddressBook.Unit> preferred(AddressSource.Stock stock) {
    return unit -> of(unit) == stock.units().getFirst();
  }
}
