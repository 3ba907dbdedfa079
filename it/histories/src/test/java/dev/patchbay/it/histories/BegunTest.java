package dev.patchbay.it.histories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong with histories that run elsewhere is seen. */
class BegunTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir Path folder;

  private Process holder() throws IOException {
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), Holder.class.getName(), folder.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    assertThat(process.inputReader().readLine()).isEqualTo("begun");
    Files.writeString(folder.resolve("log"), "what it said");
    return process;
  }

  private CompletableFuture<Counts> counts() {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return new Begun(folder).counts(LONG);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
  }

  @Test
  void aProcessThatIsNotDoneYetIsWaitedFor() throws Exception {
    Process process = holder();
    CompletableFuture<Counts> counts = counts();
    process.outputWriter().append("histories=3\nsteps=600\nviolations=1\n").close();

    assertThat(counts.get()).isEqualTo(new Counts(3, 600, 1, "what it said"));
  }

  @Test
  void whereNoneWasBegunThatIsSaid() {
    assertThatThrownBy(() -> new Begun(folder).counts(LONG)).hasMessageContaining("No histories were begun");
  }

  @Test
  void aProcessThatDiesIsSeen() throws Exception {
    Process process = holder();
    CompletableFuture<Counts> counts = counts();
    process.destroyForcibly();

    assertThatThrownBy(counts::get).hasMessageContaining("before they were done").hasMessageContaining("what it said");
  }

  @Test
  void aProcessThatDoesNotEndIsSeen() throws Exception {
    Process process = holder();

    assertThatThrownBy(() -> new Begun(folder).counts(Duration.ofMillis(1))).hasMessageContaining("are not done");
    process.destroyForcibly();
  }
}
