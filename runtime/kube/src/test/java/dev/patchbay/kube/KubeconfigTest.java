package dev.patchbay.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeconfigTest {
  @TempDir
  private Path folder;

  private FakeServer server;

  @BeforeEach
  void start() throws IOException {
    server = new FakeServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static ApiServer open(Path kubeconfig) {
    return new ApiServer(Optional.of(kubeconfig), Duration.ofMinutes(2));
  }

  private static void ask(ApiServer api) {
    assertThat(api.get("/api/v1/nodes/node-1", Shape.WHOLE).fields("metadata").text("name")).contains("node-1");
  }

  /** Makes sure that the file's time is another. */
  private static void touch(Path file, int seconds) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(seconds)));
  }

  @Test
  void aTokenThatIsRenewedInTheFileIsUsed() throws IOException {
    Path file = server.kubeconfig(folder, "{token: one}");
    try (ApiServer api = open(file)) {
      ask(api);
      server.kubeconfig(folder, "{token: two}");
      touch(file, 5);
      ask(api);
    }
    assertThat(server.tokens).containsExactly("Bearer one", "Bearer two");
  }

  @Test
  void aTokenMayStandInAFileOfItsOwn() throws IOException {
    Path token = Files.writeString(folder.resolve("token"), "one\n");
    try (ApiServer api = open(server.kubeconfig(folder, "{tokenFile: token}"))) {
      ask(api);
      Files.writeString(token, "two\n");
      touch(token, 5);
      ask(api);
      Files.delete(token);
      ask(api);
    }
    assertThat(server.tokens).containsExactly("Bearer one", "Bearer two", "Bearer two");
  }

  @Test
  void otherCredentialsAreLeftToTheClient() throws IOException {
    Path plugin = Files.writeString(folder.resolve("plugin"), """
        #!/bin/sh
        echo '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "made"}}'
        """);
    assertThat(plugin.toFile().setExecutable(true)).isTrue();
    try (ApiServer api = open(server.kubeconfig(folder,
        "{exec: {apiVersion: client.authentication.k8s.io/v1, command: %s, interactiveMode: Never}}".formatted(plugin)))) {
      ask(api);
    }
    assertThat(server.tokens).containsExactly("Bearer made");
  }

  @Test
  void whatIsWrongWithAFileIsToldInWords() throws IOException {
    assertThatThrownBy(() -> ask(open(folder.resolve("missing")))).isInstanceOf(ApiFailure.class)
        .hasMessageContaining(folder.resolve("missing").toString()).hasMessageContaining("is not there");
    for (String text : new String[] {"", "[]", "- a", "current-context: nowhere", "{", "\u0000"}) {
      Path file = Files.writeString(folder.resolve("wrong"), text);
      assertThatThrownBy(() -> ask(open(file))).as("of %s", text).isInstanceOf(ApiFailure.class).hasMessageContaining(file.toString());
    }
  }

  @Test
  void anAuthorityThatIsNoneIsToldInWords() throws IOException {
    Path file = server.kubeconfig(folder, "{token: one}");
    Files.writeString(file, Files.readString(file).replace("cluster: {server", "cluster: {certificate-authority-data: bm9uZQ==, server"));
    assertThatThrownBy(() -> ask(open(file))).isInstanceOf(ApiFailure.class).hasMessageContaining("authority");
  }
}
