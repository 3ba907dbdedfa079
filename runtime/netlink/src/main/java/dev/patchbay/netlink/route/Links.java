package dev.patchbay.netlink.route;

import dev.patchbay.netlink.Request;

/** Makes requests about links. */
public final class Links {
  private Links() {}

  /** Makes a virtual link. */
  public static NewLink create(String name, LinkKind kind) {
    return new NewLink(name, kind);
  }

  /** Makes a veth with its other end. */
  public static NewLink veth(String name, VethPeer peer) {
    return new NewLink(name, new LinkKind.Veth(peer));
  }

  /** Describes the other end of a veth. */
  public static VethPeer peer(String name) {
    return new VethPeer(name);
  }

  /** Changes the link of an index. */
  public static LinkChange change(int index) {
    return new LinkChange(Checks.atLeast(index, 1, "link index"), "");
  }

  /** Changes the link of a name; its name can't be changed that way. */
  public static LinkChange change(String name) {
    return new LinkChange(0, Checks.linkName(name));
  }

  /** Sets options of a bridge's port. */
  public static BridgePort port(int index) {
    return new BridgePort(index);
  }

  /** Deletes the link of an index, and a veth's other end with it; fails with ENODEV when there is none. */
  public static Request delete(int index) {
    return new DeleteLink(Checks.atLeast(index, 1, "link index"), "", 0);
  }

  /** Deletes the link of a name; fails with ENODEV when there is none. */
  public static Request delete(String name) {
    return new DeleteLink(0, Checks.linkName(name), 0);
  }

  /**
   * Deletes all links of a group, much faster than one by one; fails with ENODEV when there is none.
   *
   * @param group not 0, which all links belong to unless told otherwise
   */
  public static Request deleteGroup(int group) {
    if (group == 0) {
      throw new IllegalArgumentException("Group 0 is that of every link which was given none, and can't be deleted");
    }
    return new DeleteLink(0, "", group);
  }
}
