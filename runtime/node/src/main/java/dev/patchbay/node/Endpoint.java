package dev.patchbay.node;

import dev.patchbay.spi.Code;
import dev.patchbay.spi.Finding;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that is served on an address for people and tools. Where the address can't be had, that is a finding and no reason to leave
 * pods without a network; it is tried again until it can.
 */
public final class Endpoint implements AutoCloseable {
  /** An address can't be listened on. */
  public static final Code UNAVAILABLE = Code.of(490, "EndpointUnavailable");

  private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);
  private static final long RETRY_MILLIS = 5_000;

  /** Opens what is served. */
  public interface Opener {
    /**
     * Opens it.
     *
     * @return what is closed when it is over
     * @throws IOException if the address can't be listened on
     */
    AutoCloseable open() throws IOException;
  }

  private final String key;
  private final InetSocketAddress address;
  private final Opener opener;
  private final Consumer<Optional<Finding>> notice;
  private final long retryMillis;
  private final CountDownLatch ended = new CountDownLatch(1);
  private @Nullable Thread insisting;
  private @Nullable AutoCloseable served;
  private boolean closed;

  /**
   * Opens it, or begins to try again and again.
   *
   * @param key the key of the configuration that says the address
   * @param address the address
   * @param opener opens it
   * @param notice hears what is found
   */
  public Endpoint(String key, InetSocketAddress address, Opener opener, Consumer<Optional<Finding>> notice) {
    this(key, address, opener, notice, RETRY_MILLIS);
  }

  Endpoint(String key, InetSocketAddress address, Opener opener, Consumer<Optional<Finding>> notice, long retryMillis) {
    this.key = key;
    this.address = address;
    this.opener = opener;
    this.notice = notice;
    this.retryMillis = retryMillis;
    if (!attempt()) {
      insisting = Thread.ofVirtual().name("endpoint-" + key).start(this::insist);
    }
  }

  /** Whether nothing more need be tried. */
  private synchronized boolean attempt() {
    if (closed) {
      return true;
    }
    try {
      served = opener.open();
      notice.accept(Optional.empty());
      LOG.info("{} is served on {}.", key, words());
      return true;
    } catch (IOException e) {
      notice.accept(Optional.of(Finding.of(UNAVAILABLE, words() + " can't be listened on: " + e.getMessage() + ".",
          "Set " + key + " to another address, or end what uses this one; Patchbay tries again by itself.")
          .about(key)));
      return false;
    }
  }

  private String words() {
    String host = address.getAddress() instanceof Inet6Address ? "[" + address.getHostString() + "]" : address.getHostString();
    return host + ":" + address.getPort();
  }

  private void insist() {
    try {
      while (!ended.await(retryMillis, TimeUnit.MILLISECONDS)) {
        if (attempt()) {
          return;
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("Interrupted; {} is left alone.", key);
    }
  }

  /** Ends what is served, or the attempts to. */
  @Override
  public void close() {
    AutoCloseable end;
    ended.countDown();
    synchronized (this) {
      closed = true;
      end = served;
    }
    if (end != null) {
      try {
        end.close();
      } catch (Exception e) {
        LOG.warn("What was served on {} did not end well.", words(), e);
      }
    }
    if (insisting != null) {
      Threads.end(insisting);
    }
  }
}
