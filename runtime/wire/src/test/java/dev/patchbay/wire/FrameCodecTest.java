package dev.patchbay.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.patchbay.wire.MalformedFrameException.Reason;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FrameCodecTest {

  private static final Optional<Uptime> UPTIME = Optional.of(
      new Uptime(UUID.fromString("0e1f5a35-9a3b-4d37-8d3b-2f4c5f0e7a11"), Duration.ofMillis(4_000_000_123L)));
  private static final CniRequest REQUEST = new CniRequest(
      1, 3, Instant.ofEpochMilli(1_789_000_000_123L), UPTIME, Duration.ofSeconds(110), NetnsReport.ATTACHED,
      new LinkedHashMap<>(Map.of("CNI_COMMAND", "ADD", "CNI_CONTAINERID", "c1", "CNI_IFNAME", "eth0", "CNI_ARGS", "A=1;B=2")),
      Payload.utf8("{\"name\":\"é\"}"));

  private static final List<Frame> ALL = List.of(
      REQUEST,
      new CniRequest(1, 1, Instant.EPOCH, Optional.empty(), Duration.ZERO, NetnsReport.NONE, Map.of(), Payload.EMPTY),
      new CniRequest(255, 255, Instant.EPOCH, Optional.empty(), Duration.ofMillis(0xffff_ffffL), new NetnsReport.Failed(2),
          Map.of("X", ""), Payload.EMPTY),
      CniAnswer.success("{}"),
      new CniAnswer(255, Payload.of(new byte[] {0, -1, 5}), Payload.utf8("log")),
      new CniRefusal(11, "Später", ""),
      new CniRefusal(Integer.MAX_VALUE, "a", "b"),
      new DelegateRun(7, "portmap", Map.of("CNI_COMMAND", "DEL"), Set.of("CNI_ARGS", "X"), Payload.utf8("{}"), Duration.ofSeconds(1), 0),
      DelegateRun.of(0, "/opt/cni/bin/x", Map.of(), Payload.EMPTY, Duration.ZERO),
      new DelegateOutcome(7, DelegateOutcome.Ending.NOT_STARTED, 2, Payload.EMPTY, Payload.EMPTY, "not found"),
      new DelegateOutcome(7, DelegateOutcome.Ending.SIGNALLED, 9, Payload.utf8("x"), Payload.utf8("y"), ""));

  @Test
  void everyFrameSurvivesTheWayThroughBytes() {
    for (Frame frame : ALL) {
      assertThat(FrameCodec.decode(FrameCodec.encode(frame))).isEqualTo(frame);
    }
    assertThat(ALL.stream().map(Frame::type).distinct()).containsExactlyInAnyOrder(FrameType.values());
  }

  @Test
  void randomRequestsSurviveTheWayThroughBytes() {
    Random random = new Random(4711);
    for (int round = 0; round < 500; round++) {
      byte[] input = new byte[random.nextInt(5000)];
      random.nextBytes(input);
      Map<String, String> environment = new LinkedHashMap<>();
      for (int i = random.nextInt(8); i > 0; i--) {
        environment.put("CNI_" + random.nextInt(1000), "v=ä;" + random.nextLong());
      }
      int oldest = 1 + random.nextInt(255);
      CniRequest request = new CniRequest(oldest, oldest + random.nextInt(256 - oldest),
          Instant.ofEpochMilli(random.nextLong(Long.MAX_VALUE)),
          random.nextBoolean() ? Optional.of(new Uptime(new UUID(random.nextLong(), random.nextLong()),
              Duration.ofMillis(random.nextLong(Long.MAX_VALUE)))) : Optional.empty(),
          Duration.ofMillis(random.nextLong(0x1_0000_0000L)),
          random.nextBoolean() ? new NetnsReport.Failed(1 + random.nextInt(200)) : NetnsReport.NONE, environment, Payload.of(input));
      assertThat(FrameCodec.decode(FrameCodec.encode(request))).as("round %d", round).isEqualTo(request);
    }
  }

  @Test
  void rubbishIsAlwaysRefusedByTheOneException() {
    Random random = new Random(1);
    Set<Reason> reasons = EnumSet.noneOf(Reason.class);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      if (round % 2 == 0 && bytes.length >= 12) {
        // With a good head the body is looked at too.
        byte[] head = {'P', 'B', 'A', 'Y', 1, (byte) (1 + random.nextInt(5)), 0, 0, 0, 0, 0, (byte) (bytes.length - 12)};
        System.arraycopy(head, 0, bytes, 0, head.length);
      }
      try {
        fail("round %d yielded %s", round, FrameCodec.decode(bytes));
      } catch (MalformedFrameException expected) {
        reasons.add(expected.reason());
      }
    }
    assertThat(reasons).contains(Reason.MAGIC, Reason.LENGTH, Reason.FIELD_COUNT);
  }

  /** Damaged frames may by chance still be frames, but nothing else may come out of them. */
  @Test
  void damagedFramesYieldAFrameOrTheOneException() {
    Random random = new Random(2);
    int refused = 0;
    for (int round = 0; round < 50_000; round++) {
      byte[] bytes = FrameCodec.encode(ALL.get(random.nextInt(ALL.size())));
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      byte[] cut = random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 20)) : bytes;
      try {
        FrameCodec.decode(cut);
      } catch (MalformedFrameException expected) {
        if (expected.getMessage() == null || expected.getMessage().contains("null")) {
          fail("words are missing: " + expected);
        }
        refused++;
      }
    }
    assertThat(refused).isBetween(10_000, 49_000);
  }

  @Test
  void everyDefectHasItsReason() {
    byte[] good = FrameCodec.encode(REQUEST);
    assertReason(Reason.MAGIC, with(good, 0, 'X'));
    assertReason(Reason.VERSION, with(good, 4, 0));
    assertReason(Reason.VERSION, with(good, 4, 2));
    assertReason(Reason.TYPE, with(good, 5, 77));
    assertReason(Reason.FIELD_VALUE, with(good, 6, 1));
    assertReason(Reason.TOO_LARGE, with(good, 8, 0x7f));
    assertReason(Reason.TOO_LARGE, with(good, 8, 0xff));
    assertReason(Reason.LENGTH, Arrays.copyOf(good, good.length - 1));
    assertReason(Reason.LENGTH, Arrays.copyOf(good, good.length + 1));
    assertReason(Reason.LENGTH, Arrays.copyOf(good, 11));
    assertReason(Reason.LENGTH, new byte[0]);
    // The first field is "oldest", one byte at 12 + 6.
    assertReason(Reason.FIELD_VALUE, with(good, 18, 0));
    assertReason(Reason.FIELD_VALUE, with(good, 18, 4));
    assertReason(Reason.FIELD_COUNT, with(good, 13, 99));
    assertReason(Reason.FIELD_COUNT, with(good, 13, 2));
    assertReason(Reason.LENGTH, with(good, 14, 0x7f));
  }

  @Test
  void unknownFieldsAreSkipped() {
    byte[] good = FrameCodec.encode(CniAnswer.success("{}"));
    byte[] longer = Arrays.copyOf(good, good.length + 9);
    ByteBuffer.wrap(longer).putInt(8, good.length - 12 + 9).putShort(good.length, (short) 999).putInt(good.length + 2, 3);
    assertThat(FrameCodec.decode(longer)).isEqualTo(CniAnswer.success("{}"));
  }

  @Test
  void aRefusalIsUnderstoodInEveryVersion() {
    byte[] later = with(FrameCodec.encode(new CniRefusal(101, "too old", "")), 4, 9);
    assertThat(FrameCodec.decode(later)).isEqualTo(new CniRefusal(101, "too old", ""));
  }

  @Test
  void textMustBeUtf8AndVariablesStandThereOnce() {
    byte[] good = FrameCodec.encode(new CniRefusal(11, "aaaa", ""));
    assertReason(Reason.FIELD_VALUE, with(good, 12 + 10 + 6, 0xff));
    byte[] twice = FrameCodec.encode(new CniRequest(1, 1, Instant.EPOCH, Optional.empty(), Duration.ZERO, NetnsReport.NONE,
        new LinkedHashMap<>(Map.of("AA", "1", "AB", "2")), Payload.EMPTY));
    for (int i = 0; i < twice.length - 1; i++) {
      if (twice[i] == 'A' && twice[i + 1] == 'B') {
        twice[i + 1] = 'A';
      }
    }
    // "PBAY" holds the same letters.
    twice[0] = 'P';
    assertReason(Reason.FIELD_COUNT, twice);
  }

  @Test
  void aFrameHasALimit() {
    assertThat(FrameCodec.encode(CniAnswer.success("x".repeat(FrameCodec.MAX_FRAME - 100)))).hasSizeLessThan(FrameCodec.MAX_FRAME);
    assertThatThrownBy(() -> FrameCodec.encode(CniAnswer.success("x".repeat(FrameCodec.MAX_FRAME))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("limit");
  }

  @Test
  void valuesRefuseWhatNoFrameCanCarry() {
    assertThatThrownBy(() -> new CniAnswer(256, Payload.EMPTY, Payload.EMPTY)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new CniRefusal(0, "a", "")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new CniRefusal(1, "", "")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DelegateRun.of(1, "", Map.of(), Payload.EMPTY, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DelegateRun.of(1, "a", Map.of("A=B", ""), Payload.EMPTY, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DelegateRun.of(1, "a", Map.of(), Payload.EMPTY, Duration.ofDays(50))).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aNoteIsADelThatNamesAnAttachment() {
    CniRequest del = note(Map.of("CNI_COMMAND", "DEL", "CNI_CONTAINERID", "c", "CNI_IFNAME", "eth0"), NetnsReport.NONE);
    assertThat(FrameCodec.decodeNote(FrameCodec.encode(del))).isEqualTo(del);
    assertBadNote(note(Map.of("CNI_COMMAND", "ADD", "CNI_CONTAINERID", "c", "CNI_IFNAME", "eth0"), NetnsReport.NONE));
    assertBadNote(note(Map.of("CNI_COMMAND", "DEL", "CNI_CONTAINERID", "", "CNI_IFNAME", "eth0"), NetnsReport.NONE));
    assertBadNote(note(Map.of("CNI_COMMAND", "DEL", "CNI_CONTAINERID", "c"), NetnsReport.NONE));
    assertBadNote(note(Map.of("CNI_COMMAND", "DEL", "CNI_CONTAINERID", "c", "CNI_IFNAME", "eth0"), NetnsReport.ATTACHED));
    assertBadNote(CniAnswer.success("{}"));
  }

  @Test
  void theNewestCommonVersionIsChosen() {
    assertThat(FrameCodec.commonVersion(1, 1)).hasValue(1);
    assertThat(FrameCodec.commonVersion(1, 9)).hasValue(FrameCodec.NEWEST_VERSION);
    assertThat(FrameCodec.commonVersion(FrameCodec.NEWEST_VERSION + 1, 255)).isEmpty();
  }

  private static CniRequest note(Map<String, String> environment, NetnsReport netns) {
    return new CniRequest(1, 1, Instant.EPOCH, Optional.empty(), Duration.ZERO, netns, environment, Payload.utf8("{}"));
  }

  private static void assertBadNote(Frame frame) {
    assertThatThrownBy(() -> FrameCodec.decodeNote(FrameCodec.encode(frame))).isInstanceOf(MalformedFrameException.class);
  }

  private static void assertReason(Reason reason, byte[] bytes) {
    assertThatThrownBy(() -> FrameCodec.decode(bytes))
        .isInstanceOfSatisfying(MalformedFrameException.class, e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
  }

  private static byte[] with(byte[] bytes, int at, int value) {
    byte[] changed = bytes.clone();
    changed[at] = (byte) value;
    return changed;
  }
}
