package dev.patchbay.linux.socket;

import static dev.patchbay.linux.socket.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.linux.socket.Executable.Outcome;
import dev.patchbay.wire.CniAnswer;
import dev.patchbay.wire.CniRefusal;
import dev.patchbay.wire.CniRequest;
import dev.patchbay.wire.FrameCodec;
import dev.patchbay.wire.NetnsReport;
import dev.patchbay.wire.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real executable against the server. */
@Timeout(180)
class CniSocketServerTest {

  @TempDir Path folder;
  private Path socket = Path.of("/unset");
  private final BlockingQueue<CniCall> calls = new LinkedBlockingQueue<>();

  @BeforeEach
  void path() {
    socket = folder.resolve("cni.sock");
    assertThat(Descriptors.ours()).isEmpty();
  }

  @AfterEach
  void nothingIsLeft() {
    await().untilAsserted(() -> assertThat(Descriptors.ours()).isEmpty());
  }

  private CniSocketServer server(CniHandler handler) {
    return CniSocketServer.open(CniSocketSettings.at(socket), handler);
  }

  @Test
  void carriesARequestAndItsAnswer() throws Exception {
    List<Long> inodes = new ArrayList<>();
    try (TestNetns netns = TestNetns.create();
        CniSocketServer server = server(call -> {
          inodes.add(inode(call));
          assertThat(call.peer().uid()).isZero();
          assertThat(call.peer().pid()).isPositive();
          assertThat(call.request().command()).isEqualTo("ADD");
          assertThat(call.request().containerId()).contains("c1");
          assertThat(call.request().netnsPath()).contains(netns.path().toString());
          assertThat(call.request().timeLimit()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(60));
          assertThat(call.request().standardInput().text()).isEqualTo(Executable.configuration(socket));
          call.answer(new CniAnswer(0, Payload.utf8("{\"ok\":\"é\"}\n"), Payload.utf8("a log line\n")));
        })) {
      Outcome outcome = Executable.verb("ADD").with("CNI_NETNS", netns.path().toString()).socket(socket).run();
      assertThat(outcome).isEqualTo(new Outcome(0, "{\"ok\":\"é\"}\n", "a log line\n"));
      assertThat(inodes).as("the very namespace").containsExactly((long) Files.getAttribute(netns.path(), "unix:ino"));
      assertThat(inodes).doesNotContain((long) Files.getAttribute(Path.of("/proc/self/ns/net"), "unix:ino"));
      await().untilAsserted(() -> assertThat(server.statistics()).satisfies(seen -> {
        assertThat(seen.calls()).isEqualTo(1);
        assertThat(seen.answered()).isEqualTo(1);
        assertThat(seen.open()).isZero();
      }));
    }
    assertThat(socket).doesNotExist();
  }

  @Test
  void exitCodesAndErrorsPass() {
    try (CniSocketServer server = server(call -> {
      switch (call.request().command()) {
        case "CHECK" -> call.answer(new CniAnswer(77, Payload.utf8("{\"code\":77}"), Payload.EMPTY));
        case "GC" -> call.refuse(new CniRefusal(11, "no \"address\" is free", "wait"));
        case "STATUS" -> throw new IllegalStateException("planted");
        default -> call.answer(CniAnswer.success(""));
      }
    })) {
      assertThat(Executable.verb("CHECK").socket(socket).run()).isEqualTo(new Outcome(77, "{\"code\":77}", ""));
      assertThat(Executable.verb("GC").socket(socket).run()).isEqualTo(new Outcome(1,
          "{\"cniVersion\":\"1.0.0\",\"code\":11,\"msg\":\"no \\\"address\\\" is free\",\"details\":\"wait\"}\n", ""));
      assertThat(Executable.verb("STATUS").socket(socket).run().output()).contains("\"code\":999", "planted");
      assertThat(Executable.verb("DEL").socket(socket).run()).isEqualTo(new Outcome(0, "", ""));
      await().until(() -> server.statistics().answered() == 4);
    }
  }

  @Test
  void largeRequestsAndAnswersPass() {
    String configuration = Executable.configuration(socket);
    String padded = configuration.substring(0, configuration.length() - 1) + ",\"pad\":\"" + "x".repeat(4_000_000) + "\"}";
    try (CniSocketServer server = server(call -> {
      assertThat(call.request().standardInput().text()).isEqualTo(padded);
      call.answer(CniAnswer.success("y".repeat(7_000_000)));
    })) {
      Outcome outcome = Executable.verb("ADD").input(padded).run();
      assertThat(outcome.exitCode()).isZero();
      assertThat(outcome.output()).isEqualTo("y".repeat(7_000_000));
      await().until(() -> server.statistics().answered() == 1);
    }
  }

