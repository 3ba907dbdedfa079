package dev.patchbay.netlink.route;

import dev.patchbay.netlink.Family;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which routes a dump shows. The kernel itself filters, so the rest costs nothing.
 *
 * @param families never empty
 * @param table 0 for all
 * @param linkIndex 0 for all
 * @param protocol 0 for all
 */
public record RouteFilter(Set<Family> families, int table, int linkIndex, int protocol) {
  private static final RouteFilter ALL = new RouteFilter(EnumSet.allOf(Family.class), 0, 0, 0);

  public RouteFilter {
    families = Set.copyOf(families);
    Checks.atLeast(families.size(), 1, "number of families");
    Checks.atLeast(linkIndex, 0, "link index");
    Checks.within(protocol, 0, 255, "protocol");
  }

  /** All routes of both families. */
  public static RouteFilter all() {
    return ALL;
  }

  /** Only this family. */
  public RouteFilter family(Family family) {
    return new RouteFilter(Set.of(family), table, linkIndex, protocol);
  }

  /** Only this table. */
  public RouteFilter table(int table) {
    return new RouteFilter(families, table, linkIndex, protocol);
  }

  /** Only routes by this interface. */
  public RouteFilter link(int linkIndex) {
    return new RouteFilter(families, table, linkIndex, protocol);
  }

  /** Only routes with this mark of ownership. */
  public RouteFilter protocol(int protocol) {
    return new RouteFilter(families, table, linkIndex, protocol);
  }
}
