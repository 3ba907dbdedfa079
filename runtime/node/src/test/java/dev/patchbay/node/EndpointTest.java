package dev.patchbay.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.spi.Finding;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EndpointTest {
  private final BlockingQueue<Optional<Finding>> noticed = new LinkedBlockingQueue<>();

  private Optional<Finding> next() throws InterruptedException {
    Optional<Finding> next = noticed.poll(60, TimeUnit.SECONDS);
    assertThat(next).as("something is noticed within a minute").isNotNull();
    return next == null ? Optional.empty() : next;
  }

  @Test
  void addressInUseIsAFindingUntilItIsFree() throws Exception {
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    ServerSocket other = new ServerSocket(0, 1, loopback);
    InetSocketAddress address = new InetSocketAddress(loopback, other.getLocalPort());
    try (Endpoint _ = new Endpoint("metrics.address", address, () -> open(address), noticed::add, 20)) {
      Finding found = next().orElseThrow();
      assertThat(found.code()).isEqualTo(Endpoint.UNAVAILABLE);
      assertThat(found.cause()).startsWith("127.0.0.1:" + address.getPort() + " ").contains("in use");
      assertThat(found.remedy()).contains("metrics.address");
      assertThat(found.subject()).contains("metrics.address");
      other.close();
      Optional<Finding> now = next();
      while (!now.isEmpty()) {
        now = next();
      }
    }
    // Closed with the endpoint, so the address can be had again.
    open(address).close();
  }

  @Test
  @Timeout(60)
  void nothingIsTriedAnyMoreWhenItIsClosed() throws Exception {
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    try (ServerSocket other = new ServerSocket(0, 1, loopback)) {
      AtomicInteger attempts = new AtomicInteger();
      Endpoint endpoint = new Endpoint("metrics.address", new InetSocketAddress(loopback, other.getLocalPort()), () -> {
        attempts.incrementAndGet();
        throw new IOException("in use");
      }, noticed::add, Duration.ofHours(1).toMillis());
      endpoint.close();
      assertThat(attempts).as("the pause ends with the endpoint, without another attempt").hasValue(1);
    }
  }

  private static ServerSocket open(InetSocketAddress address) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(address);
    return socket;
  }
}
