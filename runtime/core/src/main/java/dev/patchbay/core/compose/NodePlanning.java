package dev.patchbay.core.compose;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.DatapathPlanner;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.view.NodeView;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Asks all modes what the node should have, and puts their answers together. Pure; runs on a planner's thread.
 *
 * <p>Two bases that plan the same lane share its interfaces. Where a modifier changed the lane of one family, the other
 * family's lane of that name goes on under a name of its own, so that neither mode need know of the other.
 */
public final class NodePlanning {
  /** Two modes plan different lanes under one name. */
  public static final Code LANE_CLASH = Code.of(120, "LaneClash");
  /** A mode supplies a lane that is not there. */
  public static final Code LANE_UNKNOWN = Code.of(510, "LaneUnknown");

  private final Composition composition;
  private final NodeView node;
  private final Map<String, LanePlan> lanes = new LinkedHashMap<>();
  private final Map<AddressFamily, Map<String, String>> names = new EnumMap<>(AddressFamily.class);
  private final List<Finding> findings = new ArrayList<>();

  private NodePlanning(Composition composition, NodeView node) {
    this.composition = composition;
    this.node = node;
  }

  /**
   * Plans the node.
   *
   * @param composition the modes
   * @param node the node
   * @return the plan; a refusal or wait where a base gives one
   */
  public static Answer<NodePlan> plan(Composition composition, NodeView node) {
    return new NodePlanning(composition, node).plan();
  }

  private Answer<NodePlan> plan() {
    for (AddressFamily family : composition.families()) {
      ModeInstance base = composition.base(family).orElseThrow();
      Optional<Answer<NodePlan>> trouble = planBase(family, base);
      if (trouble.isPresent()) {
        return trouble.get();
      }
    }
    for (ModeInstance mode : composition.modes()) {
      if (mode.baseFamilies().isEmpty()) {
        planOwnLanes(mode);
      }
    }
    DatapathPlan datapath = DatapathPlan.empty();
    for (ModeInstance mode : composition.modes()) {
      Optional<DatapathPlanner> planner = mode.mode().datapathPlanner();
      if (planner.isPresent()) {
        Answer<DatapathPlan> answer = planner.get().node(node);
        note(mode, answer);
        datapath = datapath.and(answer.plan().orElse(DatapathPlan.empty()));
      }
    }
    return Answer.of(new NodePlan(List.copyOf(lanes.values()), datapath, findings, names));
  }

  private Optional<Answer<NodePlan>> planBase(AddressFamily family, ModeInstance base) {
    Answer<EniPlan> answer = base.mode().eniPlanner().orElseThrow().plan(node);
    note(base, answer);
    EniPlan planned;
    switch (answer) {
      case Answer.Planned<EniPlan> p -> planned = p.value();
      case Answer.Pass<EniPlan> _ -> planned = EniPlan.of();
      case Answer.Wait<EniPlan> w -> {
        return Optional.of(Answer.waitFor(w.object(), w.reason().code(), w.reason().cause(), w.reason().remedy()));
      }
      case Answer.Refuse<EniPlan> r -> {
        return Optional.of(Answer.refuse(r.reason().code(), r.reason().cause(), r.reason().remedy()));
      }
    }
    for (ModeInstance modifier : composition.with(Role.Modifier.class)) {
      if (!modifier.role(Role.Modifier.class).orElseThrow().families().contains(family)) {
        continue;
      }
      Answer<EniPlan> modified = modifier.mode().laneModifier().orElseThrow().modify(node, planned);
      note(modifier, modified);
      switch (modified) {
        case Answer.Planned<EniPlan> p -> planned = p.value();
        case Answer.Pass<EniPlan> _ -> {}
        // A modifier that can't say where pods belong must not have them end up where it does not want them.
        case Answer.Wait<EniPlan> w -> {
          return Optional.of(Answer.waitFor(w.object(), w.reason().code(), w.reason().cause(), w.reason().remedy()));
        }
        case Answer.Refuse<EniPlan> r -> {
          return Optional.of(Answer.refuse(r.reason().code(), r.reason().cause(), r.reason().remedy()));
        }
      }
    }
    Answer<AddressPlan> supply = base.mode().addressPlanner().orElseThrow().plan(node, planned);
    note(base, supply);
    addLanes(family, base, planned, supply.plan().orElse(AddressPlan.of()));
    return Optional.empty();
  }

  private void planOwnLanes(ModeInstance mode) {
    Optional<Answer<EniPlan>> answer = mode.mode().eniPlanner().map(p -> p.plan(node));
    if (answer.isEmpty()) {
      return;
    }
    note(mode, answer.get());
    EniPlan planned = answer.get().plan().orElse(EniPlan.of());
    AddressPlan supply = mode.mode().addressPlanner().map(p -> p.plan(node, planned)).map(a -> {
      note(mode, a);
      return a.plan().orElse(AddressPlan.of());
    }).orElse(AddressPlan.of());
    for (Lane lane : planned.lanes()) {
      LanePlan before = lanes.get(lane.name());
      if (before != null && !before.lane().equals(lane)) {
        findings.add(Finding.of(LANE_CLASH,
            mode.id() + " plans a lane " + lane.name() + " that differs from the one that " + before.mode() + " plans.",
            "The lane of " + before.mode() + " holds; change the settings of one of the two.").about(lane.name()));
        continue;
      }
      Map<AddressFamily, AddressSource> sources = new EnumMap<>(AddressFamily.class);
      supply.supplies().stream().filter(s -> s.lane().equals(lane.name())).forEach(s -> sources.put(s.family(), s.source()));
      if (before != null) {
        before.sources().forEach(sources::putIfAbsent);
      }
      lanes.put(lane.name(), new LanePlan(lane, before == null ? mode.id() : before.mode(), sources));
    }
  }

  private void addLanes(AddressFamily family, ModeInstance base, EniPlan planned, AddressPlan supply) {
    Map<String, String> called = new HashMap<>();
    for (Lane lane : planned.lanes()) {
      LanePlan before = lanes.get(lane.name());
      String name = lane.name();
      String owner = base.id();
      Map<AddressFamily, AddressSource> sources = new EnumMap<>(AddressFamily.class);
      if (before != null && before.lane().equals(lane)) {
        sources.putAll(before.sources());
        owner = before.mode();
      } else if (before != null) {
        name = lane.name() + "." + family.name().toLowerCase(Locale.ROOT);
      }
      called.put(lane.name(), name);
      supply.supply(lane.name(), family).ifPresent(s -> sources.put(family, s.source()));
      lanes.put(name, new LanePlan(lane.renamed(name), owner, sources));
    }
    for (AddressPlan.Supply s : supply.supplies()) {
      if (planned.lane(s.lane()).isEmpty()) {
        findings.add(Finding.of(LANE_UNKNOWN, base.label() + " supplies a lane " + s.lane() + " that nobody planned.",
            "This is a defect of the mode: report it to its maker.").about(base.id()));
      }
    }
    names.put(family, Map.copyOf(called));
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
