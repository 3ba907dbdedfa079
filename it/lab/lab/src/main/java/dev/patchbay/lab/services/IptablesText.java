package dev.patchbay.lab.services;

import dev.patchbay.lab.services.ServicePort.Endpoint;
import dev.patchbay.lab.services.ServicePort.Policy;
import dev.patchbay.netlink.Family;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The rules of kube-proxy's mode iptables for one node and family, as iptables-restore reads them: its chains and marks, with
 * no cluster CIDR, as on EKS, so that only node ports and a pod that meets itself are masqueraded.
 */
final class IptablesText {
  private static final List<String> FILTER_CHAINS =
      List.of("KUBE-SERVICES", "KUBE-EXTERNAL-SERVICES", "KUBE-NODEPORTS", "KUBE-FORWARD");
  private static final List<String> NAT_CHAINS = List.of("KUBE-SERVICES", "KUBE-NODEPORTS", "KUBE-POSTROUTING", "KUBE-MARK-MASQ");

  // What is inserted last is first.
  private static final List<String> FILTER_JUMPS =
      List.of(
          "INPUT -m comment --comment \"kubernetes health check service ports\" -j KUBE-NODEPORTS",
          "INPUT -m conntrack --ctstate NEW -m comment --comment \"kubernetes externally-visible service portals\" -j KUBE-EXTERNAL-SERVICES",
          "FORWARD -m conntrack --ctstate NEW -m comment --comment \"kubernetes externally-visible service portals\" -j KUBE-EXTERNAL-SERVICES",
          "FORWARD -m conntrack --ctstate NEW -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES",
          "FORWARD -m comment --comment \"kubernetes forwarding rules\" -j KUBE-FORWARD",
          "OUTPUT -m conntrack --ctstate NEW -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES");

  private static final List<String> NAT_JUMPS =
      List.of(
          "PREROUTING -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES",
          "OUTPUT -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES",
          "POSTROUTING -m comment --comment \"kubernetes postrouting rules\" -j KUBE-POSTROUTING");

  private static final int LETTERS = 16;

  private final String node;
  private final Set<String> chains = new LinkedHashSet<>();
  private final List<String> filter = new ArrayList<>();
  private final List<String> nat = new ArrayList<>();

  private IptablesText(String node) {
    this.node = node;
  }

  /**
   * What was rendered.
   *
   * @param filter lines for the table filter
   * @param nat lines for the table nat
   * @param chains the chains of services in the table nat
   */
  record Rendered(List<String> filter, List<String> nat, Set<String> chains) {
    /**
     * All of it.
     *
     * @param first whether nothing is there yet, so that the kernel's own chains must be made to lead here
     * @param old chains of services that are there now
     */
    String text(boolean first, Set<String> old) {
      List<String> lines = new ArrayList<>();
      Set<String> stale = new LinkedHashSet<>(old);
      stale.removeAll(chains);
      table(lines, "filter", FILTER_CHAINS, List.of(), first ? FILTER_JUMPS : List.of(), filter, List.of());
      List<String> services = new ArrayList<>(chains);
      services.addAll(stale);
      table(lines, "nat", NAT_CHAINS, services, first ? NAT_JUMPS : List.of(), nat, stale);
      return String.join("\n", lines) + "\n";
    }
  }

  private static void table(
      List<String> out, String name, List<String> own, List<String> services, List<String> jumps, List<String> rules, Collection<String> stale) {
    out.add("*" + name);
    own.forEach(chain -> out.add(":" + chain + " - [0:0]"));
    services.forEach(chain -> out.add(":" + chain + " - [0:0]"));
    jumps.forEach(jump -> out.add("-I " + jump));
    out.addAll(rules);
    stale.forEach(chain -> out.add("-X " + chain));
    out.add("COMMIT");
  }

  /** What takes all of it away. */
  static String removal(Set<String> services) {
    List<String> lines = new ArrayList<>();
    List<String> all = new ArrayList<>(NAT_CHAINS);
    all.addAll(services);
    for (boolean ofNat : new boolean[] {false, true}) {
      lines.add(ofNat ? "*nat" : "*filter");
      List<String> chains = ofNat ? all : FILTER_CHAINS;
      (ofNat ? NAT_JUMPS : FILTER_JUMPS).forEach(jump -> lines.add("-D " + jump));
      chains.forEach(chain -> lines.add("-F " + chain));
      chains.forEach(chain -> lines.add("-X " + chain));
      lines.add("COMMIT");
    }
    return String.join("\n", lines) + "\n";
  }

  static Rendered render(List<ServicePort> services, Family family, String node) {
    IptablesText text = new IptablesText(node);
    text.filter.add("-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP");
    text.filter.add("-A KUBE-FORWARD -m comment --comment \"kubernetes forwarding rules\" -m mark --mark 0x4000/0x4000 -j ACCEPT");
    text.filter.add(
        "-A KUBE-FORWARD -m comment --comment \"kubernetes forwarding conntrack rule\" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT");
    text.nat.add("-A KUBE-MARK-MASQ -j MARK --or-mark 0x4000");
    text.nat.add("-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN");
    text.nat.add("-A KUBE-POSTROUTING -j MARK --xor-mark 0x4000");
    text.nat.add("-A KUBE-POSTROUTING -m comment --comment \"kubernetes service traffic requiring SNAT\" -j MASQUERADE --random-fully");
    services.stream().filter(service -> service.family() == family).forEach(text::service);
    text.nat.add(
        "-A KUBE-SERVICES -m comment --comment \"kubernetes service nodeports; NOTE: this must be the last rule in this chain\""
            + " -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS");
    return new Rendered(text.filter, text.nat, text.chains);
  }

