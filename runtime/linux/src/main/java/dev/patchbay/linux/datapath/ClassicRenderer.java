package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.nft.NftSocket;
import dev.patchbay.netlink.nft.NftTable;
import dev.patchbay.netlink.route.Rule;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.PolicyRule;
import dev.patchbay.spi.datapath.SourceEgress;
import dev.patchbay.spi.datapath.Table;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Renders the rules, tables and chains of aws-node: pods in the main table, a rule to each pod, a rule from each pod on a secondary
 * interface, and the chains of {@link ClassicChains}. What aws-node has no words for is in our own table beside them.
 */
final class ClassicRenderer implements Renderer {
  /** Tables of interfaces on the first network card are numbered from here by core, and are the device number and one in aws-node. */
  private static final int CARD_0 = 10_000;
  private static final int DEVICES = 100;
  private static final int TO_POD_PRIORITY = 512;
  /** Marks of our own table; aws-node leaves 513 to 1023 free. */
  private static final int BESIDE_PRIORITY = 1023;
  private static final int MARK_PRIORITY = 1024;
  private static final int FROM_POD_PRIORITY = 1536;

  /** Whether our own table is there beside the chains. */
  private boolean beside;

  @Override
  public Renderer other() {
    return new FastRenderer();
  }

  void setBeside(boolean there) {
    beside = there;
  }

  @Override
  public int podsTable() {
    return Numbers.MAIN_TABLE;
  }

  @Override
  public int table(EniPath eni) {
    int device = eni.table() - CARD_0;
    return device >= 0 && device < DEVICES ? device + 1 : eni.table();
  }

  @Override
  public boolean onlink() {
    return false;
  }

  @Override
  public List<Rule> delivery(IpAddress address, int protocol) {
    return List.of(Rule.of(Kernel.family(address.family()), TO_POD_PRIORITY).to(Kernel.host(address)).lookup(Numbers.MAIN_TABLE)
        .protocol(protocol).build());
  }

  @Override
  public List<Rule> egress(SourceEgress egress, List<EniPath> enis, int protocol) {
    EniPath eni = Numbers.eni(egress.eni(), enis);
    Cidr source = egress.source();
    return eni.primary() ? List.of() : List.of(Rule.of(Kernel.family(source.family()), FROM_POD_PRIORITY).from(Kernel.prefix(source))
        .lookup(table(eni)).protocol(protocol).build());
  }

  @Override
  public void nodeRules(NodeDatapath node, boolean ipv6, BiConsumer<PlanElement, Rule.Builder> into) {
    ClassicIntents intents = ClassicIntents.of(node);
    boolean marked = beside || intents.needsBeside();
    List<Family> families = new ArrayList<>();
    if (marked || intents.marks()) {
      families.add(Family.IPV4);
    }
    if (marked && ipv6) {
      families.add(Family.IPV6);
    }
    for (Family family : families) {
      into.accept(PolicyRule.of("egress", Table.MAIN), Rule.of(family, MARK_PRIORITY).mark(Numbers.RETURN_MARK, Numbers.RETURN_MARK)
          .lookup(Numbers.MAIN_TABLE));
    }
    if (marked) {
      node.enis().stream().filter(e -> !e.primary())
          .forEach(eni -> FastRenderer.markRules(eni, BESIDE_PRIORITY, table(eni), into));
    }
  }

  @Override
  public boolean isThere(View view, Netns node) {
    if (view.rules().stream().anyMatch(ClassicRenderer::isTrace)) {
      return true;
    }
    try (NftSocket socket = NftSocket.open(node)) {
      return ClassicChains.areThere(socket);
    }
  }

  private static boolean isTrace(Rule rule) {
    boolean toPod = rule.protocol() == Numbers.ATTACHMENT_PROTOCOL && rule.priority() == TO_POD_PRIORITY;
    boolean byMark = rule.protocol() == Numbers.NODE_PROTOCOL && rule.priority() == MARK_PRIORITY;
    return toPod || byMark;
  }

  @Override
  public PacketFilter filter(HostContext host) {
    return new ClassicFilter(host, this);
  }

  @Override
  public List<NftTable> watched() {
    List<NftTable> tables = new ArrayList<>(ClassicChains.TABLES);
    tables.add(FilterObjects.TABLE);
    return tables;
  }

  /** Whether an address is of IPv4. */
  static boolean isIpv4(IpAddress address) {
    return address.family() == AddressFamily.IPV4;
  }
}
