package dev.patchbay.node.engine;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls that the daemon makes itself, so that what plugins made can be undone where no call of the container runtime is in progress. It
 * starts the executable, which goes where the container runtime runs, to the mounts of process 1, and is there a STATUS call like any
 * other: what runs plugins does not know the difference. One at a time.
 */
public final class OwnCalls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OwnCalls.class);

  /** The first namespace of process ids has this number on every machine. Source: PROC_PID_INIT_INO, include/uapi/linux/nsfs.h. */
  private static final String HOST_PROCESSES = "pid:[4026531836]";
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final int LONGEST_WORDS = 1_000;

  private final Place place;
  private @Nullable Process running;
  private boolean closed;

  /**
   * Where everything is.
   *
   * @param executable the executable, as this process sees it
   * @param socket the daemon's socket, as this process sees it
   * @param network the network's name
   * @param plugins where plugins are, as the container runtime sees it, unless a call has said it
   * @param processes where the kernel shows processes: {@code /proc}
   */
  public record Place(Path executable, Path socket, String network, Path plugins, Path processes) {}

  /**
   * Makes it.
   *
   * @param place where everything is
   */
  public OwnCalls(Place place) {
    this.place = place;
  }

  /**
   * {@return why the daemon can't make any; empty if it can}
   */
  public Optional<String> hindrance() {
    if (!Files.isExecutable(place.executable())) {
      return Optional.of("there is no executable " + place.executable());
    }
    Path processes = place.processes();
    try {
      if (!Files.readSymbolicLink(processes.resolve("self/ns/pid")).toString().equals(HOST_PROCESSES)) {
        return Optional.of("its container does not have the host's processes (hostPID)");
      }
      Files.readSymbolicLink(mounts());
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("it may not see the mounts of process 1 (it takes CAP_SYS_PTRACE, and CAP_SYS_ADMIN and CAP_SYS_CHROOT to go there): "
          + e.getMessage());
    }
  }

  private Path mounts() {
    return place.processes().resolve("1/ns/mnt");
  }

  private boolean elsewhere() throws IOException {
    return !Files.readSymbolicLink(mounts()).equals(Files.readSymbolicLink(place.processes().resolve("self/ns/mnt")));
  }

  /** The executable's environment, and nothing of the daemon's: plugins inherit it. */
  Map<String, String> environment(Optional<String> path) throws IOException {
    Map<String, String> environment = new TreeMap<>(Map.of("PATH", PATH, "CNI_COMMAND", "STATUS", "PATCHBAY_TIMEOUT", "600",
        "CNI_PATH", path.orElse(place.plugins().toString())));
    if (elsewhere()) {
      environment.put("PATCHBAY_MOUNTS", mounts().toString());
    }
    return environment;
  }

  /**
   * Makes a call, unless one is under way. It is open a moment later, if all goes well.
   *
   * @param path where the container runtime looks for plugins, if a call has said so
   */
  synchronized void make(Optional<String> path) {
    if (closed || running != null && running.isAlive() || hindrance().isPresent()) {
      return;
    }
    try {
      ProcessBuilder builder = new ProcessBuilder(place.executable().toString()).redirectErrorStream(true);
      builder.environment().clear();
      builder.environment().putAll(environment(path));
      Process process = builder.start();
      running = process;
      Thread.ofPlatform().daemon().name("own-call").start(() -> attend(process));
    } catch (IOException e) {
      LOG.warn("{} can't be started, so plugins wait for a call of the container runtime.", place.executable(), e);
    }
  }

  private void attend(Process process) {
    try {
      tell(process);
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int exit = process.waitFor();
      if (exit != 0) {
        LOG.info("{} ended with {}: {}", place.executable(), exit, said.substring(0, Math.min(said.length(), LONGEST_WORDS)));
      }
    } catch (IOException e) {
      LOG.info("{} could not be told what to do: {}", place.executable(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(Process process) throws IOException {
    try (Writer input = process.outputWriter(StandardCharsets.UTF_8)) {
      input.append("{\"cniVersion\":\"1.1.0\",\"name\":\"").append(place.network())
          .append("\",\"type\":\"patchbay-cni\",\"socket\":\"").append(place.socket().toString()).append("\"}");
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (running != null) {
      running.destroy();
    }
  }
}
