package dev.patchbay.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever listens where the daemon should, the command gets an answer in bounded time. */
class DaemonTest {
  private static final int TRIES = 10;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final ServerSocket server = open();

  private static ServerSocket open() {
    try {
      return new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private interface Behaviour {
    void answer(OutputStream out) throws Exception;
  }

  private Daemon serving(Behaviour behaviour) {
    return serving(behaviour, LIMIT);
  }

  private Daemon serving(Behaviour behaviour, Duration limit) {
    Thread.ofPlatform().daemon().start(() -> {
      try (Socket socket = server.accept()) {
        byte[] request = new byte[4096];
        assertThat(socket.getInputStream().read(request)).isPositive();
        behaviour.answer(socket.getOutputStream());
      } catch (Exception e) {
        // The client went away, which is what some of these tests want.
      }
    });
    return new Daemon((InetSocketAddress) server.getLocalSocketAddress(), limit);
  }

  private static void http(OutputStream out, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    out.write(("HTTP/1.1 " + status + " X\r\nContent-Length: " + bytes.length + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    out.write(bytes);
    out.flush();
  }

  @Test
  void anAnswerIsRead() {
    assertThat(serving(out -> http(out, 200, "{\"serving\":true}")).get("/v1/report"))
        .isInstanceOfSatisfying(Daemon.Answer.Given.class, g -> assertThat(g.body().isTrue("serving")).isTrue());
  }

  @Test
  void aListIsAnAnswerToo() {
    assertThat(serving(out -> http(out, 200, "[{\"key\":\"a\"}]")).get("/v1/configuration"))
        .isInstanceOfSatisfying(Daemon.Answer.Given.class, g -> assertThat(g.body().items()).hasSize(1));
  }

  @Test
  void aRefusalHasItsWords() {
    assertThat(serving(out -> http(out, 404, "{\"error\":\"There is no attachment x/eth0.\"}")).get("/v1/kernel/attachment?key=x"))
        .isEqualTo(new Daemon.Answer.Refused(404, "There is no attachment x/eth0."));
  }

  @Test
  void nobodyThereIsAway() throws IOException {
    Daemon daemon = new Daemon((InetSocketAddress) server.getLocalSocketAddress(), LIMIT);
    server.close();
    assertThat(daemon.get("/v1/report")).isInstanceOfSatisfying(Daemon.Answer.Away.class,
        a -> assertThat(a.why()).matches("Nobody listens at .*:\\d+ \\(Connection refused\\)\\."));
    assertThat(new Daemon(InetSocketAddress.createUnresolved("no.such.host.invalid", 80), LIMIT).get("/"))
        .isInstanceOf(Daemon.Answer.Away.class);
  }

  @Test
  void rubbishIsStrange() {
    assertThat(serving(out -> http(out, 200, "<html>hello</html>")).get("/v1/report")).isInstanceOf(Daemon.Answer.Strange.class);
  }

  @Test
  void anotherServiceIsStrange() {
    assertThat(serving(out -> out.write("SSH-2.0-OpenSSH_9.2\r\n\r\n".getBytes(StandardCharsets.US_ASCII))).get("/v1/report"))
        .isInstanceOf(Daemon.Answer.Strange.class);
  }

  @Test
  void aRedirectionIsNotFollowed() {
    assertThat(serving(out -> out.write("HTTP/1.1 302 X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
        .getBytes(StandardCharsets.US_ASCII))).get("/v1/report"))
        .isInstanceOfSatisfying(Daemon.Answer.Strange.class, s -> assertThat(s.why()).contains("HTTP status 302"));
  }

  @Test
  void anAnswerThatBreaksOffIsStrange() {
    assertThat(serving(out -> out.write("HTTP/1.1 200 X\r\nContent-Length: 1000\r\n\r\n{\"serving\":".getBytes(StandardCharsets.US_ASCII)))
        .get("/v1/report")).isInstanceOf(Daemon.Answer.Strange.class);
  }

  @Test
  void anAnswerWithoutEndIsGivenUp() {
    byte[] spaces = " ".repeat(1024 * 1024).getBytes(StandardCharsets.US_ASCII);
    assertThat(serving(out -> {
      out.write("HTTP/1.1 200 X\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      while (true) {
        out.write(spaces);
      }
    }).get("/v1/report")).isInstanceOfSatisfying(Daemon.Answer.Strange.class, s -> assertThat(s.why()).contains("more than 64 MiB"));
  }

  @Test
  void whoSendsAByteAtATimeIsGivenUpAtTheLimit() {
    Daemon.Answer answer = new Daemon.Answer.Away("");
    // Where this process is held up, bytes come too late for the limits of the connection itself, and that is told; then once more.
    for (int i = 0; i < TRIES && !answer.toString().contains("no whole answer within 2 s"); i++) {
      answer = serving(out -> {
        out.write("HTTP/1.1 200 X\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        while (true) {
          out.write(' ');
          out.flush();
          Thread.sleep(50);
        }
      }, Duration.ofSeconds(2)).get("/v1/report");
    }
    assertThat(answer).isInstanceOfSatisfying(Daemon.Answer.Strange.class, s -> assertThat(s.why()).contains("no whole answer within 2 s"));
  }
}
