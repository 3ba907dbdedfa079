package dev.patchbay.netlink.route;

import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.RouteConstants;
import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A route, to be made or as dumped; immutable. Two are equal when all they say is equal, so compare with what a dump returned
 * only routes that leave nothing to the kernel: an IPv6 route without a metric comes back with 1024.
 *
 * <p>Next hops beyond the first of a multipath route are not shown; such a route has {@link #isMultipath()}.
 */
public final class Route {
  /** {@code RT_TABLE_MAIN}. */
  public static final int MAIN_TABLE = RouteConstants.RT_TABLE_MAIN;

  /** {@code RT_TABLE_LOCAL}. */
  public static final int LOCAL_TABLE = RouteConstants.RT_TABLE_LOCAL;

  /** {@code RTPROT_KERNEL}: the kernel made it. */
  public static final int PROTOCOL_KERNEL = RouteConstants.RTPROT_KERNEL;

  /** {@code RTPROT_STATIC}: an administrator made it; what a route gets unless it says otherwise. */
  public static final int PROTOCOL_STATIC = RouteConstants.RTPROT_STATIC;

  private final IpPrefix destination;
  private final RouteType type;
  private final int table;
  private final int scope;
  private final int protocol;
  private final int metric;
  private final int linkIndex;
  private final @Nullable InetAddress gateway;
  private final boolean onlink;
  private final @Nullable InetAddress preferredSource;
  private final int mtu;
  private final boolean multipath;

  private Route(Builder builder) {
    destination = builder.destination;
    type = builder.type;
    table = builder.table;
    scope = builder.scope >= 0 ? builder.scope : builder.usualScope();
    protocol = builder.protocol;
    metric = builder.metric;
    linkIndex = builder.linkIndex;
    gateway = builder.gateway;
    onlink = builder.onlink;
    preferredSource = builder.preferredSource;
    mtu = builder.mtu;
    multipath = builder.multipath;
  }

  /** Starts a unicast route in the main table. */
  public static Builder to(IpPrefix destination) {
    return new Builder(destination);
  }

  /** Starts the default route of a family. */
  public static Builder toAny(Family family) {
    return new Builder(IpPrefix.any(family));
  }

  /** Adds the route; fails with EEXIST when the table has one of this destination and metric. */
  public Request add() {
    return new RouteRequest("add ", this, RouteConstants.RTM_NEWROUTE, NetlinkConstants.NLM_F_CREATE | NetlinkConstants.NLM_F_EXCL);
  }

  /** Adds the route or replaces the first one of this destination and metric. */
  public Request replace() {
    return new RouteRequest(
        "replace ", this, RouteConstants.RTM_NEWROUTE, NetlinkConstants.NLM_F_CREATE | NetlinkConstants.NLM_F_REPLACE);
  }

  /** Adds the route behind others of this destination and metric. */
  public Request append() {
    return new RouteRequest(
        "append ", this, RouteConstants.RTM_NEWROUTE, NetlinkConstants.NLM_F_CREATE | NetlinkConstants.NLM_F_APPEND);
  }

  /** Deletes the route that has all that this one says; fails with ESRCH when there is none. */
  public Request delete() {
    return new RouteRequest("delete ", this, RouteConstants.RTM_DELROUTE, 0);
  }

  public IpPrefix destination() {
    return destination;
  }

  public Family family() {
    return destination.family();
  }

  public RouteType type() {
    return type;
  }

  /** The routing table, 1 to 2^32-1 as the bits of an int. */
  public int table() {
    return table;
  }

  /** {@code RT_SCOPE_*}, 0 to 255; IPv6 knows only 0. */
  public int scope() {
    return scope;
  }

  /** Who made it: {@code RTPROT_*} or a number of one's own, 0 to 255. */
  public int protocol() {
    return protocol;
  }

  /** Smaller is preferred; 0 is none. */
  public int metric() {
    return metric;
  }

  /** The interface's index, or 0 for a route that has none. */
  public int linkIndex() {
    return linkIndex;
  }

  /** Empty when the destination is on the link. */
  public Optional<InetAddress> gateway() {
    return Optional.ofNullable(gateway);
  }

  /** Whether the gateway counts as on the link though no route says so. */
  public boolean isOnlink() {
    return onlink;
  }

  /** The source address that local sockets get by this route. */
  public Optional<InetAddress> preferredSource() {
    return Optional.ofNullable(preferredSource);
  }

  /** The route's own MTU in bytes, or 0. */
  public int mtu() {
    return mtu;
  }

  /** Whether a dump showed several next hops, of which this object shows none. */
  public boolean isMultipath() {
    return multipath;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Route that
        && destination.equals(that.destination)
        && type == that.type
        && table == that.table
        && scope == that.scope
        && protocol == that.protocol
        && metric == that.metric
        && linkIndex == that.linkIndex
        && Objects.equals(gateway, that.gateway)
        && onlink == that.onlink
        && Objects.equals(preferredSource, that.preferredSource)
        && mtu == that.mtu
        && multipath == that.multipath;
  }

  @Override
  public int hashCode() {
    return Objects.hash(destination, type, table, metric, linkIndex, gateway);
  }

  /** As {@code ip route} prints it, with the interface as a number. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if (type != RouteType.UNICAST) {
      text.append(type.word()).append(' ');
    }
    text.append(destination.length() == 0 ? "default" : destination.toString());
    if (gateway != null) {
      text.append(" via ").append(gateway.getHostAddress());
    }
    if (linkIndex != 0) {
      text.append(" dev #").append(linkIndex);
    }
    if (table != MAIN_TABLE) {
      text.append(" table ").append(Integer.toUnsignedString(table));
    }
    if (preferredSource != null) {
      text.append(" src ").append(preferredSource.getHostAddress());
    }
    if (metric != 0) {
      text.append(" metric ").append(Integer.toUnsignedString(metric));
    }
    if (mtu != 0) {
      text.append(" mtu ").append(mtu);
    }
    text.append(onlink ? " onlink" : "").append(" proto ").append(protocol);
    return text.toString();
  }

  /** Collects what a route says. */
  public static final class Builder {
    private final IpPrefix destination;
    private RouteType type = RouteType.UNICAST;
    private int table = MAIN_TABLE;
    private int scope = -1;
    private int protocol = PROTOCOL_STATIC;
    private int metric;
    private int linkIndex;
    private @Nullable InetAddress gateway;
    private boolean onlink;
    private @Nullable InetAddress preferredSource;
    private int mtu;
    private boolean multipath;

    private Builder(IpPrefix destination) {
      this.destination = destination;
    }

    public Builder type(RouteType type) {
      this.type = type;
      return this;
    }

    /** Any table but 0; tables need not be made. */
    public Builder table(int table) {
      this.table = table;
      return this;
    }

    /** {@code RT_SCOPE_*}; when not called, what {@code ip route} would choose: host, link or universe. */
    public Builder scope(int scope) {
      this.scope = Checks.within(scope, 0, 255, "scope");
      return this;
    }

    /** A mark of ownership, 0 to 255; numbers in use are in /etc/iproute2/rt_protos. */
    public Builder protocol(int protocol) {
      this.protocol = Checks.within(protocol, 0, 255, "protocol");
      return this;
    }

    public Builder metric(int metric) {
      this.metric = metric;
      return this;
    }

    public Builder link(int linkIndex) {
      this.linkIndex = Checks.atLeast(linkIndex, 1, "link index");
      return this;
    }

    /** Must be of the destination's family. */
    public Builder via(InetAddress gateway) {
      this.gateway = sameFamily(gateway, "gateway");
      return this;
    }

    /** Takes the gateway as on the link without a route that says so (RTNH_F_ONLINK). */
    public Builder onlink() {
      this.onlink = true;
      return this;
    }

    public Builder preferredSource(InetAddress source) {
      this.preferredSource = sameFamily(source, "preferred source");
      return this;
    }

    /** In bytes; at most what the interface has. */
    public Builder mtu(int mtu) {
      this.mtu = Checks.atLeast(mtu, 0, "mtu");
      return this;
    }

    Builder multipath() {
      this.multipath = true;
      return this;
    }

    public Route build() {
      return new Route(this);
    }

    private InetAddress sameFamily(InetAddress address, String what) {
      if (Family.of(address) != destination.family()) {
        throw new IllegalArgumentException(
            "The " + what + " " + address.getHostAddress() + " is not of the family of the route's destination " + destination);
      }
      return address;
    }

    /** As iproute2 chooses (ip/iproute.c): the kernel refuses a route on the link with scope universe. */
    private int usualScope() {
      if (destination.family() == Family.IPV6) {
        return RouteConstants.RT_SCOPE_UNIVERSE;
      }
      return switch (type) {
        case LOCAL -> RouteConstants.RT_SCOPE_HOST;
        case BROADCAST, ANYCAST, MULTICAST -> RouteConstants.RT_SCOPE_LINK;
        case UNICAST -> gateway == null && !multipath ? RouteConstants.RT_SCOPE_LINK : RouteConstants.RT_SCOPE_UNIVERSE;
        case BLACKHOLE, UNREACHABLE, PROHIBIT, THROW -> RouteConstants.RT_SCOPE_UNIVERSE;
      };
    }
  }
}
