package dev.patchbay.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.linux.socket.Executable.Outcome;
import dev.patchbay.wire.CniAnswer;
import dev.patchbay.wire.CniRefusal;
import dev.patchbay.wire.CniRequest;
import dev.patchbay.wire.DelegateOutcome;
import dev.patchbay.wire.DelegateRun;
import dev.patchbay.wire.Frame;
import dev.patchbay.wire.FrameCodec;
import dev.patchbay.wire.Payload;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The executable against daemons that answer slowly, partly, wrongly or never. */
@Timeout(180)
class ExecutableAgainstFakesTest {
  private static final byte[] GOOD = FrameCodec.encode(CniAnswer.success("{\"fine\":true}"));

  @TempDir Path folder;
  private Path socket = Path.of("/unset");

  @BeforeEach
  void path() {
    socket = folder.resolve("cni.sock");
  }

  @Test
  void anAnswerInSmallPiecesIsAnAnswer() throws Exception {
    FakeDaemon.Script byteByByte = caller -> {
      FakeDaemon.read(caller);
      for (byte one : GOOD) {
        FakeDaemon.write(caller, new byte[] {one});
      }
    };
    try (FakeDaemon daemon = new FakeDaemon(socket, byteByByte)) {
      assertThat(Executable.verb("ADD").socket(socket).run()).isEqualTo(new Outcome(0, "{\"fine\":true}", ""));
      assertThat(daemon).isNotNull();
    }
  }

  @Test
  void anAnswerThatBreaksOffIsNone() throws Exception {
    try (FakeDaemon daemon = new FakeDaemon(socket, FakeDaemon.answering(Arrays.copyOf(GOOD, GOOD.length - 1)))) {
      assertError(Executable.verb("ADD").socket(socket).run(), 11, "closed the connection");
      assertError(Executable.verb("STATUS").socket(socket).run(), 50, "closed the connection");
      assertThat(Executable.verb("DEL").socket(socket).run()).isEqualTo(new Outcome(0, "", ""));
      assertThat(PendingDels.besideSocket(socket).collect()).hasSize(1);
      assertThat(daemon).isNotNull();
    }
  }

  @Test
  void aDaemonThatHangsUpAtOnceIsAway() throws Exception {
    byte[] large = (Executable.configuration(socket) + " ".repeat(3_000_000)).getBytes(StandardCharsets.UTF_8);
    try (FakeDaemon daemon = new FakeDaemon(socket, caller -> {})) {
      assertError(Executable.verb("ADD").socket(socket).run(), 11, "closed the connection");
      assertError(Executable.verb("ADD").input(large).run(), 11, "closed the connection");
      assertThat(daemon).isNotNull();
    }
  }

  @Test
  void whyItHungUpIsReadEvenWhenTheRequestCouldNotBeSent() throws Exception {
    byte[] refusal = FrameCodec.encode(new CniRefusal(100, "not you", ""));
    byte[] large = (Executable.configuration(socket) + " ".repeat(3_000_000)).getBytes(StandardCharsets.UTF_8);
    try (FakeDaemon daemon = new FakeDaemon(socket, caller -> FakeDaemon.write(caller, refusal))) {
      assertError(Executable.verb("ADD").input(large).run(), 100, "not you");
      assertThat(daemon).isNotNull();
    }
  }

