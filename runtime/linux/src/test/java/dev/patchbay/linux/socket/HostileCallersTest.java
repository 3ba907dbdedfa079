package dev.patchbay.linux.socket;

import static dev.patchbay.linux.socket.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.linux.socket.Executable.Outcome;
import dev.patchbay.wire.CniAnswer;
import dev.patchbay.wire.CniRefusal;
import dev.patchbay.wire.CniRequest;
import dev.patchbay.wire.DelegateOutcome;
import dev.patchbay.wire.Frame;
import dev.patchbay.wire.FrameCodec;
import dev.patchbay.wire.NetnsReport;
import dev.patchbay.wire.Payload;
import java.io.IOException;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server against callers that are silent, slow, wrong, or not allowed. */
@Timeout(180)
class HostileCallersTest {

  @TempDir Path folder;
  private CniSocketSettings settings = CniSocketSettings.at(Path.of("/unset"));
  private final CniHandler answering = call -> call.answer(CniAnswer.success("fine"));

  @BeforeEach
  void path() {
    settings = CniSocketSettings.at(folder.resolve("cni.sock"));
    assertThat(Descriptors.ours()).isEmpty();
  }

  @AfterEach
  void nothingIsLeft() {
    await().untilAsserted(() -> assertThat(Descriptors.ours()).isEmpty());
  }

  @Test
  void aThousandSilentCallersHoldNobodyUp() throws Exception {
    List<SocketChannel> silent = new ArrayList<>();
    try (CniSocketServer server = CniSocketServer.open(settings.requestTimeLimit(Duration.ofMinutes(10)), answering)) {
      byte[] begun = Arrays.copyOf(FrameCodec.encode(request(1, 1, NetnsReport.NONE)), 30);
      for (int i = 0; i < 1000; i++) {
        SocketChannel one = connect();
        silent.add(one);
        if (i % 2 == 0) {
          one.write(ByteBuffer.wrap(begun));
        }
      }
      for (int i = 0; i < 10; i++) {
        assertThat(works()).isEqualTo(new Outcome(0, "fine", ""));
      }
      await().until(() -> server.statistics().open() == 1000);
      assertThat(server.statistics().timedOut()).as("answered while the others were still waited for").isZero();
    } finally {
      for (SocketChannel one : silent) {
        one.close();
      }
    }
  }

  @Test
  void callersThatDoNotSendTheirRequestAreRefusedInTime() throws Exception {
    byte[] good = FrameCodec.encode(request(1, 1, NetnsReport.NONE));
    List<SocketChannel> callers = new ArrayList<>();
    // Long enough for a request that is sent at once.
    try (CniSocketServer server = CniSocketServer.open(settings.requestTimeLimit(Duration.ofSeconds(2)), answering)) {
      for (int length : new int[] {0, 1, 11, 12, 13, good.length - 1}) {
        SocketChannel caller = connect();
        callers.add(caller);
        caller.write(ByteBuffer.wrap(good, 0, length));
      }
      for (SocketChannel caller : callers) {
        try (caller) {
          CniRefusal refusal = (CniRefusal) FakeDaemon.read(caller);
          assertThat(refusal.code()).isEqualTo(CniRefusal.IO_FAILURE);
          assertThat(refusal.message()).contains("PT2S");
        }
      }
      await().until(() -> server.statistics().timedOut() == 6);
      assertThat(works().exitCode()).isZero();
      // Without callers the server sleeps; it must wake up for the next one all the same.
      try (SocketChannel caller = connect()) {
        assertThat(FakeDaemon.read(caller)).isInstanceOf(CniRefusal.class);
      }
    }
  }

  @Test
  void whatIsNoRequestIsRefused() throws Exception {
    byte[] later = FrameCodec.encode(request(1, 1, NetnsReport.NONE));
    later[4] = 2;
    byte[] twice = FrameCodec.encode(request(1, 1, NetnsReport.NONE));
    twice = Arrays.copyOf(twice, twice.length + 1);
    try (CniSocketServer server = CniSocketServer.open(settings, answering)) {
      assertRefused(CniRefusal.IO_FAILURE, "GET / HTTP/1.1\r\n".getBytes(StandardCharsets.UTF_8));
      assertRefused(CniRefusal.IO_FAILURE, FrameCodec.encode(CniAnswer.success("")));
      assertRefused(CniRefusal.IO_FAILURE, FrameCodec.encode(new DelegateOutcome(1, DelegateOutcome.Ending.EXITED, 0, Payload.EMPTY, Payload.EMPTY, "")));
      assertRefused(CniRefusal.IO_FAILURE, twice);
      assertRefused(CniRefusal.PROTOCOL_MISMATCH, later);
      assertRefused(CniRefusal.PROTOCOL_MISMATCH, FrameCodec.encode(request(2, 7, NetnsReport.NONE)));
      await().until(() -> server.statistics().malformed() == 6);
      assertThat(server.statistics().calls()).isZero();
      assertThat(works().exitCode()).isZero();
    }
  }

