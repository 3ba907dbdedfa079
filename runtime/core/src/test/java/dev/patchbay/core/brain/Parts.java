package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.cloud.NodeIdentity;
import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.core.compose.Composition;
import dev.patchbay.core.compose.KeptPlan;
import dev.patchbay.core.compose.LanePlan;
import dev.patchbay.core.compose.NodePlan;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.ipam.Unit;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** What all parts of the brain share, with facts and lanes as given: for tests of one part alone. */
final class Parts {
  static final long NOW = 1_000_000;
  static final AddressFamily V4 = AddressFamily.IPV4;
  static final AddressFamily V6 = AddressFamily.IPV6;
  static final AddressSource STOCK = AddressSource.stock(List.of(Unit.SINGLE), Targets.none().withWarmAddresses(1));
  static final Map<AddressFamily, AddressSource> SINGLE = Map.of(V4, STOCK);

  private Parts() {}

  static Context context() {
    Composition composition =
        ((Composition.Outcome.Fits) Composition.of(List.of(SingleAddresses.with(Targets.none())))).composition();
    return new Context(World.settings(), composition, new Ledger(), new Moment(NOW, 7));
  }

  static Context context(InstanceTypeRecord type, List<LanePlan> lanes, NodeFacts.Eni... enis) {
    Context context = context();
    lanes(context, lanes.toArray(LanePlan[]::new));
    facts(context, type, enis);
    return context;
  }

  static void lanes(Context context, LanePlan... lanes) {
    context.plan = new NodePlan(List.of(lanes), DatapathPlan.empty(), List.of(), Map.of(), Map.of(), KeptPlan.EMPTY);
  }

  static void facts(Context context, InstanceTypeRecord type, NodeFacts.Eni... enis) {
    context.facts(new NodeFacts(new NodeIdentity("i-1", type.name(), "test-1", "test-1a", "vpc-1", new MacAddress(0)), type, List.of(enis),
        List.of(subnet("subnet-a", 100)), List.of(Cidr.of("10.0.0.0/16"))));
    sync(context);
  }

  static void sync(Context context) {
    context.book.sync(context.facts().orElseThrow(), context.ledger, Set.of(), e -> true, context.millis());
  }

  static void subnets(Context context, SubnetRecord... subnets) {
    context.facts(context.facts().orElseThrow().withSubnets(List.of(subnets)));
  }

  static SubnetRecord subnet(String id, int free) {
    return subnet(id, "test-1a", free, Map.of());
  }

  static SubnetRecord subnet(String id, String zone, int free, Map<String, String> tags) {
    return new SubnetRecord(id, zone, List.of(Cidr.of("10.0.0.0/24")), OptionalInt.of(free), tags);
  }

  static LanePlan lane(Lane lane) {
    return new LanePlan(lane, "single", SINGLE);
  }

  static LanePlan lane(Lane lane, AddressFamily family, AddressSource source) {
    return new LanePlan(lane, "single", Map.of(family, source));
  }

  static Lane named(String name) {
    return Lane.named(name);
  }

  /** The primary interface, which is number 0, or another, at the place of its number on network card 0. */
  static NodeFacts.Eni eni(int number, String lane, String... units) {
    return eni(number, 0, "subnet-a", lane, units);
  }

  static NodeFacts.Eni eni(int number, int card, String subnet, String lane, String... units) {
    return of(record(number, card, subnet, Map.of(), units), lane);
  }

  static NodeFacts.Eni of(EniRecord record, String lane) {
    return new NodeFacts.Eni(record, record.attachment().map(EniRecord.Attachment::deviceIndex).orElse(0) + 1,
        lane.isEmpty() ? Optional.empty() : Optional.of(lane));
  }

  static EniRecord record(int number, int card, String subnet, Map<String, String> tags, String... units) {
    List<Cidr> all = Arrays.stream(units).map(u -> u.contains("/") ? Cidr.of(u) : IpAddress.of(u).asCidr()).toList();
    return new EniRecord("eni-" + number, new MacAddress(number), "interface", subnet, List.of("sg-1"), Optional.empty(),
        all.stream().filter(c -> c.size() == 1).map(Cidr::address).toList(), all.stream().filter(c -> c.size() != 1).toList(),
        Optional.of(new EniRecord.Attachment("attach-" + number, "i-1", number, card, true)), tags, "", "in-use");
  }
}
