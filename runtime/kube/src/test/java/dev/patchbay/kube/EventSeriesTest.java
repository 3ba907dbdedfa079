package dev.patchbay.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.spi.Code;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.object.ObjectPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventSeriesTest {
  @TempDir
  private Path folder;

  /** An Event that happens again is counted after its pause, whatever the wall clock says by then. */
  @ParameterizedTest
  @ValueSource(longs = {0, -3_600, 3_600, -315_360_000, 315_360_000})
  void aClockThatIsSetSilencesNoSeries(long step) throws IOException {
    AtomicReference<Instant> wall = new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
    AtomicLong nanos = new AtomicLong(-5);
    try (FakeServer server = new FakeServer();
        ApiServer api = new ApiServer(Optional.of(server.kubeconfig(folder, "{token: t}")), Duration.ofSeconds(60))) {
      EventSeries series = new EventSeries("node-1", Pace.USUAL, ref -> Optional.empty(), wall::get, nanos::get);
      ObjectPlan.Event event = new ObjectPlan.Event(new ObjectRef(ObjectKind.NODE, "", "node-1"), "u", true, Code.of(999, "Busy"), "It is.");
      assertThat(series.write(api, event, 1)).isEmpty();
      wall.set(wall.get().plusSeconds(step));
      nanos.addAndGet(Duration.ofSeconds(4).toNanos());
      assertThat(series.write(api, event, 1)).contains(6_000L);
      assertThat(server.asked).hasSize(1);
      nanos.addAndGet(Duration.ofSeconds(6).toNanos());
      assertThat(series.write(api, event, 1)).isEmpty();
      assertThat(server.asked).hasSize(2);
    }
  }
}
