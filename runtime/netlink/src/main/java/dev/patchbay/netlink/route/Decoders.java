package dev.patchbay.netlink.route;

import dev.patchbay.netlink.AttributeReader;
import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.netlink.MacAddress;
import dev.patchbay.netlink.Message;
import dev.patchbay.netlink.sys.FibRuleHdr;
import dev.patchbay.netlink.sys.IfAddrMsg;
import dev.patchbay.netlink.sys.IfInfoMsg;
import dev.patchbay.netlink.sys.NdMsg;
import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.RouteConstants;
import dev.patchbay.netlink.sys.RtMsg;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads rtnetlink's objects out of messages. What is not of IPv4 or IPv6 is left out. */
final class Decoders {
  private Decoders() {}

  static void address(Message message, Consumer<Address> into) {
    AttributeReader attributes = message.attributes(IfAddrMsg.SIZE);
    MemorySegment memory = message.memory();
    long header = message.payload();
    if (family(IfAddrMsg.family(memory, header)).isEmpty()) {
      return;
    }
    int flags = IfAddrMsg.flags(memory, header);
    InetAddress address = null;
    InetAddress local = null;
    String label = "";
    int protocol = 0;
    while (attributes.next()) {
      switch (attributes.type()) {
        case RouteConstants.IFA_ADDRESS -> address = attributes.address();
        case RouteConstants.IFA_LOCAL -> local = attributes.address();
        case RouteConstants.IFA_LABEL -> label = attributes.string();
        case RouteConstants.IFA_FLAGS -> flags = attributes.u32();
        case RouteConstants.IFA_PROTO -> protocol = attributes.u8();
        default -> {
          // Lifetimes and whatever later kernels add.
        }
      }
    }
    // IPv6 sends IFA_LOCAL only beside a peer; IPv4 sends both always.
    InetAddress own = local != null ? local : address;
    if (own == null) {
      return;
    }
    IpPrefix prefix = new IpPrefix(own, IfAddrMsg.prefixLength(memory, header));
    InetAddress peer = address != null ? address : own;
    into.accept(
        new Address(
            IfAddrMsg.index(memory, header), prefix, peer, IfAddrMsg.scope(memory, header), flags, label, protocol));
  }

  static void route(Message message, Consumer<Route> into) {
    AttributeReader attributes = message.attributes(RtMsg.SIZE);
    MemorySegment memory = message.memory();
    long header = message.payload();
    Optional<Family> family = family(RtMsg.family(memory, header));
    Optional<RouteType> type = RouteType.of(RtMsg.type(memory, header));
    boolean cached = (RtMsg.flags(memory, header) & RouteConstants.RTM_F_CLONED) != 0;
    if (family.isEmpty() || type.isEmpty() || cached) {
      return;
    }
    int table = RtMsg.table(memory, header);
    InetAddress destination = null;
    InetAddress gateway = null;
    InetAddress preferredSource = null;
    int linkIndex = 0;
    int metric = 0;
    int mtu = 0;
    boolean multipath = false;
    while (attributes.next()) {
      switch (attributes.type()) {
        case RouteConstants.RTA_DST -> destination = attributes.address();
        case RouteConstants.RTA_GATEWAY -> gateway = attributes.address();
        case RouteConstants.RTA_PREFSRC -> preferredSource = attributes.address();
        case RouteConstants.RTA_OIF -> linkIndex = attributes.u32();
        case RouteConstants.RTA_PRIORITY -> metric = attributes.u32();
        case RouteConstants.RTA_TABLE -> table = attributes.u32();
        case RouteConstants.RTA_METRICS -> mtu = mtu(attributes.nested());
        case RouteConstants.RTA_MULTIPATH -> multipath = true;
        default -> {
          // Cache information, preferences and whatever later kernels add.
        }
      }
    }
    IpPrefix prefix =
        destination == null
            ? IpPrefix.any(family.get())
            : new IpPrefix(destination, RtMsg.destinationLength(memory, header));
    Route.Builder route =
        Route.to(prefix)
            .type(type.get())
            .table(table)
            .scope(RtMsg.scope(memory, header))
            .protocol(RtMsg.protocol(memory, header))
            .metric(metric)
            .mtu(mtu);
    if (linkIndex != 0) {
      route.link(linkIndex);
    }
    if (gateway != null) {
      route.via(gateway);
    }
    if (preferredSource != null) {
      route.preferredSource(preferredSource);
    }
    if ((RtMsg.flags(memory, header) & RouteConstants.RTNH_F_ONLINK) != 0) {
      route.onlink();
    }
    if (multipath) {
      route.multipath();
    }
    into.accept(route.build());
  }

