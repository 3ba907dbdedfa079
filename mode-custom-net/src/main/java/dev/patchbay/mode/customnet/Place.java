package dev.patchbay.mode.customnet;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.SettingException;
import dev.patchbay.spi.eni.GroupChoice;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.eni.LaneOrigin;
import dev.patchbay.spi.eni.SubnetChoice;
import dev.patchbay.spi.view.EniView;
import java.util.List;
import java.util.Map;
import java.util.HashSet;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where the interfaces of a lane lie: subnets, security groups, and what says so.
 */
record Place(LaneOrigin origin, SubnetChoice subnets, GroupChoice groups) {
  /** An interface was made when its ENIConfig said something else. */
  static final Code DIFFERS = Code.of(330, "EniDiffersFromEniConfig");

  static Place ofEniConfig(String name, String subnet, List<String> groups) {
    return new Place(new LaneOrigin(EniConfigs.KIND.kind(), name),
        SubnetChoice.ids(List.of(subnet), SubnetChoice.Order.AS_WRITTEN),
        groups.isEmpty() ? GroupChoice.ofPrimary() : GroupChoice.ids(groups));
  }

  private static final String ROLE = "kubernetes.io/role/cni";
  private static final String CLUSTERS = "cni.networking.k8s.aws/cluster/";

  /**
   * The place that settings name by id or tag; empty if they name none.
   *
   * @throws SettingException if they name it in more than one way
   */
  static Optional<Place> ofSettings(Fields settings, LaneOrigin origin) {
    SubnetChoice.Order order = switch (settings.text(CustomNetProvider.ORDER).orElse("most-free")) {
      case "as-written" -> SubnetChoice.Order.AS_WRITTEN;
      case "prefix-friendly" -> SubnetChoice.Order.PREFIX_FRIENDLY;
      default -> SubnetChoice.Order.MOST_FREE;
    };
    List<String> ids = settings.texts(CustomNetProvider.SUBNETS);
    Map<String, String> tags = tags(settings.fields(CustomNetProvider.SUBNET_TAGS));
    boolean discover = settings.isTrue(CustomNetProvider.DISCOVER);
    if ((ids.isEmpty() ? 0 : 1) + (tags.isEmpty() ? 0 : 1) + (discover ? 1 : 0) > 1) {
      throw new SettingException(ids.isEmpty() ? CustomNetProvider.SUBNET_TAGS : CustomNetProvider.SUBNETS,
          "Subnets are named in more than one way.", "Leave one of subnets, subnetTags and discoverSubnets.");
    }
    if (ids.isEmpty() && tags.isEmpty() && !discover) {
      return Optional.empty();
    }
    SubnetChoice subnets = discover ? discovered(order) : ids.isEmpty() ? SubnetChoice.tagged(tags, order)
        : SubnetChoice.ids(ids, order);
    List<String> groups = settings.texts(CustomNetProvider.SECURITY_GROUPS);
    Map<String, String> groupTags = tags(settings.fields(CustomNetProvider.SECURITY_GROUP_TAGS));
    GroupChoice choice = !groups.isEmpty() ? GroupChoice.ids(groups)
        : groupTags.isEmpty() ? GroupChoice.ofPrimary() : GroupChoice.tagged(groupTags);
    return Optional.of(new Place(origin, subnets, choice));
  }

  /** As aws-node's subnet discovery. */
  private static SubnetChoice discovered(SubnetChoice.Order order) {
    return SubnetChoice.tagged(Map.of(ROLE, ""), order).without(Map.of(ROLE, "0")).sharedBy(CLUSTERS).withNodes();
  }

  private static Map<String, String> tags(Fields fields) {
    Map<String, String> tags = new TreeMap<>();
    fields.values().forEach((name, value) -> tags.put(name, String.valueOf(value)));
    return tags;
  }

  /** A base's lane, moved here. The primary interface lies in the node's subnet, so it carries no pods any more. */
  Lane moved(Lane lane) {
    Lane here = lane.withPrimary(false).withOrigin(origin).withSubnets(subnets).withGroups(groups);
    // The base's limit counts the primary interface in.
    return lane.primary() && lane.most().isPresent() ? here.withMost(Math.max(0, lane.most().get() - 1)) : here;
  }

  /** What of an interface that lies elsewhere the operator should know: it was made before, and is used on. */
  Optional<Finding> difference(EniView eni, String nodesSubnet) {
    boolean known = !subnets.ids().isEmpty() || !eni.subnet().tags().isEmpty();
    // Which cluster this is only the runtime knows; it leaves such an interface alone all the same.
    boolean subnet = known && !subnets.admits(eni.subnet().id(), eni.subnet().tags(), eni.subnet().id().equals(nodesSubnet), "");
    boolean group = !groups.ids().isEmpty() && !new HashSet<>(groups.ids()).equals(new HashSet<>(eni.groups()));
    if (!subnet && !group) {
      return Optional.empty();
    }
    return Optional.of(Finding.of(DIFFERS, eni.id() + " lies in " + eni.subnet().id() + " with the groups " + eni.groups() + "; "
        + origin + " says " + subnets + " with " + groups + ".",
        "Its pods keep their network. Interfaces made from now on follow; drain the node, or delete the pods on this interface, to"
            + " be rid of it.").about(eni.id()));
  }
}
