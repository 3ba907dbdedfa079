package dev.patchbay.lab.services;

import dev.patchbay.lab.services.ServicePort.Endpoint;
import dev.patchbay.lab.services.ServicePort.Policy;
import dev.patchbay.netlink.Family;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The table of kube-proxy's mode nftables for one node and family, as nft reads it. Unlike in mode iptables, node ports are
 * those of the node's own addresses alone, not of loopback and of whatever else is local (Kubernetes documentation, "Virtual
 * IPs and Service Proxies").
 */
final class NftText {
  /** The kernel's limit is 128 with the end. */
  private static final int LONGEST_NAME = 127;

  private static final int LETTERS = 8;

  private final String node;
  private final Family family;
  private final String ip;
  private final Map<String, List<String>> chains = new LinkedHashMap<>();
  private final Set<String> affinities = new LinkedHashSet<>();
  private final List<String> addresses = new ArrayList<>();
  private final List<String> clusterPorts = new ArrayList<>();
  private final List<String> nodePorts = new ArrayList<>();
  private final List<String> noCluster = new ArrayList<>();
  private final List<String> noNode = new ArrayList<>();

  private NftText(String node, Family family) {
    this.node = node;
    this.family = family;
    ip = word(family);
  }

  /** What takes it away, whether it is there or not. */
  static String removal(Family family) {
    return "add table %1$s kube-proxy\ndelete table %1$s kube-proxy\n".formatted(word(family));
  }

  /**
   * The table, which takes the place of an older one in one step.
   *
   * @param own the addresses at which node ports answer
   */
  static String render(List<ServicePort> services, Family family, String node, Collection<InetAddress> own) {
    NftText text = new NftText(node, family);
    services.stream().filter(service -> service.family() == family).forEach(text::service);
    return removal(family) + text.table(own.stream().filter(each -> Family.of(each) == family).map(InetAddress::getHostAddress).toList());
  }

  private static String word(Family family) {
    return family == Family.IPV4 ? "ip" : "ip6";
  }

  private void service(ServicePort service) {
    List<Endpoint> here = service.on(node);
    String port = service.name().contains(":") ? service.name().substring(service.name().indexOf(':') + 1) : "";
    String base = service.name().replaceAll(":.*", "") + "/" + service.protocol() + "/" + port;
    String tail = ChainNames.hash(service.name() + service.protocol(), LETTERS) + "-" + base;
    String cluster = name("service-" + tail);
    String local = name("local-" + tail);
    boolean inside = service.internal() == Policy.LOCAL;
    boolean outside = service.nodePort().isPresent() && service.external() == Policy.LOCAL;
    if (!service.endpoints().isEmpty()) {
      choice(service, base, cluster, service.endpoints());
    }
    if ((inside || outside) && !here.isEmpty()) {
      choice(service, base, local, here);
    }
    addresses.add(service.address().getHostAddress());
    String key = "%s . %s . %d".formatted(service.address().getHostAddress(), service.protocol(), service.port());
    entry(clusterPorts, noCluster, key, service.endpoints().isEmpty(), inside && here.isEmpty(), inside ? local : cluster);
    if (service.nodePort().isPresent()) {
      String external = name("external-" + tail);
      if (!service.endpoints().isEmpty()) {
        chains.put(external, external(service, cluster, local, here));
      }
      String nodeKey = service.protocol() + " . " + service.nodePort().get();
      entry(nodePorts, noNode, nodeKey, service.endpoints().isEmpty(), false, external);
      if (outside && here.isEmpty() && !service.endpoints().isEmpty()) {
        noNode.add(nodeKey + " : drop");
      }
    }
  }

  private static void entry(List<String> found, List<String> none, String key, boolean refused, boolean dropped, String target) {
    if (refused) {
      none.add(key + " : goto reject-chain");
    } else if (dropped) {
      none.add(key + " : drop");
    } else {
      found.add(key + " : goto " + target);
    }
  }

  private List<String> external(ServicePort service, String cluster, String local, List<Endpoint> here) {
    List<String> rules = new ArrayList<>();
    if (service.external() == Policy.CLUSTER) {
      rules.add("jump mark-for-masquerade");
      rules.add("goto " + cluster);
      return rules;
    }
    rules.add("fib saddr type local jump mark-for-masquerade");
    rules.add("fib saddr type local goto " + cluster);
    if (!here.isEmpty()) {
      rules.add("goto " + local);
    }
    return rules;
  }

