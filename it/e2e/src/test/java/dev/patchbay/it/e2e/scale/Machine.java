package dev.patchbay.it.e2e.scale;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * A machine for one test: processes, mounts and network of its own, an empty {@code /run} and {@code /tmp}, and the installation. So
 * what a lab leaves can be told exactly, whatever else runs on the real machine, and goes with this in any case.
 */
final class Machine implements AutoCloseable {
  /**
   * Bind mounts first: either may lie in a folder that is about to be hidden. Copies of mounts that belong to others would keep
   * what they have taken down, and would be seen to vanish when they do.
   */
  private static final String BEGIN =
      """
      set -e
      mount -t tmpfs none /mnt
      mkdir /mnt/home /mnt/java
      mount --bind "$1" /mnt/home
      mount --bind "$2" /mnt/java
      cut -d ' ' -f 5 /proc/self/mountinfo | grep -E '^/(run|tmp)/' | sort -r | xargs -r -n 1 umount -l 2>/dev/null || true
      mount -t tmpfs none /run
      mount -t tmpfs none /tmp
      ip link set lo up
      echo ready
      read -r end
      """;

  /** What there is, a line for each thing; processes but for those that look. */
  private static final String LOOK =
      """
      set -e
      for process in /proc/[0-9]*; do
        if [ $process != /proc/1 ] && [ $process != /proc/$$ ]; then
          line=$(tr '\\0' ' ' <$process/cmdline 2>/dev/null) || continue
          [ -z "$line" ] || echo "process $line"
        fi
      done
      find /run /tmp /dev/shm /mnt /var/lib/patchbay* /etc/cni /etc/netns /opt/cni -xdev -printf 'file %y %p\\n' 2>/dev/null || true
      cut -d ' ' -f 5- /proc/self/mountinfo | grep -E '^/(run|tmp|mnt|dev|sys/fs)[ /]' | sed 's/^/mount /'
      ip -o -d link show | sed 's/^/link /'
      ip -o addr show | sed 's/^/address /'
      ip -4 route show table all | sed 's/^/route /'
      ip -6 route show table all | sed 's/^/route6 /'
      ip -4 rule show | sed 's/^/rule /'
      ip -6 rule show | sed 's/^/rule6 /'
      nft list ruleset | sed 's/^/nft /'
      find /sys/fs/cgroup -type d -path '*patchbay*' 2>/dev/null | sed 's/^/cgroup /' || true
      """;

  private final Process init;
  private final long pid;

  private Machine(Process init, long pid) {
    this.init = init;
    this.pid = pid;
  }

  /**
   * What a command left.
   *
   * @param exit its exit status
   * @param output both its standard streams
   */
  record Ended(int exit, String output) {}

  /** Starts one; nothing is in it. Whoever starts it closes it. */
  static Machine start() {
    ProcessBuilder builder =
        new ProcessBuilder(
            "unshare", "--mount", "--net", "--pid", "--ipc", "--fork", "--kill-child=KILL", "--mount-proc",
            "bash", "-c", BEGIN, "machine", System.getProperty("patchbay.home", ""), System.getProperty("java.home"));
    builder.redirectErrorStream(true);
    try {
      // Its standard input ends with this process, and with it all that runs there.
      Process init = builder.start();
      String said = init.inputReader(StandardCharsets.UTF_8).readLine();
      if (!"ready".equals(said)) {
        init.destroyForcibly();
        throw new AssertionError("no machine: " + said);
      }
      return new Machine(init, init.children().findFirst().orElseThrow().pid());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A file of the machine's, as it is found from outside of it. */
  Path file(String path) {
    return Path.of("/proc", String.valueOf(pid), "root" + path);
  }

  /** Starts a command there. */
  Process begin(String... command) {
    List<String> all = new ArrayList<>(
        List.of("nsenter", "--target", String.valueOf(pid), "--mount", "--net", "--pid", "--ipc", "--wdns=/"));
    all.addAll(List.of(command));
    ProcessBuilder builder = new ProcessBuilder(all);
    builder.redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", "/mnt/java");
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      return process;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Starts the operator's command there. */
  Process patchbay(String... arguments) {
    List<String> all = new ArrayList<>(List.of("/mnt/home/bin/patchbay"));
    all.addAll(List.of(arguments));
    return begin(all.toArray(String[]::new));
  }

  /** Runs a command there to its end. */
  Ended run(String... command) {
    return end(begin(command));
  }

  /** Waits for the end of what was begun there. */
  static Ended end(Process process) {
    CompletableFuture<String> output = new CompletableFuture<>();
    Thread.ofPlatform().daemon().start(() -> output.complete(text(process.getInputStream())));
    return new Ended(process.onExit().join().exitValue(), output.join());
  }

  /** All there is: processes, files, mounts with those of namespaces, links, addresses, routes, rules, packet filter, control groups. */
  List<String> look() {
    Ended ended = run("bash", "-c", LOOK);
    if (ended.exit() != 0) {
      throw new AssertionError("cannot look: " + ended.output());
    }
    return ended.output().lines().sorted().toList();
  }

  /** What has come and what has gone between two looks. */
  static List<String> differences(List<String> before, List<String> after) {
    List<String> differences = new ArrayList<>();
    TreeSet<String> gone = new TreeSet<>(before);
    after.forEach(gone::remove);
    gone.forEach(line -> differences.add("gone: " + line));
    TreeSet<String> come = new TreeSet<>(after);
    before.forEach(come::remove);
    come.forEach(line -> differences.add("come: " + line));
    return differences;
  }

  /** How many network namespaces have a name there now. */
  int namespaces() {
    String[] names = file("/run/netns").toFile().list();
    return names == null ? 0 : names.length;
  }

  /** The processes there in whose command that text is, to be killed from outside at once. */
  List<ProcessHandle> processes(String text) {
    Object own = namespace(pid);
    return ProcessHandle.allProcesses()
        .filter(process -> own.equals(namespace(process.pid())) && command(process.pid()).contains(text))
        .toList();
  }

  private static Object namespace(long process) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", String.valueOf(process), "ns", "pid"));
    } catch (IOException gone) {
      return "none";
    }
  }

  private static String command(long process) {
    try {
      return Files.readString(Path.of("/proc", String.valueOf(process), "cmdline"), StandardCharsets.ISO_8859_1).replace('\0', ' ');
    } catch (IOException gone) {
      return "";
    }
  }

  @Override
  public void close() {
    init.destroyForcibly();
    init.onExit().join();
  }

  private static String text(InputStream in) {
    try (in) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
