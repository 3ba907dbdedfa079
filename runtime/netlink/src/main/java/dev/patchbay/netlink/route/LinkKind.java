package dev.patchbay.netlink.route;

import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.sys.RouteConstants;

/** What kind of virtual link to make, with what only that kind knows ({@code IFLA_LINKINFO}). */
public sealed interface LinkKind {
  /** The kernel's word for the kind ({@code IFLA_INFO_KIND}). */
  String word();

  /** Writes what goes into {@code IFLA_INFO_DATA}. */
  private void data(MessageWriter writer) {
    switch (this) {
      case Veth veth -> veth.peer.encode(writer);
      case Bridge bridge -> bridge.encode(writer);
      case Vlan vlan -> {
        writer.putU16(RouteConstants.IFLA_VLAN_ID, vlan.id);
        writer.putU16BigEndian(
            RouteConstants.IFLA_VLAN_PROTOCOL, vlan.service ? RouteConstants.ETH_P_8021AD : RouteConstants.ETH_P_8021Q);
      }
      case Macvlan macvlan -> writer.putU32(RouteConstants.IFLA_MACVLAN_MODE, macvlan.mode.number);
      case Ipvlan ipvlan -> writer.putU16(RouteConstants.IFLA_IPVLAN_MODE, ipvlan.mode.number);
      case Vrf vrf -> writer.putU32(RouteConstants.IFLA_VRF_TABLE, vrf.table);
      case Dummy dummy -> {
        // Knows nothing more.
      }
    }
  }

  /** The link that this one sits on, or 0. */
  default int parent() {
    return switch (this) {
      case Vlan vlan -> vlan.parent;
      case Macvlan macvlan -> macvlan.parent;
      case Ipvlan ipvlan -> ipvlan.parent;
      case Veth veth -> 0;
      case Bridge bridge -> 0;
      case Vrf vrf -> 0;
      case Dummy dummy -> 0;
    };
  }

  /** Writes the whole {@code IFLA_LINKINFO}. */
  static void write(MessageWriter writer, LinkKind kind) {
    int info = writer.beginNest(RouteConstants.IFLA_LINKINFO);
    writer.putString(RouteConstants.IFLA_INFO_KIND, kind.word());
    int data = writer.beginNest(RouteConstants.IFLA_INFO_DATA);
    kind.data(writer);
    writer.endNest(data);
    writer.endNest(info);
  }

  /**
   * A pair of links, each the other end of a cable.
   *
   * @param peer the other end, which may be made in another namespace
   */
  record Veth(VethPeer peer) implements LinkKind {
    @Override
    public String word() {
      return "veth";
    }
  }

  /**
   * A bridge.
   *
   * @param vlanFiltering whether it looks at VLAN tags
   * @param multicastSnooping whether it learns who wants which multicast group
   * @param ageingSeconds how long a learned address is kept
   */
  record Bridge(boolean vlanFiltering, boolean multicastSnooping, int ageingSeconds) implements LinkKind {
    /** Ticks per second in what user space sees (USER_HZ, the same on all architectures that matter here). */
    private static final int TICKS = 100;

    private static final int USUAL_AGEING = 300;

    public Bridge {
      Checks.within(ageingSeconds, 0, 1_000_000, "ageing time in seconds");
    }

    /** As {@code ip link add type bridge} makes it. */
    public static Bridge plain() {
      return new Bridge(false, true, USUAL_AGEING);
    }

    @Override
    public String word() {
      return "bridge";
    }

    /** Says only what differs from the kernel's default: a kernel built without VLANs refuses even to hear of them. */
    private void encode(MessageWriter writer) {
      if (ageingSeconds != USUAL_AGEING) {
        writer.putU32(RouteConstants.IFLA_BR_AGEING_TIME, ageingSeconds * TICKS);
      }
      if (vlanFiltering) {
        writer.putU8(RouteConstants.IFLA_BR_VLAN_FILTERING, 1);
      }
      if (!multicastSnooping) {
        writer.putU8(RouteConstants.IFLA_BR_MCAST_SNOOPING, 0);
      }
    }
  }

  /**
   * The packets of one VLAN on another link.
   *
   * @param parent index of that link
   * @param id 0 to 4094
   * @param service whether the tag is a service tag (802.1ad) rather than 802.1Q's
   */
  record Vlan(int parent, int id, boolean service) implements LinkKind {
    public Vlan {
      Checks.atLeast(parent, 1, "parent's index");
      Checks.within(id, 0, 4094, "VLAN id");
    }

    public Vlan(int parent, int id) {
      this(parent, id, false);
    }

    @Override
    public String word() {
      return "vlan";
    }
  }

  /**
   * A link with a MAC address of its own on another link.
   *
   * @param parent index of that link
   * @param mode who of those on one parent may talk to whom
   */
  record Macvlan(int parent, Mode mode) implements LinkKind {
    /** {@code MACVLAN_MODE_*}. */
    public enum Mode {
      /** Not with each other. */
      PRIVATE(RouteConstants.MACVLAN_MODE_PRIVATE),
      /** With each other by way of the switch outside. */
      VEPA(RouteConstants.MACVLAN_MODE_VEPA),
      /** Directly with each other. */
      BRIDGE(RouteConstants.MACVLAN_MODE_BRIDGE),
      /** The only one on its parent. */
      PASSTHRU(RouteConstants.MACVLAN_MODE_PASSTHRU);

      private final int number;

      Mode(int number) {
        this.number = number;
      }
    }

    public Macvlan {
      Checks.atLeast(parent, 1, "parent's index");
    }

    @Override
    public String word() {
      return "macvlan";
    }
  }

  /**
   * A link with its parent's MAC address and addresses of its own.
   *
   * @param parent index of the link it sits on
   * @param mode at which layer packets are passed on
   */
  record Ipvlan(int parent, Mode mode) implements LinkKind {
    /** {@code IPVLAN_MODE_*}. */
    public enum Mode {
      L2(RouteConstants.IPVLAN_MODE_L2),
      L3(RouteConstants.IPVLAN_MODE_L3),
      /** As L3, with connection tracking in the parent's namespace. */
      L3S(RouteConstants.IPVLAN_MODE_L3S);

      private final int number;

      Mode(int number) {
        this.number = number;
      }
    }

    public Ipvlan {
      Checks.atLeast(parent, 1, "parent's index");
    }

    @Override
    public String word() {
      return "ipvlan";
    }
  }

  /**
   * A routing domain: what comes in by its member links is looked up in its table.
   *
   * @param table not 0
   */
  record Vrf(int table) implements LinkKind {
    @Override
    public String word() {
      return "vrf";
    }
  }

  /** A link that drops what is sent to it. */
  record Dummy() implements LinkKind {
    @Override
    public String word() {
      return "dummy";
    }
  }
}
