package dev.patchbay.mode.multus;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.eni.GroupChoice;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.eni.LaneOrigin;
import dev.patchbay.spi.eni.SubnetChoice;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.ipam.Unit;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A network whose addresses come from the VPC: its configuration, of type {@code patchbay-cni}, names the subnets and security groups of
 * interfaces of the node, and the runtime serves it without another plugin.
 *
 * @param lane the lane
 * @param families the families of which a pod gets an address each
 * @param routes what pods reach by it beside its subnets
 */
record LaneNetwork(Lane lane, Set<AddressFamily> families, List<Cidr> routes) {
  private static final Set<String> KEYS = Set.of("cniVersion", "name", "type", "subnets", "subnetTags", "securityGroups",
      "securityGroupTags", "families", "routes", "interfaces", "capabilities");

  /**
   * Reads a network.
   *
   * @param definition the network's object, of our type
   * @return the network
   * @throws Refusal if it can't be read
   */
  static LaneNetwork of(Definitions.Definition definition) throws Refusal {
    String network = definition.network();
    Map<String, Object> members = definition.configuration().members();
    for (String key : members.keySet()) {
      if (!KEYS.contains(key)) {
        throw Configuration.wrong(network, "its config of type patchbay-cni has a key \"" + key + "\", which is not known");
      }
    }
    Fields fields = Json.fields(members);
    List<String> subnets = texts(network, fields, "subnets");
    Map<String, String> tags = tags(network, fields, "subnetTags");
    List<String> groups = texts(network, fields, "securityGroups");
    Map<String, String> groupTags = tags(network, fields, "securityGroupTags");
    if (!subnets.isEmpty() && !tags.isEmpty() || !groups.isEmpty() && !groupTags.isEmpty()) {
      throw Configuration.wrong(network, "its config names subnets or security groups by id and by tag");
    }
    Lane lane;
    try {
      lane = Lane.named(laneName(definition)).withOrigin(new LaneOrigin(Definitions.KIND.kind(), network)).withPriority(-1)
          .withSubnets(!subnets.isEmpty() ? SubnetChoice.ids(subnets, SubnetChoice.Order.AS_WRITTEN)
              : tags.isEmpty() ? SubnetChoice.ofNode() : SubnetChoice.tagged(tags, SubnetChoice.Order.MOST_FREE))
          .withGroups(!groups.isEmpty() ? GroupChoice.ids(groups)
              : groupTags.isEmpty() ? GroupChoice.ofPrimary() : GroupChoice.tagged(groupTags));
    } catch (IllegalArgumentException e) {
      throw Configuration.wrong(network, "" + e.getMessage());
    }
    if (fields.has("interfaces")) {
      long most = fields.number("interfaces").orElse(0);
      if (most < 1 || most > 100) {
        throw Configuration.wrong(network, "the \"interfaces\" of its config are no number from 1 to 100");
      }
      lane = lane.withMost((int) most);
    }
    return new LaneNetwork(lane, families(network, fields), routes(network, fields));
  }

  /** A name that the kernel of lanes takes, whatever the object's names are. */
  private static String laneName(Definitions.Definition definition) {
    String name = "multus." + definition.namespace() + "." + definition.name();
    return name.length() <= 63 ? name : name.substring(0, 54) + "-" + Integer.toHexString(name.hashCode());
  }

  private static List<String> texts(String network, Fields fields, String key) throws Refusal {
    List<String> texts = fields.texts(key);
    if (fields.has(key) && (texts.isEmpty() || texts.contains(""))) {
      throw Configuration.wrong(network, "the \"" + key + "\" of its config are no list of texts");
    }
    return texts;
  }

  private static Map<String, String> tags(String network, Fields fields, String key) throws Refusal {
    Map<String, String> tags = new TreeMap<>();
    fields.fields(key).values().forEach((name, value) -> tags.put(name, String.valueOf(value)));
    if (fields.has(key) && tags.isEmpty()) {
      throw Configuration.wrong(network, "the \"" + key + "\" of its config are no object of tags and their values");
    }
    return tags;
  }

  static Set<AddressFamily> families(String network, Fields fields) throws Refusal {
    Set<AddressFamily> families = EnumSet.noneOf(AddressFamily.class);
    for (String name : fields.has("families") ? texts(network, fields, "families") : List.of("IPv4")) {
      families.add(switch (name) {
        case "IPv4" -> AddressFamily.IPV4;
        case "IPv6" -> AddressFamily.IPV6;
        default -> throw Configuration.wrong(network, "the family \"" + name + "\" of its config is none of IPv4 and IPv6");
      });
    }
    return families;
  }

  static List<Cidr> routes(String network, Fields fields) throws Refusal {
    List<Cidr> routes = new ArrayList<>();
    for (Fields route : fields.list("routes")) {
      try {
        routes.add(Cidr.of(route.text("dst").orElse("")));
      } catch (IllegalArgumentException e) {
        throw Configuration.wrong(network, "a \"dst\" of its routes is no network: " + e.getMessage());
      }
    }
    return List.copyOf(routes);
  }

  /** Nothing is held while no pod asks for it. */
  List<AddressPlan.Supply> supplies() {
    return families.stream().map(family -> new AddressPlan.Supply(lane.name(), family,
        AddressSource.stock(List.of(Unit.SINGLE), Targets.none().withWarmAddresses(0)))).toList();
  }

  static List<AddressRequest> requests(String lane, Set<AddressFamily> families) {
    return families.stream().map(family -> AddressRequest.from(lane, family)).toList();
  }

  /** What stands in the ledger of it. */
  Fields fields() {
    return Fields.empty().with("lane", lane.name()).with("families", families.stream().map(AddressFamily::name).toList())
        .with("routes", routes.stream().map(Cidr::toString).toList());
  }

  static Optional<String> capability(Set<String> asked) {
    return asked.stream().filter(name -> !Set.of("portMappings", "bandwidth").contains(name)).findFirst();
  }
}
