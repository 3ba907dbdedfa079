package dev.patchbay.kube;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** An API server that has one node, says little, and falls silent on demand, without being away. */
final class FakeServer implements AutoCloseable {
  static final String NODE = "{\"metadata\": {\"name\": \"node-1\", \"uid\": \"u\", \"resourceVersion\": \"7\"}}";

  final List<String> asked = new CopyOnWriteArrayList<>();
  final List<String> tokens = new CopyOnWriteArrayList<>();
  volatile boolean silent;
  private final CountDownLatch end = new CountDownLatch(1);
  private final HttpServer server;

  FakeServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    boolean watch = query.contains("watch=true");
    String kind = watch ? "watch" : exchange.getRequestURI().getPath().endsWith("nodes") ? "list" : "get";
    asked.add(kind);
    tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    if (silent) {
      await();
      return;
    }
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream body = exchange.getResponseBody()) {
      if (watch) {
        body.flush();
        await();
      } else if (kind.equals("list")) {
        body.write(("{\"metadata\": {\"resourceVersion\": \"7\"}, \"items\": [" + NODE + "]}").getBytes(StandardCharsets.UTF_8));
      } else {
        body.write(NODE.getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private void await() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** A kubeconfig of this server. */
  Path kubeconfig(Path folder, String user) throws IOException {
    return Files.writeString(folder.resolve("kubeconfig"), """
        apiVersion: v1
        kind: Config
        current-context: here
        contexts:
        - {name: there, context: {cluster: there, user: there}}
        - {name: here, context: {cluster: here, user: me}}
        clusters:
        - {name: there, cluster: {server: "http://127.0.0.1:1"}}
        - {name: here, cluster: {server: "%s"}}
        users:
        - {name: there, user: {token: wrong}}
        - name: me
          user: %s
        """.formatted(url(), user));
  }

  @Override
  public void close() {
    end.countDown();
    server.stop(0);
  }
}
