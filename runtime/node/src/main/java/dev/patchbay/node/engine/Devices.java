package dev.patchbay.node.engine;

import dev.patchbay.core.brain.Event;
import dev.patchbay.netlink.route.Link;
import dev.patchbay.netlink.route.RouteEvent;
import dev.patchbay.netlink.route.RouteEvents;
import dev.patchbay.netlink.route.RouteGroup;
import dev.patchbay.netlink.route.RouteSocket;
import dev.patchbay.spi.net.MacAddress;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;

/**
 * Watches which devices the node's namespace has. Pods' devices, which come and go, are left out by their prefix.
 */
public final class Devices implements AutoCloseable {
  private final Engine engine;
  private final String vethPrefix;
  private final RouteEvents events;
  private final LinkedBlockingQueue<Boolean> changed = new LinkedBlockingQueue<>();
  private final Thread reader;
  private volatile boolean closed;

  /**
   * Starts to watch.
   *
   * @param engine who is told
   * @param vethPrefix the prefix of pods' devices
   */
  public Devices(Engine engine, String vethPrefix) {
    this.engine = engine;
    this.vethPrefix = vethPrefix;
    this.reader = Thread.ofPlatform().daemon().name("devices").unstarted(this::read);
    this.events = RouteEvents.subscribe(EnumSet.of(RouteGroup.LINKS), this::on);
    changed.add(true);
    reader.start();
  }

  private void on(RouteEvent event) {
    boolean pod = switch (event) {
      case RouteEvent.LinkChanged c -> c.link().name().startsWith(vethPrefix);
      case RouteEvent.LinkDeleted g -> g.link().name().startsWith(vethPrefix);
      default -> false;
    };
    if (!pod) {
      changed.add(true);
    }
  }

  private void read() {
    Map<MacAddress, List<String>> before = Map.of();
    boolean first = true;
    while (!closed) {
      try {
        changed.take();
        changed.clear();
      } catch (InterruptedException e) {
        return;
      }
      Map<MacAddress, List<String>> now;
      try (RouteSocket socket = RouteSocket.open()) {
        // The devices of hardware come first: others made upon them have the same address.
        now = socket.links().stream().filter(l -> !l.name().startsWith(vethPrefix) && l.mac().isPresent())
            .sorted(Comparator.comparing((Link l) -> !l.kind().isEmpty()).thenComparing(Link::index))
            .collect(Collectors.groupingBy(l -> MacAddress.of(l.mac().get().toString()),
                Collectors.mapping(Link::name, Collectors.toUnmodifiableList())));
      }
      if (first || !now.equals(before)) {
        first = false;
        before = now;
        engine.send(new Event.Devices(now.keySet(), now));
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    events.close();
    reader.interrupt();
  }
}
