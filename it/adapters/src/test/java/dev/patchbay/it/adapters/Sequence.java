package dev.patchbay.it.adapters;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.simulation.model.Chance;
import dev.patchbay.simulation.model.Ec2Model;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A sequence of calls from a seed, made on both sides of {@link Twins}; after each step both are asked what there is. The calls are of all
 * kinds, sensible and not: what is named may be there, be gone, or never have been.
 */
final class Sequence {
  /** Small and large, of several cards, without prefixes, without IPv6. */
  private static final List<String> TYPES = List.of("t3.nano", "t3.small", "m5.large", "m5.large", "c5.xlarge", "t2.medium", "p4d.24xlarge");
  private static final int STEPS = 20;

  private final Chance chance;
  private final Twins.Setup setup;
  private final Twins twins;
  private final List<String> story = new ArrayList<>();
  private final Map<String, Integer> outcomes;

  private final List<CloudCall.CreateInterface> made = new ArrayList<>();
  private final Map<String, EniRecord> enis = new LinkedHashMap<>();
  private final List<String> attachments = new ArrayList<>();
  private int tokens;

  private Sequence(long seed, Breach breach, Map<String, Integer> outcomes) {
    this.chance = Chance.of(seed, 0);
    this.setup = new Twins.Setup(chance.of(TYPES), chance.of(List.of(27, 27, 26, 24)), chance.oneIn(4) ? 2 : 100_000,
        chance.of(List.of(0L, 2_000L, 20_000L)));
    this.outcomes = outcomes;
    this.twins = new Twins(setup, breach);
    story.add("seed " + seed + ", " + setup);
  }

  /**
   * Runs one.
   *
   * @param outcomes where what came of calls is counted
   * @return the first difference, with all that led to it; empty if there was none
   */
  static Optional<String> run(long seed, Breach breach, Map<String, Integer> outcomes) {
    Sequence sequence = new Sequence(seed, breach, outcomes);
    try (sequence.twins) {
      for (int step = 0; step < STEPS; step++) {
        Optional<String> difference = sequence.step(step == STEPS - 1);
        if (difference.isPresent()) {
          return difference.map(d -> String.join("\n", sequence.story) + "\n" + d);
        }
      }
      return Optional.empty();
    }
  }

  private Optional<String> step(boolean last) {
    long pause = chance.oneIn(6) ? chance.between(10_000, 40_000) : chance.below(3_000);
    twins.pass(pause);
    long lag = chance.oneIn(3) ? chance.between(1_000, 50_000) : 0;
    List<Twins.Pair> told = new ArrayList<>();
    String what;
    if (chance.oneIn(12)) {
      what = others();
    } else {
      CloudCall call = call();
      what = call.toString();
      CloudAnswer answer = twins.call(call, lag, told);
      heard(call, answer);
      outcomes.merge(call.getClass().getSimpleName() + " " + (answer instanceof CloudAnswer.Failed f ? f.kind() + " " + f.code() : "ok"), 1,
          Integer::sum);
    }
    story.add("  after " + pause + " ms, seen " + lag + " ms late: " + what + (told.isEmpty() ? "" : "\n    " + told.getFirst().model()));
    twins.call(new CloudCall.DescribeTagged(Twins.TAG, "yes"), lag, told);
    if (last || chance.oneIn(5)) {
      twins.call(new CloudCall.DescribeAttached(Twins.INSTANCE), lag, told);
      twins.call(new CloudCall.DescribeSubnets(Twins.VPC, Twins.ZONE), lag, told);
    }
    if (last && chance.oneIn(2)) {
      // Some fifty requests, which cost more than all the rest.
      twins.metadata(lag, told);
    }
    return told.stream().filter(pair -> !pair.model().equals(pair.lab())).findFirst()
        .map(pair -> "  the model: " + pair.model() + "\n  the lab:   " + pair.lab());
  }

