package dev.patchbay.netlink.route;

import dev.patchbay.netlink.MacAddress;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.RouteConstants;
import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An entry of the neighbour table (ARP or neighbour discovery), or of the proxy table beside it; immutable. */
public final class Neighbour {
  /** {@code NUD_PERMANENT}: never asked for and never forgotten. */
  public static final int PERMANENT = RouteConstants.NUD_PERMANENT;

  /** {@code NUD_REACHABLE}. */
  public static final int REACHABLE = RouteConstants.NUD_REACHABLE;

  /** {@code NUD_STALE}. */
  public static final int STALE = RouteConstants.NUD_STALE;

  /** {@code NUD_INCOMPLETE}: asked for, not answered yet. */
  public static final int INCOMPLETE = RouteConstants.NUD_INCOMPLETE;

  /** {@code NUD_FAILED}: asked for and never answered. */
  public static final int FAILED = RouteConstants.NUD_FAILED;

  private final int linkIndex;
  private final InetAddress destination;
  private final @Nullable MacAddress mac;
  private final int state;
  private final int flags;
  private final int protocol;

  Neighbour(int linkIndex, InetAddress destination, @Nullable MacAddress mac, int state, int flags, int protocol) {
    this.linkIndex = Checks.atLeast(linkIndex, 0, "link index");
    this.destination = destination;
    this.mac = mac;
    this.state = state;
    this.flags = flags;
    this.protocol = Checks.within(protocol, 0, 255, "protocol");
  }

  /** A permanent entry. */
  public static Neighbour permanent(int linkIndex, InetAddress destination, MacAddress mac) {
    return new Neighbour(Checks.atLeast(linkIndex, 1, "link index"), destination, mac, PERMANENT, 0, 0);
  }

  /** An entry that makes the kernel answer for the address on the interface ({@code NTF_PROXY}). */
  public static Neighbour proxy(int linkIndex, InetAddress destination) {
    return new Neighbour(
        Checks.atLeast(linkIndex, 1, "link index"), destination, null, PERMANENT, RouteConstants.NTF_PROXY, 0);
  }

  /** The same with a mark of ownership, 0 to 255 ({@code NDA_PROTOCOL}). */
  public Neighbour withProtocol(int protocol) {
    return new Neighbour(linkIndex, destination, mac, state, flags, protocol);
  }

  /** Adds the entry; fails with EEXIST when there is one, whoever made it. */
  public Request add() {
    return new NeighbourRequest(
        "add ", this, RouteConstants.RTM_NEWNEIGH, NetlinkConstants.NLM_F_CREATE | NetlinkConstants.NLM_F_EXCL);
  }

  /** Adds the entry or changes the one that is there. */
  public Request replace() {
    return new NeighbourRequest(
        "replace ", this, RouteConstants.RTM_NEWNEIGH, NetlinkConstants.NLM_F_CREATE | NetlinkConstants.NLM_F_REPLACE);
  }

  /** Deletes the entry; fails with ENOENT when there is none. */
  public Request delete() {
    return new NeighbourRequest("delete ", this, RouteConstants.RTM_DELNEIGH, 0);
  }

  /** Index of the interface; 0 in a proxy entry that holds on all. */
  public int linkIndex() {
    return linkIndex;
  }

  public InetAddress destination() {
    return destination;
  }

  /** Empty while it is not known, in proxy entries, and on links whose addresses are not six bytes long. */
  public Optional<MacAddress> mac() {
    return Optional.ofNullable(mac);
  }

  /** {@code NUD_*} bits. */
  public int state() {
    return state;
  }

  public boolean isProxy() {
    return (flags & RouteConstants.NTF_PROXY) != 0;
  }

  /** {@code NTF_*} bits. */
  public int flags() {
    return flags;
  }

  public int protocol() {
    return protocol;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Neighbour that
        && linkIndex == that.linkIndex
        && destination.equals(that.destination)
        && Objects.equals(mac, that.mac)
        && state == that.state
        && flags == that.flags
        && protocol == that.protocol;
  }

  @Override
  public int hashCode() {
    return Objects.hash(linkIndex, destination, mac, state);
  }

  /** For example {@code 10.0.0.1 dev #5 lladdr 02:00:00:00:00:01}. */
  @Override
  public String toString() {
    return (isProxy() ? "proxy " : "") + destination.getHostAddress() + " dev #" + linkIndex + (mac == null ? "" : " lladdr " + mac);
  }
}