  private void choice(ServicePort service, String base, String chain, List<Endpoint> among) {
    List<String> rules = new ArrayList<>();
    List<String> targets = new ArrayList<>();
    for (Endpoint endpoint : among) {
      String hash = ChainNames.hash(service.name() + service.protocol() + endpoint.text(), LETTERS);
      String leaf = name("endpoint-" + hash + "-" + base + "__" + endpoint.address().getHostAddress().replace(':', '.') + "/" + endpoint.port());
      List<String> steps = new ArrayList<>();
      // A pod that is sent back to itself would get its answer directly, from where it did not ask.
      steps.add("%s saddr %s jump mark-for-masquerade".formatted(ip, endpoint.address().getHostAddress()));
      if (service.affinitySeconds() > 0) {
        String affinity = name("affinity-" + leaf.substring("endpoint-".length()));
        affinities.add(
            "  set %s {\n    type %s_addr\n    flags dynamic,timeout\n    timeout %ds\n  }\n"
                .formatted(affinity, type(), service.affinitySeconds()));
        rules.add("%s saddr @%s goto %s".formatted(ip, affinity, leaf));
        steps.add("update @%s { %s saddr }".formatted(affinity, ip));
      }
      steps.add("meta l4proto %s dnat to %s".formatted(service.protocol(), endpoint.text()));
      chains.put(leaf, steps);
      targets.add(targets.size() + " : goto " + leaf);
    }
    rules.add("numgen random mod %d vmap { %s }".formatted(targets.size(), String.join(", ", targets)));
    chains.put(chain, rules);
  }

  private String table(List<String> own) {
    StringBuilder out = new StringBuilder("table %s kube-proxy {\n".formatted(ip));
    affinities.forEach(out::append);
    collection(out, "set cluster-ips", type() + "_addr", addresses.stream().distinct().toList());
    collection(out, "set nodeport-ips", type() + "_addr", own);
    collection(out, "map service-ips", type() + "_addr . inet_proto . inet_service : verdict", clusterPorts);
    collection(out, "map service-nodeports", "inet_proto . inet_service : verdict", nodePorts);
    collection(out, "map no-endpoint-services", type() + "_addr . inet_proto . inet_service : verdict", noCluster);
    collection(out, "map no-endpoint-nodeports", "inet_proto . inet_service : verdict", noNode);
    chain(out, "reject-chain", List.of("reject"));
    chain(out, "mark-for-masquerade", List.of("meta mark set meta mark | 0x4000"));
    chains.forEach((name, rules) -> chain(out, name, rules));
    chain(out, "services", List.of(
        ip + " daddr . meta l4proto . th dport vmap @service-ips",
        ip + " daddr @nodeport-ips meta l4proto . th dport vmap @service-nodeports"));
    chain(out, "service-endpoints-check", List.of(ip + " daddr . meta l4proto . th dport vmap @no-endpoint-services"));
    chain(out, "nodeport-endpoints-check", List.of(ip + " daddr @nodeport-ips meta l4proto . th dport vmap @no-endpoint-nodeports"));
    chain(out, "cluster-ips-check", List.of(ip + " daddr @cluster-ips reject"));
    chain(out, "masquerading", List.of(
        "meta mark & 0x4000 == 0 return", "meta mark set meta mark ^ 0x4000", "masquerade fully-random"));
    chain(out, "filter-input", List.of(
        "type filter hook input priority filter", "ct state new jump nodeport-endpoints-check", "ct state new jump service-endpoints-check"));
    chain(out, "filter-forward", List.of(
        "type filter hook forward priority filter", "ct state new jump service-endpoints-check", "ct state new jump cluster-ips-check"));
    chain(out, "filter-output", List.of(
        "type filter hook output priority filter", "ct state new jump service-endpoints-check", "ct state new jump cluster-ips-check"));
    chain(out, "nat-prerouting", List.of("type nat hook prerouting priority dstnat", "jump services"));
    chain(out, "nat-output", List.of("type nat hook output priority -100", "jump services"));
    chain(out, "nat-postrouting", List.of("type nat hook postrouting priority srcnat", "jump masquerading"));
    return out.append("}\n").toString();
  }

  private String type() {
    return family == Family.IPV4 ? "ipv4" : "ipv6";
  }

  private static void collection(StringBuilder out, String head, String type, List<String> elements) {
    out.append("  ").append(head).append(" {\n    type ").append(type).append('\n');
    if (!elements.isEmpty()) {
      out.append("    elements = { ").append(String.join(",\n      ", elements)).append(" }\n");
    }
    out.append("  }\n");
  }

  private static void chain(StringBuilder out, String name, List<String> rules) {
    out.append("  chain ").append(name).append(" {\n");
    rules.forEach(rule -> out.append("    ").append(rule).append('\n'));
    out.append("  }\n");
  }

  private static String name(String whole) {
    return whole.length() <= LONGEST_NAME ? whole : whole.substring(0, LONGEST_NAME);
  }
}
