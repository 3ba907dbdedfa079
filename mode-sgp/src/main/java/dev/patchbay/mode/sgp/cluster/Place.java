package dev.patchbay.mode.sgp.cluster;

import dev.patchbay.mode.sgp.policy.CniNodes;
import dev.patchbay.mode.sgp.policy.EniConfigs;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.cluster.ClusterView;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.view.EniView;
import dev.patchbay.spi.view.ObjectView;
import java.util.List;
import java.util.Optional;

/**
 * Where a node's trunk and branches lie, and what groups the trunk has: the ENIConfig's, if the node's label or its CNINode names one,
 * or else the primary interface's.
 *
 * @param subnet the subnet's id
 * @param groups the groups
 * @param custom whether an ENIConfig says so
 * @param ipv6 whether the subnet has an IPv6 network
 */
record Place(String subnet, List<String> groups, boolean custom, boolean ipv6) {
  private static final String LABEL = "vpc.amazonaws.com/eniConfig";
  private static final String FEATURE = "CustomNetworking";

  static Answer<Place> of(ClusterView cluster, ObjectView node, Optional<ObjectView> cniNode, EniView primary) {
    Optional<String> name = Optional.ofNullable(node.labels().get(LABEL)).or(() -> cniNode.flatMap(n -> features(n).stream()
        .filter(f -> f.text("name").equals(Optional.of(FEATURE))).findFirst().map(f -> f.text("value").orElse(""))));
    if (name.isEmpty()) {
      return Answer.of(new Place(primary.subnet().id(), primary.groups(), false, !primary.subnet().cidrs(AddressFamily.IPV6).isEmpty()));
    }
    if (name.get().isEmpty()) {
      return Answer.refuse(ClusterCodes.ENI_CONFIG, "Node " + node.ref().name() + " asks for custom networking and names no ENIConfig.",
          "Give the label " + LABEL + " or the feature " + FEATURE + " of its CNINode an ENIConfig's name as its value.");
    }
    ObjectRef ref = new ObjectRef(EniConfigs.KIND, "", name.get());
    Optional<Fields> spec = cluster.objects().get(ref).map(o -> o.content().fields("spec"));
    if (spec.isEmpty()) {
      return Answer.refuse(Codes.OBJECT_MISSING, "ENIConfig " + name.get() + ", which node " + node.ref().name() + " names, is not there.",
          "Make it, or let the node name another one.");
    }
    List<String> groups = spec.get().texts("securityGroups");
    return Answer.of(new Place(spec.get().text("subnet").filter(s -> !s.isEmpty()).orElseGet(() -> primary.subnet().id()),
        groups.isEmpty() ? primary.groups() : groups, true, false));
  }

  static List<Fields> features(ObjectView cniNode) {
    return cniNode.ref().kind().equals(CniNodes.KIND) ? cniNode.content().fields("spec").list("features") : List.of();
  }
}
