package dev.patchbay.linux.datapath;

import dev.patchbay.linux.host.Sysctls;
import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.netlink.MacAddress;
import dev.patchbay.netlink.nft.DataType;
import dev.patchbay.netlink.nft.Element;
import dev.patchbay.netlink.nft.NftChain;
import dev.patchbay.netlink.nft.NftRule;
import dev.patchbay.netlink.nft.NftSet;
import dev.patchbay.netlink.nft.Value;
import dev.patchbay.netlink.nft.Verdict;
import dev.patchbay.netlink.route.Address;
import dev.patchbay.netlink.route.Neighbour;
import dev.patchbay.netlink.route.Route;
import dev.patchbay.netlink.route.RouteType;
import dev.patchbay.netlink.route.Rule;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.InterfaceAddress;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.Sysctl;
import dev.patchbay.spi.net.IpAddress;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/** Objects of the kernel in the words of the tools that list them, so that who reads them can look for themselves. */
final class Words {
  private Words() {}

  /** What kind of object it is, for {@link dev.patchbay.core.kernel.KernelObject}. */
  static String kind(Piece.Subject subject) {
    return switch (subject) {
      case Piece.OfRoute _ -> "route";
      case Piece.OfRule _ -> "rule";
      case Piece.OfAddress _ -> "address";
      case Piece.OfNeighbour _ -> "neighbour";
    };
  }

  /** Of rtnetlink, as ip prints it. */
  static String of(Piece.Subject subject, IntFunction<String> linkName) {
    return switch (subject) {
      case Piece.OfRoute w -> of(w.route(), linkName);
      case Piece.OfRule w -> of(w.rule());
      case Piece.OfAddress w -> of(w.address(), linkName);
      case Piece.OfNeighbour w -> of(w.neighbour(), linkName);
    };
  }

  static String of(Route route, IntFunction<String> linkName) {
    StringBuilder text = new StringBuilder(route.type() == RouteType.UNICAST ? "" : route.type().name().toLowerCase(Locale.ROOT) + " ");
    text.append(route.destination().length() == 0 ? "default" : of(route.destination()));
    route.gateway().ifPresent(gateway -> text.append(" via ").append(of(gateway)));
    if (route.linkIndex() != 0) {
      text.append(" dev ").append(linkName.apply(route.linkIndex()));
    }
    if (route.table() != Route.MAIN_TABLE) {
      text.append(" table ").append(Integer.toUnsignedString(route.table()));
    }
    text.append(" proto ").append(route.protocol());
    route.preferredSource().ifPresent(source -> text.append(" src ").append(of(source)));
    if (route.metric() != 0) {
      text.append(" metric ").append(Integer.toUnsignedString(route.metric()));
    }
    return text.append(route.mtu() == 0 ? "" : " mtu " + route.mtu()).append(route.isOnlink() ? " onlink" : "").toString();
  }

  static String of(Rule rule) {
    return rule + (rule.family() == Family.IPV6 ? " (IPv6)" : "");
  }

  private static String of(Address address, IntFunction<String> linkName) {
    return of(address.local().address()) + "/" + address.local().length() + " dev " + linkName.apply(address.linkIndex());
  }

  private static String of(Neighbour neighbour, IntFunction<String> linkName) {
    return of(neighbour.destination()) + " dev " + linkName.apply(neighbour.linkIndex())
        + neighbour.mac().map(mac -> " lladdr " + mac).orElse("") + " PERMANENT";
  }

  /** An element of a plan that can't be compiled, since nobody can look where it is: the same, from what the plan says alone. */
  static String planned(PlanElement element) {
    return switch (element) {
      case dev.patchbay.spi.datapath.Route route -> (route.destination().length() == 0 ? "default" : route.destination().toString())
          + route.via().map(via -> " via " + via).orElse("") + route.device().map(d -> " dev " + planned(d)).orElse("");
      case InterfaceAddress address -> address.address() + "/" + address.length() + " dev " + planned(address.device());
      case dev.patchbay.spi.datapath.Neighbour neighbour -> neighbour.address() + " dev " + planned(neighbour.device()) + " PERMANENT";
      case Sysctl sysctl -> sysctl.key().replace(Sysctls.DEVICE, sysctl.device().map(Words::planned).orElse("")) + " = " + sysctl.value();
      default -> element.toString();
    };
  }