  private void heard(CloudCall call, CloudAnswer answer) {
    if (call instanceof CloudCall.CreateInterface c) {
      made.add(c);
    }
    if (answer instanceof CloudAnswer.Made(EniRecord eni)) {
      enis.put(eni.id(), eni);
    } else if (answer instanceof CloudAnswer.Attached(String id)) {
      attachments.add(id);
    } else if (answer instanceof CloudAnswer.Interfaces(List<EniRecord> found)) {
      found.forEach(eni -> enis.put(eni.id(), eni));
      found.forEach(eni -> eni.attachment().map(EniRecord.Attachment::id).ifPresent(attachments::add));
    } else if (answer instanceof CloudAnswer.Assigned(List<Cidr> units) && call instanceof CloudCall.AssignAddresses c) {
      enis.computeIfPresent(c.eniId(), (id, eni) -> with(eni, units));
    }
  }

  private static EniRecord with(EniRecord e, List<Cidr> more) {
    List<IpAddress> addresses = new ArrayList<>(e.addresses());
    List<Cidr> prefixes = new ArrayList<>(e.prefixes());
    more.forEach(unit -> {
      if (unit.size() == 1) {
        addresses.add(unit.address());
      } else {
        prefixes.add(unit);
      }
    });
    return new EniRecord(e.id(), e.mac(), e.type(), e.subnetId(), e.groups(), e.primary(), addresses, prefixes, e.attachment(), e.tags(),
        e.description(), e.status());
  }

  private String others() {
    switch (chance.below(4)) {
      case 0 -> {
        int left = chance.below(20);
        twins.fill(left);
        return "others leave " + left + " addresses";
      }
      case 1 -> {
        twins.fragment();
        return "others fragment the subnets";
      }
      default -> {
        twins.empty();
        return "others give back what they took";
      }
    }
  }

  private String eni() {
    // The primary interface is the model's first.
    List<String> ids = new ArrayList<>(enis.keySet());
    return chance.oneIn(25) ? "eni-404" : ids.isEmpty() || chance.oneIn(6) ? "eni-0" : ids.get(Math.max(chance.below(ids.size()),
        chance.below(ids.size())));
  }

  private String attachment() {
    return attachments.isEmpty() || chance.oneIn(15) ? chance.oneIn(2) ? "attach-404" : "attach-0" : chance.of(attachments);
  }

  private AddressFamily family() {
    return chance.oneIn(3) ? AddressFamily.IPV6 : AddressFamily.IPV4;
  }

  private CloudCall call() {
    int kind = chance.below(100);
    if (enis.isEmpty() || kind < 18) {
      return creation();
    }
    if (kind < 34) {
      return new CloudCall.AttachInterface(eni(), chance.oneIn(20) ? "i-404" : Twins.INSTANCE, chance.below(6),
          chance.oneIn(5) ? chance.below(5) : 0);
    }
    if (kind < 50) {
      boolean prefixes = chance.oneIn(3);
      int count = 1 + chance.below(chance.oneIn(6) ? 30 : 4);
      return new CloudCall.AssignAddresses(eni(), family(), prefixes ? 0 : count, prefixes ? Math.min(count, 5) : 0);
    }
    if (kind < 58) {
      return new CloudCall.AssignParticular(eni(), particular());
    }
    if (kind < 70) {
      return unassignment();
    }
    if (kind < 76) {
      return new CloudCall.Detach(eni(), attachment());
    }
    if (kind < 82) {
      return new CloudCall.Delete(eni());
    }
    return kind < 90 ? modification() : description();
  }

