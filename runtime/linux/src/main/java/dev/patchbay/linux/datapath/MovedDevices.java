package dev.patchbay.linux.datapath;

import dev.patchbay.netlink.Batch;
import dev.patchbay.netlink.route.Link;
import dev.patchbay.netlink.route.LinkChange;
import dev.patchbay.netlink.route.Links;
import dev.patchbay.netlink.route.RouteSocket;
import dev.patchbay.spi.datapath.MovedDevice;
import java.util.Optional;

/**
 * Devices of the node that are in a pod for a while. The alias says whose they are and what they were: the kernel keeps it
 * over the move, and also when it brings a device back by itself because the pod's namespace has ended.
 */
final class MovedDevices {
  static final String WAS = ":was=";
  private static final String UP = "up/";
  private static final String DOWN = "down/";

  private MovedDevices() {}

  static String alias(String key, Link link) {
    return Numbers.alias(key) + WAS + (link.isUp() ? UP : DOWN) + link.name();
  }

  private static boolean isOf(Link link, String key) {
    return link.alias().startsWith(Numbers.alias(key) + WAS);
  }

  private static String formerName(Link link) {
    // No device has a slash in its name (dev_valid_name in net/core/dev.c).
    return link.alias().substring(link.alias().lastIndexOf('/') + 1);
  }

  private static boolean wasUp(Link link) {
    return link.alias().contains(WAS + UP);
  }

  /** Brings a device back from a pod that still exists; does nothing if it is back. */
  static void bringBack(HostContext host, RouteSocket pod, String key, MovedDevice moved) {
    Optional<Link> there = pod.link(moved.podName()).filter(l -> isOf(l, key));
    if (there.isPresent()) {
      pod.execute(new Batch().add(Links.change(there.get().index()).down())
          .add(Links.change(there.get().index()).namespace(host.node).name(formerName(there.get()))));
    }
    restore(host, key);
  }

  /** Gives devices of an attachment that are back their names, and takes our mark off them. */
  static void restore(HostContext host, String key) {
    for (Link link : host.routes.links()) {
      if (isOf(link, key)) {
        Batch batch = new Batch();
        if (!link.name().equals(formerName(link))) {
          batch.add(Links.change(link.index()).down()).add(Links.change(link.index()).name(formerName(link)));
        }
        LinkChange change = Links.change(link.index()).alias("");
        host.routes.execute(batch.add(wasUp(link) ? change.up() : change.down()));
      }
    }
  }
}
