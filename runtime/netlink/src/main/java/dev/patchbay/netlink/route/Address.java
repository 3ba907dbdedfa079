package dev.patchbay.netlink.route;

import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.RouteConstants;
import java.net.InetAddress;

/**
 * An address of an interface, to be made or as dumped.
 *
 * @param linkIndex of the interface
 * @param local the address, with the length of the prefix that is on the link
 * @param peer the other end of a point-to-point link, or the same address where there is none
 * @param scope {@code RT_SCOPE_*}, 0 to 255; IPv6 derives it from the address
 * @param flags {@code IFA_F_*} bits
 * @param label of an IPv4 address (ifconfig's alias names), or empty
 * @param protocol who made it, 0 to 255 ({@code IFA_PROTO}, Linux 5.18; older kernels forget it): a mark of ownership
 */
public record Address(int linkIndex, IpPrefix local, InetAddress peer, int scope, int flags, String label, int protocol) {
  /** {@code IFA_F_NODAD}: an IPv6 address is usable at once, without a search for duplicates. */
  public static final int NO_DUPLICATE_DETECTION = RouteConstants.IFA_F_NODAD;

  /** {@code IFA_F_NOPREFIXROUTE}: no route to the prefix is made for the address. */
  public static final int NO_PREFIX_ROUTE = RouteConstants.IFA_F_NOPREFIXROUTE;

  /** {@code IFA_F_PERMANENT}: not from a router's advertisement; the kernel sets it. */
  public static final int PERMANENT = RouteConstants.IFA_F_PERMANENT;

  /** {@code IFA_F_TENTATIVE}: the search for duplicates is under way; the kernel sets it. */
  public static final int TENTATIVE = RouteConstants.IFA_F_TENTATIVE;

  public Address {
    Checks.atLeast(linkIndex, 1, "link index");
    Checks.within(scope, 0, 255, "scope");
    Checks.within(protocol, 0, 255, "protocol");
    if (Family.of(peer) != local.family()) {
      throw new IllegalArgumentException("The peer " + peer.getHostAddress() + " is not of the family of " + local);
    }
  }

  /** An address without anything special. */
  public static Address of(int linkIndex, IpPrefix local) {
    return new Address(linkIndex, local, local.address(), RouteConstants.RT_SCOPE_UNIVERSE, 0, "", 0);
  }

  /** The same with these flags instead. */
  public Address withFlags(int flags) {
    return new Address(linkIndex, local, peer, scope, flags, label, protocol);
  }

  /** The same with another end of a point-to-point link. */
  public Address withPeer(InetAddress peer) {
    return new Address(linkIndex, local, peer, scope, flags, label, protocol);
  }

  /** The same with another scope. */
  public Address withScope(int scope) {
    return new Address(linkIndex, local, peer, scope, flags, label, protocol);
  }

  /** The same with a mark of ownership. */
  public Address withProtocol(int protocol) {
    return new Address(linkIndex, local, peer, scope, flags, label, protocol);
  }

  /** Adds the address; fails with EEXIST when the interface has it. */
  public Request add() {
    return new AddressRequest(
        "add ", this, RouteConstants.RTM_NEWADDR, NetlinkConstants.NLM_F_CREATE | NetlinkConstants.NLM_F_EXCL);
  }

  /**
   * Adds the address or changes the one that is there. Of an IPv4 address that is there only the protocol changes, not its flags
   * (inet_rtm_newaddr in net/ipv4/devinet.c).
   */
  public Request replace() {
    return new AddressRequest(
        "replace ", this, RouteConstants.RTM_NEWADDR, NetlinkConstants.NLM_F_CREATE | NetlinkConstants.NLM_F_REPLACE);
  }

  /** Deletes the address; fails with EADDRNOTAVAIL when the interface doesn't have it. */
  public Request delete() {
    return new AddressRequest("delete ", this, RouteConstants.RTM_DELADDR, 0);
  }

  /** For example {@code 10.0.0.1/32 dev #5}. */
  @Override
  public String toString() {
    return local + (peer.equals(local.address()) ? "" : " peer " + peer.getHostAddress()) + " dev #" + linkIndex;
  }
}
