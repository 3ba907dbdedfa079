package dev.patchbay.core.compose;

import dev.patchbay.core.view.NodeSnapshot;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.net.AddressFamily;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Asks all modes what the node should have, and puts their answers together. Pure; runs on a planner's thread.
 *
 * <p>Two bases that plan the same lane share its interfaces. Where a modifier changed the lane of one family, the other
 * family's lane of that name goes on under a name of its own, so that neither mode need know of the other. Where a mode can't say,
 * what it said last holds.
 */
public final class NodePlanning {
  /** Two modes plan different lanes under one name. */
  public static final Code LANE_CLASH = Code.of(120, "LaneClash");
  /** A mode supplies a lane that is not there. */
  public static final Code LANE_UNKNOWN = Code.of(510, "LaneUnknown");
  /** A mode that is no longer chosen has pods on the node. */
  public static final Code MODE_GONE = Code.of(511, "ModeGone");

  private final Composition composition;
  private final NodeSnapshot node;
  private final Circumstances circumstances;
  private final KeptPlan before;
  private final Inquiry inquiry;
  private final Map<String, LanePlan> lanes = new LinkedHashMap<>();
  private final Map<AddressFamily, Map<String, String>> names = new EnumMap<>(AddressFamily.class);
  private final Map<String, Map<String, Map<AddressFamily, AddressSource>>> own = new TreeMap<>();
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, KeptPlan.Lanes> keptLanes = new TreeMap<>();
  private final Map<String, DatapathPlan> keptDatapaths = new TreeMap<>();

  private NodePlanning(Composition composition, NodeSnapshot node, Circumstances circumstances, KeptPlan before, Inquiry inquiry) {
    this.composition = composition;
    this.node = node;
    this.circumstances = circumstances;
    this.before = before;
    this.inquiry = inquiry;
  }

  /**
   * Plans the node.
   *
   * @param composition the modes
   * @param node the node
   * @param circumstances whom there is to ask
   * @param before what the modes planned when they were last able to
   * @param holding the ids of the modes that planned attachments which are there
   * @param inquiry who asks
   * @return the plan; a refusal or wait where a base gives one, and never gave a plan before
   * @throws InvalidPlanException if a mode answers with what the SPI does not allow
   */
  public static Answer<NodePlan> plan(Composition composition, NodeSnapshot node, Circumstances circumstances, KeptPlan before,
      Set<String> holding, Inquiry inquiry) {
    return new NodePlanning(composition, node, circumstances, before, inquiry).plan(holding);
  }

  private Answer<NodePlan> plan(Set<String> holding) {
    for (AddressFamily family : composition.families()) {
      ModeInstance base = composition.base(family).orElseThrow();
      String key = base.id() + " " + family;
      Answer<KeptPlan.Lanes> answer = baseLanes(family, base);
      KeptPlan.Lanes planned = answer.plan().orElse(before.lanes().get(key));
      if (planned == null) {
        return Answers.stopped(answer);
      }
      keptLanes.put(key, planned);
      addLanes(family, base, planned.plan(), planned.supply());
    }
    for (ModeInstance mode : composition.modes()) {
      if (mode.baseFamilies().isEmpty()) {
        planOwnLanes(mode);
      }
    }
    return Answer.of(new NodePlan(List.copyOf(lanes.values()), datapath(holding), findings, names, own,
        new KeptPlan(keptLanes, keptDatapaths)));
  }

  private Answer<KeptPlan.Lanes> baseLanes(AddressFamily family, ModeInstance base) {
    if (circumstances.isAside(base)) {
      return circumstances.asideRefusal(base);
    }
    Answer<EniPlan> answer = Nearest.named(inquiry.ask(base, node, (m, n) -> m.eniPlanner().orElseThrow().plan(n)), composition,
        family, node);
    note(base, answer);
    if (stops(answer)) {
      return Answers.stopped(answer);
    }
    EniPlan planned = answer.plan().orElse(EniPlan.of());
    for (ModeInstance modifier : composition.with(Role.Modifier.class)) {
      Role.Modifier role = modifier.role(Role.Modifier.class).orElseThrow();
      if (!role.families().contains(family)) {
        continue;
      }
      EniPlan given = planned;
      Answer<EniPlan> modified = modified(modifier, role, given);
      note(modifier, modified);
      // A modifier that can't say where pods belong must not have them end up where it does not want them.
      if (stops(modified)) {
        return Answers.stopped(modified);
      }
      planned = modified.plan().orElse(given);
    }
    EniPlan all = planned;
    Answer<AddressPlan> supply = inquiry.ask(base, node, (m, n) -> m.addressPlanner().orElseThrow().plan(n, all));
    note(base, supply);
    return stops(supply) ? Answers.stopped(supply) : Answer.of(new KeptPlan.Lanes(all, supply.plan().orElse(AddressPlan.of())));
  }

