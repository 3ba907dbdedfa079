package dev.patchbay.netlink.route;

import dev.patchbay.netlink.MacAddress;
import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.IfInfoMsg;
import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.RouteConstants;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Changes a link; what is not said stays. Fails with ENODEV when there is no such link. Not for use by several threads.
 */
public final class LinkChange implements Request {
  private final int index;
  private final String currentName;
  private int flags;
  private int flagMask;
  private @Nullable String name;
  private @Nullable MacAddress mac;
  private int mtu;
  private @Nullable Integer group;
  private @Nullable Integer master;
  private @Nullable String alias;
  private @Nullable Netns namespace;
  private final Map<Integer, Integer> ipv4Settings = new TreeMap<>();

  LinkChange(int index, String currentName) {
    this.index = index;
    this.currentName = currentName;
  }

  public LinkChange up() {
    return flag(RouteConstants.IFF_UP, true);
  }

  public LinkChange down() {
    return flag(RouteConstants.IFF_UP, false);
  }

  /** Whether it does ARP. */
  public LinkChange arp(boolean arp) {
    return flag(RouteConstants.IFF_NOARP, !arp);
  }

  /** Whether it takes packets for other MAC addresses. */
  public LinkChange promiscuous(boolean promiscuous) {
    return flag(RouteConstants.IFF_PROMISC, promiscuous);
  }

  /** Gives it another name. */
  public LinkChange name(String name) {
    this.name = Checks.linkName(name);
    return this;
  }

  public LinkChange mac(MacAddress mac) {
    this.mac = mac;
    return this;
  }

  /** In bytes. */
  public LinkChange mtu(int mtu) {
    this.mtu = Checks.atLeast(mtu, 1, "mtu");
    return this;
  }

  public LinkChange group(int group) {
    this.group = group;
    return this;
  }

  /** Makes it a port of this bridge, or a member of this VRF. */
  public LinkChange master(int master) {
    this.master = Checks.atLeast(master, 1, "master's index");
    return this;
  }

  /** Takes it out of its bridge or VRF. */
  public LinkChange noMaster() {
    this.master = 0;
    return this;
  }

  /** A text of at most 255 bytes that stays with the link, shown by {@code ip link}; empty removes it. */
  public LinkChange alias(String alias) {
    this.alias = Checks.alias(alias);
    return this;
  }

  /** Moves it to another namespace, which must stay open until the request is sent. It arrives down and without addresses. */
  public LinkChange namespace(Netns namespace) {
    this.namespace = namespace;
    return this;
  }

  /** Sets one of {@code /proc/sys/net/ipv4/conf/NAME/}. */
  public LinkChange ipv4(Ipv4Setting setting, int value) {
    ipv4Settings.put(setting.number(), value);
    return this;
  }

  private LinkChange flag(int flag, boolean set) {
    flagMask |= flag;
    flags = set ? flags | flag : flags & ~flag;
    return this;
  }

  @Override
  public void encode(MessageWriter writer) {
    writer.begin(RouteConstants.RTM_SETLINK, 0);
    int header = writer.header(IfInfoMsg.SIZE);
    IfInfoMsg.write(writer.memory(), header, NetlinkConstants.AF_UNSPEC, 0, index, flags, flagMask);
    // With an index the name is a new one; without, it says which link is meant.
    LinkAttributes.common(writer, index != 0 ? name : currentName, mac, mtu, namespace);
    if (group != null) {
      writer.putU32(RouteConstants.IFLA_GROUP, group);
    }
    if (master != null) {
      writer.putU32(RouteConstants.IFLA_MASTER, master);
    }
    if (alias != null) {
      // Without a terminator, which would count against the 255 bytes and make an empty alias non-empty.
      writer.putBytes(RouteConstants.IFLA_IFALIAS, alias.getBytes(StandardCharsets.UTF_8));
    }
    if (!ipv4Settings.isEmpty()) {
      int families = writer.beginNest(RouteConstants.IFLA_AF_SPEC);
      int ipv4 = writer.beginNest(NetlinkConstants.AF_INET);
      int settings = writer.beginNest(RouteConstants.IFLA_INET_CONF);
      ipv4Settings.forEach(writer::putU32);
      writer.endNest(settings);
      writer.endNest(ipv4);
      writer.endNest(families);
    }
  }

  @Override
  public String describe() {
    return "change link " + (index != 0 ? "#" + index : currentName);
  }
}