  @Test
  void wrongNumbersOfDescriptorsAreRefusedAndNoneIsKept() throws Exception {
    Path caller = CompiledC.compile("caller", folder);
    byte[] none = FrameCodec.encode(request(1, 1, NetnsReport.NONE));
    byte[] attached = FrameCodec.encode(request(1, 1, NetnsReport.ATTACHED));
    try (CniSocketServer server = CniSocketServer.open(settings, answering)) {
      assertThat(send(caller, attached, 1)).isEqualTo(CniAnswer.success("fine"));
      assertThat(send(caller, none, 0)).isEqualTo(CniAnswer.success("fine"));
      assertThat(send(caller, none, 1)).isInstanceOfSatisfying(CniRefusal.class, it -> assertThat(it.details()).contains("descriptor"));
      assertThat(send(caller, attached, 0)).isInstanceOf(CniRefusal.class);
      assertThat(send(caller, attached, 2)).isInstanceOfSatisfying(CniRefusal.class, it -> assertThat(it.details()).contains("more than one"));
      assertThat(send(caller, attached, 60)).isInstanceOf(CniRefusal.class);
      assertThat(send(caller, new byte[] {'x'}, 3)).isInstanceOf(CniRefusal.class);
      await().until(() -> server.statistics().open() == 0);
      assertThat(nullFiles()).isZero();
    }
  }

  @Test
  void framesAfterTheRequestThatNobodyAskedForEndTheCall() throws Exception {
    List<CniCall> calls = new CopyOnWriteArrayList<>();
    try (CniSocketServer server = CniSocketServer.open(settings, calls::add);
        SocketChannel caller = connect()) {
      caller.write(ByteBuffer.wrap(FrameCodec.encode(request(1, 1, NetnsReport.NONE))));
      await().until(() -> server.statistics().calls() == 1 && !calls.isEmpty());
      caller.write(ByteBuffer.wrap(FrameCodec.encode(
          new DelegateOutcome(9, DelegateOutcome.Ending.EXITED, 0, Payload.EMPTY, Payload.EMPTY, ""))));
      assertThat(caller.read(ByteBuffer.allocate(1))).isEqualTo(-1);
      await().until(() -> calls.getFirst().hungUp());
      assertThat(calls.getFirst().answer(CniAnswer.success(""))).isFalse();
      assertThat(server.statistics().malformed()).isEqualTo(1);
    }
  }

  @Test
  void damagedRequestsLeaveNothingBehind() throws Exception {
    Random random = new Random(7);
    byte[] good = FrameCodec.encode(request(1, 1, NetnsReport.NONE));
    try (CniSocketServer server = CniSocketServer.open(settings.requestTimeLimit(Duration.ofSeconds(2)), answering)) {
      for (int i = 0; i < 1000; i++) {
        byte[] bytes = random.nextInt(3) == 0 ? new byte[random.nextInt(100)] : good.clone();
        for (int change = random.nextInt(5); change >= 0 && bytes.length > 0; change--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        try (SocketChannel caller = connect()) {
          caller.write(ByteBuffer.wrap(bytes, 0, random.nextInt(bytes.length + 1)));
          if (random.nextBoolean()) {
            caller.shutdownOutput();
          }
        } catch (IOException refusedEarly) {
          // The server hung up while we were writing.
          continue;
        }
      }
      await().until(() -> server.statistics().open() == 0);
      assertThat(works()).isEqualTo(new Outcome(0, "fine", ""));
      assertThat(server.serving()).isTrue();
      assertThat(server.statistics().accepted()).isEqualTo(1001);
    }
  }

  @Test
  void aCallerThatDoesNotTakeItsAnswerIsLeft() throws Exception {
    try (CniSocketServer server = CniSocketServer.open(settings.requestTimeLimit(Duration.ofSeconds(2)),
            call -> call.answer(CniAnswer.success("x".repeat(6_000_000))));
        SocketChannel caller = connect()) {
      caller.write(ByteBuffer.wrap(FrameCodec.encode(request(1, 1, NetnsReport.NONE))));
      await().until(() -> server.statistics().timedOut() == 1 && server.statistics().open() == 0);
      assertThat(works().output()).hasSize(6_000_000);
    }
  }

  @Test
  void beyondTheLimitCallersAreToldToTryAgain() throws Exception {
    try (CniSocketServer server = CniSocketServer.open(settings.connectionLimit(3), answering);
        SocketChannel first = connect();
        SocketChannel second = connect()) {
      try (SocketChannel third = connect()) {
        await().until(() -> server.statistics().open() == 3);
        Outcome outcome = works();
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output()).contains("\"code\":11", "3 calls open");
        assertThat(List.of(first, second, third)).allMatch(SocketChannel::isOpen);
      }
      await().until(() -> server.statistics().open() == 2);
      assertThat(works().exitCode()).isZero();
    }
  }