  private CloudCall creation() {
    if (!made.isEmpty() && chance.oneIn(3)) {
      CloudCall.CreateInterface c = chance.of(made);
      return chance.oneIn(3) ? new CloudCall.CreateInterface(c.clientToken(), c.type(), c.subnetId(), c.groups(), c.description() + "!",
          c.tags(), c.family(), c.addresses(), c.prefixes()) : c;
    }
    boolean prefixes = chance.oneIn(3);
    int count = chance.below(chance.oneIn(8) ? 70 : 6);
    return new CloudCall.CreateInterface("token-" + tokens++, chance.oneIn(8) ? "trunk" : "interface",
        chance.oneIn(20) ? "subnet-404" : chance.oneIn(3) ? Ec2Model.PODS : Ec2Model.NODES, groups(),
        chance.oneIn(2) ? "for pods" : "", new TreeMap<>(Map.of(Twins.TAG, "yes")), family(), prefixes ? 0 : count,
        prefixes ? Math.min(count, 4) : 0);
  }

  private List<String> groups() {
    return chance.oneIn(20) ? List.of("sg-404") : chance.of(List.of(List.of("sg-node"), List.of("sg-other", "sg-node"), List.<String>of()));
  }

  private CloudCall modification() {
    return switch (chance.below(3)) {
      case 0 -> new CloudCall.SetGroups(eni(), groups());
      case 1 -> new CloudCall.DeleteWithInstance(eni(), attachment());
      default -> new CloudCall.Tag(eni(), Map.of("n", "" + chance.below(3)));
    };
  }

  private CloudCall description() {
    return switch (chance.below(6)) {
      case 0 -> new CloudCall.DescribeTagged("n", "" + chance.below(3));
      case 1 -> new CloudCall.DescribeSubnets(Twins.VPC, chance.oneIn(2) ? Twins.ZONE : "elsewhere-1b");
      case 2 -> new CloudCall.DescribeGroups(Twins.VPC, chance.of(List.of(Map.of(), Map.of("pods", "true"), Map.of("pods", ""),
          Map.of("pods", "false"))));
      case 3 -> new CloudCall.DescribeType(chance.oneIn(3) ? "x9.none" : setup.type());
      case 4 -> new CloudCall.DescribeAttached(chance.oneIn(3) ? "i-404" : Twins.INSTANCE);
      default -> new CloudCall.DescribeInterface(eni());
    };
  }

  /** An address that is free, held, in a prefix, EC2's own or elsewhere. */
  private IpAddress particular() {
    List<Cidr> units = new ArrayList<>();
    enis.values().forEach(e -> {
      units.addAll(e.units(AddressFamily.IPV4));
      units.addAll(e.units(AddressFamily.IPV6));
      e.primary().ifPresent(p -> units.add(p.asCidr()));
    });
    if (!units.isEmpty() && chance.oneIn(2)) {
      // Of a prefix its first address: EC2 gives each side another prefix, so what lies within has no name in common.
      return chance.of(units).address();
    }
    Cidr network = Cidr.of(chance.of(List.of("10.0.0.0/" + setup.subnetLength(), "10.0.64.0/" + setup.subnetLength(), "2001:db8:0:1::/64",
        "2001:db8:0:2::/64")));
    return network.family() == AddressFamily.IPV6 ? network.at(chance.oneIn(4) ? chance.below(4) : 1_000_000L + chance.below(4))
        : network.at(chance.below((int) network.size()));
  }

  private CloudCall unassignment() {
    String id = eni();
    EniRecord eni = enis.get(id);
    AddressFamily family = family();
    List<Cidr> held = eni == null ? List.of() : eni.units(family);
    List<Cidr> units = new ArrayList<>();
    for (Cidr unit : held) {
      if (chance.oneIn(2)) {
        units.add(unit);
      }
    }
    if (units.isEmpty() || chance.oneIn(10)) {
      List<Cidr> any = enis.values().stream().flatMap(e -> e.units(family).stream()).distinct().toList();
      units.clear();
      units.add(!any.isEmpty() && chance.oneIn(2) ? chance.of(any)
          : family == AddressFamily.IPV4 ? IpAddress.of("10.0.0.4").asCidr() : IpAddress.of("2001:db8:0:1::99").asCidr());
    }
    return new CloudCall.Unassign(id, units);
  }
}