  private static int mtu(AttributeReader metrics) {
    while (metrics.next()) {
      if (metrics.type() == RouteConstants.RTAX_MTU) {
        return metrics.u32();
      }
    }
    return 0;
  }

  static void rule(Message message, Consumer<Rule> into) {
    AttributeReader attributes = message.attributes(FibRuleHdr.SIZE);
    MemorySegment memory = message.memory();
    long header = message.payload();
    Optional<Family> family = family(FibRuleHdr.family(memory, header));
    if (family.isEmpty()) {
      return;
    }
    InetAddress from = null;
    InetAddress to = null;
    String inputLink = "";
    String outputLink = "";
    int priority = 0;
    int table = FibRuleHdr.table(memory, header);
    int mark = 0;
    int mask = 0;
    int suppressPrefixLength = -1;
    int protocol = 0;
    while (attributes.next()) {
      switch (attributes.type()) {
        case RouteConstants.FRA_SRC -> from = attributes.address();
        case RouteConstants.FRA_DST -> to = attributes.address();
        case RouteConstants.FRA_IIFNAME -> inputLink = attributes.string();
        case RouteConstants.FRA_OIFNAME -> outputLink = attributes.string();
        case RouteConstants.FRA_PRIORITY -> priority = attributes.u32();
        case RouteConstants.FRA_TABLE -> table = attributes.u32();
        case RouteConstants.FRA_FWMARK -> mark = attributes.u32();
        case RouteConstants.FRA_FWMASK -> mask = attributes.u32();
        case RouteConstants.FRA_SUPPRESS_PREFIXLEN -> suppressPrefixLength = attributes.u32();
        case RouteConstants.FRA_PROTOCOL -> protocol = attributes.u8();
        default -> {
          // Ports, user ids, tunnels: not ours to make, and shown without.
        }
      }
    }
    Rule.Action action = Rule.Action.of(FibRuleHdr.action(memory, header));
    into.accept(
        new Rule(
            family.get(),
            priority,
            action,
            action == Rule.Action.LOOKUP ? table : 0,
            prefix(from, FibRuleHdr.sourceLength(memory, header), family.get()),
            prefix(to, FibRuleHdr.destinationLength(memory, header), family.get()),
            inputLink,
            outputLink,
            mark,
            mask,
            (FibRuleHdr.flags(memory, header) & RouteConstants.FIB_RULE_INVERT) != 0,
            suppressPrefixLength,
            protocol));
  }

  private static IpPrefix prefix(@Nullable InetAddress address, int length, Family family) {
    return address == null ? IpPrefix.any(family) : new IpPrefix(address, length);
  }

  static void neighbour(Message message, Consumer<Neighbour> into) {
    AttributeReader attributes = message.attributes(NdMsg.SIZE);
    MemorySegment memory = message.memory();
    long header = message.payload();
    if (family(NdMsg.family(memory, header)).isEmpty()) {
      return;
    }
    InetAddress destination = null;
    MacAddress mac = null;
    int protocol = 0;
    while (attributes.next()) {
      switch (attributes.type()) {
        case RouteConstants.NDA_DST -> destination = attributes.address();
        case RouteConstants.NDA_LLADDR -> mac = attributes.isMac() ? attributes.mac() : null;
        case RouteConstants.NDA_PROTOCOL -> protocol = attributes.u8();
        default -> {
          // Cache information and probes.
        }
      }
    }
    if (destination != null) {
      into.accept(
          new Neighbour(
              NdMsg.index(memory, header),
              destination,
              mac,
              NdMsg.state(memory, header),
              NdMsg.flags(memory, header),
              protocol));
    }
  }

  private static Optional<Family> family(int number) {
    return switch (number) {
      case NetlinkConstants.AF_INET -> Optional.of(Family.IPV4);
      case NetlinkConstants.AF_INET6 -> Optional.of(Family.IPV6);
      default -> Optional.empty();
    };
  }
}
