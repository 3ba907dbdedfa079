package dev.patchbay.linux.host;

import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.NetlinkException;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.conntrack.ConntrackSocket;
import dev.patchbay.netlink.nft.NftChain;
import dev.patchbay.netlink.nft.NftFamily;
import dev.patchbay.netlink.nft.NftRule;
import dev.patchbay.netlink.nft.NftSocket;
import dev.patchbay.netlink.nft.NftTable;
import dev.patchbay.netlink.route.LinkKind;
import dev.patchbay.netlink.route.Links;
import dev.patchbay.netlink.route.RouteSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * Something that a kernel may have or lack. Whether it does is found by using it in a namespace made for the purpose, which also loads
 * its module where there is one.
 */
public enum KernelFeature {
  /** Pairs of devices between namespaces. */
  VETH("veth", "CONFIG_VETH", "veth"),
  /** nftables with address translation, routing look-ups and connection marks in one table for both families (Linux 5.2). */
  NFTABLES("nftables", "CONFIG_NF_TABLES_INET", "nf_tables, nft_chain_nat, nft_fib_inet and nft_ct"),
  /** Connection tracking, listed and flushed by netlink. */
  CONNTRACK("conntrack", "CONFIG_NF_CT_NETLINK", "nf_conntrack_netlink"),
  /** VLAN devices. */
  VLAN("8021q", "CONFIG_VLAN_8021Q", "8021q"),
  /** Devices with hardware addresses of their own on others. */
  MACVLAN("macvlan", "CONFIG_MACVLAN", "macvlan"),
  /** Devices with their parent's hardware address. */
  IPVLAN("ipvlan", "CONFIG_IPVLAN", "ipvlan"),
  /** Bridges. */
  BRIDGE("bridge", "CONFIG_BRIDGE", "bridge"),
  /** Devices that lead nowhere. */
  DUMMY("dummy", "CONFIG_DUMMY", "dummy"),
  /** Routing domains. */
  VRF("vrf", "CONFIG_NET_VRF", "vrf"),
  /** Devices that rates of pods are limited by. */
  IFB("ifb", "CONFIG_IFB", "ifb"),
  /** IPv6. */
  IPV6("ipv6", "CONFIG_IPV6", "ipv6"),
  /** Several tables of routes, and rules that choose one. */
  POLICY_ROUTING("policy-routing", "CONFIG_IP_MULTIPLE_TABLES", "");

  private static final Path CONFIGURATION = Path.of("/proc/config.gz");

  private final String word;
  private final String option;
  private final String modules;

  KernelFeature(String word, String option, String modules) {
    this.word = word;
    this.option = option;
    this.modules = modules;
  }

  /**
   * {@return the name by which modes need it}
   */
  public String word() {
    return word;
  }

  /**
   * {@return the feature of a name that a mode needs; empty if none has it}
   * @param word the name
   */
  public static Optional<KernelFeature> of(String word) {
    return List.of(values()).stream().filter(f -> f.word.equals(word)).findFirst();
  }

  /**
   * That a feature can't be used.
   *
   * @param cause why, as a sentence
   * @param remedy what to do, as a sentence
   */
  public record Lack(String cause, String remedy) {}

  /**
   * Tries the feature. Takes up to some milliseconds, more if a module is loaded; call it from a platform thread.
   *
   * @return why it can't be used, and what to do; empty if it can
   */
  public Optional<Lack> lack() {
    try (Netns scratch = Netns.create()) {
      attempt(scratch);
      return Optional.empty();
    } catch (NetlinkException e) {
      return Optional.of(e.errno().name().equals("EPERM")
          ? new Lack("The kernel does not let Patchbay use " + word + ": " + e.errno() + ".",
              "Run the daemon as root, with CAP_NET_ADMIN and CAP_SYS_ADMIN.")
          : new Lack("The kernel lacks " + word + ": " + e.errno() + configured() + ".",
              modules.isEmpty() ? "Use a kernel that has it." : "Load " + modules + ", or use a kernel that has it."));
    }
  }

