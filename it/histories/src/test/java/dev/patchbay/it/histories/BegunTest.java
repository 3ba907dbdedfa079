package dev.patchbay.it.histories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong with histories that run elsewhere is seen. */
class BegunTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir Path folder;

  private Process holder() throws IOException {
    Process process = new ProcessBuilder("nice", "-n", "19", Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
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

  private static Set<String> niceness(Process process) throws IOException {
    Set<String> all = new TreeSet<>();
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc", String.valueOf(process.pid()), "task"))) {
      for (Path task : tasks) {
        try {
          // After the name, which is in parentheses, the state is the first.
          String stat = Files.readString(task.resolve("stat"));
          all.add(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
        } catch (IOException over) {
          // It has ended meanwhile.
          continue;
        }
      }
    }
    return all;
  }

  @Test
  void aProcessThatIsWaitedForComesLastNoMore() throws Exception {
    Process process = holder();
    assertThat(niceness(process)).containsExactly("19");

    assertThatThrownBy(() -> new Begun(folder).counts(Duration.ofMillis(1))).hasMessageContaining("are not done");
    assertThat(niceness(process)).containsExactly("0");
    process.destroyForcibly();
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
