package dev.patchbay.it.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.core.salvage.Salvage;
import dev.patchbay.node.engine.LedgerFiles;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Delivery;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.VethPair;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.store.Journal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the ledger costs an ADD, beside what the file system itself takes for the same bytes, and how long a daemon takes to recover it.
 * The floor and the ledger take turns, so that what else the machine does meets both.
 */
@Tag("bench")
class LedgerCostTest {
  private static final int WARM = 2_000;
  private static final int ADDS = 2_000;
  private static final int ATTACHMENTS = 1_000;

  static AttachmentRecord record(int n) {
    IpAddress ip = IpAddress.of("10.0.0.0").plus(n);
    String host = "eni" + Integer.toHexString(n);
    HeldAddress held = new HeldAddress(ip, "default", Optional.of("eni-0e099ec6cd7363ca5"), "secondary-ip",
        AddressRequest.fromChosenLane(AddressFamily.IPV4));
    AttachmentKey key = new AttachmentKey(String.format(Locale.ROOT, "%064x", n), "eth0");
    return new AttachmentRecord(key, Optional.empty(), 0, "patchbay", "shop", "cart-" + n, "4f1f2f7e-0000-0000-0000-" + n, "/run/netns/cni-" + n,
        host, "secondary-ip@0.1.0", List.of(held), DatapathPlan.of(VethPair.of("eth0", host, 9001), Delivery.of(ip, Device.named(host))),
        Map.of(), Fields.empty(), Fields.empty(), AttachmentRecord.State.OPEN, 1_700_000_000_000L, 5_000_000);
  }

  /** What an ADD waits for: that it is opened, and that it is promised. */
  private static List<byte[]> entries(int n) {
    AttachmentRecord record = record(n);
    return List.of(new Entry.Attached(record).bytes(), new Entry.Marked(record.key(), AttachmentRecord.State.LIVE).bytes());
  }

  private interface Folder {
    void with(Path folder) throws IOException;
  }

