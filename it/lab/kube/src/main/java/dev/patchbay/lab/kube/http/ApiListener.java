package dev.patchbay.lab.kube.http;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The HTTPS server. It can be stopped and started again on the same port. Thread-safe. */
public final class ApiListener implements AutoCloseable {
  private static final int BACKLOG = 1024;

  static {
    // Read once by jdk.httpserver when it is first used. Without the first, answers in two segments wait for the
    // client's delayed acknowledgement (40 ms); with its defaults for the others, it drops a client's idle connections
    // after 30 seconds and beyond 200 of them.
    setDefault("sun.net.httpserver.nodelay", "true");
    setDefault("sun.net.httpserver.idleInterval", "300");
    setDefault("sun.net.httpserver.maxIdleConnections", "4096");
  }

  private final InetAddress address;
  private final SSLContext tls;
  private final HttpHandler handler;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private int port;
  private @Nullable HttpsServer server;

  /**
   * @param port 0 for any that is free, which is then kept
   */
  public ApiListener(InetAddress address, int port, SSLContext tls, HttpHandler handler) {
    this.address = address;
    this.port = port;
    this.tls = tls;
    this.handler = handler;
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /**
   * Begins to listen, if it does not.
   *
   * @throws UncheckedIOException if the address can't be had
   */
  public synchronized void start() {
    if (server != null) {
      return;
    }
    try {
      HttpsServer started = HttpsServer.create(new InetSocketAddress(address, port), BACKLOG);
      started.setHttpsConfigurator(new HttpsConfigurator(tls));
      started.setExecutor(threads);
      started.createContext("/", handler);
      started.start();
      port = started.getAddress().getPort();
      server = started;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the API server can't listen on " + address.getHostAddress() + " port " + port + ": " + e.getMessage(), e);
    }
  }

  /** Drops all connections and no longer listens. */
  public synchronized void stop() {
    Optional.ofNullable(server).ifPresent(each -> each.stop(0));
    server = null;
  }

  /** The port that it listens on, or did last. */
  public synchronized int port() {
    return port;
  }

  @Override
  public void close() {
    stop();
    threads.shutdownNow();
  }
}
