package dev.patchbay.node;

import dev.patchbay.node.preflight.Teller;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Finding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets container runtimes know that pods can be served, by writing the CNI configuration: when the brain says so, and the kernel has what
 * is needed. What can't be written is tried again, until this is closed. What was written stays then.
 */
final class Serving implements AutoCloseable {
  /** The CNI configuration can't be written. */
  static final Code UNWRITABLE = Code.of(491, "ConflistUnwritable");

  private static final Logger LOG = LoggerFactory.getLogger(Serving.class);
  private static final long RETRY_MILLIS = 5_000;

  /** Writes the configuration. */
  interface Writer {
    void write() throws IOException;
  }

  private final Path file;
  private final Writer writer;
  private final CompletableFuture<Void> kernel;
  private final Teller teller;
  private final long retryMillis;
  private final CountDownLatch ended = new CountDownLatch(1);
  private @Nullable Thread insisting;
  private volatile boolean open;

  /**
   * Makes it.
   *
   * @param file the file that is written
   * @param kernel done when the kernel is known to have what is needed
   */
  Serving(Path file, Writer writer, CompletableFuture<Void> kernel, Teller teller) {
    this(file, writer, kernel, teller, RETRY_MILLIS);
  }

  Serving(Path file, Writer writer, CompletableFuture<Void> kernel, Teller teller, long retryMillis) {
    this.file = file;
    this.writer = writer;
    this.kernel = kernel;
    this.teller = teller;
    this.retryMillis = retryMillis;
  }

  /** The brain can serve pods from now on. Does not block. */
  void begin() {
    kernel.thenRun(this::start);
  }

  private synchronized void start() {
    if (ended.getCount() > 0) {
      insisting = Thread.ofVirtual().name("conflist").start(this::insist);
    }
  }

  /** Whether container runtimes know. */
  boolean isOpen() {
    return open;
  }

  private void insist() {
    try {
      boolean over = false;
      while (!over && !attempt()) {
        over = ended.await(retryMillis, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      LOG.debug("Interrupted; the CNI configuration is left alone.");
    }
  }

  private boolean attempt() {
    try {
      writer.write();
    } catch (IOException e) {
      teller.tell("conflist", Optional.of(Finding.of(UNWRITABLE, "The CNI configuration " + file + " can't be written: " + e + ".",
          "Let the daemon write there (cni.confDir); no pod starts on this node until it can, and it tries again by itself.")
          .about(file.toString())));
      return false;
    }
    teller.tell("conflist", Optional.empty());
    open = true;
    LOG.info("Pods can be served.");
    return true;
  }

  /** When this returns, nothing writes any more. */
  @Override
  public void close() {
    Thread last;
    synchronized (this) {
      ended.countDown();
      last = insisting;
    }
    if (last != null) {
      Threads.end(last);
    }
  }
}
