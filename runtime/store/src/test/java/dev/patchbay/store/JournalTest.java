package dev.patchbay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static List<String> texts(Recovery recovery) {
    return recovery.records().stream().map(e -> new String(e.bytes(), StandardCharsets.UTF_8)).toList();
  }

  static List<String> state(Recovery recovery) {
    return recovery.state().stream().map(b -> new String(b, StandardCharsets.UTF_8)).toList();
  }

  static Recovery read(MemoryStorage storage) {
    Journal.Opened opened = Journal.open(storage);
    opened.journal().close();
    return opened.recovery();
  }

  @Test
  void whatWasAppendedIsFoundAgainInItsOrder(@TempDir Path folder) {
    try (Journal journal = Journal.open(folder).journal()) {
      assertThat(journal.append(bytes("one"))).isEqualTo(1);
      assertThat(journal.append(bytes(""))).isEqualTo(2);
      assertThat(journal.append(bytes("three"))).isEqualTo(3);
      assertThat(texts(Journal.inspect(folder))).containsExactly("one", "", "three");
    }
    Journal.Opened again = Journal.open(folder);
    try (Journal journal = again.journal()) {
      assertThat(texts(again.recovery())).containsExactly("one", "", "three");
      assertThat(again.recovery().damages()).isEmpty();
      assertThat(journal.append(bytes("four"))).isEqualTo(4);
    }
    assertThat(texts(Journal.inspect(folder))).containsExactly("one", "", "three", "four");
    assertThat(folder.toFile().list()).as("a clean journal is written on").containsExactlyInAnyOrder("lock", "segment-0000000000000001");
  }

  @Test
  void twoCannotHaveOneJournal(@TempDir Path folder) {
    try (Journal journal = Journal.open(folder).journal()) {
      assertThat(journal.append(bytes("one"))).isEqualTo(1);
      assertThatThrownBy(() -> Journal.open(folder)).isInstanceOfSatisfying(StoreException.class,
          e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.LOCKED));
    }
    Journal.open(folder).journal().close();
  }

  @Test
  void aClosedJournalRefuses() {
    Journal journal = Journal.open(new MemoryStorage()).journal();
    journal.close();
    journal.close();
    assertThatThrownBy(() -> journal.append(bytes("late"))).isInstanceOfSatisfying(StoreException.class,
        e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.CLOSED));
  }

  @Test
  void aSnapshotStandsForTheRecordsBeforeIt() {
    MemoryStorage storage = new MemoryStorage();
    try (Journal journal = Journal.open(storage).journal()) {
      journal.append(bytes("a"));
      journal.append(bytes("b"));
      CompletableFuture<Long> compacted = journal.compact(List.of(bytes("a+b")));
      journal.append(bytes("c"));
      assertThat(compacted.join()).isEqualTo(2);
    }
    Recovery recovery = read(storage);
    assertThat(state(recovery)).containsExactly("a+b");
    assertThat(texts(recovery)).containsExactly("c");
    assertThat(recovery.lastNumber()).isEqualTo(3);
  }

  @Test
  void compactionsKeepTheGenerationBeforeAndNoMore() {
    MemoryStorage storage = new MemoryStorage();
    try (Journal journal = Journal.open(storage).journal()) {
      for (int i = 1; i <= 5; i++) {
        journal.append(bytes("r" + i));
        journal.compact(List.of(bytes("s" + i))).join();
      }
      journal.append(bytes("r6"));
    }
    assertThat(storage.contents().keySet()).containsExactlyInAnyOrder("segment-0000000000000005", "segment-0000000000000006",
        "snapshot-0000000000000004", "snapshot-0000000000000005");
    assertThat(state(read(storage))).containsExactly("s5");

    byte[] snapshot = storage.contents("snapshot-0000000000000005");
    snapshot[snapshot.length - 1] ^= 1;
    storage.put("snapshot-0000000000000005", snapshot);
    Recovery healed = read(storage);
    assertThat(state(healed)).containsExactly("s4");
    assertThat(texts(healed)).containsExactly("r5", "r6");
    assertThat(healed.damages()).singleElement().satisfies(d -> assertThat(d.healed()).isTrue());
    assertThat(healed.isDoubtful()).isFalse();
  }

  @Test
  void inMemoryWhoAppendsWritesAndNoOneWaits() {
    MemoryStorage storage = new MemoryStorage().inMemory();
    Thread self = Thread.currentThread();
    try (Journal journal = Journal.open(storage).journal()) {
      for (int i = 1; i <= 100; i++) {
        CompletableFuture<Long> done = journal.appendLater(bytes("r" + i));
        assertThat(done).as("durable when it returns").isCompletedWithValue((long) i);
        assertThat(storage.lastWriter()).isSameAs(self);
      }
      CompletableFuture<Long> compacted = journal.compact(List.of(bytes("state")));
      CompletableFuture<Long> behind = journal.appendLater(bytes("behind"));
      assertThat(compacted.join()).isEqualTo(100);
      assertThat(behind.join()).isEqualTo(101);
    }
    assertThat(state(read(storage))).containsExactly("state");
    assertThat(texts(read(storage))).containsExactly("behind");
  }

  @Test
  void inMemoryManyThreadsAppendInTheirOrder() {
    MemoryStorage storage = new MemoryStorage().inMemory();
    int each = 200;
    List<Long> numbers = Collections.synchronizedList(new ArrayList<>());
    try (Journal journal = Journal.open(storage).journal()) {
      List<Thread> threads = IntStream.range(0, 8).mapToObj(t -> Thread.ofPlatform().start(() -> {
        for (int i = 0; i < each; i++) {
          numbers.add(journal.append(bytes(t + ":" + i)));
        }
      })).toList();
      threads.forEach(JournalTest::join);
    }
    assertThat(numbers).hasSize(8 * each).doesNotHaveDuplicates();
    List<String> texts = texts(read(storage));
    assertThat(texts).doesNotHaveDuplicates();
    for (int t = 0; t < 8; t++) {
      String prefix = t + ":";
      List<Integer> order = texts.stream().filter(x -> x.startsWith(prefix)).map(x -> Integer.parseInt(x.substring(2))).toList();
      assertThat(order).isEqualTo(IntStream.range(0, each).boxed().toList());
    }
  }

  @Test
  void manyAppendersShareWrites() {
    int count = 400;
    MemoryStorage storage = new MemoryStorage();
    List<CompletableFuture<Long>> pending = Collections.synchronizedList(new ArrayList<>());
    JournalStatistics statistics;
    try (Journal journal = Journal.open(storage).journal()) {
      // All come while the first is being written.
      Runnable written = storage.hold();
      List<Thread> threads = IntStream.range(0, 8).mapToObj(t -> Thread.ofPlatform().start(() -> {
        for (int i = 0; i < count / 8; i++) {
          pending.add(journal.appendLater(bytes(t + ":" + i)));
        }
      })).toList();
      threads.forEach(JournalTest::join);
      assertThat(pending).noneMatch(CompletableFuture::isDone);
      written.run();
      pending.forEach(CompletableFuture::join);
      statistics = journal.statistics();
    }
    assertThat(statistics.records()).isEqualTo(count);
    assertThat(statistics.writes()).as("one that was held up, and one for all that came meanwhile").isLessThanOrEqualTo(2);
    Recovery recovery = read(storage);
    assertThat(recovery.records()).hasSize(count);
    assertThat(texts(recovery)).doesNotHaveDuplicates();
    for (int t = 0; t < 8; t++) {
      String prefix = t + ":";
      assertThat(texts(recovery).stream().filter(x -> x.startsWith(prefix)).toList()).as("each thread's order")
          .isEqualTo(IntStream.range(0, count / 8).mapToObj(i -> prefix + i).toList());
    }
  }

  static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aTailCutAtAnyByteLosesOnlyThatRecord() {
    MemoryStorage whole = threeRecords();
    byte[] file = whole.contents("segment-0000000000000001");
    int third = file.length - Format.size(bytes("three"));
    for (int length = 0; length < file.length; length++) {
      MemoryStorage torn = new MemoryStorage();
      torn.put("segment-0000000000000001", java.util.Arrays.copyOf(file, length));
      Journal.Opened opened = Journal.open(torn);
      try (Journal journal = opened.journal()) {
        assertThat(opened.recovery().damages()).as("cut at %s", length).isEmpty();
        if (length >= third) {
          assertThat(texts(opened.recovery())).containsExactly("one", "two");
          assertThat(journal.append(bytes("new"))).isEqualTo(3);
        }
      }
      if (length >= third) {
        assertThat(texts(read(torn))).as("after a cut at %s and one more", length).containsExactly("one", "two", "new");
        assertThat(read(torn).damages()).isEmpty();
      }
    }
  }

  @Test
  void blocksThatNeverReachedTheDiskAreATornTail() {
    MemoryStorage storage = threeRecords();
    byte[] file = storage.contents("segment-0000000000000001");
    java.util.Arrays.fill(file, file.length - 7, file.length, (byte) 0);
    storage.put("segment-0000000000000001", file);
    Recovery recovery = read(storage);
    assertThat(texts(recovery)).containsExactly("one", "two");
    assertThat(recovery.damages()).isEmpty();
    assertThat(recovery.cut()).isEqualTo(Format.size(bytes("three")));
  }

  @Test
  void everyFlippedBitIsReportedAndEveryOtherRecordKept() {
    byte[] file = threeRecords().contents("segment-0000000000000001");
    for (int bit = 0; bit < file.length * 8; bit++) {
      byte[] altered = file.clone();
      altered[bit / 8] ^= (byte) (1 << (bit % 8));
      MemoryStorage storage = new MemoryStorage();
      storage.put("segment-0000000000000001", altered);
      Recovery recovery = read(storage);
      List<String> texts = texts(recovery);
      assertThat(List.of("one", "two", "three")).as("bit %s: no record is invented", bit).containsAll(texts);
      assertThat(texts).as("bit %s", bit).hasSizeGreaterThanOrEqualTo(2);
      assertThat(recovery.damages()).as("bit %s", bit).isNotEmpty();
      assertThat(recovery.isDoubtful()).as("bit %s", bit).isEqualTo(texts.size() < 3);
    }
  }

  @Test
  void everyFlippedBitIsReportedAlsoWhereTheNextRecordWasBegunAndCutOff() {
    byte[] file = threeRecords().contents("segment-0000000000000001");
    int second = Format.HEADER + Format.size(bytes("one"));
    int third = second + Format.size(bytes("two"));
    for (int length = third; length < file.length; length++) {
      for (int bit = second * 8; bit < third * 8; bit++) {
        byte[] altered = java.util.Arrays.copyOf(file, length);
        altered[bit / 8] ^= (byte) (1 << (bit % 8));
        Format.Parsed parsed = Format.parse("file", java.nio.ByteBuffer.wrap(altered));
        assertThat(parsed.entries()).as("bit %s, cut at %s", bit, length).hasSize(1);
        assertThat(parsed.damages()).as("bit %s, cut at %s", bit, length).isNotEmpty();
      }
    }
  }

  @Test
  void noOlderCopyHasWhatWasRefusedAndIsInASnapshot() {
    MemoryStorage storage = new MemoryStorage();
    try (Journal journal = Journal.open(storage).journal()) {
      journal.append(bytes("one"));
      storage.failAfter(0, 1, true);
      assertThatThrownBy(() -> journal.append(bytes("refused"))).isInstanceOf(StoreException.class);
      storage.workAgain();
      assertThat(journal.compact(List.of(bytes("one"), bytes("refused"))).join()).isEqualTo(1);
      assertThat(journal.append(bytes("two"))).isEqualTo(2);
    }
    Recovery whole = read(storage);
    assertThat(state(whole)).containsExactly("one", "refused");
    assertThat(texts(whole)).containsExactly("two");
    assertThat(whole.damages()).isEmpty();

    String name = "snapshot-0000000000000001";
    byte[] snapshot = storage.contents(name);
    byte[] altered = snapshot.clone();
    altered[altered.length - 1] ^= 1;
    storage.put(name, altered);
    Recovery damaged = read(storage);
    assertThat(texts(damaged)).containsExactly("one", "two");
    assertThat(damaged.isDoubtful()).isTrue();

    storage.put(name, snapshot);
    try (Journal journal = Journal.open(storage).journal()) {
      for (int i = 3; i <= 5; i++) {
        assertThat(journal.append(bytes("r" + i))).isEqualTo(i);
        journal.compact(List.of(bytes("s" + i))).join();
      }
    }
    assertThat(storage.contents().keySet()).containsExactlyInAnyOrder("segment-0000000000000005", "snapshot-0000000000000004",
        "snapshot-0000000000000005");
  }

  @Test
  void everyTwoFlippedBitsOfTheLastRecordAreReported() {
    byte[] file = threeRecords().contents("segment-0000000000000001");
    int third = (file.length - Format.size(bytes("three"))) * 8;
    for (int one = third; one < file.length * 8; one++) {
      for (int other = one + 1; other < file.length * 8; other++) {
        byte[] altered = file.clone();
        altered[one / 8] ^= (byte) (1 << (one % 8));
        altered[other / 8] ^= (byte) (1 << (other % 8));
        Format.Parsed parsed = Format.parse("file", java.nio.ByteBuffer.wrap(altered));
        assertThat(parsed.entries()).as("bits %s and %s", one, other).hasSize(2);
        assertThat(parsed.damages()).as("bits %s and %s", one, other).isNotEmpty();
      }
    }
  }

  @Test
  void recordsThatBelongTogetherAreFoundTogetherOrNotAtAll() {
    MemoryStorage storage = new MemoryStorage();
    try (Journal journal = Journal.open(storage).journal()) {
      journal.append(bytes("one"));
      assertThat(journal.appendLater(List.of(bytes("a"), bytes("b"), bytes("c"))).join()).isEqualTo(2);
      assertThat(journal.append(bytes("five"))).isEqualTo(5);
    }
    assertThat(texts(read(storage))).containsExactly("one", "a", "b", "c", "five");
    byte[] file = storage.contents("segment-0000000000000001");
    int group = Format.HEADER + Format.size(bytes("one"));
    int behind = file.length - Format.size(bytes("five"));
    for (int length = group; length < behind; length++) {
      MemoryStorage torn = new MemoryStorage();
      torn.put("segment-0000000000000001", java.util.Arrays.copyOf(file, length));
      Journal.Opened opened = Journal.open(torn);
      try (Journal journal = opened.journal()) {
        assertThat(texts(opened.recovery())).as("cut at %s", length).containsExactly("one");
        assertThat(opened.recovery().damages()).as("cut at %s", length).isEmpty();
        assertThat(journal.append(bytes("new"))).isEqualTo(2);
      }
      assertThat(texts(read(torn))).as("after a cut at %s and one more", length).containsExactly("one", "new");
      assertThat(read(torn).damages()).isEmpty();
    }
  }

  @Test
  void whatAnEarlierFormatHoldsIsReadAndWrittenOnInThisOne() {
    MemoryStorage storage = new MemoryStorage();
    storage.put("segment-0000000000000001", firstFormat("one", "two"));
    Journal.Opened opened = Journal.open(storage);
    assertThat(texts(opened.recovery())).containsExactly("one", "two");
    assertThat(opened.recovery().damages()).isEmpty();
    try (Journal journal = opened.journal()) {
      assertThat(journal.append(bytes("three"))).isEqualTo(3);
    }
    assertThat(storage.contents().keySet()).containsExactlyInAnyOrder("segment-0000000000000001", "segment-0000000000000003");
    assertThat(texts(read(storage))).containsExactly("one", "two", "three");
    byte[] headless = firstFormat("one", "two");
    headless[3] ^= 1;
    storage.put("segment-0000000000000001", headless);
    assertThat(texts(read(storage))).as("the header of the earlier file is unreadable").containsExactly("one", "two", "three");
  }

  /** A segment as the first format has it. */
  private static byte[] firstFormat(String... records) {
    java.nio.ByteBuffer file = java.nio.ByteBuffer.allocate(1000);
    file.put(bytes("PATCHBAY")).putShort((short) 1).putShort((short) 1).putInt(0).putLong(1).putInt(0);
    file.putInt(Layout.checksum(file, 0, Format.HEADER - 4));
    long number = 1;
    for (String record : records) {
      int start = file.position();
      file.putInt(record.length()).putInt(0).putLong(number++).put(bytes(record));
      file.putInt(start + 4, Layout.checksum(file, start + 8, 8 + record.length()));
    }
    return java.util.Arrays.copyOf(file.array(), file.position());
  }

  @Test
  void aGapStaysVisibleUntilASnapshotClosesIt() {
    MemoryStorage storage = threeRecords();
    byte[] file = storage.contents("segment-0000000000000001");
    file[file.length - 1] ^= 1;
    storage.put("segment-0000000000000001", file);
    Journal.Opened opened = Journal.open(storage);
    assertThat(opened.recovery().damages()).extracting(Damage::kind).containsExactly(Damage.Kind.ALTERED_LAST);
    try (Journal journal = opened.journal()) {
      assertThat(journal.append(bytes("four"))).as("the lost number is not given away").isEqualTo(4);
    }
    Recovery second = read(storage);
    assertThat(texts(second)).containsExactly("one", "two", "four");
    assertThat(second.damages()).extracting(Damage::kind).containsExactly(Damage.Kind.ALTERED_LAST);
    try (Journal journal = Journal.open(storage).journal()) {
      journal.compact(List.of(bytes("all"))).join();
    }
    assertThat(read(storage).damages()).isEmpty();
  }

  @Test
  void aMissingFileIsReported() {
    MemoryStorage storage = new MemoryStorage();
    try (Journal journal = Journal.open(storage).journal()) {
      journal.append(bytes("one"));
      journal.compact(List.of(bytes("s1"))).join();
      journal.append(bytes("two"));
      journal.compact(List.of(bytes("s2"))).join();
      journal.append(bytes("three"));
    }
    Map<String, byte[]> contents = storage.contents();
    MemoryStorage without = new MemoryStorage();
    contents.forEach((name, bytes) -> {
      if (!name.equals("snapshot-0000000000000002") && !name.equals("segment-0000000000000002")) {
        without.put(name, bytes);
      }
    });
    Recovery recovery = read(without);
    assertThat(recovery.damages()).extracting(Damage::kind).containsExactly(Damage.Kind.MISSING);
    assertThat(recovery.isDoubtful()).isTrue();
  }

  /** Wherever it ends: within its header, within a record, or between two, where only its count tells. */
  @Test
  void aSnapshotThatEndsTooEarlyIsHealedFromTheOneBefore() {
    MemoryStorage storage = new MemoryStorage();
    try (Journal journal = Journal.open(storage).journal()) {
      journal.append(bytes("one"));
      journal.compact(List.of(bytes("s1"))).join();
      journal.append(bytes("two"));
      journal.compact(List.of(bytes("s2"), bytes("s3"))).join();
    }
    byte[] whole = storage.contents("snapshot-0000000000000002");
    for (int length = 0; length < whole.length; length++) {
      storage.put("snapshot-0000000000000002", java.util.Arrays.copyOf(whole, length));
      Recovery recovery = read(storage);
      assertThat(state(recovery)).as("%d bytes", length).containsExactly("s1");
      assertThat(texts(recovery)).containsExactly("two");
      assertThat(recovery.damages()).singleElement().satisfies(d -> {
        assertThat(d.healed()).isTrue();
        assertThat(d.kind()).isEqualTo(Damage.Kind.MISSING);
      });
    }
    storage.put("snapshot-0000000000000002", whole);
    assertThat(state(read(storage))).containsExactly("s2", "s3");
  }

  /** Of records that are of no snapshot, the only one, nothing is known but what it has: nobody can tell what is missing. */
  @Test
  void whereTheOnlySnapshotIsDamagedWhatItHasIsTakenAndItIsTold() {
    MemoryStorage storage = new MemoryStorage();
    try (Journal journal = Journal.open(storage).journal()) {
      journal.append(bytes("one"));
      journal.compact(List.of(bytes("s1"), bytes("s2"))).join();
      journal.append(bytes("two"));
    }
    byte[] snapshot = storage.contents("snapshot-0000000000000001");
    MemoryStorage alone = new MemoryStorage();
    storage.contents().forEach((name, bytes) -> {
      if (!name.equals("segment-0000000000000001")) {
        alone.put(name, bytes);
      }
    });
    alone.put("snapshot-0000000000000001", java.util.Arrays.copyOf(snapshot, snapshot.length - 1));
    Recovery recovery = read(alone);
    assertThat(state(recovery)).containsExactly("s1");
    assertThat(texts(recovery)).containsExactly("two");
    assertThat(recovery.isDoubtful()).isTrue();
    // With the segment from the beginning nothing is lost.
    storage.put("snapshot-0000000000000001", java.util.Arrays.copyOf(snapshot, snapshot.length - 1));
    Recovery healed = read(storage);
    assertThat(state(healed)).isEmpty();
    assertThat(texts(healed)).containsExactly("one", "two");
    assertThat(healed.damages()).singleElement().satisfies(d -> assertThat(d.healed()).isTrue());
  }

  @Test
  void aLaterFormatIsRefused() {
    MemoryStorage storage = threeRecords();
    byte[] file = storage.contents("segment-0000000000000001");
    file[11] = 9;
    java.util.zip.CRC32C checksum = new java.util.zip.CRC32C();
    checksum.update(file, 0, Format.HEADER - 4);
    java.nio.ByteBuffer.wrap(file).putInt(Format.HEADER - 4, (int) checksum.getValue());
    storage.put("segment-0000000000000001", file);
    assertThatThrownBy(() -> Journal.open(storage)).isInstanceOfSatisfying(StoreException.class,
        e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.VERSION));
  }

  /** Fails each operation in turn, once and for good, with and without bytes left behind; what was promised is there afterwards. */
  @Test
  void aFailureAtAnyOperationLosesNothingThatWasPromised() {
    for (int howMany : new int[] {1, 3, 1000}) {
      for (int at = 0; at < 40; at++) {
        failing(at, howMany, at % 2 == 0);
      }
    }
  }

  private static void failing(int at, int howMany, boolean half) {
    String what = "failing %s operations after %s".formatted(howMany, at);
    MemoryStorage storage = new MemoryStorage();
    List<String> promised = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    List<byte[]> all = new ArrayList<>();
    try (Journal journal = Journal.open(storage).journal()) {
      storage.failAfter(at, howMany, half);
      for (int i = 0; i < 12; i++) {
        String text = "record " + i;
        try {
          journal.append(bytes(text));
          promised.add(text);
          all.add(bytes(text));
        } catch (StoreException e) {
          assertThat(e.kind()).isEqualTo(StoreException.Kind.DEVICE);
          refused.add(text);
        }
        if (i == 5 || i == 8) {
          try {
            journal.compact(all).join();
          } catch (CompletionException e) {
            assertThat(e.getCause()).isInstanceOf(StoreException.class);
          }
        }
      }
      storage.workAgain();
      journal.append(bytes("works again"));
      promised.add("works again");
    }
    for (int unforced : new int[] {0, 5, 1000}) {
      Recovery recovery = read(storage.afterPowerLoss(unforced));
      List<String> found = new ArrayList<>(state(recovery));
      found.addAll(texts(recovery));
      assertThat(found).as("%s, %s unforced bytes", what, unforced).isEqualTo(promised);
      assertThat(recovery.damages()).as("%s, %s unforced bytes", what, unforced).isEmpty();
    }
  }

  private static MemoryStorage threeRecords() {
    MemoryStorage storage = new MemoryStorage();
    try (Journal journal = Journal.open(storage).journal()) {
      journal.append(bytes("one"));
      journal.append(bytes("two"));
      journal.append(bytes("three"));
    }
    return storage;
  }
}