  @Test
  void namespacesThatCannotBeOpenedAreTold() throws Exception {
    List<CallerNetns> seen = new ArrayList<>();
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    try (CniSocketServer server = server(call -> {
      seen.add(call.netns());
      call.answer(CniAnswer.success(""));
    })) {
      Executable.verb("DEL").with("CNI_NETNS", folder + "/gone").socket(socket).run();
      Executable.verb("DEL").with("CNI_NETNS", "").socket(socket).run();
      Executable.verb("GC").with("CNI_NETNS", "/proc/self/ns/net").socket(socket).run();
      Executable.verb("ADD").with("CNI_NETNS", pipe.toString()).socket(socket).run();
      await().until(() -> server.statistics().answered() == 4);
    }
    assertThat(seen.subList(0, 3)).containsExactly(new CallerNetns.Failed(2), new CallerNetns.None(), new CallerNetns.None());
    assertThat(seen.get(3)).as("a pipe holds nobody up").isInstanceOf(CallerNetns.Opened.class);
  }

  @Test
  void answersMayComeLaterFromAnyThread() throws Exception {
    try (CniSocketServer server = server(calls::add)) {
      Process first = Executable.verb("ADD").with("CNI_CONTAINERID", "a").socket(socket).start();
      CniCall slow = calls.take();
      // Far more calls wait than the server has threads.
      List<Process> others = IntStream.range(0, 20).mapToObj(i -> Executable.verb("ADD").socket(socket).start()).toList();
      for (int i = 0; i < 20; i++) {
        assertThat(calls.take().answer(CniAnswer.success("quick"))).isTrue();
      }
      others.forEach(process -> assertThat(Executable.outcome(process).output()).isEqualTo("quick"));
      assertThat(first.isAlive()).isTrue();
      assertThat(slow.answer(CniAnswer.success("slow"))).isTrue();
      assertThat(Executable.outcome(first).output()).isEqualTo("slow");
      assertThatThrownBy(() -> slow.answer(CniAnswer.success(""))).isInstanceOf(IllegalStateException.class);
      await().until(() -> server.statistics().answered() == 21);
    }
  }

  @Test
  void aHangUpIsNoticedAtOnce() throws Exception {
    try (CniSocketServer server = server(calls::add)) {
      long best = Long.MAX_VALUE;
      for (int i = 0; i < 5; i++) {
        Process process = Executable.verb("ADD").with("CNI_NETNS", "/proc/self/ns/net").socket(socket).start();
        CniCall call = calls.take();
        CompletableFuture<Long> noticed = new CompletableFuture<>();
        call.onHangUp(() -> noticed.complete(System.nanoTime()));
        assertThat(call.hungUp()).isFalse();
        long killed = System.nanoTime();
        process.destroyForcibly();
        best = Math.min(best, noticed.get(60, TimeUnit.SECONDS) - killed);
        assertThat(call.hungUp()).isTrue();
        CompletableFuture<Void> late = new CompletableFuture<>();
        call.onHangUp(() -> late.complete(null));
        late.get(60, TimeUnit.SECONDS);
        OwnedDescriptor descriptor = ((CallerNetns.Opened) call.netns()).descriptor();
        assertThat(descriptor.number()).as("still the handler's").isPositive();
        assertThat(call.answer(CniAnswer.success("too late"))).isFalse();
        assertThatThrownBy(descriptor::number).isInstanceOf(IllegalStateException.class);
      }
      assertThat(Duration.ofNanos(best)).as("the best of five; no time limit is that short").isLessThan(Duration.ofSeconds(10));
      await().until(() -> server.statistics().hungUp() == 5);
    }
  }

