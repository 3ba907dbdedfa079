package dev.patchbay.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.objects.ClusterClient;
import dev.patchbay.core.objects.ClusterListener;
import dev.patchbay.core.objects.ClusterSettings;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A watch over a connection that is dead says nothing; so silence is asked into. */
class SilenceTest {
  private static Pace pace(Duration answer) {
    return new Pace(Duration.ofMillis(20), Duration.ofMillis(200), answer, Duration.ofMillis(300), Duration.ofMinutes(10),
        Duration.ofMillis(100), Duration.ofSeconds(1));
  }

  @TempDir
  private Path folder;

  private final List<String> log = new CopyOnWriteArrayList<>();

  private ClusterClient open(FakeServer server, Duration answer) throws IOException {
    return new KubeClusterClient(new ClusterSettings(Optional.of(server.kubeconfig(folder, "{token: t}")), "node-1",
        List.of(ObjectKind.NODE)), new ClusterListener() {
          @Override
          public void seen(ObjectRecord object) {
            log.add("seen");
          }

          @Override
          public void gone(ObjectRef ref) {
            log.add("gone");
          }

          @Override
          public void heard(ObjectKind kind, boolean heard) {
            log.add(heard ? "heard" : "unheard");
          }

          @Override
          public void told(String about, Optional<Finding> finding) {}
        }, pace(answer));
  }

  private static void await(String what, java.util.concurrent.Callable<Boolean> there) {
    Awaitility.await(what).atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(10)).until(there);
  }

  @Test
  void aSilenceThatIsAnsweredIntoIsNone() throws IOException {
    try (FakeServer server = new FakeServer(); ClusterClient _ = open(server, Duration.ofSeconds(60))) {
      await("it is asked several times", () -> server.asked.stream().filter("get"::equals).count() >= 3);
      assertThat(log).containsExactly("seen", "heard");
      assertThat(server.asked.stream().filter("watch"::equals)).hasSize(1);
    }
  }

  @Test
  void aSilenceThatIsNotAnsweredIntoIsToldAndANewConnectionIsMade() throws IOException {
    try (FakeServer server = new FakeServer(); ClusterClient _ = open(server, Duration.ofSeconds(1))) {
      await("it is heard", () -> log.contains("heard"));
      server.silent = true;
      await("it is unheard", () -> log.contains("unheard"));
      server.silent = false;
      await("it is heard again", () -> log.getLast().equals("heard"));
      assertThat(log).startsWith("seen", "heard").doesNotContain("gone");
    }
  }
}
