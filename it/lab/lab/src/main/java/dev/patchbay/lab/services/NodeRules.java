package dev.patchbay.lab.services;

import dev.patchbay.lab.fabric.NetworkNamespace;
import dev.patchbay.netlink.Family;
import java.net.InetAddress;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The rules of one node, in one form at a time. Not for use by several threads. */
final class NodeRules {
  private final String node;
  private final NetworkNamespace namespace;
  private final Supplier<Collection<InetAddress>> addresses;
  private final Map<Family, IptablesText.Rendered> iptables = new EnumMap<>(Family.class);
  private final Map<Family, String> nft = new EnumMap<>(Family.class);

  /**
   * Nothing yet.
   *
   * @param addresses the node's own addresses, asked at each change
   */
  NodeRules(String node, NetworkNamespace namespace, Supplier<Collection<InetAddress>> addresses) {
    this.node = node;
    this.namespace = namespace;
    this.addresses = addresses;
  }

  /** Whether it is that node's. */
  boolean of(String name) {
    return node.equals(name);
  }

  /** The same node, of whose rules none are there. */
  NodeRules anew() {
    return new NodeRules(node, namespace, addresses);
  }

  /** Makes the rules say what the services are, in a form; what is there in the other form goes. */
  void apply(ServiceRules form, List<ServicePort> services) {
    if (!namespace.exists()) {
      // Its instance was terminated, and the rules with it.
      return;
    }
    for (Family family : Family.values()) {
      if (form != ServiceRules.IPTABLES) {
        removeIptables(family);
      }
      if (form != ServiceRules.NFT) {
        removeNft(family);
      }
      switch (form) {
        case IPTABLES -> applyIptables(family, services);
        case NFT -> applyNft(family, services);
        case NONE -> {
          // Both were removed.
        }
      }
    }
  }

  private void applyIptables(Family family, List<ServicePort> services) {
    IptablesText.Rendered wanted = IptablesText.render(services, family, node);
    IptablesText.Rendered there = iptables.get(family);
    if (wanted.equals(there)) {
      return;
    }
    if (there == null && family == Family.IPV4) {
      // So that node ports answer on loopback, too, as in this mode of kube-proxy's.
      namespace.run("sysctl", "-qw", "net.ipv4.conf.all.route_localnet=1").orThrow("set route_localnet on " + node);
    }
    restore(family, wanted.text(there == null, there == null ? Set.of() : there.chains()));
    iptables.put(family, wanted);
  }

  private void removeIptables(Family family) {
    IptablesText.Rendered there = iptables.get(family);
    if (there != null) {
      restore(family, IptablesText.removal(there.chains()));
      iptables.remove(family);
    }
  }

  private void restore(Family family, String text) {
    String command = family == Family.IPV4 ? "iptables-restore" : "ip6tables-restore";
    namespace.runWith(text, command, "--noflush", "--wait").orThrow("set the service rules of " + node + " by " + command);
  }

  private void applyNft(Family family, List<ServicePort> services) {
    String wanted = NftText.render(services, family, node, addresses.get());
    if (!wanted.equals(nft.get(family))) {
      load(wanted);
      nft.put(family, wanted);
    }
  }

  private void removeNft(Family family) {
    if (nft.remove(family) != null) {
      load(NftText.removal(family));
    }
  }

  private void load(String text) {
    namespace.runWith(text, "nft", "-f", "-").orThrow("set the service rules of " + node + " by nft");
  }
}