  private static String planned(Device device) {
    return device.name().or(() -> device.eni().map(id -> "of " + id)).orElse(device.text());
  }

  /** Where an element is. */
  static Space space(PlanElement element) {
    return switch (element) {
      case dev.patchbay.spi.datapath.Route route -> route.space();
      case InterfaceAddress address -> address.space();
      case dev.patchbay.spi.datapath.Neighbour neighbour -> neighbour.space();
      default -> Space.HOST;
    };
  }

  /** An element of a set, as nft takes it after "add element". */
  static String of(NftSet set, Element element) {
    return set.table().family().word() + " " + set.table().name() + " " + set.name() + " { " + element(set, element) + " }";
  }

  /** A rule by its comment: a person finds it so in what "nft list chain" prints. */
  static String of(NftRule rule) {
    return of(rule.chain()) + ": " + rule.comment();
  }

  static String of(NftChain chain) {
    return chain.table().family().word() + " " + chain.table().name() + " " + chain.name();
  }

  /** An element without its set. */
  static String element(NftSet set, Element element) {
    StringBuilder text = new StringBuilder();
    text.append(element.keyEnd().filter(end -> !end.equals(element.key())).map(end -> range(set.key(), element.key(), end))
        .orElseGet(() -> value(set.key(), element.key())));
    element.data().ifPresent(data -> text.append(" : ").append(value(set.data(), data)));
    element.verdict().ifPresent(verdict -> text.append(" : ").append(verdict(verdict)));
    return text.toString();
  }

  private static String verdict(Verdict verdict) {
    String word = verdict.kind().name().toLowerCase(Locale.ROOT);
    return verdict.chain().isEmpty() ? word : word + " " + verdict.chain();
  }

  private static String range(List<DataType> types, Value first, Value last) {
    boolean addresses = types.equals(List.of(DataType.IPV4_ADDRESS)) || types.equals(List.of(DataType.IPV6_ADDRESS));
    for (int length = 0; addresses && length < first.length() * 8; length++) {
      IpPrefix prefix = new IpPrefix(Kernel.address(IpAddress.of(first.toBytes())), length);
      Element whole = Element.prefix(prefix);
      if (whole.key().equals(first) && whole.keyEnd().filter(last::equals).isPresent()) {
        return of(prefix);
      }
    }
    return value(types, first) + "-" + value(types, last);
  }

  private static String value(List<DataType> types, Value value) {
    if (types.size() == 1 && types.getFirst().length() == value.length()) {
      return part(types.getFirst(), value.toBytes());
    }
    List<String> parts = new ArrayList<>();
    int at = 0;
    for (DataType type : types) {
      if (at + type.length() > value.length()) {
        return value.toString();
      }
      parts.add(part(type, Arrays.copyOfRange(value.toBytes(), at, at + type.length())));
      // Each part of a concatenation is filled up to four bytes.
      at += type.length() + 3 & ~3;
    }
    return at == value.length() ? String.join(" . ", parts) : value.toString();
  }

  private static String part(DataType type, byte[] bytes) {
    return switch (type) {
      case IPV4_ADDRESS, IPV6_ADDRESS -> IpAddress.of(bytes).toString();
      case MAC_ADDRESS -> new MacAddress(ByteBuffer.allocate(8).put(2, bytes).getLong(0)).toString();
      case PROTOCOL -> switch (bytes[0]) {
        case 6 -> "tcp";
        case 17 -> "udp";
        case (byte) 132 -> "sctp";
        default -> String.valueOf(bytes[0] & 0xff);
      };
      case PORT -> String.valueOf(ByteBuffer.wrap(bytes).getShort() & 0xffff);
      case MARK -> "0x" + HexFormat.of().toHexDigits(number(bytes));
      case LINK_INDEX -> String.valueOf(number(bytes));
      case LINK_NAME -> "\"" + new String(bytes, StandardCharsets.UTF_8).replace("\0", "") + "\"";
    };
  }

  private static int number(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt();
  }

  private static String of(IpPrefix prefix) {
    boolean host = prefix.length() == prefix.family().addressBytes() * 8;
    return of(prefix.address()) + (host ? "" : "/" + prefix.length());
  }

  private static String of(InetAddress address) {
    return IpAddress.of(address.getAddress()).toString();
  }
}