  @Test
  void aDaemonThatNeverAnswersIsLeftAtTheTimeLimit() throws Exception {
    try (FakeDaemon daemon = new FakeDaemon(socket, FakeDaemon.silent())) {
      long start = System.nanoTime();
      assertError(limited("ADD").run(), 11, "it did not answer in time");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(990));
      assertError(limited("STATUS").run(), 50, "it did not answer in time");
      assertThat(limited("DEL").run()).isEqualTo(new Outcome(0, "", ""));
      assertThat(PendingDels.besideSocket(socket).collect()).hasSize(1);
      assertThat(daemon).isNotNull();
    }
  }

  @Test
  void aDaemonThatDoesNotEvenAcceptIsLeftAtTheTimeLimit() throws Exception {
    try (ServerSocketChannel hanging = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      hanging.bind(UnixDomainSocketAddress.of(socket), 1);
      List<Process> callers = IntStream.range(0, 5).mapToObj(i -> limited("ADD").start()).toList();
      callers.forEach(caller -> assertError(Executable.outcome(caller), 11, "does not answer"));
    }
  }

  @Test
  void aNoteIsTakenBackWhenTheDaemonComesUpMeanwhile() throws Exception {
    CompletableFuture<Frame> second = new CompletableFuture<>();
    try (FakeDaemon daemon = new FakeDaemon(socket, caller -> {}, caller -> {
      second.complete(FakeDaemon.read(caller));
      FakeDaemon.write(caller, FrameCodec.encode(CniAnswer.success("")));
    })) {
      assertThat(Executable.verb("DEL").with("CNI_NETNS", "/proc/self/ns/net").socket(socket).run()).isEqualTo(new Outcome(0, "", ""));
      assertThat(((CniRequest) second.join()).command()).isEqualTo("DEL");
      assertThat(PendingDels.besideSocket(socket).folder()).isEmptyDirectory();
      assertThat(daemon).isNotNull();
    }
  }

  @Test
  void whatIsNoProtocolIsCodeFive() throws Exception {
    byte[] wrongVersion = GOOD.clone();
    wrongVersion[4] = 9;
    byte[] wrongType = GOOD.clone();
    wrongType[5] = 99;
    byte[] tooLarge = GOOD.clone();
    tooLarge[8] = 1;
    byte[] brokenField = GOOD.clone();
    brokenField[12 + 2] = 1;
    byte[] noExit = GOOD.clone();
    noExit[13] = 99;
    byte[] request = FrameCodec.encode(new DelegateOutcome(1, DelegateOutcome.Ending.EXITED, 0, Payload.EMPTY, Payload.EMPTY, ""));
    byte[] badRun = FrameCodec.encode(DelegateRun.of(1, "x", Map.of(), Payload.EMPTY, Duration.ZERO));
    badRun[13] = 99;
    List<byte[]> wrong = List.of("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.UTF_8), wrongVersion, wrongType, tooLarge, brokenField,
        noExit, request, badRun, "nope".getBytes(StandardCharsets.UTF_8));
    for (byte[] bytes : wrong) {
      Path own = folder.resolve(wrong.indexOf(bytes) + ".sock");
      try (FakeDaemon daemon = new FakeDaemon(own, FakeDaemon.answering(bytes))) {
        assertError(Executable.verb("ADD").socket(own).run(), 5, "does not speak this executable's protocol");
        assertError(Executable.verb("DEL").socket(own).run(), 5, "does not speak this executable's protocol");
        assertThat(daemon).isNotNull();
      }
    }
    assertThat(PendingDels.besideSocket(socket).collect()).isEmpty();
  }

  /** Whatever comes, the executable ends by itself and prints the answer or an error. */
  @Test
  void damagedAnswersNeverCrashIt() throws Exception {
    Random random = new Random(20);
    List<byte[]> frames = List.of(GOOD, FrameCodec.encode(new CniRefusal(11, "später", "x")),
        FrameCodec.encode(DelegateRun.of(1, "nothing-of-this-name", Map.of("A", "B"), Payload.utf8("{}"), Duration.ofMillis(50))));
    FakeDaemon.Script damaged = caller -> {
      FakeDaemon.read(caller);
      byte[] frame = frames.get(random.nextInt(frames.size())).clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        frame[random.nextInt(frame.length)] = (byte) random.nextInt(256);
      }
      FakeDaemon.write(caller, Arrays.copyOf(frame, random.nextInt(3) == 0 ? random.nextInt(frame.length) : frame.length));
      if (random.nextBoolean()) {
        caller.shutdownOutput();
        caller.read(ByteBuffer.allocate(4096));
      }
    };
    try (FakeDaemon daemon = new FakeDaemon(socket, damaged)) {
      for (int i = 0; i < 150; i++) {
        Outcome outcome = limited("ADD").run();
        assertThat(outcome.exitCode()).as("round %d: %s", i, outcome).isBetween(0, 255).isNotIn(132, 134, 135, 136, 139);
        assertThat(outcome.errors()).as("round %d", i).doesNotContain("Sanitizer");
      }
      assertThat(daemon).isNotNull();
    }
  }

  /** Its time runs from its start, so its input lies there before. */
  private Executable limited(String verb) {
    return Executable.verb(verb).with("PATCHBAY_TIMEOUT", "1").socket(socket).fromFileIn(folder);
  }

  private static void assertError(Outcome outcome, int code, String words) {
    assertThat(outcome.exitCode()).as(outcome.toString()).isEqualTo(1);
    assertThat(outcome.output()).startsWith("{\"cniVersion\":\"1.0.0\",\"code\":" + code + ",").endsWith("\"}\n").contains(words);
  }
}
