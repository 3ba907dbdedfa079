package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.nft.NftTable;
import dev.patchbay.netlink.route.Rule;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.SourceEgress;
import dev.patchbay.spi.datapath.Table;
import dev.patchbay.spi.net.IpAddress;
import java.util.List;
import java.util.function.BiConsumer;

/** All in which the renderings differ. Used by the writer thread alone, but for what says otherwise. */
interface Renderer {
  /** Makes one. */
  static Renderer of(Rendering rendering) {
    return switch (rendering) {
      case FAST -> new FastRenderer();
      case CLASSIC -> new ClassicRenderer();
    };
  }

  /** The rendering that a node may have had before. */
  Renderer other();

  /** The table in which the node finds its pods. */
  int podsTable();

  /** The table by which traffic leaves through an interface other than the primary one. */
  int table(EniPath eni);

  /** The number of a table. */
  default int table(Table table, List<EniPath> enis) {
    if (table.equals(Table.PODS)) {
      return podsTable();
    }
    if (table.symbol().startsWith("eni:")) {
      EniPath eni = Numbers.eni(table.symbol().substring(4), enis);
      return eni.primary() ? Numbers.MAIN_TABLE : table(eni);
    }
    return Numbers.table(table);
  }

  /** Whether ways to gateways say that the gateway is on the link. */
  boolean onlink();

  /** The rules that deliver what is for a pod, beside the route. */
  List<Rule> delivery(IpAddress address, int protocol);

  /** The rules by which a source leaves by its interface. */
  List<Rule> egress(SourceEgress egress, List<EniPath> enis, int protocol);

  /**
   * The rules that a node has, each with the element that would ask for it.
   *
   * @param ipv6 whether the kernel has IPv6
   */
  void nodeRules(NodeDatapath node, boolean ipv6, BiConsumer<PlanElement, Rule.Builder> into);

  /** Whether anything shows that a node was rendered so. */
  boolean isThere(View view, Netns node);

  /** Opens the packet filter's part; the caller closes it. */
  PacketFilter filter(HostContext host);

  /** The tables of the packet filter that are watched. Any thread may ask. */
  List<NftTable> watched();
}
