package dev.patchbay.it.e2e.containerd;

import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Debian's containerd on a node of the lab, with folders, namespaces and a socket of its own and one image. {@link #close} ends it
 * with everything that it started and mounted.
 */
final class Containerd implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("inet ([0-9.]+)/");
  private static final Path CONTROL_GROUPS = Path.of("/sys/fs/cgroup");

  private static final AtomicInteger STARTED = new AtomicInteger();

  private final String space = "patchbay" + ProcessHandle.current().pid() + "n" + STARTED.incrementAndGet();
  private final Path folder;
  private final Process process;
  private final ProcessHandle init;
  private final ProcessHandle daemon;

  private Containerd(Path folder, Process process) {
    this.folder = folder;
    this.process = process;
    init = Until.there("the namespaces of containerd are made", () -> process.children().findFirst());
    Until.holds("containerd starts", () -> {
      if (!process.isAlive()) {
        throw new AssertionError("containerd ended with exit status " + process.exitValue());
      }
      return Files.exists(folder.resolve("containerd.sock"));
    });
    daemon = init.children().findFirst().orElseThrow();
  }

  /** Starts it and imports the image. */
  static Containerd start(Lab lab, LabNode node) throws IOException {
    Path folder = Files.createTempDirectory("patchbay-ctr");
    Files.writeString(
        folder.resolve("config.toml"),
        """
        version = 2
        root = "%1$s/root"
        state = "%1$s/state"
        [grpc]
          address = "%1$s/containerd.sock"
        [plugins."io.containerd.grpc.v1.cri"]
          sandbox_image = "%2$s"
          disable_apparmor = true
          disable_cgroup = true
          # A machine may not let anybody lower the score, root neither.
          restrict_oom_score_adj = true
          [plugins."io.containerd.grpc.v1.cri".cni]
            bin_dir = "/opt/cni/bin"
            conf_dir = "/etc/cni/net.d"
          [plugins."io.containerd.grpc.v1.cri".containerd]
            snapshotter = "native"
        """
            .formatted(folder, Image.NAME));
    Path script = folder.resolve("containerd.sh");
    try (InputStream in = Containerd.class.getResourceAsStream("containerd.sh")) {
      if (in == null) {
        throw new AssertionError("containerd.sh is not among the resources");
      }
      Files.copy(in, script);
    }
    Process process =
        node.netns()
            .command(
                "unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child=KILL", "--mount-proc",
                "sh", script.toString(), folder.toString(), Lab.folder(lab.name()).toString(), node.cniBin().toString(),
                node.cniConf().toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    try {
      Containerd containerd = new Containerd(folder, process);
      Until.holds("containerd answers", () -> containerd.ctr("version").exit() == 0);
      Path image = Image.write(folder);
      for (String space : List.of(containerd.space, Cri.SPACE)) {
        Output.of(containerd.ctrCommand(space, "image", "import", "--snapshotter", "native", image.toString()))
            .orThrow("import the image");
      }
      return containerd;
    } catch (RuntimeException | Error failure) {
      // What it said is lost otherwise; with unshare ends the shell, and with it all others.
      failure.addSuppressed(new AssertionError("containerd said: " + Files.readString(folder.resolve("log"))));
      process.destroyForcibly().onExit().join();
      remove(folder);
      throw failure;
    }
  }

  /** The path of its socket, the same inside its namespaces and outside. */
  String socket() {
    return folder.resolve("containerd.sock").toString();
  }

  /** Containerd's namespace of what {@code ctr} makes, which is also the name of its control groups. */
  String space() {
    return space;
  }

  /** Runs {@code ctr} to its end. */
  Output ctr(String... arguments) {
    return Output.of(ctrCommand(space, arguments));
  }

  /** Runs a command in a running container, of {@code ctr} or of kubelet's kind. */
  Output exec(String space, String container, String... command) {
    List<String> arguments = new ArrayList<>(List.of("task", "exec", "--exec-id", "x" + System.nanoTime(), container));
    arguments.addAll(List.of(command));
    return Output.of(ctrCommand(space, arguments.toArray(String[]::new)));
  }

  private ProcessBuilder ctrCommand(String space, String... arguments) {
    List<String> command = new ArrayList<>(List.of("ctr", "-a", socket(), "-n", space));
    command.addAll(List.of(arguments));
    return inside(command.toArray(String[]::new));
  }

  /** A command in the namespaces of the daemon: mounts, processes and the node's network. */
  private ProcessBuilder inside(String... command) {
    List<String> all = new ArrayList<>(List.of("nsenter", "-t", String.valueOf(init.pid()), "-m", "-p", "-n", "--"));
    all.addAll(List.of(command));
    return new ProcessBuilder(all);
  }

  /** The processes of containers, and those that look after them. */
  List<ProcessHandle> processes() {
    return init.descendants().filter(process -> !process.equals(daemon)).toList();
  }

  /** Runs a container with {@code ctr run --cni}. Returns when its program serves; see {@link Image}. */
  Container run(String id) {
    ProcessBuilder command =
        ctrCommand(
            space,
            Stream.of(
                    List.of("run", "--rm", "--cni", "--snapshotter", "native", "--runc-binary", "/usr/sbin/runc", Image.NAME, id),
                    Image.COMMAND)
                .flatMap(List::stream)
                .toArray(String[]::new));
    Path output = folder.resolve(id + ".out");
    try {
      Process foreground = command.redirectErrorStream(true).redirectOutput(output.toFile()).start();
      Container container = new Container(id, foreground, output);
      Until.holds("container " + id + " serves", container::serves);
      return container;
    } catch (IOException failure) {
      throw new AssertionError("cannot run ctr", failure);
    }
  }

  /** A container that {@code ctr} runs in the foreground, and whose network it takes away when it ends. */
  final class Container {
    private final String id;
    private final Process foreground;
    private final Path output;

    private Container(String id, Process foreground, Path output) {
      this.id = id;
      this.foreground = foreground;
      this.output = output;
    }

    /** The id that {@code ctr} gives to plugins: containerd's namespace and the container's own. */
    String sandbox() {
      return space + "-" + id;
    }

    private boolean serves() {
      if (!foreground.isAlive()) {
        throw new AssertionError("ctr run ended with exit status " + foreground.exitValue() + ": " + printed());
      }
      return exec("wget", "-q", "-O", "-", "http://127.0.0.1:" + Image.PORT + Image.path()).exit() == 0;
    }

    /** Its address, as it sees it itself. */
    InetAddress address() {
      String shown = exec("ip", "-4", "-o", "addr", "show", "eth0").orThrow("show the address of " + id);
      Matcher matcher = ADDRESS.matcher(shown);
      if (!matcher.find()) {
        throw new AssertionError(id + " has no address: " + shown);
      }
      return InetAddress.ofLiteral(matcher.group(1));
    }

    /** Runs a command in it to its end. */
    Output exec(String... command) {
      return Containerd.this.exec(space, id, command);
    }

    String printed() {
      try {
        return Files.readString(output);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    /** Ends its program, and waits until {@code ctr} has removed its network and itself; what {@code ctr} printed is returned. */
    String end() {
      ctr("task", "kill", "--signal", "SIGKILL", id).orThrow("kill " + id);
      foreground.onExit().orTimeout(Until.LONG.toSeconds(), TimeUnit.SECONDS).join();
      return printed();
    }
  }

  @Override
  public void close() throws IOException {
    // With process 1 of its namespace end all others, and with the last of them its mounts.
    init.destroyForcibly();
    process.onExit().join();
    removeControlGroups();
    remove(folder);
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** The groups that containers were in; runc leaves the one above them. Their files go with them. */
  private void removeControlGroups() throws IOException {
    List<Path> groups = new ArrayList<>();
    try (Stream<Path> hierarchies = Files.find(CONTROL_GROUPS, 2, (path, is) -> is.isDirectory() && path.endsWith(space))) {
      for (Path group : hierarchies.toList()) {
        try (Stream<Path> all = Files.find(group, 3, (path, is) -> is.isDirectory())) {
          groups.addAll(all.toList());
        }
      }
    }
    for (Path group : groups.reversed()) {
      Files.delete(group);
    }
  }
}