  private void attempt(Netns scratch) {
    switch (this) {
      case NFTABLES -> nftables(scratch);
      case CONNTRACK -> {
        try (ConntrackSocket connections = ConntrackSocket.open(scratch)) {
          connections.flush(List.of(InetAddress.ofLiteral("192.0.2.1")));
        }
      }
      case IPV6, POLICY_ROUTING -> {
        try (RouteSocket routes = RouteSocket.open(scratch)) {
          routes.rules(this == IPV6 ? dev.patchbay.netlink.Family.IPV6 : dev.patchbay.netlink.Family.IPV4);
        }
      }
      case VETH, VLAN, MACVLAN, IPVLAN, BRIDGE, DUMMY, VRF, IFB -> {
        try (RouteSocket routes = RouteSocket.open(scratch)) {
          link(routes);
        }
      }
    }
  }

  private void link(RouteSocket routes) {
    int parent = 7;
    routes.execute(Links.veth("probe0", Links.peer("probe1")).index(parent));
    Optional<Request> request = switch (this) {
      case VLAN -> Optional.of(Links.create("probe2", new LinkKind.Vlan(parent, 5)));
      case MACVLAN -> Optional.of(Links.create("probe2", new LinkKind.Macvlan(parent, LinkKind.Macvlan.Mode.BRIDGE)));
      case IPVLAN -> Optional.of(Links.create("probe2", new LinkKind.Ipvlan(parent, LinkKind.Ipvlan.Mode.L2)));
      case BRIDGE -> Optional.of(Links.create("probe2", LinkKind.Bridge.plain()));
      case DUMMY -> Optional.of(Links.create("probe2", new LinkKind.Dummy()));
      case VRF -> Optional.of(Links.create("probe2", new LinkKind.Vrf(7)));
      case IFB -> Optional.of(new Ifb());
      case VETH, NFTABLES, CONNTRACK, IPV6, POLICY_ROUTING -> Optional.empty();
    };
    request.ifPresent(routes::execute);
  }

  /** A link of which only the kind is said. Numbers from include/uapi/linux/if_link.h. */
  private record Ifb() implements Request {
    @Override
    public void encode(MessageWriter writer) {
      int createExclusively = 0x600;
      writer.begin(16, createExclusively);
      writer.header(16);
      writer.putString(3, "probe2");
      int info = writer.beginNest(18);
      writer.putString(1, "ifb");
      writer.endNest(info);
    }

    @Override
    public String describe() {
      return "create ifb link probe2";
    }
  }

  private static void nftables(Netns scratch) {
    NftTable table = new NftTable(NftFamily.INET, "probe");
    NftChain mark = NftChain.base(table, "mark", NftChain.Type.FILTER, NftChain.Hook.PREROUTING, NftChain.MANGLE);
    NftChain leave = NftChain.base(table, "leave", NftChain.Type.NAT, NftChain.Hook.POSTROUTING, NftChain.SOURCE_NAT);
    try (NftSocket socket = NftSocket.open(scratch)) {
      socket.execute(NftSocket.transaction().add(table.add()).add(mark.add()).add(leave.add())
          .add(NftRule.in(mark).destinationIsLocal().setConnectionMark(1, 1).build().append())
          .add(NftRule.in(leave).masquerade().build().append()));
    }
  }

  /** What the kernel's own configuration says, if it shows it (CONFIG_IKCONFIG_PROC). */
  private String configured() {
    if (!Files.isReadable(CONFIGURATION)) {
      return "";
    }
    try (BufferedReader lines = new BufferedReader(
        new InputStreamReader(new GZIPInputStream(Files.newInputStream(CONFIGURATION)), StandardCharsets.US_ASCII))) {
      return lines.lines().filter(l -> l.startsWith(option + "=") || l.startsWith("# " + option + " ")).findFirst()
          .map(l -> " (" + CONFIGURATION + ": " + l.replace("# ", "") + ")").orElse("");
    } catch (IOException e) {
      return " (" + CONFIGURATION + " can't be read: " + e.getMessage() + ")";
    }
  }
}
