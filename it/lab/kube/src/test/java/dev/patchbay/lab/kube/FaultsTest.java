package dev.patchbay.lab.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.lab.calls.Faults;
import dev.patchbay.lab.calls.Recorder;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lab's vocabulary of faults, as an HTTP client of the API server meets it, and the record that all services share. */
class FaultsTest {
  private static final String NODES = "/api/v1/nodes";

  private final Faults faults = new Faults(InstantSource.system());
  private final Recorder recorder = new Recorder();
  private final KubeApiServer server = KubeApiServer.start(KubeApiOptions.loopback(), faults, recorder);
  private final Clients.Raw client = new Clients.Raw(server, server.adminToken());

  @AfterEach
  void close() {
    client.close();
    server.close();
    faults.close();
  }

  private Recorder.Call last() {
    return recorder.calls().getLast();
  }

  @Test
  void callsAreRefusedThrottledAndLate() throws Exception {
    faults.add("kube:list/nodes@admin refuse=410 calls=1");
    HttpResponse<String> gone = client.get(NODES);
    assertThat(gone.statusCode()).isEqualTo(410);
    assertThat(gone.body()).contains("\"Expired\"");
    assertThat(last())
        .extracting(Recorder.Call::service, Recorder.Call::caller, Recorder.Call::action, Recorder.Call::outcome, Recorder.Call::fault)
        .containsExactly("kube", "admin", "list nodes", "410", "kube:list/nodes@admin refuse=410 calls=1");
    faults.add("kube throttle calls=1");
    assertThat(client.get(NODES).headers().firstValue("Retry-After")).hasValue("1");
    faults.add("kube:get/version delay=50ms calls=1");
    assertThat(client.get("/version").statusCode()).isEqualTo(200);
    assertThat(last().fault()).isEqualTo("kube:get/version delay=50ms calls=1");
    faults.add("kube@somebody refuse=500");
    assertThat(client.get(NODES + "?limit=5").statusCode()).isEqualTo(200);
    assertThat(last().parameters()).containsEntry("query", "limit=5");
    assertThat(last().outcome()).isEqualTo("ok");
    assertThat(recorder.tally().table()).contains("1  kube  list nodes  410");
  }

  @ParameterizedTest
  @CsvSource({"drop,lost,true", "cut,cut,false", "lose=200ms,lost,true", "hang=200ms,cut,false"})
  void callsAreNotAnswered(String effect, String outcome, boolean applied) {
    faults.add("kube:delete/configmaps " + effect);
    server
        .objects()
        .create("{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"metadata\": {\"name\": \"mine\", \"namespace\": \"default\"}}");
    assertThatThrownBy(() -> client.send("DELETE", "/api/v1/namespaces/default/configmaps/mine", "application/json", "")).isInstanceOf(IOException.class);
    List<Recorder.Call> deletes = recorder.calls().stream().filter(call -> call.action().equals("delete configmaps")).toList();
    assertThat(deletes).isNotEmpty();
    assertThat(deletes.getFirst().outcome()).isEqualTo(outcome);
    assertThat(deletes.getFirst().parameters()).containsEntry("namespace", "default").containsEntry("name", "mine");
    assertThat(server.objects().get("configmaps", "default", "mine").isEmpty()).isEqualTo(applied);
  }

  @Test
  void itIsAwayAndComesBack() throws Exception {
    Faults.Standing away = faults.add("kube away");
    assertThatThrownBy(() -> client.get("/version")).isInstanceOf(IOException.class);
    faults.remove(away.id());
    assertThat(client.get("/version").statusCode()).isEqualTo(200);
    faults.add("kube forget");
    faults.add("kube cut-watches");
    server.faults().refuse("list", "nodes", 503, 1);
    assertThat(faults.standing()).hasSize(3);
    server.faults().clear();
    assertThat(faults.standing()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          kube refuse=Conflict      | is no HTTP status
          kube refuse=200           | is no HTTP status
          kube lag=5s               | kube knows no fault 'lag'
          kube away=now             | takes no 'now'
          """)
  void whatCantBeShownIsRefused(String text, String reason) {
    assertThatIllegalArgumentException().isThrownBy(() -> faults.add(text)).withMessageContaining(reason);
  }
}
