package dev.patchbay.admission;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.patchbay.cluster.admission.Asked;
import dev.patchbay.spi.cluster.AdmissionDecision;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the API server over TLS, each rule at its path. What is not a question is refused in words; nothing that is sent is kept. */
final class Front implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Front.class);
  private static final String POST = "POST";
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
  /** An object is as large as etcd takes it, 1.5 MiB; an update has two. */
  private static final int LARGEST = 4 * 1024 * 1024;

  private static final int MOST_AT_ONCE = 32;
  private static final int BACKLOG = 64;
  private static final int LONGEST_END_SECONDS = 1;

  private final ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("webhook-", 0).factory());
  private final Semaphore room = new Semaphore(MOST_AT_ONCE);
  private final HttpsServer server;
  private final Deciders deciders;
  private final Tally tally;
  private final String self;

  /**
   * Begins to serve.
   *
   * @param self as whom the API server knows the controller
   */
  Front(InetSocketAddress address, ServedKey key, List<Asked> asked, Deciders deciders, Tally tally, String self) throws IOException {
    this.deciders = deciders;
    this.tally = tally;
    this.self = self;
    server = HttpsServer.create(address, BACKLOG);
    server.setHttpsConfigurator(configurator(key));
    server.setExecutor(threads);
    server.createContext("/", exchange -> reply(exchange, 404, "There is nothing at " + exchange.getRequestURI().getPath() + "."));
    asked.forEach(each -> server.createContext(each.path(), exchange -> answer(exchange, each)));
    server.start();
  }

  private static HttpsConfigurator configurator(ServedKey key) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {key}, null, null);
      return new HttpsConfigurator(context) {
        @Override
        public void configure(HttpsParameters parameters) {
          SSLParameters wanted = context.getDefaultSSLParameters();
          wanted.setProtocols(PROTOCOLS);
          parameters.setSSLParameters(wanted);
        }
      };
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no TLS: " + e.getMessage(), e);
    }
  }

  InetSocketAddress address() {
    return server.getAddress();
  }

  private void answer(HttpExchange exchange, Asked asked) throws IOException {
    if (!exchange.getRequestURI().getPath().equals(asked.path())) {
      reply(exchange, 404, "There is nothing at " + exchange.getRequestURI().getPath() + ".");
    } else if (!exchange.getRequestMethod().equals(POST)) {
      exchange.getResponseHeaders().add("Allow", POST);
      reply(exchange, 405, "An AdmissionReview is sent by POST.");
    } else if (!room.tryAcquire()) {
      tally.count(asked, "undecided");
      reply(exchange, 503, "As many questions are being answered as can be.");
    } else {
      try {
        decided(exchange, asked);
      } finally {
        room.release();
      }
    }
  }

  private void decided(HttpExchange exchange, Asked asked) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(LARGEST + 1);
    if (body.length > LARGEST) {
      // Who is still sending hears no answer; how long this may take is limited (sun.net.httpserver.maxReqTime).
      exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
      reply(exchange, 413, "No question is longer than " + LARGEST + " bytes.");
      return;
    }
    try {
      Review review = Review.read(body, asked.rule().kind(), self);
      AdmissionDecision decision = deciders.decide(asked, review.request());
      tally.count(asked, word(decision));
      if (decision instanceof AdmissionDecision.Deny deny) {
        LOG.info("{} of {} by {} was refused: {}", review.request().operation(), review.request().object().or(() -> review.request().old())
            .map(o -> o.ref().toString()).orElse("something"), review.request().user(), deny.reason());
      }
      reply(exchange, 200, "application/json", review.answer(decision));
    } catch (Review.Unreadable e) {
      tally.count(asked, "unreadable");
      reply(exchange, 400, "That can't be answered: " + e.getMessage() + ".");
    } catch (Deciders.Undecided e) {
      tally.count(asked, "undecided");
      reply(exchange, 503, Optional.ofNullable(e.getMessage()).orElse(""));
    }
  }

  private static String word(AdmissionDecision decision) {
    return switch (decision) {
      case AdmissionDecision.Allow _ -> "allowed";
      case AdmissionDecision.Patch _ -> "changed";
      case AdmissionDecision.Deny _ -> "denied";
    };
  }

  private static void reply(HttpExchange exchange, int status, String words) throws IOException {
    reply(exchange, status, "text/plain; charset=utf-8", (words + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static void reply(HttpExchange exchange, int status, String type, byte[] content) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().add("Content-Type", type);
      exchange.sendResponseHeaders(status, content.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(content);
      }
    }
  }

  @Override
  public void close() {
    server.stop(LONGEST_END_SECONDS);
    threads.shutdownNow();
  }
}