  @Test
  void whoIsNotRootIsRefused() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path executable = Files.copy(Executable.FILE, folder.resolve("patchbay-cni"));
    Files.setPosixFilePermissions(executable, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (CniSocketServer server = CniSocketServer.open(settings, answering)) {
      assertThat(asNobody(executable)).as("the mode keeps them out").contains("\"code\":11", "Permission denied");
      Files.setPosixFilePermissions(settings.path(), PosixFilePermissions.fromString("rw-rw-rw-"));
      assertThat(asNobody(executable)).as("and so do we").contains("\"code\":590", "user 65534 may not use");
      assertThat(server.statistics().refused()).isEqualTo(1);
      assertThat(server.statistics().calls()).isZero();
    }
    try (CniSocketServer server = CniSocketServer.open(settings.allowedUids(Set.of(65534L)), answering)) {
      Files.setPosixFilePermissions(server.path(), PosixFilePermissions.fromString("rw-rw-rw-"));
      assertThat(asNobody(executable)).isEqualTo("fine");
      assertThat(works().output()).as("root is not in this list").contains("\"code\":590");
    }
  }

  private String asNobody(Path executable) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", executable.toString());
    builder.environment().put("CNI_COMMAND", "ADD");
    Process process = builder.start();
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(Executable.configuration(settings.path()).getBytes(StandardCharsets.UTF_8));
    }
    return Executable.outcome(process).output();
  }

  private Outcome works() {
    return Executable.verb("ADD").socket(settings.path()).run();
  }

  private SocketChannel connect() throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(settings.path()));
  }

  private void assertRefused(int code, byte[] bytes) throws IOException {
    try (SocketChannel caller = connect()) {
      caller.write(ByteBuffer.wrap(bytes));
      assertThat(FakeDaemon.read(caller)).isInstanceOfSatisfying(CniRefusal.class, it -> assertThat(it.code()).as(it.toString()).isEqualTo(code));
    }
  }

  private Frame send(Path caller, byte[] bytes, int descriptors) throws IOException {
    Process process = new ProcessBuilder(caller.toString(), settings.path().toString(), Integer.toString(descriptors)).start();
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(bytes);
    }
    byte[] answer = process.getInputStream().readAllBytes();
    assertThat(process.onExit().join().exitValue()).isZero();
    return FrameCodec.decode(answer);
  }

  /** Descriptors of /dev/null that did not come back; the JVM itself has none open for reading beyond 0 to 2. */
  private static long nullFiles() throws IOException {
    try (var files = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      long count = 0;
      for (Path file : files) {
        boolean standard = Integer.parseInt(file.getFileName().toString()) <= 2;
        if (!standard && Files.exists(file) && Files.readSymbolicLink(file).equals(Path.of("/dev/null"))) {
          count++;
        }
      }
      return count;
    }
  }

  private static CniRequest request(int oldest, int newest, NetnsReport netns) {
    return new CniRequest(oldest, newest, Instant.EPOCH, Optional.empty(), Duration.ofSeconds(10), netns, Map.of("CNI_COMMAND", "ADD"),
        Payload.utf8("{}"));
  }
}
