package dev.patchbay.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.spi.Finding;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ServingTest {
  private final AtomicInteger writes = new AtomicInteger();
  private final AtomicBoolean readOnly = new AtomicBoolean();
  private final BlockingQueue<Optional<Finding>> told = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> kernel = new CompletableFuture<>();
  private final Serving serving = serving(20);

  private Serving serving(long retryMillis) {
    return new Serving(Path.of("/etc/cni/net.d/10-patchbay.conflist"), () -> {
      writes.incrementAndGet();
      if (readOnly.get()) {
        throw new IOException("Read-only file system");
      }
    }, kernel, (about, finding) -> told.add(finding), retryMillis);
  }

  @Test
  void waitsForTheKernel() throws InterruptedException {
    serving.begin();
    assertThat(writes).hasValue(0);
    assertThat(serving.isOpen()).isFalse();
    kernel.complete(null);
    assertThat(told.poll(60, TimeUnit.SECONDS)).isEqualTo(Optional.empty());
    assertThat(writes).hasValue(1);
  }

  @Test
  void whatCannotBeWrittenIsAFindingAndTriedAgain() throws InterruptedException {
    kernel.complete(null);
    readOnly.set(true);
    serving.begin();
    Optional<Finding> first = told.take();
    assertThat(first.map(Finding::code)).contains(Serving.UNWRITABLE);
    assertThat(first.map(Finding::cause).orElse("")).contains("/etc/cni/net.d/10-patchbay.conflist", "Read-only file system");
    assertThat(serving.isOpen()).isFalse();
    readOnly.set(false);
    Optional<Finding> next = first;
    while (next.isPresent()) {
      next = told.take();
    }
    assertThat(writes.get()).isGreaterThan(1);
  }

  @Test
  @Timeout(60)
  void nothingIsWrittenAnyMoreWhenItIsClosed() throws InterruptedException {
    Serving slow = serving(Duration.ofHours(1).toMillis());
    readOnly.set(true);
    kernel.complete(null);
    slow.begin();
    assertThat(told.take()).isPresent();
    slow.close();
    assertThat(writes).as("the pause ends with it, without another attempt").hasValue(1);
    slow.begin();
    assertThat(writes).hasValue(1);
  }
}
