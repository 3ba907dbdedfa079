package dev.patchbay.linux.socket;

import static dev.patchbay.linux.socket.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.linux.socket.Executable.Outcome;
import dev.patchbay.wire.CniAnswer;
import dev.patchbay.wire.DelegateOutcome;
import dev.patchbay.wire.DelegateOutcome.Ending;
import dev.patchbay.wire.DelegateRun;
import dev.patchbay.wire.Payload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Delegate plugins, run by the executable for the daemon. */
@Timeout(180)
class DelegateTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir Path folder;
  private final BlockingQueue<CniCall> calls = new LinkedBlockingQueue<>();
  private CniSocketServer server;
  private Process executable;
  private CniCall call;

  @BeforeEach
  void aCallIsOpen() throws Exception {
    Files.createDirectories(folder.resolve("first/shadowed"));
    Files.createDirectories(folder.resolve("second"));
    server = CniSocketServer.open(CniSocketSettings.at(folder.resolve("cni.sock")), calls::add);
    executable = Executable.verb("ADD").with("CNI_PATH", folder + "/first::" + folder + "/second").with("OWN", "kept")
        .with("CNI_NETNS", "/proc/self/ns/net").socket(server.path()).start();
    call = calls.take();
  }

  @AfterEach
  void everythingEnds() {
    server.close();
    executable.destroyForcibly();
    // A test that failed has not answered; the next one must not suffer from it.
    if (call.netns() instanceof CallerNetns.Opened opened) {
      opened.descriptor().close();
    }
    await().untilAsserted(() -> assertThat(Descriptors.ours()).isEmpty());
  }

  @Test
  void runsWhereTheExecutableRuns() throws Exception {
    script("shadowed", "cat; echo; echo \"$CNI_COMMAND $OWN $CNI_IFNAME [$CNI_CONTAINERID]\"; ls -l /proc/self/ns/net >&2; ls /proc/self/fd | wc -l; exit 3");
    DelegateOutcome outcome = call.runDelegate(new DelegateRun(5, "shadowed", Map.of("CNI_COMMAND", "DEL", "CNI_IFNAME", "net1"),
        Set.of("CNI_CONTAINERID", "NOT_THERE"), Payload.utf8("{\"in\":1}"), LONG, 10_000)).get(60, TimeUnit.SECONDS);
    assertThat(outcome.ending()).isEqualTo(Ending.EXITED);
    assertThat(outcome.value()).isEqualTo(3);
    assertThat(outcome.id()).isEqualTo(5);
    assertThat(outcome.succeeded()).isFalse();
    // ls has four descriptors: 0, 1, 2 and the folder; none is inherited from the executable.
    assertThat(outcome.standardOutput().text()).isEqualTo("{\"in\":1}\nDEL kept net1 []\n4\n");
    assertThat(outcome.standardError().text()).contains(Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString());
    assertAnswers();
  }

  @Test
  void oneAfterTheOtherNeverTwoAtOnce() throws Exception {
    Path release = folder.resolve("release");
    assertThat(new ProcessBuilder("mkfifo", release.toString()).start().waitFor()).isZero();
    script("waits", "read line <" + release + "; echo $line");
    CompletableFuture<DelegateOutcome> first = run("waits", LONG);
    assertThatThrownBy(() -> run("waits", LONG)).isInstanceOf(IllegalStateException.class).hasMessageContaining("another delegate");
    Files.writeString(release, "one\n");
    assertThat(first.get(60, TimeUnit.SECONDS).standardOutput().text()).isEqualTo("one\n");
    CompletableFuture<DelegateOutcome> second = run("waits", LONG);
    Files.writeString(release, "two\n");
    assertThat(second.get(60, TimeUnit.SECONDS).standardOutput().text()).isEqualTo("two\n");
    assertAnswers();
  }

  @Test
  void whatCannotBeStartedIsTold() throws Exception {
    DelegateOutcome missing = run("missing", LONG).get(60, TimeUnit.SECONDS);
    assertThat(missing.ending()).isEqualTo(Ending.NOT_STARTED);
    assertThat(missing.value()).isEqualTo(2);
    assertThat(missing.message()).isEqualTo("failed to find plugin \"missing\" in path [" + folder + "/first::" + folder + "/second]");
    Path plain = Files.writeString(folder.resolve("second/plain"), "no program");
    DelegateOutcome notExecutable = run("plain", LONG).get(60, TimeUnit.SECONDS);
    assertThat(notExecutable.ending()).isEqualTo(Ending.NOT_STARTED);
    assertThat(notExecutable.value()).isEqualTo(13);
    assertThat(notExecutable.message()).contains(plain.toString(), "Permission denied");
    DelegateOutcome noFormat = run("/proc/self/status", LONG).get(60, TimeUnit.SECONDS);
    assertThat(noFormat.ending()).isEqualTo(Ending.NOT_STARTED);
    assertAnswers();
  }

  @Test
  void aDelegateThatHangsIsKilledWithItsChildren() throws Exception {
    Path pids = script("hangs", "sleep 300 & echo $$ $! >PIDS; echo begun; wait");
    String printed = "";
    // Where the shell gets no processor in the time, it is killed before it has begun; then it gets more.
    for (int limit = 1000; printed.isEmpty() && limit <= 25_000; limit *= 5) {
      long start = System.nanoTime();
      DelegateOutcome outcome = run("hangs", Duration.ofMillis(limit)).get(60, TimeUnit.SECONDS);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(limit - 10));
      assertThat(outcome.ending()).isEqualTo(Ending.TIMED_OUT);
      assertThat(outcome.value()).isEqualTo(limit);
      printed = outcome.standardOutput().text();
    }
    assertThat(printed).isEqualTo("begun\n");
    assertDead(pids);
    assertAnswers();
  }

  @Test
  void aSignalIsTold() throws Exception {
    script("suicidal", "kill -TERM $$");
    DelegateOutcome outcome = run("suicidal", LONG).get(60, TimeUnit.SECONDS);
    assertThat(outcome.ending()).isEqualTo(Ending.SIGNALLED);
    assertThat(outcome.value()).isEqualTo(15);
    assertAnswers();
  }

  @Test
  void tooMuchOutputEndsItTooMuchLogDoesNot() throws Exception {
    Path pids = script("prints", "echo $$ >PIDS; yes");
    DelegateOutcome prints = call.runDelegate(new DelegateRun(1, "prints", Map.of(), Set.of(), Payload.EMPTY, LONG, 1000)).get(60, TimeUnit.SECONDS);
    assertThat(prints.ending()).isEqualTo(Ending.TOO_MUCH_OUTPUT);
    assertThat(prints.standardOutput().length()).isEqualTo(1000);
    assertDead(pids);
    script("logs", "head -c 3000000 /dev/zero >&2; echo done");
    DelegateOutcome logs = call.runDelegate(new DelegateRun(2, "logs", Map.of(), Set.of(), Payload.EMPTY, LONG, 1000)).get(60, TimeUnit.SECONDS);
    assertThat(logs.succeeded()).isTrue();
    assertThat(logs.standardOutput().text()).isEqualTo("done\n");
    assertThat(logs.standardError().length()).isEqualTo(1000);
    assertAnswers();
  }

  @Test
  void largeInputAndOutputPass() throws Exception {
    script("counts", "tee /dev/stderr");
    Payload large = Payload.utf8("x".repeat(1_500_000));
    DelegateOutcome outcome = call.runDelegate(DelegateRun.of(1, "counts", Map.of(), large, LONG)).get(60, TimeUnit.SECONDS);
    assertThat(outcome.succeeded()).isTrue();
    assertThat(outcome.standardOutput()).isEqualTo(large);
    assertThat(outcome.standardError()).isEqualTo(large);
    script("reads-nothing", "exit 0");
    assertThat(call.runDelegate(DelegateRun.of(2, "reads-nothing", Map.of(), large, LONG)).get(60, TimeUnit.SECONDS).succeeded()).isTrue();
    assertAnswers();
  }

  @Test
  void whatADelegateLeavesBehindHoldsNobodyUp() throws Exception {
    Path pids = script("forks", "sleep 300 & echo $! >PIDS; echo done");
    DelegateOutcome outcome = run("forks", LONG).get(60, TimeUnit.SECONDS);
    assertThat(outcome.succeeded()).isTrue();
    assertThat(outcome.standardOutput().text()).isEqualTo("done\n");
    long left = Long.parseLong(Files.readString(pids).strip());
    assertThat(ProcessHandle.of(left)).as("it may be meant to stay").get().satisfies(ProcessHandle::destroyForcibly);
    assertAnswers();
  }

  @Test
  void anAnswerMeanwhileEndsTheDelegate() throws Exception {
    Path pids = script("hangs", "sleep 300 & echo $$ $! >PIDS; wait");
    CompletableFuture<DelegateOutcome> future = run("hangs", LONG);
    await().until(() -> Files.exists(pids) && Files.size(pids) > 0);
    assertThat(call.answer(CniAnswer.failure("{\"code\":11}"))).isTrue();
    assertThat(Executable.outcome(executable)).isEqualTo(new Outcome(1, "{\"code\":11}", ""));
    assertThatThrownBy(() -> future.get(60, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(CallerGoneException.class);
    assertDead(pids);
    assertThatThrownBy(() -> run("hangs", LONG)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whenTheDaemonHangsUpTheDelegateEnds() throws Exception {
    Path pids = script("hangs", "sleep 300 & echo $$ $! >PIDS; wait");
    CompletableFuture<DelegateOutcome> future = run("hangs", LONG);
    await().until(() -> Files.exists(pids) && Files.size(pids) > 0);
    server.close();
    assertThat(Executable.outcome(executable).output()).contains("\"code\":11");
    assertThatThrownBy(() -> future.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(CallerGoneException.class);
    assertDead(pids);
    call.answer(CniAnswer.success(""));
  }

  @Test
  void whenTheExecutableIsKilledTheDelegateEnds() throws Exception {
    Path pids = script("hangs", "echo $$ >PIDS; exec sleep 300");
    CompletableFuture<DelegateOutcome> future = run("hangs", LONG);
    await().until(() -> Files.exists(pids) && Files.size(pids) > 0);
    executable.destroyForcibly();
    assertThatThrownBy(() -> future.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(CallerGoneException.class);
    assertDead(pids);
    assertThat(call.hungUp()).isTrue();
    assertThatThrownBy(() -> run("hangs", LONG).join()).isInstanceOf(CompletionException.class).hasCauseInstanceOf(CallerGoneException.class);
    call.answer(CniAnswer.success(""));
  }

  @Test
  void whenTheExecutableIsEndedTheDelegatesChildrenEndToo() throws Exception {
    Path pids = script("hangs", "sleep 300 & echo $$ $! >PIDS; wait");
    CompletableFuture<DelegateOutcome> future = run("hangs", LONG);
    await().until(() -> Files.exists(pids) && Files.size(pids) > 0);
    executable.destroy();
    assertThatThrownBy(() -> future.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(CallerGoneException.class);
    assertDead(pids);
    call.answer(CniAnswer.success(""));
  }

  private CompletableFuture<DelegateOutcome> run(String program, Duration limit) {
    return call.runDelegate(DelegateRun.of(1, program, Map.of(), Payload.utf8("{}"), limit));
  }

  /** A plugin in the second folder of CNI_PATH; PIDS in its text is the file that is returned, written at once. */
  private Path script(String name, String text) throws IOException {
    Path pids = folder.resolve(name + ".pids");
    Path file = folder.resolve("second").resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + text.replace("PIDS", pids.toString()) + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return pids;
  }

  private static void assertDead(Path pids) throws IOException {
    for (String pid : List.of(Files.readString(pids).strip().split(" "))) {
      await().until(() -> isDead(Path.of("/proc", pid, "stat")));
    }
  }

  /** Gone, or waiting for its new parent to take notice. */
  private static boolean isDead(Path stat) throws IOException {
    try {
      String text = Files.readString(stat);
      return text.startsWith("Z", text.lastIndexOf(')') + 2);
    } catch (NoSuchFileException gone) {
      return true;
    } catch (IOException diedWhileReading) {
      return Files.notExists(stat);
    }
  }

  private void assertAnswers() {
    assertThat(call.answer(CniAnswer.success("answer"))).isTrue();
    assertThat(Executable.outcome(executable)).isEqualTo(new Outcome(0, "answer", ""));
  }
}
