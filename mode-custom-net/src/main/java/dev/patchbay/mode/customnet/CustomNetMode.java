package dev.patchbay.mode.customnet;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.SettingException;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.eni.LaneModifier;
import dev.patchbay.spi.eni.LaneOrigin;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.NodeView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Moves the base's lane to where an ENIConfig or the settings say, and adds lanes for namespaces. It knows nothing of how the
 * base fills lanes, so it works under any.
 */
final class CustomNetMode implements NetworkMode, LaneModifier {
  /** What a lane for namespaces says of itself. */
  private record NamespaceLane(Optional<String> eniConfig, Optional<Place> place) {}

  private final EniConfigs eniConfigs;
  private final Optional<Place> place;
  private final Map<String, NamespaceLane> lanes = new LinkedHashMap<>();
  private final Map<String, String> laneOfNamespace = new LinkedHashMap<>();

  /**
   * Makes the mode.
   *
   * @throws SettingException if the lanes for namespaces contradict one another
   */
  CustomNetMode(Fields settings) {
    this.eniConfigs = new EniConfigs(settings.text(CustomNetProvider.ANNOTATION).orElse("k8s.amazonaws.com/eniConfig"),
        settings.text(CustomNetProvider.LABEL).orElse("k8s.amazonaws.com/eniConfig"));
    this.place = Place.ofSettings(settings, LaneOrigin.NODE);
    Fields namespaces = settings.fields(CustomNetProvider.NAMESPACES);
    namespaces.values().keySet().forEach(lane -> read(lane, namespaces.fields(lane)));
  }

  private void read(String lane, Fields fields) {
    String where = CustomNetProvider.NAMESPACES;
    if (lane.equals(Lane.DEFAULT) || !lane.matches("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?")) {
      throw new SettingException(where, "\"" + lane + "\" can't be the name of a lane for namespaces.",
          "Use lower-case letters, digits and dashes, and another name than default.");
    }
    Optional<String> eniConfig = fields.text("eniConfig");
    Optional<Place> own = Place.ofSettings(fields, LaneOrigin.NODE);
    if (eniConfig.isPresent() == own.isPresent()) {
      throw new SettingException(where, "The lane " + lane + " names " + (own.isPresent() ? "both an ENIConfig and" : "neither an"
          + " ENIConfig nor") + " subnets.", "Give it either eniConfig, or subnets or subnetTags.");
    }
    if (fields.texts("namespaces").isEmpty()) {
      throw new SettingException(where, "The lane " + lane + " names no namespaces.", "List at least one under its namespaces.");
    }
    lanes.put(lane, new NamespaceLane(eniConfig, own));
    for (String namespace : fields.texts("namespaces")) {
      String other = laneOfNamespace.putIfAbsent(namespace, lane);
      if (other != null) {
        throw new SettingException(where, "The namespace " + namespace + " is given to the lanes " + other + " and " + lane + ".",
            "Leave it with one of them.");
      }
    }
  }

  @Override
  public Optional<LaneModifier> laneModifier() {
    return Optional.of(this);
  }

  @Override
  public Answer<EniPlan> modify(NodeView node, EniPlan planned) {
    Optional<Lane> base = planned.lane(Lane.DEFAULT);
    if (base.isEmpty()) {
      return Answer.pass();
    }
    Answer<Place> own = place.<Answer<Place>>map(Answer::of).orElseGet(() -> ofNode(node));
    if (own.plan().isEmpty()) {
      return Answers.instead(own);
    }
    List<Lane> moved = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    add(node, own.plan().orElseThrow(), base.get(), moved, findings);
    planned.lanes().stream().filter(l -> !l.name().equals(Lane.DEFAULT)).forEach(moved::add);
    for (Map.Entry<String, NamespaceLane> lane : lanes.entrySet()) {
      Answer<Place> there = lane.getValue().place().<Answer<Place>>map(Answer::of)
          .orElseGet(() -> eniConfigs.read(node, lane.getValue().eniConfig().orElseThrow()));
      // The node's other pods can do without this lane; those that should have it wait in choose.
      there.plan().ifPresent(p -> add(node, p, base.get().renamed(lane.getKey()).withPriority(base.get().priority() - 1), moved,
          findings));
      Answers.reason(there).ifPresent(findings::add);
    }
    return Answer.of(EniPlan.of(moved), findings);
  }

  private Answer<Place> ofNode(NodeView node) {
    Answer<String> name = eniConfigs.nameFor(node);
    return name.plan().isPresent() ? eniConfigs.read(node, name.plan().orElseThrow()) : Answers.instead(name);
  }

  private static void add(NodeView node, Place place, Lane lane, List<Lane> lanes, List<Finding> findings) {
    Lane moved = place.moved(lane);
    lanes.add(moved);
    node.enis().stream().filter(e -> e.lane().equals(Optional.of(moved.name())) && !e.primary())
        .forEach(eni -> place.difference(eni, node.primaryEni().subnet().id()).ifPresent(findings::add));
  }

  @Override
  public Answer<String> choose(AttachmentView attachment) {
    String lane = laneOfNamespace.get(attachment.pod().namespace());
    if (lane == null) {
      return Answer.pass();
    }
    Optional<String> eniConfig = Optional.ofNullable(lanes.get(lane)).flatMap(NamespaceLane::eniConfig);
    if (eniConfig.isPresent()) {
      Answer<Place> there = eniConfigs.read(attachment.node(), eniConfig.get());
      if (there.plan().isEmpty()) {
        return Answers.instead(there);
      }
    }
    return Answer.of(lane);
  }
}
