package dev.patchbay.node.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.core.salvage.KernelWitness;
import dev.patchbay.core.salvage.Salvage;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Delivery;
import dev.patchbay.spi.datapath.VethPair;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.store.Journal;
import dev.patchbay.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ledger on disk: what is found again of it, after what has become of its files. In memory, since some of it is done thousands of times. */
class LedgerFilesTest {
  private static final String SEGMENT = "segment-0000000000000001";
  private static final AttachmentKey A = new AttachmentKey("a", "eth0");
  private static final AttachmentKey B = new AttachmentKey("b", "eth0");
  private static final AttachmentKey GONE = new AttachmentKey("g", "eth0");
  private static final IpAddress IP_A = IpAddress.of("10.0.0.5");
  private static final IpAddress IP_B = IpAddress.of("10.0.0.6");
  private static final List<KernelWitness> KERNEL =
      List.of(new KernelWitness(A, "enia", 9001, List.of(IP_A)), new KernelWitness(B, "enib", 9001, List.of(IP_B)));

  private Path folder = Path.of("/");

  @BeforeEach
  void make() throws IOException {
    Path memory = Path.of("/dev/shm");
    folder = Files.isWritable(memory) ? Files.createTempDirectory(memory, "patchbay-ledger") : Files.createTempDirectory("patchbay-ledger");
  }

  @AfterEach
  void remove() throws IOException {
    clear(folder);
  }

