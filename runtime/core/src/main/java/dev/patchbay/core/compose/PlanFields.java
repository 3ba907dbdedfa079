package dev.patchbay.core.compose;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.GroupChoice;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.eni.LaneOrigin;
import dev.patchbay.spi.eni.SubnetChoice;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.ipam.Unit;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** Lanes and supplies as fields for the ledger, and back. */
final class PlanFields {
  private PlanFields() {}

  static Fields of(KeptPlan.Lanes lanes) {
    return Fields.empty().with("lanes", lanes.plan().lanes().stream().map(PlanFields::lane).toList())
        .with("supplies", lanes.supply().supplies().stream().map(PlanFields::supply).toList());
  }

  static KeptPlan.Lanes lanes(Fields f) {
    return new KeptPlan.Lanes(EniPlan.of(f.list("lanes").stream().map(PlanFields::lane).toList()),
        AddressPlan.of(f.list("supplies").stream().map(PlanFields::supply).toList()));
  }

  private static Fields lane(Lane lane) {
    Fields f = Fields.empty().with("name", lane.name()).with("kind", lane.origin().kind()).with("origin", lane.origin().name())
        .with("owner", lane.owner().name()).with("type", lane.interfaceType()).with("card", lane.networkCard())
        .with("reserve", lane.reserve()).with("priority", lane.priority()).with("pods", lane.pods())
        .with("primary", lane.primary()).with("subnets", lane.subnets().ids()).with("subnetTags", Fields.of(lane.subnets().tags()))
        .with("subnetOrder", lane.subnets().order().name()).with("groups", lane.groups().ids())
        .with("groupTags", Fields.of(lane.groups().tags())).with("subnetsWithout", Fields.of(lane.subnets().without()))
        .with("subnetsSharedBy", lane.subnets().sharedBy()).with("nodesSubnetToo", lane.subnets().nodesToo());
    f = lane.borrowed().isEmpty() ? f : f.with("borrowed", lane.borrowed().stream().sorted().toList());
    return lane.most().isPresent() ? f.with("most", lane.most().get()) : f;
  }

  private static Lane lane(Fields f) {
    Lane kind = f.texts("borrowed").isEmpty() ? Lane.named(f.required("name"))
        : Lane.borrowing(f.required("name"), Set.copyOf(f.texts("borrowed")));
    Lane lane = kind.withOrigin(new LaneOrigin(f.required("kind"), f.required("origin")))
        .withOwner(Lane.Owner.valueOf(f.required("owner"))).withInterfaceType(f.required("type"))
        .withNetworkCard(number(f, "card")).withReserve(number(f, "reserve")).withPriority(number(f, "priority"))
        .withPods(f.isTrue("pods")).withPrimary(f.isTrue("primary"));
    SubnetChoice.Order order = SubnetChoice.Order.valueOf(f.required("subnetOrder"));
    Map<String, String> subnetTags = tags(f.fields("subnetTags"));
    if (!f.texts("subnets").isEmpty()) {
      lane = lane.withSubnets(limits(SubnetChoice.ids(f.texts("subnets"), order), f));
    } else if (!subnetTags.isEmpty()) {
      lane = lane.withSubnets(limits(SubnetChoice.tagged(subnetTags, order), f));
    }
    Map<String, String> groupTags = tags(f.fields("groupTags"));
    if (!f.texts("groups").isEmpty()) {
      lane = lane.withGroups(GroupChoice.ids(f.texts("groups")));
    } else if (!groupTags.isEmpty()) {
      lane = lane.withGroups(GroupChoice.tagged(groupTags));
    }
    return f.has("most") ? lane.withMost(number(f, "most")) : lane;
  }

  private static SubnetChoice limits(SubnetChoice these, Fields f) {
    SubnetChoice limited = these.without(tags(f.fields("subnetsWithout"))).sharedBy(f.text("subnetsSharedBy").orElse(""));
    return f.isTrue("nodesSubnetToo") ? limited.withNodes() : limited;
  }

  private static Fields supply(AddressPlan.Supply supply) {
    Fields f = Fields.empty().with("lane", supply.lane()).with("family", supply.family().name());
    return switch (supply.source()) {
      case AddressSource.Stock s -> targets(f.with("source", "stock").with("units", s.units().stream().map(Unit::name).toList()),
          s.targets());
      case AddressSource.Range r when r.block().isPresent() ->
          f.with("source", "local").with("block", r.block().get().toString());
      case AddressSource.Range r -> f.with("source", "delegated").with("length", r.length());
      case AddressSource.Given _ -> f.with("source", "given");
      case AddressSource.OnDemand _ -> f.with("source", "on-demand");
    };
  }

  private static Fields targets(Fields f, Targets t) {
    Fields with = f;
    with = with(with, "warmInterfaces", t.warmInterfaces());
    with = with(with, "warmAddresses", t.warmAddresses());
    with = with(with, "minimumAddresses", t.minimumAddresses());
    return with(with, "warmPrefixes", t.warmPrefixes());
  }

  private static Fields with(Fields f, String name, OptionalInt value) {
    return value.isPresent() ? f.with(name, value.getAsInt()) : f;
  }

  private static AddressPlan.Supply supply(Fields f) {
    String word = f.required("source");
    AddressSource source = switch (word) {
      case "stock" -> AddressSource.stock(f.texts("units").stream().map(Unit::valueOf).toList(), targets(f));
      case "local" -> AddressSource.local(Cidr.of(f.required("block")));
      case "delegated" -> AddressSource.delegated(number(f, "length"));
      case "given" -> AddressSource.given();
      case "on-demand" -> AddressSource.onDemand();
      default -> throw new IllegalArgumentException("\"" + word + "\" is no source of addresses");
    };
    return new AddressPlan.Supply(f.required("lane"), AddressFamily.valueOf(f.required("family")), source);
  }

  private static Targets targets(Fields f) {
    Targets targets = Targets.none();
    targets = with(targets, f, "warmInterfaces", Targets::withWarmInterfaces);
    targets = with(targets, f, "warmAddresses", Targets::withWarmAddresses);
    targets = with(targets, f, "minimumAddresses", Targets::withMinimumAddresses);
    return with(targets, f, "warmPrefixes", Targets::withWarmPrefixes);
  }

  private static Targets with(Targets targets, Fields f, String name, BiFunction<Targets, Integer, Targets> with) {
    return f.has(name) ? with.apply(targets, number(f, name)) : targets;
  }

  private static Map<String, String> tags(Fields f) {
    Map<String, String> tags = new TreeMap<>();
    f.values().keySet().forEach(key -> tags.put(key, f.text(key).orElse("")));
    return tags;
  }

  private static int number(Fields f, String name) {
    return Math.toIntExact(f.number(name).orElse(0));
  }
}
