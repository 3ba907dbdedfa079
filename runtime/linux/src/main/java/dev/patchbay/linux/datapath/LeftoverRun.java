package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.netlink.Batch;
import dev.patchbay.netlink.nft.NftSocket;
import dev.patchbay.netlink.route.Address;
import dev.patchbay.netlink.route.Link;
import dev.patchbay.netlink.route.Links;
import dev.patchbay.netlink.route.Neighbour;
import dev.patchbay.netlink.route.Route;
import dev.patchbay.netlink.route.Rule;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Finds what is ours, and takes out what belongs to no attachment that is known. */
final class LeftoverRun {
  /**
   * What was found.
   *
   * @param links whether links wait for the reaper
   * @param addresses addresses that were delivered to them
   */
  record Found(boolean links, Set<IpAddress> addresses) {}

  private LeftoverRun() {}

  static Inventory inventory(HostContext host, PacketFilter filter) {
    View view = View.of(host.routes);
    List<Inventory.OwnLink> links = view.links().stream()
        .filter(l -> HostContext.isOurs(l) || l.alias().startsWith(Numbers.ALIAS_PREFIX))
        .map(l -> new Inventory.OwnLink(l.name(), l.index(), l.mtu(), key(l))).toList();
    return new Inventory(links,
        view.routes().stream().filter(r -> isOurs(r.protocol())).map(Route::toString).toList(),
        view.rules().stream().filter(r -> isOurs(r.protocol())).map(r -> r.family() + " " + r).toList(),
        view.addresses().stream().filter(a -> isOurs(a.protocol())).map(Address::toString).toList(), filter.keys(), filters(host),
        view.routes().stream().filter(LeftoverRun::isDelivery)
            .map(r -> new Inventory.Delivered(IpAddress.of(r.destination().address().getAddress()), view.linkName(r.linkIndex()))).toList());
  }

  /** In whichever rendering they were made. */
  private static List<String> filters(HostContext host) {
    try (NftSocket socket = NftSocket.open(host.node)) {
      List<String> filters = new ArrayList<>();
      socket.tables().stream().filter(FilterObjects.TABLE::equals).forEach(t -> filters.add("the " + t));
      ClassicChains.tablesOfOurs(socket).forEach(t -> filters.add("chains and rules in " + t));
      return filters;
    }
  }

  /** In whichever table: another rendering may have made it. */
  private static boolean isDelivery(Route route) {
    boolean table = route.table() == Numbers.PODS_TABLE || route.table() == Numbers.MAIN_TABLE;
    boolean single = route.destination().length() == route.family().addressBytes() * 8 && route.gateway().isEmpty();
    return table && single && route.protocol() == Numbers.ATTACHMENT_PROTOCOL && route.linkIndex() > 0;
  }

  private static boolean isOurs(int protocol) {
    return protocol == Numbers.NODE_PROTOCOL || protocol == Numbers.ATTACHMENT_PROTOCOL;
  }

  /** The attachment that a link belongs to; empty if that can't be told. */
  static String key(Link link) {
    if (!link.alias().startsWith(Numbers.ALIAS_PREFIX)) {
      return "";
    }
    String rest = link.alias().substring(Numbers.ALIAS_PREFIX.length());
    int was = rest.indexOf(MovedDevices.WAS);
    return was < 0 ? rest : rest.substring(0, was);
  }

  static Found remove(HostContext host, PacketFilter filter, Collection<AttachmentPath> keep) {
    Set<String> keys = keep.stream().map(AttachmentPath::key).collect(Collectors.toCollection(HashSet::new));
    filter.removeOthers(keys);
    View view = View.of(host.routes);
    Set<String> moved = new TreeSet<>();
    Set<Integer> dying = new HashSet<>();
    Set<Integer> staying = new HashSet<>();
    Batch batch = new Batch();
    for (Link link : view.links()) {
      String key = key(link);
      if (HostContext.isOurs(link)) {
        boolean known = keys.contains(key) || key.equals(Numbers.NODE_KEY);
        if (known && link.group() == Numbers.GROUP) {
          staying.add(link.index());
        } else {
          dying.add(link.index());
          batch.add(Links.change(link.index()).group(Numbers.DYING_GROUP));
        }
      } else if (!key.isEmpty() && !keys.contains(key)) {
        moved.add(key);
      }
    }
    List<Piece> wanted = wanted(host, keep);
    for (Rule rule : view.rules()) {
      if (rule.protocol() == Numbers.ATTACHMENT_PROTOCOL
          && wanted.stream().noneMatch(p -> p.subject() instanceof Piece.OfRule w && w.rule().equals(rule))) {
        batch.add(rule.delete());
      }
    }
    for (Route route : view.routes()) {
      boolean attachments = route.protocol() == Numbers.ATTACHMENT_PROTOCOL && !dying.contains(route.linkIndex());
      if (attachments && !staying.contains(route.linkIndex())
          && wanted.stream().noneMatch(p -> p.subject() instanceof Piece.OfRoute w && View.same(w.route(), route))) {
        batch.add(route.delete());
      }
    }
    for (Address address : view.addresses()) {
      boolean attachments = address.protocol() == Numbers.ATTACHMENT_PROTOCOL && !dying.contains(address.linkIndex());
      if (attachments && !staying.contains(address.linkIndex())
          && wanted.stream().noneMatch(p -> p.subject() instanceof Piece.OfAddress w && View.same(w.address(), address))) {
        batch.add(address.delete());
      }
    }
    for (Neighbour neighbour : view.neighbours()) {
      boolean attachments = neighbour.protocol() == Numbers.ATTACHMENT_PROTOCOL && !dying.contains(neighbour.linkIndex());
      if (attachments && !staying.contains(neighbour.linkIndex()) && wanted.stream().noneMatch(
          p -> p.subject() instanceof Piece.OfNeighbour w && w.neighbour().destination().equals(neighbour.destination()))) {
        batch.add(neighbour.delete());
      }
    }
    Set<IpAddress> addresses = view.routes().stream()
        .filter(r -> isDelivery(r) && dying.contains(r.linkIndex()))
        .map(r -> IpAddress.of(r.destination().address().getAddress())).collect(Collectors.toCollection(TreeSet::new));
    DetachRun.attempt(host.routes, batch);
    moved.forEach(key -> MovedDevices.restore(host, key));
    LocalRule.settle(host);
    return new Found(!dying.isEmpty(), addresses);
  }

  /** The objects of kept attachments that are not on links of their own. */
  private static List<Piece> wanted(HostContext host, Collection<AttachmentPath> keep) {
    List<Piece> pieces = new ArrayList<>();
    for (AttachmentPath path : keep) {
      pieces.addAll(DetachRun.lasting(host, host.renderer, path));
      if (host.switching) {
        pieces.addAll(DetachRun.lasting(host, host.renderer.other(), path));
      }
    }
    return pieces;
  }
}
