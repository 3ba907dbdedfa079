package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.netlink.nft.DataType;
import dev.patchbay.netlink.nft.Element;
import dev.patchbay.netlink.nft.NftChain;
import dev.patchbay.netlink.nft.NftFamily;
import dev.patchbay.netlink.nft.NftSet;
import dev.patchbay.netlink.nft.NftTable;
import dev.patchbay.netlink.nft.Value;
import dev.patchbay.netlink.nft.Verdict;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.PortMapping;
import dev.patchbay.spi.datapath.SourceEgress;
import dev.patchbay.spi.datapath.Translation;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/** The table, its chains and sets, and which element of a plan is which element of a set. */
final class FilterObjects {
  static final NftTable TABLE = new NftTable(NftFamily.INET, "patchbay");

  /**
   * After destinations are translated, so that what a service's address stands for decides; before routing. aws-vpc-cni marks there
   * too since 1.23.
   */
  private static final int MARK_PRIORITY = NftChain.DESTINATION_NAT + 10;
  /** After kube-proxy and portmap, which masquerade what they have marked. */
  private static final int TRANSLATE_PRIORITY = NftChain.SOURCE_NAT + 5;

  static final NftChain ARRIVING =
      NftChain.base(TABLE, "arriving", NftChain.Type.FILTER, NftChain.Hook.PREROUTING, NftChain.MANGLE);
  static final NftChain PORTS_ARRIVING =
      NftChain.base(TABLE, "ports-arriving", NftChain.Type.NAT, NftChain.Hook.PREROUTING, NftChain.DESTINATION_NAT);
  static final NftChain PORTS_LOCAL =
      NftChain.base(TABLE, "ports-local", NftChain.Type.NAT, NftChain.Hook.OUTPUT, NftChain.DESTINATION_NAT);
  static final NftChain PORTS = NftChain.regular(TABLE, "ports");
  static final NftChain EGRESS = NftChain.base(TABLE, "egress", NftChain.Type.FILTER, NftChain.Hook.PREROUTING, MARK_PRIORITY);
  static final NftChain LEAVING =
      NftChain.base(TABLE, "leaving", NftChain.Type.NAT, NftChain.Hook.POSTROUTING, TRANSLATE_PRIORITY);
  /** Where another translates all that comes to it at the usual priority. */
  static final NftChain LEAVING_BEFORE =
      NftChain.base(TABLE, "leaving-before", NftChain.Type.NAT, NftChain.Hook.POSTROUTING, NftChain.SOURCE_NAT - 5);
  static final NftChain PRIMARY = NftChain.regular(TABLE, "primary");
  static final NftChain NODE_EGRESS = NftChain.regular(TABLE, "node-egress");
  static final NftChain NODE_LEAVING = NftChain.regular(TABLE, "node-leaving");
  static final NftChain POD_EGRESS = NftChain.regular(TABLE, "pod-egress");
  static final NftChain POD_LEAVING = NftChain.regular(TABLE, "pod-leaving");

  private FilterObjects() {}

  /** The sets of one family. */
  record Family(AddressFamily family) {
    static final List<Family> ALL = List.of(new Family(AddressFamily.IPV4), new Family(AddressFamily.IPV6));

    static Family of(AddressFamily family) {
      return new Family(family);
    }

    DataType address() {
      return family == AddressFamily.IPV4 ? DataType.IPV4_ADDRESS : DataType.IPV6_ADDRESS;
    }

    String suffix() {
      return family == AddressFamily.IPV4 ? "4" : "6";
    }

    /** Single sources to the chain that marks for an interface; a hash, so as fast with a thousand as with one. */
    NftSet egress() {
      return NftSet.verdictMap(TABLE, "egress" + suffix(), address());
    }

    NftSet egressNetworks() {
      return NftSet.verdictMap(TABLE, "egress-networks" + suffix(), address()).withIntervals();
    }

    NftSet ports() {
      return NftSet.map(TABLE, "ports" + suffix(), List.of(DataType.PROTOCOL, DataType.PORT), List.of(address(), DataType.PORT));
    }

    NftSet portsOfAddress() {
      return NftSet.map(TABLE, "address-ports" + suffix(), List.of(address(), DataType.PROTOCOL, DataType.PORT),
          List.of(address(), DataType.PORT));
    }

    /** Pods that may reach themselves by a port of the node: source and destination. */
    NftSet hairpins() {
      return NftSet.of(TABLE, "hairpins" + suffix(), address(), address());
    }

    List<NftSet> sets() {
      return List.of(egress(), egressNetworks(), ports(), portsOfAddress(), hairpins());
    }
  }

