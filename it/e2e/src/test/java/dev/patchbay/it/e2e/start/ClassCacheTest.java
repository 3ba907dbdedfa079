package dev.patchbay.it.e2e.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.e2e.Figures;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.fabric.NetworkNamespace;
import dev.patchbay.netlink.Netns;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The cache of classes of an installation: made whole or not at all, used by the daemon, which is seen in what the virtual machine says of
 * each class that it loads, and never used where it does not fit. The tests follow one another, since making one takes seconds.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClassCacheTest {
  private static final Path HOME = Path.of(System.getProperty("patchbay.home")).toAbsolutePath().normalize();
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final String NETNS = "patchbay-cache-" + ProcessHandle.current().pid();
  /** Of the first that a daemon needs, and of those that an ADD does. */
  private static final List<String> EXPECTED = List.of("dev.patchbay.node.Node", "dev.patchbay.core.brain.Brain", "dev.patchbay.store.Journal",
      "dev.patchbay.linux.datapath.KernelDatapath", "dev.patchbay.netlink.NetlinkSocket");

  @TempDir
  private static Path folder;

  private Path home = Path.of("");

  /** What a command said. */
  private record Result(int exit, String out, String err) {}

  /** What the virtual machine of a daemon loaded, and what the daemon said on its standard error. */
  private record Start(Set<String> cached, Set<String> loaded, String err) {}

  @BeforeAll
  void install() throws IOException {
    Netns.create(NETNS).close();
    home = Files.createDirectory(folder.resolve("home"));
    Files.createDirectory(home.resolve("bin"));
    Files.createDirectory(home.resolve("lib"));
    for (String file : List.of("bin/patchbay", "bin/patchbay-cni", "lib/node.options", "lib/patchbay.options", "lib/layers.properties")) {
      Files.copy(HOME.resolve(file), home.resolve(file));
    }
    for (String layer : List.of("lib/boot", "lib/serving", "lib/cloud", "lib/cli", "modes")) {
      Files.createSymbolicLink(home.resolve(layer), HOME.resolve(layer));
    }
  }

  @AfterAll
  void remove() {
    Netns.delete(NETNS);
  }

  private Process process(Path out, Path err, List<String> arguments, String options) throws IOException {
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/patchbay").toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new NetworkNamespace(NETNS).command(command.toArray(String[]::new));
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("JDK_JAVA_OPTIONS", options);
    return builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
  }

  private Result run(String... arguments) throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process = process(out, err, List.of(arguments), "-Dnothing=here");
    try {
      assertThat(process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).as("%s ends", List.of(arguments)).isTrue();
      return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      process.destroyForcibly();
    }
  }

  /** Starts the daemon until its socket is there, and ends it. */
  private Start start() throws IOException, InterruptedException {
    Path state = Files.createTempDirectory(folder, "state");
    Path file = Files.writeString(state.resolve("patchbay.yaml"), """
        cni: {socket: %1$s/cni.sock, confDir: %1$s/net.d, binDir: %1$s/bin}
        state: {run: %1$s/run, lib: %1$s/lib}
        introspection: {address: off}
        metrics: {address: off}
        modes: [{use: secondary-ip}]
        modules: [{file: %2$s}]
        """.formatted(state, HOME.resolve("modes/dev.patchbay.mode.secondaryip.jar")));
    Path classes = state.resolve("classes");
    Path err = state.resolve("err");
    Process process = process(state.resolve("out"), err, List.of("node", "--config", file.toString()), "-Xlog:class+load:file=" + classes);
    try {
      Until.holds("the daemon listens, or has ended", LONG, () -> Files.exists(state.resolve("cni.sock")) || !process.isAlive());
      process.destroy();
      assertThat(process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(state.resolve("run/ledger")).as("%s %s", Files.readString(state.resolve("out")), Files.readString(err)).isDirectory();
    List<String> lines = Files.readAllLines(classes);
    return new Start(ours(lines.stream().filter(line -> line.contains("source: shared objects file"))), ours(lines.stream()),
        Files.readString(err));
  }

  /** Our own classes in lines of the log, without those that the virtual machine makes while it runs. */
  private static Set<String> ours(Stream<String> lines) {
    return lines.map(line -> line.replaceFirst("^(\\[[^]]*])+ *", "").split(" ", 2)[0])
        .filter(name -> name.startsWith("dev.patchbay.") && !name.contains("/")).collect(Collectors.toCollection(TreeSet::new));
  }

  private List<String> cacheFiles() throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("cache"))) {
      return files.map(file -> file.getFileName().toString()).filter(name -> !name.equals("lock")).sorted().toList();
    }
  }

  @Test
  @Order(1)
  void onlyAWholeOneIsThere() throws Exception {
    assertThat(run("cache", "--check")).isEqualTo(new Result(1, "There is no cache.\n", picked()));
    Process cut = process(folder.resolve("out"), folder.resolve("err"), List.of("cache"), "-Dnothing=here");
    Until.holds("it is being made, or has ended", LONG, () -> Files.isDirectory(home.resolve("cache")) && making() || !cut.isAlive());
    cut.destroyForcibly();
    assertThat(cut.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(cacheFiles()).hasSize(1).allMatch(name -> name.startsWith("making-"));

    Result made = run("cache");
    assertThat(made.exit()).as("%s", made).isZero();
    assertThat(made.out()).contains(" fits; ");
    assertThat(cacheFiles()).as("what was cut short is gone").hasSize(1).allMatch(name -> name.matches("node-[0-9a-f]{32}\\.aot"));
    assertThat(run("cache", "--check").exit()).isZero();
  }

  private boolean making() {
    try {
      return !cacheFiles().isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  /** What a virtual machine says that is given options by the way. */
  private static String picked() {
    return "NOTE: Picked up JDK_JAVA_OPTIONS: -Dnothing=here\n";
  }

  @Test
  @Order(2)
  void theDaemonStartsWithIt() throws Exception {
    Start start = start();
    assertThat(start.cached()).containsAll(EXPECTED);
    assertThat(start.cached().size()).as("of %s", start.loaded()).isGreaterThan(start.loaded().size() * 9 / 10);
    assertThat(start.err()).doesNotContain("patchbay:", "aot", "cds");
    Figures.print("cache of classes", "%d of %d classes of ours that a daemon loads until it listens are from the cache of %d MB",
        start.cached().size(), start.loaded().size(), Files.size(home.resolve("cache").resolve(cacheFiles().getFirst())) >> 20);
  }

  @Test
  @Order(3)
  void oneThatIsDamagedIsNoHarm() throws Exception {
    Path file = home.resolve("cache").resolve(cacheFiles().getFirst());
    Path whole = Files.copy(file, folder.resolve("whole"));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() / 2);
    }
    Start start = start();
    assertThat(start.loaded()).containsAll(EXPECTED);
    assertThat(start.cached()).isEmpty();
    Files.move(whole, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  @Order(4)
  void oneThatDoesNotFitIsNotUsed() throws Exception {
    Files.writeString(home.resolve("lib/node.options"), "# Of another version.\n", StandardOpenOption.APPEND);
    Result check = run("cache", "--check");
    assertThat(check.exit()).isEqualTo(1);
    assertThat(check.out()).isEqualTo("There is a cache, of other jars, another JDK or another place.\n");
    Start start = start();
    assertThat(start.loaded()).containsAll(EXPECTED);
    assertThat(start.cached()).isEmpty();
    assertThat(start.err().lines().filter(line -> line.startsWith("patchbay:"))).containsExactly("patchbay: the cache in " + home
        + "/cache is of other jars, another JDK or another place, and is not used; `patchbay cache` makes it anew.");

    Result removed = run("cache", "--remove");
    assertThat(removed.exit()).as("%s", removed).isZero();
    assertThat(home.resolve("cache")).doesNotExist();
    assertThat(start().err()).doesNotContain("patchbay:");
  }
}
