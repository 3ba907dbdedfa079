package dev.patchbay.mode.sgp;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.eni.LaneOrigin;
import dev.patchbay.spi.object.ObjectPlan;
import dev.patchbay.spi.object.ObjectPlanner;
import dev.patchbay.spi.view.NodeView;
import dev.patchbay.spi.view.ObjectView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asks the controller for a trunk: by the feature {@code SecurityGroupsForPods} of the node's CNINode, and by
 * {@code CustomNetworking}, whose value names the ENIConfig that says where branches lie, where the node's pods lie elsewhere than it. Also
 * where the type carries none: the controller then says on the object what becomes of pods.
 */
final class TrunkRequest implements ObjectPlanner {
  private static final String TRUNK = "SecurityGroupsForPods";
  private static final String PLACE = "CustomNetworking";

  @Override
  public Answer<ObjectPlan> node(NodeView node) {
    if (!node.objects().complete(SgpProvider.CNI_NODE)) {
      return Answer.of(ObjectPlan.empty());
    }
    ObjectRef ref = new ObjectRef(SgpProvider.CNI_NODE, "", node.name());
    Optional<ObjectView> object = node.objects().get(ref);
    List<Fields> there = object.map(o -> o.content().fields("spec").list("features")).orElse(List.of());
    List<Fields> wanted = new ArrayList<>(there);
    Optional<String> eniConfig = node.lane(Lane.DEFAULT).map(lane -> lane.origin()).filter(o -> o.kind().equals("ENIConfig"))
        .map(LaneOrigin::name);
    eniConfig.ifPresent(name -> set(wanted, PLACE, name));
    set(wanted, TRUNK, "");
    if (wanted.equals(there)) {
      return Answer.of(ObjectPlan.empty());
    }
    Fields content = Fields.empty().with("spec", Fields.empty().with("features", wanted));
    // A merge patch replaces a list whole, so what others have written there is written again.
    return Answer.of(object.isPresent() ? ObjectPlan.empty().withPatch(ref, "", content)
        : ObjectPlan.empty().withObject(ref, content));
  }

  private static void set(List<Fields> features, String name, String value) {
    if (features.stream().anyMatch(f -> f.text("name").equals(Optional.of(name)) && f.text("value").orElse("").equals(value))) {
      return;
    }
    features.removeIf(f -> f.text("name").equals(Optional.of(name)));
    features.add(Fields.empty().with("name", name).with("value", value));
  }
}