  /** The chain of sources of an interface, which marks for it; for the primary one it only ends the search. */
  static NftChain markChain(EniPath eni) {
    return NftChain.regular(TABLE, "by-" + eni.id());
  }

  /**
   * The chain of what has to leave by an interface, whatever rules there are for its source: translations and answers. That of the
   * primary one marks, too.
   */
  static NftChain boundChain(EniPath eni) {
    return eni.primary() ? PRIMARY : markChain(eni);
  }

  /**
   * What translations have in common but their sources: one pair of rules, whatever the number of sources.
   *
   * @param node whether it is the node's; attachments have their own, since networks in one set must not overlap
   */
  record TranslationClass(boolean node, IpAddress to, List<Cidr> exceptions, String ports) {
    static TranslationClass of(boolean node, Translation translation) {
      List<Cidr> exceptions = translation.exceptions().stream().filter(c -> c.family() == translation.to().family()).distinct()
          .sorted().toList();
      List<Cidr> widest = exceptions.stream()
          .filter(c -> exceptions.stream().noneMatch(o -> !o.equals(c) && o.contains(c))).toList();
      return new TranslationClass(node, translation.to(), widest, translation.ports().orElse("random-fully"));
    }

    String name() {
      CRC32C checksum = new CRC32C();
      checksum.update((to + " " + exceptions + " " + ports).getBytes(StandardCharsets.UTF_8));
      return (node ? "node-" : "pod-") + HexFormat.of().toHexDigits((int) checksum.getValue());
    }

    NftSet sources() {
      return NftSet.of(TABLE, name() + "-sources", Family.of(to.family()).address()).withIntervals();
    }

    NftSet exceptionSet() {
      return NftSet.of(TABLE, name() + "-exceptions", Family.of(to.family()).address()).withIntervals();
    }

    List<Element> exceptionElements() {
      return exceptions.stream().map(c -> Element.prefix(Kernel.prefix(c))).toList();
    }
  }

  /**
   * An element of a set that an element of a plan stands for.
   *
   * @param element the plan's
   * @param set in which set
   * @param entry the set's, with the attachment as its comment
   */
  record Entry(PlanElement element, NftSet set, Element entry) {
    String id() {
      return FilterIndex.id(set, entry);
    }
  }

  /** The entries of an element of a plan; none if it is of another kind. */
  static List<Entry> entries(PlanElement element, String key, List<EniPath> enis) {
    List<Entry> entries = new ArrayList<>();
    switch (element) {
      case SourceEgress egress -> {
        Cidr source = egress.source();
        Family family = Family.of(source.family());
        Verdict verdict = Verdict.goTo(markChain(Numbers.eni(egress.eni(), enis)).name());
        boolean single = source.length() == source.family().bits();
        entries.add(new Entry(element, single ? family.egress() : family.egressNetworks(),
            (single ? Element.of(address(source.address())) : Element.prefix(Kernel.prefix(source))).to(verdict).withComment(key)));
      }
      case PortMapping mapping -> {
        Family family = Family.of(mapping.address().family());
        Value port = Value.concatenation(Value.oneByte(protocol(mapping)), Value.port(mapping.hostPort()));
        Value target = Value.concatenation(address(mapping.address()), Value.port(mapping.podPort()));
        if (mapping.hostAddress().isPresent()) {
          Value exact = Value.concatenation(address(mapping.hostAddress().get()), Value.oneByte(protocol(mapping)),
              Value.port(mapping.hostPort()));
          entries.add(new Entry(element, family.portsOfAddress(), Element.of(exact).to(target).withComment(key)));
        } else {
          entries.add(new Entry(element, family.ports(), Element.of(port).to(target).withComment(key)));
        }
        Value self = Value.concatenation(address(mapping.address()), address(mapping.address()));
        entries.add(new Entry(element, family.hairpins(), Element.of(self).withComment(key)));
      }
      case Translation translation -> {
        NftSet sources = TranslationClass.of(key.equals(Numbers.NODE_KEY), translation).sources();
        for (Cidr source : translation.sources()) {
          if (source.family() == translation.to().family()) {
            entries.add(new Entry(element, sources, Element.prefix(Kernel.prefix(source)).withComment(key)));
          }
        }
      }
      default -> {
        // Not in the packet filter.
      }
    }
    return entries;
  }

  private static int protocol(PortMapping mapping) {
    return switch (mapping.protocol()) {
      case "tcp" -> 6;
      case "udp" -> 17;
      case "sctp" -> 132;
      default -> throw new DatapathException(DatapathException.Code.PLAN_INVALID, mapping,
          "there are no ports in protocol \"" + mapping.protocol() + "\"", "Use tcp, udp or sctp.");
    };
  }

  static Value address(IpAddress address) {
    return Value.bytes(address.bytes());
  }
}
