package dev.patchbay.it.e2e.survival;

import dev.patchbay.lab.LabNode;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.route.RouteEvent;
import dev.patchbay.netlink.route.RouteEvents;
import dev.patchbay.netlink.route.RouteGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A moment in the making of an attachment at which something is killed. Made before the attachment is asked for; whoever made it
 * closes it. If it does not come, because all was over before, {@link #await} returns some time later all the same.
 */
public interface Moment extends AutoCloseable {
  /** No attachment takes as long, once its daemon has the call. */
  Duration LONGEST = Duration.ofSeconds(2);

  /** Waits for it. */
  void await();

  @Override
  default void close() {}

  /** What it is, for a list of figures. */
  String name();

  /** How a moment is made. */
  interface Kind {
    /** Makes it, on a node. */
    Moment on(LabNode node);
  }

  /** Some time after the call. */
  static Kind after(Duration time) {
    return node -> new After(time);
  }

  /** When the ledger's part under /run is written: the first time is the intent, the second the promise. */
  static Kind ledgerWritten(int times) {
    return node -> new LedgerWritten(node, times);
  }

  /** When the kernel has the pod's device. */
  static Kind deviceMade() {
    return DeviceMade::new;
  }

  /** See {@link #after}: whatever happens at that time is what is tried. */
  record After(Duration time) implements Moment {
    @Override
    public void await() {
      LockSupport.parkNanos(time.toNanos());
    }

    @Override
    public String name() {
      return String.format(Locale.ROOT, "after %.1f ms", time.toNanos() / 1e6);
    }
  }

  /** See {@link #ledgerWritten}. */
  final class LedgerWritten implements Moment {
    private final WatchService watch;
    private final int times;

    private LedgerWritten(LabNode node, int times) {
      this.times = times;
      try {
        watch = node.runState().getFileSystem().newWatchService();
        node.runState().resolve("ledger").register(watch, StandardWatchEventKinds.ENTRY_MODIFY);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    @Override
    public void await() {
      try {
        for (int i = 0; i < times; i++) {
          WatchKey key = watch.poll(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
          if (key == null) {
            return;
          }
          key.pollEvents();
          key.reset();
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      try {
        watch.close();
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    @Override
    public String name() {
      return times == 1 ? "when the intent is written" : "when the promise is written";
    }
  }

  /** See {@link #deviceMade}. */
  final class DeviceMade implements Moment {
    private final CountDownLatch made = new CountDownLatch(1);
    private final RouteEvents events;

    private DeviceMade(LabNode node) {
      try (Netns netns = Netns.open(node.netns().path())) {
        events = RouteEvents.subscribe(netns, EnumSet.of(RouteGroup.LINKS), event -> {
          if (event instanceof RouteEvent.LinkChanged changed && changed.link().name().startsWith("eni")) {
            made.countDown();
          }
        });
      }
    }

    @Override
    public void await() {
      try {
        boolean unused = made.await(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      events.close();
    }

    @Override
    public String name() {
      return "when the device is made";
    }
  }
}
