package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.route.Rule;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.PolicyRule;
import dev.patchbay.spi.datapath.SourceEgress;
import dev.patchbay.spi.datapath.Table;
import dev.patchbay.spi.net.IpAddress;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * Keeps policy rules O(interfaces): pods' routes are in one table reached by one rule, and a packet filter map gives packets of pods on
 * secondary interfaces a mark that selects the interface's table.
 */
final class FastRenderer implements Renderer {
  @Override
  public Renderer other() {
    return new ClassicRenderer();
  }

  @Override
  public int podsTable() {
    return Numbers.PODS_TABLE;
  }

  @Override
  public int table(EniPath eni) {
    return eni.table();
  }

  @Override
  public boolean onlink() {
    return true;
  }

  @Override
  public List<Rule> delivery(IpAddress address, int protocol) {
    return List.of();
  }

  @Override
  public List<Rule> egress(SourceEgress egress, List<EniPath> enis, int protocol) {
    return List.of();
  }

  @Override
  public void nodeRules(NodeDatapath node, boolean ipv6, BiConsumer<PlanElement, Rule.Builder> into) {
    PolicyRule pods = PolicyRule.of("claim", Table.PODS);
    into.accept(pods, Rule.of(Family.IPV4, Numbers.PODS_PRIORITY).lookup(Numbers.PODS_TABLE));
    if (ipv6) {
      into.accept(pods, Rule.of(Family.IPV6, Numbers.PODS_PRIORITY).lookup(Numbers.PODS_TABLE));
    }
    for (EniPath eni : node.enis()) {
      if (eni.primary()) {
        // Before what modes plan for sources: what is translated, and what answers, leaves by the primary interface all the same.
        markRules(eni, Numbers.PRIMARY_PRIORITY, Numbers.MAIN_TABLE, into);
      } else {
        markRules(eni, Numbers.EGRESS_PRIORITY, eni.table(), into);
      }
    }
  }

  /** What has the mark of an interface is looked up in its table. */
  static void markRules(EniPath eni, int priority, int table, BiConsumer<PlanElement, Rule.Builder> into) {
    TreeSet<Family> families = new TreeSet<>();
    eni.gateways().forEach(g -> families.add(Kernel.family(g.family())));
    for (Family family : families) {
      into.accept(PolicyRule.of("egress", Table.ofEni(eni.id())),
          Rule.of(family, priority).mark(FilterPlace.mark(eni), FilterPlace.MARK_MASK).lookup(table));
    }
  }

  @Override
  public boolean isThere(View view, Netns node) {
    return view.rules().stream().anyMatch(r -> r.protocol() == Numbers.NODE_PROTOCOL && r.table() == Numbers.PODS_TABLE);
  }

  @Override
  public PacketFilter filter(HostContext host) {
    return new NftFilter(host.node, FilterPlace.FAST);
  }

  @Override
  public List<dev.patchbay.netlink.nft.NftTable> watched() {
    return List.of(FilterObjects.TABLE);
  }
}
