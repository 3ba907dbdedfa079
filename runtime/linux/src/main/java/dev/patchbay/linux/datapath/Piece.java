package dev.patchbay.linux.datapath;

import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.route.Address;
import dev.patchbay.netlink.route.Neighbour;
import dev.patchbay.netlink.route.Route;
import dev.patchbay.netlink.route.Rule;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.Space;

/**
 * One object of rtnetlink, other than a link, that an element stands for.
 *
 * @param element the element
 * @param space where it is
 * @param goesWithLink whether it disappears with a link that the same plan makes, so that nothing need be done to remove it
 * @param subject the object
 */
record Piece(PlanElement element, Space space, boolean goesWithLink, Subject subject) {
  /** An object of rtnetlink. */
  sealed interface Subject {
    Request add();

    Request delete();
  }

  record OfRoute(Route route) implements Subject {
    @Override
    public Request add() {
      return route.add();
    }

    @Override
    public Request delete() {
      return route.delete();
    }
  }

  record OfRule(Rule rule) implements Subject {
    @Override
    public Request add() {
      return rule.add();
    }

    @Override
    public Request delete() {
      return rule.delete();
    }
  }

  record OfAddress(Address address) implements Subject {
    @Override
    public Request add() {
      return address.add();
    }

    @Override
    public Request delete() {
      return address.delete();
    }
  }

  record OfNeighbour(Neighbour neighbour) implements Subject {
    @Override
    public Request add() {
      // The kernel may have asked for it in the meantime and hold an entry of its own.
      return neighbour.replace();
    }

    @Override
    public Request delete() {
      return neighbour.delete();
    }
  }
}
