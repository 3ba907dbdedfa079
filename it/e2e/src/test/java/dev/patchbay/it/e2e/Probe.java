package dev.patchbay.it.e2e;

import dev.patchbay.lab.fabric.Echo;
import dev.patchbay.lab.fabric.NetworkNamespace;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Packets from one namespace to another: by which address the far end sees the near one. */
public final class Probe {
  private static final int FIRST_PORT = 20_000;
  private static final int PORTS = 10_000;
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final InetAddress ANY = InetAddress.ofLiteral("0.0.0.0");
  private static final AtomicInteger NEXT = new AtomicInteger();

  private Probe() {}

  /**
   * Connects by TCP and returns the address that the far end sees; empty without an answer within 30 s. For loss over time
   * there is {@link dev.patchbay.lab.fabric.Ping#start}, 100 packets a second.
   *
   * @param to the namespace where the far end listens
   * @param address the address asked for
   */
  public static Optional<InetAddress> seen(NetworkNamespace from, NetworkNamespace to, InetAddress address) {
    try (Echo echo = Echo.serve(to, ANY, port())) {
      return Echo.tcp(from, address, echo.address().getPort(), ANSWER);
    }
  }

  /** A port that no other probe of this process uses. */
  public static int port() {
    return FIRST_PORT + NEXT.getAndIncrement() % PORTS;
  }
}