  private void service(ServicePort service) {
    List<Endpoint> here = service.on(node);
    String hash = ChainNames.hash(service.name() + service.protocol(), LETTERS);
    String cluster = "KUBE-SVC-" + hash;
    String local = "KUBE-SVL-" + hash;
    boolean inside = service.internal() == Policy.LOCAL;
    boolean outside = service.nodePort().isPresent() && service.external() == Policy.LOCAL;
    if (!service.endpoints().isEmpty()) {
      choice(service, cluster, service.endpoints());
    }
    if ((inside || outside) && !here.isEmpty()) {
      choice(service, local, here);
    }
    String toCluster =
        "%s -d %s/%d --dport %d"
            .formatted(match(service), service.address().getHostAddress(), service.family().addressBytes() * 8, service.port());
    entry("KUBE-SERVICES", service, "cluster IP", toCluster, service.endpoints().isEmpty(), inside && here.isEmpty(), inside ? local : cluster);
    service.nodePort().ifPresent(port -> nodePort(service, port, "KUBE-EXT-" + hash, cluster, local, here));
  }

  /** Where a destination leads: to a chain, to an error, or nowhere. */
  private void entry(String chain, ServicePort service, String what, String match, boolean refused, boolean dropped, String target) {
    if (refused) {
      filter.add("-A %s %s %s -j REJECT".formatted(chain, comment(service.name() + " has no endpoints"), match));
    } else if (dropped) {
      filter.add("-A %s %s %s -j DROP".formatted(chain, comment(service.name() + " has no local endpoints"), match));
    } else {
      nat.add("-A %s %s %s -j %s".formatted(chain, comment(service.name() + " " + what), match, target));
    }
  }

  private void nodePort(ServicePort service, int port, String external, String cluster, String local, List<Endpoint> here) {
    String match = match(service) + " --dport " + port;
    if (service.endpoints().isEmpty()) {
      filter.add(
          "-A KUBE-EXTERNAL-SERVICES %s -m addrtype --dst-type LOCAL %s -j REJECT"
              .formatted(comment(service.name() + " has no endpoints"), match));
      return;
    }
    chains.add(external);
    nat.add("-A KUBE-NODEPORTS %s %s -j %s".formatted(comment(service.name()), match, external));
    if (service.external() == Policy.CLUSTER) {
      nat.add("-A %s %s -j KUBE-MARK-MASQ".formatted(external, comment("masquerade traffic for " + service.name() + " external destinations")));
      nat.add("-A %s -j %s".formatted(external, cluster));
      return;
    }
    String own = "-m addrtype --src-type LOCAL";
    nat.add("-A %s %s %s -j KUBE-MARK-MASQ".formatted(external, comment("masquerade LOCAL traffic for " + service.name() + " external destinations"), own));
    nat.add("-A %s %s %s -j %s".formatted(external, comment("route LOCAL traffic for " + service.name() + " external destinations"), own, cluster));
    if (here.isEmpty()) {
      filter.add(
          "-A KUBE-EXTERNAL-SERVICES %s -m addrtype --dst-type LOCAL %s -j DROP"
              .formatted(comment(service.name() + " has no local endpoints"), match));
    } else {
      nat.add("-A %s -j %s".formatted(external, local));
    }
  }

  private void choice(ServicePort service, String chain, List<Endpoint> among) {
    chains.add(chain);
    for (Endpoint endpoint : among) {
      String leaf = leaf(service, endpoint);
      if (service.affinitySeconds() > 0) {
        nat.add(
            "-A %s %s -m recent --name %s --rcheck --seconds %d --reap -j %s"
                .formatted(chain, comment(service.name() + " -> " + endpoint.text()), leaf, service.affinitySeconds(), leaf));
      }
    }
    for (int i = 0; i < among.size(); i++) {
      int left = among.size() - i;
      String odds = left == 1 ? "" : String.format(Locale.ROOT, " -m statistic --mode random --probability %.10f", 1.0 / left);
      nat.add("-A %s %s%s -j %s".formatted(chain, comment(service.name() + " -> " + among.get(i).text()), odds, leaf(service, among.get(i))));
    }
  }

  /** The chain of an endpoint, made when it is first named. */
  private String leaf(ServicePort service, Endpoint endpoint) {
    String leaf = "KUBE-SEP-" + ChainNames.hash(service.name() + service.protocol() + endpoint.text(), LETTERS);
    if (chains.add(leaf)) {
      // A pod that is sent back to itself would get its answer directly, from where it did not ask.
      nat.add("-A %s %s -s %s -j KUBE-MARK-MASQ".formatted(leaf, comment(service.name()), endpoint.address().getHostAddress()));
      String remember = service.affinitySeconds() > 0 ? " -m recent --name " + leaf + " --set" : "";
      nat.add("-A %s %s%s %s -j DNAT --to-destination %s".formatted(leaf, comment(service.name()), remember, match(service), endpoint.text()));
    }
    return leaf;
  }

  private static String match(ServicePort service) {
    return "-p %s -m %s".formatted(service.protocol(), service.protocol());
  }

  private static String comment(String text) {
    return "-m comment --comment \"" + text + "\"";
  }
}
