package dev.patchbay.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.linux.host.Boot;
import dev.patchbay.linux.socket.Executable.Outcome;
import dev.patchbay.wire.NetnsReport;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the executable does with no daemon, by itself. */
@Timeout(180)
class ExecutableAloneTest {

  @TempDir Path folder;

  @Test
  void versionIsAnsweredWithoutReadingStdin() throws Exception {
    ProcessBuilder builder = new ProcessBuilder(Executable.FILE.toString());
    builder.environment().put("CNI_COMMAND", "VERSION");
    Process process = builder.start();
    try (var stdin = process.getOutputStream()) {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends with stdin open").isTrue();
      assertThat(stdin).isNotNull();
    }
    assertThat(Executable.outcome(process)).isEqualTo(new Outcome(0,
        "{\"cniVersion\":\"1.1.0\",\"supportedVersions\":[\"0.1.0\",\"0.2.0\",\"0.3.0\",\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\"]}\n", ""));
  }

  @Test
  void withoutACommandItSaysWhatItIs() {
    Outcome outcome = Executable.verb("").run();
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.output()).isEmpty();
    assertThat(outcome.errors()).contains("patchbay-cni", "1.1.0");
    assertThat(Executable.verb("x").without("CNI_COMMAND").run()).isEqualTo(outcome);
  }

  @Test
  void anUnknownCommandIsCodeFour() {
    assertError(Executable.verb("add\"\\\u0001").run(), 4, "1.1.0", "unknown CNI_COMMAND: add\\\"\\\\\\u0001");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ADD", "CHECK", "GC"})
  void withoutADaemonItSaysTryAgainNamingSocketAndRemedy(String verb) {
    Path socket = folder.resolve("cni.sock");
    Outcome outcome = Executable.verb(verb).with("CNI_NETNS", "/proc/self/ns/net").socket(socket).run();
    assertError(outcome, 11, "1.0.0", socket.toString());
    assertThat(outcome.output()).contains("check that it runs", "\"details\":\"No such file or directory\"");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aSocketWhereNobodyListensIsNoDaemon() throws Exception {
    Path socket = folder.resolve("cni.sock");
    try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(socket));
    }
    assertThat(socket).exists();
    assertError(Executable.verb("ADD").socket(socket).run(), 11, "1.0.0", "\"details\":\"Connection refused\"");
  }

  @Test
  void statusWithoutADaemonIsCodeFifty() {
    assertError(Executable.verb("STATUS").socket(folder.resolve("s")).run(), 50, "1.0.0", "does not answer");
  }

  @Test
  void delWithoutADaemonLeavesADurableNote() throws Exception {
    Path socket = folder.resolve("run/cni.sock");
    Instant before = Instant.now().minusSeconds(1);
    Duration up = Duration.ofMillis(System.nanoTime() / 1_000_000);
    Executable del = Executable.verb("DEL").with("CNI_NETNS", "/proc/self/ns/net").with("CNI_ARGS", "K=ä;L=2").with("TRACEPARENT", "00-1")
        .with("OTHER", "stays").socket(socket);
    assertThat(del.run()).isEqualTo(new Outcome(0, "", ""));
    assertThat(del.run()).as("again").isEqualTo(new Outcome(0, "", ""));
    assertThat(Executable.verb("DEL").with("CNI_IFNAME", "net1").socket(socket).run().exitCode()).isZero();

    PendingDels notes = PendingDels.besideSocket(socket);
    List<PendingDels.Found> found = notes.collect();
    assertThat(found).extracting(one -> one.file().getFileName().toString()).containsExactly("c1.eth0.del", "c1.net1.del");
    assertThat(found.getFirst()).isInstanceOfSatisfying(PendingDels.Note.class, note -> {
      assertThat(note.request().environment()).containsEntry("CNI_ARGS", "K=ä;L=2").containsEntry("TRACEPARENT", "00-1")
          .containsEntry("CNI_COMMAND", "DEL").doesNotContainKey("OTHER");
      assertThat(note.request().netns()).isEqualTo(NetnsReport.NONE);
      assertThat(note.request().netnsPath()).contains("/proc/self/ns/net");
      assertThat(note.request().standardInput().text()).isEqualTo(Executable.configuration(socket));
      assertThat(note.request().startedAt()).isBetween(before, Instant.now().plusSeconds(1));
      assertThat(note.request().uptime()).hasValueSatisfying(uptime -> {
        assertThat(uptime.boot()).isEqualTo(Boot.id());
        assertThat(uptime.time()).isBetween(up, Duration.ofNanos(System.nanoTime()));
      });
    });
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(notes.folder()))).isEqualTo("rwx------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(found.getFirst().file()))).isEqualTo("rw-------");

    found.forEach(notes::remove);
    assertThat(notes.collect()).isEmpty();
    try (Stream<Path> left = Files.list(notes.folder())) {
      assertThat(left).as("nothing half-written either").isEmpty();
    }
  }

  @Test
  void namesInANoteCannotLeaveItsFolder() {
    Path socket = folder.resolve("cni.sock");
    assertThat(Executable.verb("DEL").with("CNI_CONTAINERID", "../../x").with("CNI_IFNAME", ".").socket(socket).run().exitCode()).isZero();
    assertThat(Executable.verb("DEL").with("CNI_CONTAINERID", "y".repeat(3000)).socket(socket).run().exitCode()).isZero();
    assertThat(Executable.verb("DEL").with("CNI_CONTAINERID", "y".repeat(3001)).socket(socket).run().exitCode()).isZero();
    List<PendingDels.Found> found = PendingDels.besideSocket(socket).collect();
    assertThat(found).hasSize(3).allMatch(PendingDels.Note.class::isInstance);
    assertThat(found).anyMatch(one -> one.file().getFileName().toString().equals("%2E%2E%2F%2E%2E%2Fx.%2E.del"));
  }

  @Test
  void delThatCannotBeKeptIsTriedAgain() throws Exception {
    Files.writeString(folder.resolve("pending-dels"), "a file in the folder's place");
    Outcome outcome = Executable.verb("DEL").socket(folder.resolve("cni.sock")).run();
    assertError(outcome, 11, "1.0.0", "the DEL cannot be kept for later");
  }

  @Test
  void delWithoutItsVariablesCannotBeKept() {
    assertError(Executable.verb("DEL").without("CNI_CONTAINERID").with("CNI_IFNAME", "").socket(folder.resolve("s")).run(), 4, "1.0.0",
        "required env variables [CNI_CONTAINERID,CNI_IFNAME] missing");
  }

  @Test
  void theSocketIsFoundWhereverItStands() {
    Path socket = folder.resolve("é\"\t.sock");
    String escaped = folder + "/\\u00e9\\\"\\t.sock";
    String nested = "{\"a\":{\"socket\":\"/wrong\",\"b\":[{\"socket\":1},\"\\\\\"]},\"\\u0073ocket\" : \"" + escaped + "\" , \"n\":[-1.5e+3,0,true,false,null,{},[]]}";
    Outcome outcome = Executable.verb("STATUS").input(nested).run();
    assertError(outcome, 50, "0.1.0", socket.toString().replace("\"", "\\\"").replace("\t", "\\u0009"));
    assertThat(Executable.verb("STATUS").input("{\"socket\":\"/a\",\"socket\":\"/b\"}").run().output()).contains("at /b ");
    assertThat(Executable.verb("STATUS").input(" {}\n").run().output()).contains("/run/patchbay/cni.sock");
    assertThat(Executable.verb("STATUS").input("{\"socket\":null}").run().output()).contains("/run/patchbay/cni.sock");
    assertThat(Executable.verb("STATUS").input("{\"socket\":\"/x\\ud83d\\ude00\\ud800\"}").run().output()).contains("/x😀\ufffd");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "[]", "\"x\"", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{\"a\":01}", "{\"a\":1.}", "{\"a\":1e}",
    "{\"a\":-}", "{\"a\":tru}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12g4\"}", "{\"a\":\"\n\"}", "{\"a\":[1 2]}", "{\"a\":1} x", "{\"a\":\"", "{\"socket\":\"\\", "nul"})
  void whatIsNoJsonObjectIsCodeSix(String text) {
    assertError(Executable.verb("ADD").with("CNI_NETNS", "/x").input(text).run(), 6, "1.1.0", "no JSON object");
  }

  @Test
  void missingVariablesComeBeforeBrokenJson() {
    assertError(Executable.verb("CHECK").without("CNI_IFNAME").input("{").run(), 4, "1.1.0", "[CNI_NETNS,CNI_IFNAME]");
  }

  @Test
  void deepNestingIsRefusedNotCrashedOn() {
    String deep = "{\"a\":" + "[".repeat(1_000_000) + "]".repeat(1_000_000) + "}";
    assertError(Executable.verb("ADD").with("CNI_NETNS", "/x").input(deep).run(), 6, "1.1.0", "nested too deeply");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "\"relative\"", "\"\"", "\"/a\\u0000b\"", "{}", "\"/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789\""})
  void anImpossibleSocketIsCodeSeven(String value) {
    assertError(Executable.verb("ADD").input("{\"cniVersion\":\"0.4.0\",\"socket\":" + value + "}").run(), 7, "0.4.0", "\\\"socket\\\"");
  }

  @Test
  void tooMuchInputIsCodeFive() {
    assertError(Executable.verb("ADD").input(new byte[5 * 1024 * 1024]).run(), 5, "1.1.0", "longer than 4194304 bytes");
  }

  @Test
  void inputWithoutEndIsCodeFiveAtTheTimeLimit() throws Exception {
    ProcessBuilder builder = new ProcessBuilder(Executable.FILE.toString());
    builder.environment().put("CNI_COMMAND", "ADD");
    builder.environment().put("PATCHBAY_TIMEOUT", "1");
    Process process = builder.start();
    try (var stdin = process.getOutputStream()) {
      stdin.write('{');
      stdin.flush();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } catch (IOException ended) {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ended before we came to write").isTrue();
    }
    assertError(Executable.outcome(process), 5, "1.1.0", "no end of it within 1 s");
  }

  private static void assertError(Outcome outcome, int code, String version, String words) {
    assertThat(outcome.exitCode()).as(outcome.toString()).isEqualTo(1);
    assertThat(outcome.output()).startsWith("{\"cniVersion\":\"" + version + "\",\"code\":" + code + ",\"msg\":\"").endsWith("\"}\n").contains(words);
    assertThat(outcome.errors()).isEmpty();
  }
}