  private static void in(Path parent, Folder work) throws IOException {
    Path folder = Files.createTempDirectory(parent, "patchbay-bench");
    try {
      work.with(folder);
    } finally {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  @Test
  void writesOfAnAdd() throws IOException {
    in(Path.of("/dev/shm"), folder -> writes(folder, WARM, ADDS));
    in(Path.of("target"), folder -> writes(folder, 50, 200));
  }

  private static void writes(Path folder, int warm, int count) throws IOException {
    long[] ledger = new long[count];
    long[] floor = new long[count];
    try (Journal journal = Journal.open(folder.resolve("ledger")).journal();
        FileChannel plain = FileChannel.open(folder.resolve("plain"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = -warm; i < count; i++) {
        List<byte[]> entries = entries(Math.max(i, 0));
        long start = System.nanoTime();
        for (byte[] entry : entries) {
          journal.append(entry);
        }
        long between = System.nanoTime();
        for (byte[] entry : entries) {
          plain.write(ByteBuffer.wrap(entry));
          plain.force(false);
        }
        long end = System.nanoTime();
        ledger[Math.max(i, 0)] = between - start;
        floor[Math.max(i, 0)] = end - between;
      }
    }
    print("ledger writes of an ADD on %s: p50 %.1f us, p99 %.1f us; the same bytes by write and fdatasync alone: p50 %.1f us, p99 %.1f us",
        Files.getFileStore(folder).type(), at(ledger, 50), at(ledger, 99), at(floor, 50), at(floor, 99));
  }

  @Test
  void recoveryOfAThousand() throws IOException {
    in(Path.of("/dev/shm"), folder -> {
      try (Journal run = Journal.open(folder.resolve("run")).journal()) {
        for (int n = 0; n < ATTACHMENTS; n++) {
          for (byte[] entry : entries(n)) {
            run.append(entry);
          }
          run.append(new Entry.Told(record(n).key()).bytes());
        }
      }
      double[] millis = new double[20];
      double[] floor = new double[millis.length];
      for (int i = 0; i < millis.length; i++) {
        long start = System.nanoTime();
        try (Stream<Path> files = Files.list(folder.resolve("run"))) {
          for (Path file : files.filter(Files::isRegularFile).toList()) {
            assertThat(Files.readAllBytes(file)).isNotNull();
          }
        }
        floor[i] = (System.nanoTime() - start) / 1e6;
        start = System.nanoTime();
        try (LedgerFiles files = LedgerFiles.open(new LedgerFiles.Place(folder.resolve("run"), folder.resolve("lib"), "boot", List::of,
            new Salvage.Circumstances("patchbay", 0, 30_000)))) {
          millis[i] = (System.nanoTime() - start) / 1e6;
          assertThat(files.recovered().attachments()).hasSize(ATTACHMENTS);
        }
      }
      double first = millis[0];
      Arrays.sort(floor);
      Arrays.sort(millis);
      print("recovery of %d attachments: %.1f ms the first time in a process, then p50 %.1f ms, %.1f ms at best; reading the files alone: %.1f ms",
          ATTACHMENTS, first, millis[millis.length / 2], millis[0], floor[floor.length / 2]);
    });
  }

  /** As a daemon starts: its options, and nothing loaded or compiled yet. */
  @Test
  void recoveryOfAThousandInAFreshProcess() throws IOException {
    in(Path.of("/dev/shm"), folder -> {
      try (Journal run = Journal.open(folder.resolve("run")).journal()) {
        for (int n = 0; n < ATTACHMENTS; n++) {
          for (byte[] entry : entries(n)) {
            run.append(entry);
          }
          run.append(new Entry.Told(record(n).key()).bytes());
        }
      }
      double[] millis = new double[5];
      for (int i = 0; i < millis.length; i++) {
        millis[i] = ColdRecovery.run(folder, ATTACHMENTS);
      }
      Arrays.sort(millis);
      print("recovery of %d attachments in a fresh process: %.1f ms of the processor's time, %.1f ms at best", ATTACHMENTS,
          millis[millis.length / 2], millis[0]);
    });
  }

  /** By the daemon as it is installed, with its cache of classes and without, in turns. */
  @Test
  void recoveryOfAThousandInADaemon() throws IOException, InterruptedException {
    DaemonRecovery.makeCache();
    double[] with = new double[11];
    double[] without = new double[with.length];
    for (int i = 0; i < with.length; i++) {
      with[i] = inDaemon(true);
      without[i] = inDaemon(false);
    }
    Arrays.sort(with);
    Arrays.sort(without);
    print("recovery of %d attachments by a daemon: p50 %.1f ms, %.1f ms at best; without the cache of classes: p50 %.1f ms, %.1f ms at best",
        ATTACHMENTS, with[with.length / 2], with[0], without[without.length / 2], without[0]);
  }

  private static double inDaemon(boolean cached) throws IOException, InterruptedException {
    double[] millis = {0};
    AtomicReference<InterruptedException> interrupted = new AtomicReference<>();
    in(Path.of("/dev/shm"), folder -> {
      try (Journal run = Journal.open(folder.resolve("state/ledger")).journal()) {
        for (int n = 0; n < ATTACHMENTS; n++) {
          for (byte[] entry : entries(n)) {
            run.append(entry);
          }
          run.append(new Entry.Told(record(n).key()).bytes());
        }
      }
      try {
        millis[0] = DaemonRecovery.run(folder, ATTACHMENTS, cached);
      } catch (InterruptedException e) {
        interrupted.set(e);
      }
    });
    if (interrupted.get() != null) {
      throw interrupted.get();
    }
    return millis[0];
  }

  private static double at(long[] nanos, int percent) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length * percent / 100] / 1000.0;
  }

  private static void print(String format, Object... arguments) {
    System.out.println("  [ledger] " + String.format(Locale.ROOT, format, arguments));
  }
}
