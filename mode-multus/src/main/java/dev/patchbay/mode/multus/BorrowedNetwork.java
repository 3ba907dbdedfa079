package dev.patchbay.mode.multus;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.eni.LaneOrigin;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.ipam.Unit;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.view.EniView;
import dev.patchbay.spi.view.HeldAddressView;
import dev.patchbay.spi.view.NodeView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A network whose interfaces another plugin makes upon one of the node's that others manage, and whose addresses are assigned there: its
 * plugin names that interface's device under {@code master}, and {@code patchbay-cni} under {@code ipam}.
 *
 * @param network the network as people write it
 * @param master the device
 * @param families the families of which a pod gets an address each
 */
record BorrowedNetwork(String network, String master, Set<AddressFamily> families) {
  private static final Set<String> KEYS = Set.of("type", "families", "routes", "dns");

  /**
   * Reads a network.
   *
   * @param definition the network's object
   * @return the network; empty if its addresses come from elsewhere
   * @throws Refusal if it can't be read
   */
  static Optional<BorrowedNetwork> of(Definitions.Definition definition) throws Refusal {
    String network = definition.network();
    Optional<Map<String, Object>> found = definition.configuration().pluginWithOurAddresses(network);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Object> plugin = found.get();
    Map<String, Object> ipam = Json.copy(plugin.getOrDefault("ipam", Map.of()));
    for (String key : ipam.keySet()) {
      if (!KEYS.contains(key)) {
        throw Configuration.wrong(network, "its \"ipam\" of type patchbay-cni has a key \"" + key + "\", which is not known");
      }
    }
    Fields fields = Json.fields(ipam);
    Set<AddressFamily> families = LaneNetwork.families(network, fields);
    LaneNetwork.routes(network, fields);
    if (!(plugin.get("master") instanceof String master) || master.isBlank()) {
      throw Configuration.wrong(network, "its plugin " + plugin.get("type") + " names no device under \"master\", so it is not known on"
          + " which interface of the node its addresses are to be assigned");
    }
    return Optional.of(new BorrowedNetwork(network, master, families));
  }

  /**
   * Finds its interface on a node.
   *
   * @param node the node
   * @return the network as it is there
   * @throws Refusal if the node has none that could be used
   */
  OnNode on(NodeView node) throws Refusal {
    EniView eni = node.enis().stream().filter(e -> e.devices().contains(master)).findFirst()
        .orElseThrow(() -> new Refusal(Refusal.NETWORK_INVALID, "The network " + network + " has its interfaces made upon " + master
            + ", which is the device of no interface that EC2 has attached to this node.", "Attach an interface on each node that runs such"
            + " pods, or correct \"master\" in the NetworkAttachmentDefinition."));
    if (eni.primary() || eni.lane().isPresent()) {
      throw new Refusal(Refusal.NETWORK_INVALID, "The network " + network + " has its interfaces made upon " + master + ", and that is "
          + eni.id() + ", which Patchbay uses itself.", "Name another device, or tag the interface node.k8s.amazonaws.com/no_manage=true"
          + " before pods have addresses of it; the node's primary interface can't be used.");
    }
    return new OnNode(eni.id(), families);
  }

  /**
   * A network on a node.
   *
   * @param eni the interface's id
   * @param families the families of which a pod gets an address each
   */
  record OnNode(String eni, Set<AddressFamily> families) {
    /** Its lane; the networks upon one interface share it. */
    Lane lane() {
      return Lane.borrowing(laneName(), Set.of(eni)).withOrigin(new LaneOrigin("NetworkInterface", eni));
    }

    private String laneName() {
      return "borrowed." + eni;
    }

    /** Nothing is held while no pod asks for it. */
    List<AddressPlan.Supply> supplies() {
      return families.stream().map(family -> new AddressPlan.Supply(laneName(), family,
          AddressSource.stock(List.of(Unit.SINGLE), Targets.none().withWarmAddresses(0)))).toList();
    }

    /** What stands in the ledger of it. */
    Fields fields() {
      return Fields.empty().with("borrowed", laneName()).with("families", families.stream().map(AddressFamily::name).toList());
    }
  }

  static List<AddressRequest> requests(String lane, Set<AddressFamily> families) {
    return families.stream().map(family -> AddressRequest.from(lane, family).inRole(AddressRequest.ROLE_PLUGIN)).toList();
  }

  /**
   * Says to the plugin which addresses its interface has, in the way of the plugin {@code static}.
   *
   * @param network the network as people write it
   * @param ipam what the configuration says of addresses
   * @param addresses those that were assigned
   * @return what it says to the plugin
   * @throws Refusal if the subnet of one is not known
   */
  static Map<String, Object> told(String network, Map<String, Object> ipam, List<HeldAddressView> addresses) throws Refusal {
    List<Object> told = new ArrayList<>();
    for (HeldAddressView held : addresses) {
      IpAddress address = held.address();
      Cidr subnet = held.eni().stream().flatMap(eni -> eni.subnet().cidrs(address.family()).stream()).filter(c -> c.contains(address))
          .findFirst().orElseThrow(() -> Configuration.wrong(network, "the subnet of " + address + " is not known yet"));
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("address", address + "/" + subnet.length());
      gateway(held).ifPresent(gateway -> one.put("gateway", gateway.toString()));
      told.add(one);
    }
    Map<String, Object> plain = new LinkedHashMap<>();
    plain.put("type", "static");
    plain.put("addresses", told);
    for (String key : List.of("routes", "dns")) {
      if (ipam.containsKey(key)) {
        plain.put(key, ipam.get(key));
      }
    }
    return plain;
  }

  /** The VPC's router, as the interface's subnet has it. */
  static Optional<IpAddress> gateway(HeldAddressView held) {
    return held.eni().flatMap(eni -> eni.subnet().gateway(held.address().family()));
  }
}
