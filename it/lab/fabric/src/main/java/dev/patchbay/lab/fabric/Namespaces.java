package dev.patchbay.lab.fabric;

import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.route.Link;
import dev.patchbay.netlink.route.Links;
import dev.patchbay.netlink.route.RouteSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Makes and removes the namespaces of a fabric. */
final class Namespaces {
  private static final Path SYSCTLS = Path.of("/proc/sys");
  private static final Duration CARRIER = Duration.ofSeconds(5);

  private Namespaces() {}

  /** Makes a namespace with lo up. Nothing is left if that fails. */
  static void create(NetworkNamespace namespace, Map<String, String> sysctls) {
    try (Netns made = Netns.create(namespace.name())) {
      try {
        set(made, namespace, sysctls);
        try (RouteSocket socket = RouteSocket.open(made)) {
          socket.execute(Links.change("lo").up());
        }
      } catch (RuntimeException failure) {
        Netns.delete(namespace.name());
        throw failure;
      }
    }
  }

  /** Sets values by path below /proc/sys/net, for example {@code net/ipv4/ip_forward}, in a namespace. */
  static void set(NetworkNamespace namespace, Map<String, String> sysctls) {
    try (Netns open = Netns.open(namespace.name())) {
      set(open, namespace, sysctls);
    }
  }

  /** Opens a netlink socket in a namespace; the caller closes it. */
  static RouteSocket socket(NetworkNamespace namespace) {
    try (Netns open = Netns.open(namespace.name())) {
      return RouteSocket.open(open);
    }
  }

  /**
   * Waits until a link that is up at both ends carries packets. The kernel activates it in a work queue some time after the
   * second end is up, and drops what is sent before; asking for the link makes it do that at once (linkwatch_sync_dev in
   * rtnl_getlink, since Linux 6.8), else asking takes turns with it.
   */
  static void awaitCarrier(RouteSocket socket, int index) {
    long deadline = System.nanoTime() + CARRIER.toNanos();
    while (!socket.link(index).map(Link::isRunning).orElse(false)) {
      if (System.nanoTime() > deadline) {
        throw new FabricException("link " + index + " has no carrier " + CARRIER.toSeconds() + " s after both its ends are up");
      }
      Thread.onSpinWait();
    }
  }

  private static void set(Netns open, NetworkNamespace namespace, Map<String, String> sysctls) {
    open.call(
        () -> {
          sysctls.forEach(
              (key, value) -> {
                try {
                  // /proc/sys/net shows the namespace of the thread that opens the file.
                  Files.writeString(SYSCTLS.resolve(key), value);
                } catch (IOException failure) {
                  throw new FabricException(
                      "cannot set %s to %s in %s: %s".formatted(key, value, namespace.name(), failure.getMessage()), failure);
                }
              });
          return true;
        });
  }

  /** Ends every process in these namespaces and removes their names; links die with them. */
  static void remove(Iterable<NetworkNamespace> namespaces) {
    Residents.end(namespaces);
    for (NetworkNamespace namespace : namespaces) {
      if (namespace.exists()) {
        Netns.delete(namespace.name());
      }
    }
  }
}