  @Test
  void aCallerThatDiesWithItsAnswerUnreadIsNoticedAndOneThatReadItIsNot() throws Exception {
    try (CniSocketServer server = server(calls::add)) {
      for (boolean reads : new boolean[] {true, false}) {
        Process process = Executable.verb("ADD").with("CNI_NETNS", "/proc/self/ns/net").socket(socket).start();
        CniCall call = calls.take();
        CompletableFuture<Boolean> noticed = new CompletableFuture<>();
        CompletableFuture<Boolean> read = new CompletableFuture<>();
        call.onHangUp(() -> noticed.complete(true));
        call.onAnswerRead(() -> read.complete(true));
        if (!reads) {
          assertThat(new ProcessBuilder("kill", "-STOP", String.valueOf(process.pid())).start().waitFor()).isZero();
        }
        assertThat(call.answer(CniAnswer.success("fine"))).isTrue();
        assertThat(call.hungUp()).isFalse();
        if (reads) {
          assertThat(Executable.outcome(process)).isEqualTo(new Outcome(0, "fine", ""));
        } else {
          process.destroyForcibly();
        }
        await().until(() -> server.statistics().open() == 0);
        assertThat((reads ? read : noticed).get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(reads ? noticed : read).isNotDone();
        CompletableFuture<Boolean> late = new CompletableFuture<>();
        call.onAnswerRead(() -> late.complete(true));
        assertThat(!reads || late.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(call.hungUp()).isEqualTo(!reads);
      }
      assertThat(server.statistics().answered()).isEqualTo(2);
    }
  }

  @Test
  void aCallerThatReadItsAnswerAndNeverHangsUpIsLeft() throws Exception {
    CniSocketSettings impatient = CniSocketSettings.at(socket).requestTimeLimit(Duration.ofSeconds(2));
    try (CniSocketServer server = CniSocketServer.open(impatient, call -> call.answer(CniAnswer.success("fine")));
        SocketChannel caller = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      caller.write(ByteBuffer.wrap(FrameCodec.encode(new CniRequest(1, 1, Instant.EPOCH, Optional.empty(), Duration.ofSeconds(10), NetnsReport.NONE,
          Map.of("CNI_COMMAND", "ADD"), Payload.utf8("{}")))));
      assertThat(FakeDaemon.read(caller)).isEqualTo(CniAnswer.success("fine"));
      assertThat(caller.read(ByteBuffer.allocate(1))).as("nothing follows an answer").isEqualTo(-1);
      await().until(() -> server.statistics().open() == 0);
      assertThat(server.statistics().timedOut()).isZero();
    }
  }

  @Test
  void twoHundredCallsAtOnceEachGetTheirOwnAnswer() throws Exception {
    try (TestNetns netns = TestNetns.create();
        ExecutorService answering = Executors.newFixedThreadPool(4);
        ExecutorService callers = Executors.newFixedThreadPool(40);
        CniSocketServer server = server(call -> answering.execute(() -> call.answer(CniAnswer.success(
            call.request().containerId().orElseThrow() + " " + inode(call) + " " + call.request().standardInput().length()))))) {
      long inode = (long) Files.getAttribute(netns.path(), "unix:ino");
      List<Future<Outcome>> outcomes = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        Executable call = Executable.verb("ADD").with("CNI_CONTAINERID", "c" + i).with("CNI_NETNS", netns.path().toString()).socket(socket);
        outcomes.add(callers.submit(call::run));
      }
      int length = Executable.configuration(socket).length();
      for (int i = 0; i < 200; i++) {
        assertThat(outcomes.get(i).get()).isEqualTo(new Outcome(0, "c" + i + " " + inode + " " + length, ""));
      }
      await().untilAsserted(() -> assertThat(server.statistics()).satisfies(seen -> {
        assertThat(seen.calls()).isEqualTo(200);
        assertThat(seen.answered()).isEqualTo(200);
        assertThat(seen.open()).isZero();
      }));
    }
  }

  @Test
  void closingHangsUpOnEveryCaller() throws Exception {
    Process add;
    Process del;
    List<CniCall> open;
    try (CniSocketServer server = server(calls::add)) {
      add = Executable.verb("ADD").socket(socket).start();
      del = Executable.verb("DEL").socket(socket).start();
      open = List.of(calls.take(), calls.take());
      assertThat(server.serving()).isTrue();
    }
    assertThat(open).allMatch(CniCall::hungUp);
    open.forEach(call -> assertThat(call.answer(CniAnswer.success(""))).isFalse());
    assertThat(Executable.outcome(add).output()).contains("\"code\":11", "closed the connection without an answer");
    assertThat(Executable.outcome(del)).isEqualTo(new Outcome(0, "", ""));
    assertThat(PendingDels.besideSocket(socket).collect()).hasSize(1).allMatch(PendingDels.Note.class::isInstance);
  }

  @Test
  void aSocketBelongsToOneDaemon() throws Exception {
    try (CniSocketServer server = server(call -> call.answer(CniAnswer.success("first")))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket))).isEqualTo("rw-------");
      assertThatThrownBy(() -> server(call -> {})).isInstanceOf(CniSocketException.class).hasMessageContaining("another daemon");
      assertThat(Executable.verb("STATUS").socket(server.path()).run().output()).isEqualTo("first");
    }
    // A daemon that was killed leaves its socket behind.
    Files.deleteIfExists(socket);
    try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(socket));
      assertThatThrownBy(() -> server(call -> {})).as("somebody listens without our lock").isInstanceOf(CniSocketException.class)
          .hasMessageContaining("another daemon");
    }
    try (CniSocketServer server = server(call -> call.answer(CniAnswer.success("second")))) {
      assertThat(Executable.verb("STATUS").socket(server.path()).run().output()).isEqualTo("second");
    }
    Files.writeString(socket, "precious");
    assertThatThrownBy(() -> server(call -> {})).isInstanceOf(CniSocketException.class).hasMessageContaining("no socket");
    assertThat(socket).hasContent("precious");
  }

  @Test
  void impossiblePathsAreRefusedWithWords() {
    assertThatThrownBy(() -> CniSocketSettings.at(Path.of("relative"))).isInstanceOf(IllegalArgumentException.class);
    CniSocketSettings tooLong = CniSocketSettings.at(folder.resolve("x".repeat(100)));
    assertThatThrownBy(() -> CniSocketServer.open(tooLong, call -> {})).isInstanceOf(CniSocketException.class).hasMessageContaining("107 bytes");
  }

  static long inode(CniCall call) {
    try {
      int number = ((CallerNetns.Opened) call.netns()).descriptor().number();
      return (long) Files.getAttribute(Path.of("/proc/self/fd/" + number), "unix:ino");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
