package dev.patchbay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On file systems as they are: full, read-only, killed. */
class JournalOnDiskTest {
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  /** A small tmpfs, mounted for one test; needs root. */
  private record SmallDisk(Path path) implements AutoCloseable {
    static SmallDisk mount(Path path, String options) throws IOException {
      assumeTrue(System.getProperty("user.name").equals("root"), "mounting needs root");
      Files.createDirectories(path);
      run("mount", "-t", "tmpfs", "-o", options, "patchbay-store-test", path.toString());
      return new SmallDisk(path);
    }

    @Override
    public void close() throws IOException {
      run("umount", path.toString());
    }
  }

  private static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.onExit().join().exitValue()).as("%s: %s", String.join(" ", command), output).isZero();
  }

  @Test
  void aFullDiskRefusesAndGoesOnWhenThereIsRoom(@TempDir Path folder) throws Exception {
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("full"), "size=64k")) {
      Path filler = disk.path().resolve("filler");
      byte[] record = new byte[1500];
      try (Journal journal = Journal.open(disk.path().resolve("journal")).journal()) {
        journal.append(record);
        fill(filler);
        int promised = 1;
        StoreException failure = null;
        while (failure == null) {
          try {
            journal.append(record);
            promised++;
          } catch (StoreException e) {
            failure = e;
          }
        }
        assertThat(failure.kind()).isEqualTo(StoreException.Kind.FULL);
        assertThat(failure).hasMessageContaining("make room");
        assertThatThrownBy(() -> journal.compact(List.of(new byte[20_000])).join()).hasCauseInstanceOf(StoreException.class);
        Files.delete(filler);
        assertThat(journal.append(record)).as("refused appends take no number").isEqualTo(promised + 1);
        assertThat(journal.statistics().refused()).isPositive();
      }
      Recovery recovery = Journal.inspect(disk.path().resolve("journal"));
      assertThat(recovery.records()).isNotEmpty().allSatisfy(e -> assertThat(e.bytes()).isEqualTo(record));
      assertThat(recovery.lastNumber()).isEqualTo(recovery.records().size());
      assertThat(recovery.damages()).isEmpty();
    }
  }

  private static void fill(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      while (true) {
        channel.write(ByteBuffer.allocate(4096));
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  @Test
  void aReadOnlyDiskIsNamedAsSuch(@TempDir Path folder) throws Exception {
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("readonly"), "size=64k")) {
      Path journal = disk.path().resolve("journal");
      Journal.Opened first = Journal.open(journal);
      first.journal().append(new byte[] {1});
      first.journal().close();
      run("mount", "-o", "remount,ro", disk.path().toString());
      assertThatThrownBy(() -> Journal.open(journal)).isInstanceOfSatisfying(StoreException.class,
          e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.READ_ONLY));
      assertThat(Journal.inspect(journal).records()).hasSize(1);
    }
  }

  /** Appends without end and says which are durable. */
  static final class Appender {
    private Appender() {}

    public static void main(String[] arguments) {
      try (Journal journal = Journal.open(Path.of(arguments[0])).journal()) {
        while (true) {
          long number = journal.append(new byte[200]);
          if (number % 50 == 0) {
            journal.compact(List.of(ByteBuffer.allocate(8).putLong(number).array()));
          }
          System.out.println(number);
        }
      }
    }
  }

  @Test
  void killedAtAnyInstantNothingPromisedIsLostAndNobodySharesIt(@TempDir Path folder) throws Exception {
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:auto",
        "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
        Appender.class.getName(), folder.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    long last = 0;
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      while (last < 300) {
        last = Long.parseLong(lines.readLine());
      }
      assertThatThrownBy(() -> Journal.open(folder)).isInstanceOfSatisfying(StoreException.class,
          e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.LOCKED));
      // By its handle: Process.destroyForcibly would close the pipe with what it still holds.
      process.toHandle().destroyForcibly();
      for (String line = lines.readLine(); line != null && line.matches("\\d+"); line = lines.readLine()) {
        last = Math.max(last, Long.parseLong(line));
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    Journal.Opened opened = Journal.open(folder);
    opened.journal().close();
    Recovery recovery = opened.recovery();
    assertThat(recovery.damages()).isEmpty();
    assertThat(recovery.lastNumber()).isGreaterThanOrEqualTo(last);
    long covered = recovery.state().isEmpty() ? 0 : ByteBuffer.wrap(recovery.state().getFirst()).getLong();
    assertThat(recovery.records()).extracting(Recovery.Entry::number)
        .containsExactlyElementsOf(IntStream.rangeClosed((int) covered + 1, (int) recovery.lastNumber()).mapToObj(i -> (long) i).toList());
  }

  @Test
  void appendLatency(@TempDir Path disk) throws Exception {
    Path memory = Files.createTempDirectory(SHARED_MEMORY, "patchbay-store-test");
    try {
      report("tmpfs", memory);
      report("disk ", disk);
      recoveryOfAThousand(memory.resolve("thousand"));
    } finally {
      try (var files = Files.walk(memory)) {
        for (Path path : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private static void report(String where, Path folder) throws IOException {
    int count = 300;
    byte[] record = new byte[800];
    long[] append = new long[count];
    try (Journal journal = Journal.open(folder.resolve("journal")).journal()) {
      for (int i = -50; i < count; i++) {
        long start = System.nanoTime();
        journal.append(record);
        append[Math.max(i, 0)] = System.nanoTime() - start;
      }
    }
    long[] plain = new long[count];
    try (FileChannel channel = FileChannel.open(folder.resolve("plain"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; i < count; i++) {
        long start = System.nanoTime();
        channel.write(ByteBuffer.wrap(record));
        channel.force(false);
        plain[i] = System.nanoTime() - start;
      }
    }
    System.out.printf("journal append on %s: p50 %.1f us, p99 %.1f us; write and fdatasync alone: p50 %.1f us, p99 %.1f us%n", where,
        at(append, 50), at(append, 99), at(plain, 50), at(plain, 99));
  }

  private static double at(long[] nanos, int percent) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length * percent / 100] / 1000.0;
  }

  private static void recoveryOfAThousand(Path folder) {
    try (Journal journal = Journal.open(folder).journal()) {
      for (int i = 0; i < 1000; i++) {
        journal.appendLater(new byte[1500]);
      }
    }
    long start = System.nanoTime();
    Journal.Opened opened = Journal.open(folder);
    double millis = (System.nanoTime() - start) / 1e6;
    opened.journal().close();
    assertThat(opened.recovery().records()).hasSize(1000);
    System.out.printf("journal of 1000 records of 1500 bytes opened in %.1f ms%n", millis);
  }
}