  private Answer<EniPlan> modified(ModeInstance modifier, Role.Modifier role, EniPlan given) {
    Optional<ObjectKind> unheard = circumstances.unheard(modifier);
    if (circumstances.isAside(modifier) || unheard.isPresent()) {
      if (role.unreadable() == Role.WhenUnreadable.PASS) {
        return Answer.pass();
      }
      return circumstances.isAside(modifier) ? circumstances.asideRefusal(modifier)
          : Answer.waitFor(new ObjectRef(unheard.orElseThrow(), "", ""), Codes.OBJECT_UNREADABLE, "Objects of kind "
              + unheard.orElseThrow().kind() + " have not been heard of yet, and " + modifier.id() + " must know them to say where"
              + " pods belong.", "Check that the node reaches the API server.");
    }
    return inquiry.ask(modifier, node, (m, n) -> m.laneModifier().orElseThrow().modify(n, given));
  }

  private static boolean stops(Answer<?> answer) {
    return answer instanceof Answer.Wait<?> || answer instanceof Answer.Refuse<?>;
  }

  private void planOwnLanes(ModeInstance mode) {
    KeptPlan.Lanes last = before.lanes().get(mode.id());
    KeptPlan.Lanes planned = circumstances.isAside(mode) ? last : ownLanes(mode).orElse(last);
    if (planned == null) {
      return;
    }
    keptLanes.put(mode.id(), planned);
    Set<String> clashing = new HashSet<>();
    for (Lane lane : planned.plan().lanes()) {
      LanePlan there = lanes.get(lane.name());
      if (there != null && !isOneClass(there.lane(), lane)) {
        findings.add(Finding.of(LANE_CLASH,
            mode.id() + " plans a lane " + lane.name() + " that differs from the one that " + there.mode() + " plans.",
            "The lane of " + there.mode() + " holds; change the settings of one of the two.").about(lane.name()));
        clashing.add(lane.name());
        continue;
      }
      Map<AddressFamily, AddressSource> sources = new EnumMap<>(AddressFamily.class);
      planned.supply().supplies().stream().filter(s -> s.lane().equals(lane.name()))
          .forEach(s -> sources.put(s.family(), s.source()));
      if (there != null) {
        sources.putAll(there.sources());
      }
      lanes.put(lane.name(), there == null ? new LanePlan(lane, mode.id(), sources)
          : new LanePlan(shared(there.lane(), lane), there.mode(), sources));
    }
    for (AddressPlan.Supply s : planned.supply().supplies()) {
      boolean ofOwn = planned.plan().lane(s.lane()).isPresent();
      String lane = ofOwn ? s.lane() : name(s.family(), s.lane());
      if (!lanes.containsKey(lane)) {
        findings.add(unknownLane(mode, s.lane()));
      } else if (!clashing.contains(lane)) {
        own.computeIfAbsent(mode.id(), id -> new TreeMap<>())
            .computeIfAbsent(lane, l -> new EnumMap<>(AddressFamily.class)).put(s.family(), s.source());
      }
    }
  }

  /** The mode's own lanes and how it supplies them, or the base's for its own pods; empty if it can't say. */
  private Optional<KeptPlan.Lanes> ownLanes(ModeInstance mode) {
    EniPlan planned = EniPlan.of();
    EniPlan seen = basesLanes();
    if (mode.mode().eniPlanner().isPresent()) {
      Answer<EniPlan> answer = inquiry.ask(mode, node, (m, n) -> m.eniPlanner().orElseThrow().plan(n));
      note(mode, answer);
      if (stops(answer)) {
        return Optional.empty();
      }
      planned = answer.plan().orElse(EniPlan.of());
      seen = planned;
    }
    EniPlan shown = seen;
    if (mode.mode().addressPlanner().isEmpty()) {
      return planned.lanes().isEmpty() ? Optional.empty() : Optional.of(new KeptPlan.Lanes(planned, AddressPlan.of()));
    }
    Answer<AddressPlan> supply = inquiry.ask(mode, node, (m, n) -> m.addressPlanner().orElseThrow().plan(n, shown));
    note(mode, supply);
    return stops(supply) ? Optional.empty()
        : Optional.of(new KeptPlan.Lanes(planned, supply.plan().orElse(AddressPlan.of())));
  }

  /** The bases' lanes as the bases call them. */
  private EniPlan basesLanes() {
    Map<String, Lane> byName = new LinkedHashMap<>();
    for (AddressFamily family : composition.families()) {
      KeptPlan.Lanes of = keptLanes.get(composition.base(family).orElseThrow().id() + " " + family);
      if (of != null) {
        of.plan().lanes().forEach(l -> byName.putIfAbsent(l.name(), l));
      }
    }
    return EniPlan.of(List.copyOf(byName.values()));
  }

  private String name(AddressFamily family, String lane) {
    return names.getOrDefault(family, Map.of()).getOrDefault(lane, lane);
  }