  private static void clear(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private Path run() {
    return folder.resolve("run");
  }

  private Path lib() {
    return folder.resolve("lib");
  }

  private LedgerFiles open(List<KernelWitness> kernel) {
    return open(kernel, "boot-1");
  }

  private LedgerFiles open(List<KernelWitness> kernel, String boot) {
    return LedgerFiles.open(new LedgerFiles.Place(run(), lib(), boot, () -> kernel, new Salvage.Circumstances("patchbay", 1_000, 30_000)));
  }

  private static AttachmentRecord record(AttachmentKey key, String host, IpAddress ip) {
    HeldAddress held = new HeldAddress(ip, "default", Optional.of("eni-1"), "s", AddressRequest.fromChosenLane(AddressFamily.IPV4));
    return new AttachmentRecord(key, Optional.empty(), 0, "n", "", "", "", "", host, "", List.of(held), DatapathPlan.empty(), Map.of(),
        Fields.empty(), Fields.empty(), AttachmentRecord.State.OPEN, 0, 0);
  }

  /** Two live attachments and one that has ended, of the address that the second got. */
  private void write() {
    try (Journal run = Journal.open(run()).journal(); Journal lib = Journal.open(lib()).journal()) {
      run.append(new Entry.Attached(record(A, "enia", IP_A)).bytes());
      run.append(new Entry.Marked(A, AttachmentRecord.State.LIVE).bytes());
      run.append(new Entry.Attached(record(GONE, "enig", IP_B)).bytes());
      run.append(new Entry.Ended(GONE, 500).bytes());
      run.append(new Entry.Attached(record(B, "enib", IP_B)).bytes());
      run.append(new Entry.Marked(B, AttachmentRecord.State.LIVE).bytes());
      lib.append(new Entry.EniMade("t", "eni-1", "default").bytes());
      lib.append(new Entry.UnitsMade("eni-1", List.of(IP_A.asCidr(), IP_B.asCidr())).bytes());
    }
  }

  private static void assertBothAreLive(Ledger ledger, String what) {
    assertThat(ledger.holder(IP_A)).as(what).contains(A);
    assertThat(ledger.holder(IP_B)).as(what).contains(B);
    assertThat(ledger.attachments().stream().filter(a -> a.key().equals(A) || a.key().equals(B))).as(what).hasSize(2)
        .allMatch(a -> a.state() == AttachmentRecord.State.LIVE);
  }

  @Test
  void everyFlippedBitIsAnsweredByWitnesses() throws IOException {
    write();
    byte[] whole = Files.readAllBytes(run().resolve(SEGMENT));
    int rebuilt = 0;
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] altered = whole.clone();
      altered[bit / 8] ^= (byte) (1 << (bit % 8));
      clear(run());
      Files.createDirectories(run());
      Files.write(run().resolve(SEGMENT), altered);
      try (LedgerFiles files = open(KERNEL)) {
        assertBothAreLive(files.recovered(), "bit " + bit);
        rebuilt += files.salvaged().isEmpty() ? 0 : 1;
      }
      if (bit % 16 == 0) {
        try (LedgerFiles files = open(KERNEL)) {
          assertBothAreLive(files.recovered(), "bit " + bit + ", a second time");
          assertThat(files.salvaged()).as("bit %s: the gap is closed", bit).isEmpty();
        }
      }
      try (Stream<Path> beside = Files.list(folder)) {
        for (Path kept : beside.filter(p -> p.getFileName().toString().startsWith("run-damaged")).toList()) {
          clear(kept);
        }
      }
    }
    assertThat(rebuilt).as("all but the bits of the file's header").isGreaterThan(whole.length * 8 - 33 * 8);
  }

  @Test
  void everyTruncationIsAnsweredByWitnesses() throws IOException {
    write();
    byte[] whole = Files.readAllBytes(run().resolve(SEGMENT));
    for (int length = 0; length < whole.length; length++) {
      clear(run());
      Files.createDirectories(run());
      Files.write(run().resolve(SEGMENT), Arrays.copyOf(whole, length));
      try (LedgerFiles files = open(KERNEL)) {
        // What is being made and is in the kernel may be undone by the brain; who has the address is known in any case.
        assertThat(files.recovered().holder(IP_A)).as("%s bytes", length).contains(A);
        assertThat(files.recovered().holder(IP_B)).as("%s bytes", length).contains(B);
      }
      try (Stream<Path> beside = Files.list(folder)) {
        for (Path kept : beside.filter(p -> p.getFileName().toString().startsWith("run-damaged")).toList()) {
          clear(kept);
        }
      }
    }
  }

  @Test
  void whatWasRebuiltCanBeUndoneAndIsTold() throws IOException {
    write();
    flip(run(), 60);
    try (LedgerFiles files = open(KERNEL)) {
      AttachmentRecord a = files.recovered().attachment(A).orElseThrow();
      assertThat(a.plan().elements(VethPair.class)).extracting(VethPair::hostName).containsExactly("enia");
      assertThat(a.plan().elements(Delivery.class)).extracting(Delivery::address).containsExactly(IP_A);
      assertThat(a.network()).isEqualTo("patchbay");
      assertThat(files.salvaged()).anyMatch(w -> w.contains("was damaged")).anyMatch(w -> w.contains("a/eth0 is in the kernel, and was rebuilt"))
          .anyMatch(w -> w.contains("run-damaged-"));
    }
    try (Stream<Path> kept = Files.walk(folder)) {
      assertThat(kept.filter(p -> p.toString().contains("run-damaged-") && p.endsWith(SEGMENT))).hasSize(1);
    }
  }

  @Test
  void whatNoWitnessTellsIsNotGuessed() throws IOException {
    write();
    flip(run(), 60);
    assertThatThrownBy(() -> open(List.of(new KernelWitness(A, "", 0, List.of())))).isInstanceOf(LedgerDamagedException.class)
        .hasMessageContaining("a/eth0").hasMessageContaining("does not guess").hasMessageContaining("drain");
    assertThatThrownBy(() -> open(List.of(new KernelWitness(A, "enia", 9001, List.of(IP_B)), new KernelWitness(B, "enib", 9001, List.of()))))
        .isInstanceOf(LedgerDamagedException.class).hasMessageContaining("held by b/eth0");
    open(KERNEL).close();
  }

  @Test
  void whatIsLostOfProvenanceIsNeverReleased() throws IOException {
    write();
    flip(lib(), 120);
    try (LedgerFiles files = open(KERNEL)) {
      assertThat(files.recovered().made("eni-1")).isPresent();
      assertThat(files.recovered().ours("eni-1", IP_A.asCidr())).isFalse();
      assertThat(files.recovered().isUnsettled("eni-1")).as("EC2 is described before it is asked for more").isTrue();
    }
  }

  private static void flip(Path folder, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(folder.resolve(SEGMENT));
    bytes[at] ^= 1;
    Files.write(folder.resolve(SEGMENT), bytes);
  }

  @Test
  void attachmentsEndWithTheBootAndProvenanceDoesNot() {
    open(List.of()).close();
    write();
    try (LedgerFiles files = open(KERNEL)) {
      assertBothAreLive(files.recovered(), "the same boot");
    }
    try (LedgerFiles files = open(List.of(), "boot-2")) {
      assertThat(files.recovered().attachments()).isEmpty();
      assertThat(files.recovered().made("eni-1")).isPresent();
      assertThat(files.recovered().ours("eni-1", IP_A.asCidr())).isTrue();
    }
    try (LedgerFiles files = open(List.of(), "boot-2")) {
      assertThat(files.salvaged()).isEmpty();
    }
  }

  /** The files lie in the sources; a version reads its own format and the one before. */
  @ParameterizedTest
  @ValueSource(strings = {"format-1", "format-2"})
  void filesOfThisFormatAndTheLastAreRead(String format) throws IOException {
    Path from = Path.of("src/test/resources/ledger", format);
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Path to = folder.resolve(from.relativize(file).toString());
        Files.createDirectories(to.resolve("..").normalize());
        Files.copy(file, to);
      }
    }
    AttachmentKey live = new AttachmentKey("c1", "eth0");
    for (String boot : List.of("first", "first")) {
      try (LedgerFiles files = open(List.of(), boot)) {
        Ledger ledger = files.recovered();
        assertThat(files.salvaged()).isEmpty();
        assertThat(ledger.attachments()).singleElement().satisfies(a -> {
          assertThat(a.key()).isEqualTo(live);
          assertThat(a.state()).isEqualTo(AttachmentRecord.State.LIVE);
          assertThat(a.pod()).isEqualTo("shop/pod-c1");
          assertThat(a.plan().elements(Delivery.class)).hasSize(1);
        });
        assertThat(ledger.told(live)).isTrue();
        assertThat(ledger.coolUntil(IP_B)).contains(5_000_000L);
        assertThat(ledger.made("eni-1").orElseThrow().lane()).isEqualTo("default");
        assertThat(ledger.units().get("eni-1")).contains(Cidr.of("10.0.1.0/28"), Cidr.of("10.0.0.9/32"));
        assertThat(ledger.isParticular("eni-1", IpAddress.of("10.0.0.9"))).isTrue();
        assertThat(ledger.leaving("eni-1")).containsExactly(Cidr.of("10.0.1.0/28"));
        assertThat(ledger.isUnsettled("eni-1")).isTrue();
        assertThat(ledger.intended()).containsEntry("token-2", "default");
        assertThat(ledger.type("test.large")).isPresent();
        assertThat(ledger.unknown()).singleElement().satisfies(
            u -> assertThat(u.fields().text("what")).as("kept to the letter").contains("kept to the letter"));
      }
    }
  }

  @Test
  void aFormatThatNeedsANewerReaderIsRefusedInWords() throws IOException {
    write();
    Path file = run().resolve(SEGMENT);
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer header = ByteBuffer.wrap(bytes);
    header.putShort(8, (short) 9).putShort(10, (short) 9);
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, 28);
    header.putInt(28, (int) sum.getValue());
    Files.write(file, bytes);
    assertThatThrownBy(() -> open(KERNEL)).isInstanceOf(StoreException.class).hasMessageContaining("start the version that wrote it");
  }
}
