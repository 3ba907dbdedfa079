package dev.patchbay.core.brain;

import dev.patchbay.core.compose.LanePlan;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.net.AddressFamily;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/** How much a lane needs, what counts as its stock, and what of it could be given back. */
final class Needs {
  private final Context context;
  private final ToIntFunction<String> demand;
  private final Interfaces interfaces;
  private final Kinds kinds;

  Needs(Context context, ToIntFunction<String> demand) {
    this.context = context;
    this.demand = demand;
    this.interfaces = new Interfaces(context);
    this.kinds = new Kinds(context);
  }

  /** How many pods wait for something. */
  int waiting(String want) {
    return demand.applyAsInt(want);
  }

  /** What a lane needs of a family. */
  StockNeed of(LanePlan lane, AddressFamily family, AddressSource.Stock stock) {
    Predicate<AddressBook.Unit> counted = kinds.counted(lane, family, stock);
    AddressBook.Counts c = context.book.counts(lane.name(), family, counted);
    NodeFacts.Eni first = context.facts().orElseThrow().primary();
    int size = Kinds.size(family, stock.units().getFirst());
    int per = interfaces.unitsPerInterface(family, first) * size;
    int waiting = waiting(Wants.stock(lane.name(), family));
    int elsewhere = context.book.counts(lane.name(), family).free() - c.free();
    OptionalInt cap = context.settings.maxPods();
    return StockNeed.of(stock.targets(), c.held(), c.free(), c.cooling(), context.book.idle(lane.name(), family, counted),
        Math.max(0, waiting - elsewhere), per, size, cap.orElse(Integer.MAX_VALUE));
  }

  /** What a lane needs of each family of which it has stock. */
  Map<AddressFamily, StockNeed> of(LanePlan lane) {
    Map<AddressFamily, StockNeed> needs = new EnumMap<>(AddressFamily.class);
    for (AddressFamily family : AddressFamily.values()) {
      lane.stock(family).ifPresent(stock -> needs.put(family, of(lane, family, stock)));
    }
    return needs;
  }

  /** What is counted as the stock of a lane. */
  Predicate<AddressBook.Unit> counted(LanePlan lane, AddressFamily family) {
    return kinds.counted(lane, family, lane.stock(family).orElseThrow());
  }

  /** What could be taken off the lane's interfaces to make room. */
  List<AddressBook.Unit> spare(LanePlan lane, AddressFamily family) {
    List<AddressBook.Unit> spent = spent(lane, family);
    return spent.isEmpty() ? context.book.releasable(lane.name(), family, context.ledger::ours) : spent;
  }

  /** What was for one particular attachment, which is gone, and is ours to give back. */
  List<AddressBook.Unit> spent(LanePlan lane, AddressFamily family) {
    return context.book.spent(lane.name(), family).stream().filter(u -> context.ledger.ours(context.book.eniOf(u), u.cidr())).toList();
  }
}