  private static Finding unknownLane(ModeInstance mode, String lane) {
    return Finding.of(LANE_UNKNOWN, mode.label() + " supplies a lane " + lane + " that nobody planned.",
        "This is a defect of the mode: report it to its maker.").about(mode.id());
  }

  private void addLanes(AddressFamily family, ModeInstance base, EniPlan planned, AddressPlan supply) {
    Map<String, String> called = new HashMap<>();
    for (Lane lane : planned.lanes()) {
      LanePlan there = lanes.get(lane.name());
      String name = lane.name();
      String owner = base.id();
      Map<AddressFamily, AddressSource> sources = new EnumMap<>(AddressFamily.class);
      Lane whole = lane;
      if (there != null && isOneClass(there.lane(), lane)) {
        sources.putAll(there.sources());
        owner = there.mode();
        whole = shared(there.lane(), lane);
      } else if (there != null) {
        name = lane.name() + "." + family.name().toLowerCase(Locale.ROOT);
      }
      called.put(lane.name(), name);
      supply.supply(lane.name(), family).ifPresent(s -> sources.put(family, s.source()));
      // A base of one family may have a source of the other too, for addresses that never leave the node.
      for (AddressFamily other : AddressFamily.values()) {
        if (!base.baseFamilies().contains(other)) {
          supply.supply(lane.name(), other).ifPresent(s -> own.computeIfAbsent(base.id(), id -> new TreeMap<>())
              .computeIfAbsent(called.get(lane.name()), l -> new EnumMap<>(AddressFamily.class)).put(other, s.source()));
        }
      }
      lanes.put(name, new LanePlan(whole.renamed(name), owner, sources));
    }
    for (AddressPlan.Supply s : supply.supplies()) {
      if (planned.lane(s.lane()).isEmpty()) {
        findings.add(unknownLane(base, s.lane()));
      }
    }
    names.put(family, Map.copyOf(called));
  }

  /** Whether two lanes have interfaces of the same kind in the same place; how many, and how urgently, is not what tells them apart. */
  private static boolean isOneClass(Lane one, Lane other) {
    return one.origin().equals(other.origin()) && one.owner() == other.owner() && one.interfaceType().equals(other.interfaceType())
        && one.subnets().equals(other.subnets()) && one.groups().equals(other.groups()) && one.networkCard() == other.networkCard()
        && one.primary() == other.primary();
  }

  /** One lane for two that share their interfaces: with as many as the one needs that needs most. */
  private static Lane shared(Lane one, Lane other) {
    Lane shared = one.withReserve(Math.max(one.reserve(), other.reserve()))
        .withPriority(Math.max(one.priority(), other.priority())).withPods(one.pods() || other.pods());
    if (one.most().isPresent() && other.most().isPresent()) {
      return shared.withMost(Math.max(one.most().get(), other.most().get()));
    }
    return one.most().isEmpty() ? shared : other.renamed(one.name()).withReserve(shared.reserve()).withPriority(shared.priority())
        .withPods(shared.pods());
  }

  private DatapathPlan datapath(Set<String> holding) {
    // What two modes want alike is made once.
    Set<PlanElement> all = new LinkedHashSet<>();
    Set<String> chosen = new HashSet<>();
    for (ModeInstance mode : composition.modes()) {
      chosen.add(mode.id());
      if (mode.mode().datapathPlanner().isEmpty()) {
        continue;
      }
      DatapathPlan last = before.datapaths().getOrDefault(mode.id(), DatapathPlan.empty());
      DatapathPlan plan = last;
      if (!circumstances.isAside(mode)) {
        Answer<DatapathPlan> answer = inquiry.ask(mode, node, (m, n) -> m.datapathPlanner().orElseThrow().node(n));
        note(mode, answer);
        plan = stops(answer) ? last : answer.plan().orElse(DatapathPlan.empty());
        PlanChecks.node(plan);
      }
      add(mode.id(), plan, all);
    }
    for (String gone : before.strangers(chosen)) {
      if (holding.contains(gone)) {
        add(gone, before.datapaths().getOrDefault(gone, DatapathPlan.empty()), all);
        findings.add(Finding.of(MODE_GONE, "The mode " + gone + " is no longer chosen, and pods that it planned still run.",
            "What it planned stays as it is until the last of them has ended; `patchbay status` lists them.").about(gone));
      }
    }
    return DatapathPlan.of(List.copyOf(all));
  }

  private void add(String mode, DatapathPlan plan, Set<PlanElement> all) {
    if (!plan.elements().isEmpty()) {
      keptDatapaths.put(mode, plan);
      all.addAll(plan.elements());
    }
  }

  private void note(ModeInstance mode, Answer<?> answer) {
    switch (answer) {
      case Answer.Planned<?> p -> findings.addAll(p.findings());
      case Answer.Wait<?> w -> findings.add(w.reason().about(mode.id()));
      case Answer.Refuse<?> r -> findings.add(r.reason().about(mode.id()));
      case Answer.Pass<?> _ -> {}
    }
  }
}
