package dev.patchbay.it.e2e.survival;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.e2e.Figures;
import dev.patchbay.lab.fabric.NetworkNamespace;
import dev.patchbay.netlink.Netns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Configuration that is wrong, given to the real daemon and to {@code patchbay config check}: one message for each mistake, with
 * line, cause and remedy; the daemon ends with a status that is not 0, prints no stack trace, and has touched nothing: no socket, no
 * network configuration, no state, nothing in the kernel of its namespace.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WrongConfigurationTest {
  private static final Path HOME = Path.of(System.getProperty("patchbay.home")).toAbsolutePath().normalize();
  private static final Path MODULE = HOME.resolve("modes/dev.patchbay.mode.secondaryip.jar");
  private static final int LONGEST_SECONDS = 60;

  private static final String NETNS = "patchbay-wrong-" + ProcessHandle.current().pid();

  @TempDir
  private Path folder;

  private Kernel untouched = new Kernel(List.of());
  private long millis;
  private int starts;

  private record Result(int exit, String out, String err) {}

  @BeforeAll
  void namespace() {
    Netns.create(NETNS).close();
    untouched = Kernel.of(new NetworkNamespace(NETNS));
  }

  @AfterAll
  void remove() {
    Netns.delete(NETNS);
    Figures.print("wrong configuration", "%d times the daemon said no, after %d ms on average", starts, millis / Math.max(1, starts));
  }

  @AfterEach
  void nothingWasTouched() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.map(file -> folder.relativize(file).toString())).doesNotContain("run", "lib", "net.d", "bin", "cni.sock");
    }
    assertThat(untouched.differences(Kernel.of(new NetworkNamespace(NETNS)))).isEmpty();
  }

  /** The file with everything that a node needs, and a mistake in its last lines; the first of these is line 9. */
  private Path file(String end) throws IOException {
    Path file = folder.resolve("patchbay.yaml");
    Files.writeString(
        file,
        """
        cni: {socket: %1$s/run/cni.sock, confDir: %1$s/net.d, binDir: %1$s/bin}
        state: {run: %1$s/run, lib: %1$s/lib}
        introspection: {address: off}
        metrics: {address: off}
        # to
        # line
        # eight
        #
        """
            .formatted(folder)
            + end);
    return file;
  }

  private static String modules() {
    return "modules: [{file: " + MODULE + "}]\n";
  }

  private Result daemon(Path file) throws IOException, InterruptedException {
    long start = System.nanoTime();
    Result result = run("node", "--config", file.toString());
    millis += (System.nanoTime() - start) / 1_000_000;
    starts++;
    return result;
  }

  private Result run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(HOME.resolve("bin/patchbay").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new NetworkNamespace(NETNS).command(command.toArray(String[]::new));
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Path out = Files.createTempFile("wrong", ".out");
    Path err = Files.createTempFile("wrong", ".err");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    try {
      assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
      return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      process.destroyForcibly();
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** The daemon says exactly these mistakes, each in one line: its place in the file, and words of it. */
  private void assertRefused(Path file, int line, String... words) throws IOException, InterruptedException {
    Result result = daemon(file);
    assertThat(result.exit()).as(result.toString()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("patchbay node: " + file + ":" + line + ": ").contains(words).hasLineCount(1);
    assertThat(result.err().strip()).as("a cause and a remedy").matches("(?s).*[.!] .*[.?]");
    assertThat(result.err()).doesNotContain("Exception", "\tat ", "dev.patchbay.config", "dev.patchbay.node");
  }

  @Test
  void unknownMode() throws Exception {
    assertRefused(file(modules() + "modes:\n  - use: secondary-ips\n"), 11, "secondary-ips", "Did you mean secondary-ip?");
  }

  @Test
  void twoBases() throws Exception {
    Path other = HOME.resolve("modes/dev.patchbay.mode.prefix.jar");
    Path file = file("modules: [{file: " + MODULE + "}, {file: " + other + "}]\nmodes:\n  - use: secondary-ip\n  - use: prefix\n");
    assertRefused(file, 12, "secondary-ip and prefix both supply", "Keep one");
    Result check = run("config", "check", "--config", file.toString());
    assertThat(check.exit()).isEqualTo(1);
    assertThat(check.out()).contains(file + ":12: ", "1 mistake.");
  }

  @Test
  void unknownKeyAndWrongType() throws Exception {
    assertRefused(file(modules() + "modes: [{use: secondary-ip}]\nnode:\n  mtuu: 9001\n"), 12, "node.mtuu", "Did you mean mtu?");
    assertRefused(file(modules() + "modes: [{use: secondary-ip}]\nnode: {maxPods: many}\n"), 11, "node.maxPods", "many");
    assertRefused(file(modules() + "modes: [{use: secondary-ip}]\nnode: {cooldown: 30}\n"), 11, "node.cooldown", "30s");
    assertRefused(file(modules() + "modes: [{use: secondary-ip}]\nnode: [1500]\n"), 11, "node");
    assertRefused(file(modules() + "modes:\n  - use: secondary-ip\n    settings: {warmIpTargt: 3}\n"), 12, "warmIpTarget");
    assertRefused(file(modules() + "modes:\n  - use: secondary-ip\n    settings: {warmIpTarget: three}\n"), 12, "three");
  }

  @Test
  void everyMistakeAtOnce() throws Exception {
    Path file = file(modules() + "modes: [{use: secondary-ip}]\nnode:\n  mtu: 12\n  mtuu: 1\n  cooldown: never\n");
    Result result = daemon(file);
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err().lines()).hasSize(3).allMatch(line -> line.matches("patchbay node: .*:1[234]: .*[.] .*[.?]"));
    Result check = run("config", "check", "--config", file.toString());
    assertThat(check.exit()).isEqualTo(1);
    assertThat(check.out().lines()).hasSize(4).last().isEqualTo("3 mistakes.");
  }

  @Test
  void missingAndAlteredModuleFiles() throws Exception {
    assertRefused(file("modes: [{use: secondary-ip}]\nmodules:\n  - file: modes/none.jar\n"), 11, folder.resolve("modes/none.jar").toString());
    Path pinned = Files.copy(MODULE, folder.resolve("pinned.jar"));
    String digest = HexFormat.of().formatHex(sha256(Files.readAllBytes(pinned)));
    Files.write(pinned, new byte[] {0}, StandardOpenOption.APPEND);
    assertRefused(file("modes: [{use: secondary-ip}]\nmodules:\n  - file: pinned.jar\n    sha256: " + digest + "\n"), 11, "SHA-256", digest);
    Path text = Files.writeString(folder.resolve("text.jar"), "no jar");
    assertRefused(file("modes: [{use: secondary-ip}]\nmodules:\n  - file: " + text + "\n"), 11, text.toString());
    assertRefused(file("modes: [{use: secondary-ip}]\nmodules: []\n"), 9, "secondary-ip");
  }

  private static byte[] sha256(byte[] bytes) throws NoSuchAlgorithmException {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }

  @Test
  void whatIsNoYaml() throws Exception {
    assertRefused(file("modes: [{use: secondary-ip\nnode: x\n"), 10, "no YAML");
    assertRefused(file("modes:\n\t- use: secondary-ip\n"), 10, "no YAML");
    assertRefused(file(modules() + "modes: [{use: secondary-ip}]\nmodes: []\n"), 11, "modes", "second time");
    assertRefused(file(modules() + "modes: [{use: secondary-ip}]\n---\nnode: {}\n"), 12, "second document");
    assertRefused(file("node: " + "[".repeat(300_000)), 1, "nested");
    byte[] binary = new byte[5_000];
    new Random(3).nextBytes(binary);
    Path noise = Files.write(folder.resolve("noise"), binary);
    assertRefused(noise, 1, "no YAML");
    assertRefused(Files.copy(Path.of("/bin/true"), folder.resolve("program")), 1, "no YAML");
  }

  @Test
  void emptyHugeMissingAndUnreadableFiles() throws Exception {
    assertRefused(Files.writeString(folder.resolve("empty"), ""), 1, "modes");
    Path huge = folder.resolve("huge");
    try (var channel = Files.newByteChannel(huge, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      // Four GB, nearly all of it a hole: more than the daemon may have memory, or an array elements.
      channel.position(4L << 30).write(java.nio.ByteBuffer.wrap("node: {}".getBytes(StandardCharsets.UTF_8)));
    }
    assertRefused(huge, 1, "more than 1024 KiB");
    Files.delete(huge);
    assertRefused(folder.resolve("none"), 1, "no such file");
    assertRefused(folder, 1, "no regular file");
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertRefused(pipe, 1, "no regular file");
  }

  @Test
  void stateThatCantBeWrittenIsToldInOneLine() throws Exception {
    Path file = file(modules() + "modes: [{use: secondary-ip}]\n");
    String text = Files.readString(file).replace("lib: " + folder + "/lib", "lib: /proc/none/lib");
    Result result = daemon(Files.writeString(file, text));
    assertThat(result.exit()).as(result.toString()).isEqualTo(1);
    assertThat(result.err()).startsWith("patchbay node: ").contains("/proc/none/lib").hasLineCount(1);
    assertThat(result.err()).doesNotContain("\tat ");
  }
}
