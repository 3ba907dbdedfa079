package dev.patchbay.linux.datapath;

import dev.patchbay.netlink.Errno;
import dev.patchbay.netlink.NetlinkException;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.route.Links;
import dev.patchbay.netlink.route.RouteSocket;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Deletes the links that were put into the dying group. One deletion takes 16 to 20 ms whether of one link or of fifty, nearly all of
 * it waiting for other processors with no lock held (netdev_run_todo in net/core/dev.c), so all that come meanwhile are deleted
 * together next, on a thread of its own: the writer does not wait.
 */
final class Reaper implements AutoCloseable {
  /** Forgets connections; the last step, when no packet can make new ones. */
  interface Connections extends AutoCloseable {
    void forget(Set<IpAddress> addresses);

    @Override
    void close();
  }

  private record Order(boolean links, Set<IpAddress> addresses, boolean last, CompletableFuture<Boolean> done) {}

  private final RouteSocket routes;
  private final Connections connections;
  private final LinkedBlockingQueue<Order> orders = new LinkedBlockingQueue<>();
  private final Thread thread;

  Reaper(Netns node, Connections connections) {
    this.routes = RouteSocket.open(node);
    this.connections = connections;
    this.thread = Thread.ofPlatform().daemon().name("datapath-reaper").start(this::reap);
  }

  /** Deletes what is in the group now, and then forgets the connections of some addresses. */
  CompletableFuture<Boolean> order(boolean links, Set<IpAddress> addresses) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    orders.add(new Order(links, addresses, false, done));
    return done;
  }

  private void reap() {
    List<Order> taken = new ArrayList<>();
    boolean last = false;
    while (!last) {
      taken.clear();
      try {
        taken.add(orders.take());
      } catch (InterruptedException e) {
        // Nobody has a reason to interrupt this thread; what was ordered must be done.
        continue;
      }
      orders.drainTo(taken);
      last = taken.stream().anyMatch(Order::last);
      try {
        if (taken.stream().anyMatch(Order::links)) {
          deleteGroup();
        }
        Set<IpAddress> addresses = new TreeSet<>();
        taken.forEach(o -> addresses.addAll(o.addresses()));
        if (!addresses.isEmpty()) {
          connections.forget(addresses);
        }
        taken.forEach(o -> o.done().complete(true));
      } catch (RuntimeException | Error e) {
        taken.forEach(o -> o.done().completeExceptionally(e));
      }
    }
  }

  private void deleteGroup() {
    try {
      routes.execute(Links.deleteGroup(Numbers.DYING_GROUP));
    } catch (NetlinkException e) {
      // Those before took them along.
      if (!e.errno().equals(Errno.ENODEV)) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    orders.add(new Order(false, Set.of(), true, done));
    done.join();
    Threads.join(thread);
    connections.close();
    routes.close();
  }
}
