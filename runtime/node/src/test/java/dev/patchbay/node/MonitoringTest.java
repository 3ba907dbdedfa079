package dev.patchbay.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.brain.BrainCodes;
import dev.patchbay.core.brain.Report;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Finding;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jspecify.annotations.Nullable;

class MonitoringTest {
  private static final Finding UNWRITABLE = Finding.of(BrainCodes.LEDGER_UNWRITABLE, "No space is left.", "Make some.");
  private static final Finding FULL = Finding.of(Codes.SUBNET_FULL, "The subnet is full.", "Free addresses.");

  private final CompletableFuture<Telemetry.Figures> figures = new CompletableFuture<>();
  private volatile @Nullable Report report = Reports.of(true);
  private volatile boolean open = true;
  private final Monitoring monitoring;

  private record Answer(int status, String type, String body) {}

  MonitoringTest() throws IOException {
    monitoring = new Monitoring(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), new Health(() -> Optional
        .ofNullable(report).orElseThrow(() -> new IllegalStateException("the brain gave no report")), () -> open), figures);
  }

  @BeforeEach
  void serves() throws IOException {
    assertThat(get("/readyz").status()).isEqualTo(200);
  }

  @AfterEach
  void stop() {
    monitoring.close();
  }

  private Answer get(String path) throws IOException {
    return ask("GET", path);
  }

  private Answer ask(String method, String path) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + monitoring.address().getPort() + path)
        .toURL().openConnection();
    connection.setRequestMethod(method);
    int status = connection.getResponseCode();
    try (InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
      return new Answer(status, Optional.ofNullable(connection.getContentType()).orElse(""),
          in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void livesWhileTheBrainAnswers() throws IOException {
    assertThat(get("/healthz")).extracting(Answer::status, Answer::type).containsExactly(200, "application/json");
    report = Reports.of(false, UNWRITABLE);
    assertThat(get("/healthz").status()).as("a restart would not help").isEqualTo(200);
    report = null;
    assertThat(get("/healthz").status()).isEqualTo(503);
    assertThat(get("/healthz").body()).contains("the brain gives no answer", "Restart the daemon");
    assertThat(get("/readyz").status()).isEqualTo(503);
  }

  @Test
  void readyWhileAnAddCanSucceedAndOtherwiseTellsWhy() throws IOException {
    report = Reports.of(true, FULL);
    assertThat(get("/readyz")).as("no trouble of the daemon's").extracting(Answer::status, Answer::body)
        .containsExactly(200, "{\"serving\":true}");
    report = Reports.of(true, FULL, UNWRITABLE);
    Answer unwritable = get("/readyz");
    assertThat(unwritable.status()).isEqualTo(503);
    assertThat(unwritable.body()).contains("\"serving\":false", "LedgerUnwritable", "Make some.").doesNotContain("SubnetFull");
    report = Reports.of(false, FULL);
    assertThat(get("/readyz")).as("not serving yet: whatever was found may be why").extracting(Answer::status).isEqualTo(503);
    assertThat(get("/readyz").body()).contains("SubnetFull");
    report = Reports.of(true);
    open = false;
    assertThat(get("/readyz").status()).as("container runtimes do not know yet").isEqualTo(503);
  }

  @Test
  void metricsComeWhenTheirModuleIsThere() throws IOException {
    assertThat(get("/metrics").status()).isEqualTo(503);
    assertThat(get("/metrics").body()).contains("not loaded yet");
    figures.complete(accept -> new Telemetry.Page("text/plain; version=0.0.4; charset=utf-8",
        "patchbay_pods 3\n".getBytes(StandardCharsets.UTF_8)));
    assertThat(get("/metrics"))
        .isEqualTo(new Answer(200, "text/plain; version=0.0.4; charset=utf-8", "patchbay_pods 3\n"));
  }

  @Test
  void whyThereAreNoMetricsIsSaid() throws IOException {
    figures.completeExceptionally(new IllegalStateException("this installation has no cloud layer"));
    assertThat(get("/metrics")).extracting(Answer::status, Answer::body)
        .containsExactly(503, "There are no metrics: this installation has no cloud layer.\n");
  }

  @Test
  void whatFailsIsAnAnswerToo() throws IOException {
    figures.complete(accept -> {
      throw new IllegalStateException("the brain gave no report");
    });
    assertThat(get("/metrics")).extracting(Answer::status, Answer::body)
        .containsExactly(503, "The daemon could not answer: the brain gave no report\n");
  }

  @Test
  void onlyTheseArePathsAndNothingIsWritten() throws IOException {
    assertThat(get("/metricsx").status()).isEqualTo(404);
    assertThat(get("/metrics/more").status()).isEqualTo(404);
    assertThat(get("/").status()).isEqualTo(404);
    assertThat(ask("POST", "/healthz").status()).isEqualTo(405);
    assertThat(ask("DELETE", "/metrics").status()).isEqualTo(405);
    assertThat(ask("HEAD", "/healthz")).extracting(Answer::status, Answer::body).containsExactly(200, "");
  }
}
