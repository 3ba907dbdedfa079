package dev.patchbay.lab;

import dev.patchbay.lab.fabric.NetworkNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The daemon of a node, a process of its own inside the node's network namespace. It is never restarted by itself.
 * Thread-safe.
 */
public final class NodeDaemon {
  private static final Duration LONGEST_STOP = Duration.ofSeconds(20);
  private static final int MILLIS_BETWEEN_LOOKS = 20;
  private static final int HTTP_MILLIS = 5_000;

  private final String nodeName;
  private final LabSettings settings;
  private final NetworkNamespace netns;
  private final NodeFiles files;
  private final InetSocketAddress introspection;
  private final InetSocketAddress metrics;
  private final NodeClock clock;
  private @Nullable Process process;

  NodeDaemon(
      String nodeName,
      LabSettings settings,
      NetworkNamespace netns,
      NodeFiles files,
      InetSocketAddress introspection,
      InetSocketAddress metrics) {
    this.nodeName = nodeName;
    this.settings = settings;
    this.netns = netns;
    this.files = files;
    this.introspection = introspection;
    this.metrics = metrics;
    this.clock = new NodeClock(settings.home(), files.clock());
  }

  /** Starts it. Returns at once; see {@link #awaitServing}. */
  public synchronized void start() {
    if (pid().isPresent()) {
      throw new LabException("the daemon of " + nodeName + " runs already");
    }
    ProcessBuilder builder = netns.command(Installations.daemon(settings, files.configuration()).toArray(String[]::new));
    // What is in the environment of whoever runs the lab, credentials above all, is none of the node's business.
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    builder.environment().put(Marked.VARIABLE, settings.name());
    builder.environment().putAll(clock.environment());
    // As bin/patchbay starts it.
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    builder.directory(files.folder().toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(files.log().toFile()));
    try {
      process = builder.start();
    } catch (IOException failure) {
      throw new LabException("cannot start the daemon of " + nodeName + ": " + failure.getMessage(), failure);
    }
  }

  /** Ends it by SIGTERM and waits for its end; by SIGKILL if it takes longer than 20 s. Nothing if it does not run. */
  public synchronized void stop() {
    Process running = process;
    if (running != null) {
      running.destroy();
      if (!ended(running, LONGEST_STOP)) {
        kill();
        throw new LabException("the daemon of " + nodeName + " did not end within 20 s of SIGTERM and was killed");
      }
    }
  }

  /** Ends it by SIGKILL and waits until it is gone. Nothing if it does not run. */
  public synchronized void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      running.onExit().join();
    }
  }

  /**
   * Steps the wall clock that it sees, at once and for its later starts too; back if the step is negative. Steps add up. No other
   * process sees it: {@code patchbay-cni} is a static program, which nothing can be preloaded into.
   *
   * @throws LabException if the installation lacks what is needed
   */
  public void stepClock(Duration by) {
    clock.step(by);
  }

  /** How far the wall clock that it sees is ahead of the machine's; negative if behind. */
  public Duration clockAhead() {
    return clock.ahead();
  }

  /** Its process id while it runs. */
  public synchronized Optional<Long> pid() {
    return Optional.ofNullable(process).filter(Process::isAlive).map(Process::pid);
  }

  /** Its exit status, if it ran and has ended; 128 and the signal's number if by a signal. */
  public synchronized Optional<Integer> exit() {
    return Optional.ofNullable(process).filter(ended -> !ended.isAlive()).map(Process::exitValue);
  }

  /**
   * Waits until the node can serve pods: its network configuration is there and the daemon says that it is ready.
   *
   * @throws LabException if it ends instead, or takes longer than that; with the end of its log
   */
  public void awaitServing(Duration longest) {
    @Nullable Process running;
    synchronized (this) {
      running = process;
    }
    if (running == null) {
      throw new LabException("the daemon of " + nodeName + " was not started");
    }
    long deadline = System.nanoTime() + longest.toNanos();
    while (!serving()) {
      if (ended(running, Duration.ofMillis(MILLIS_BETWEEN_LOOKS))) {
        throw new LabException("the daemon of " + nodeName + " ended with exit status " + running.exitValue() + ". " + logEnd());
      }
      if (System.nanoTime() > deadline) {
        throw new LabException(
            "the daemon of " + nodeName + " does not serve after " + longest.toSeconds() + " s. " + logEnd());
      }
    }
  }

  /** Whether the node can serve pods now. */
  public boolean serving() {
    return new CniCaller(netns, files).configuration().isPresent() && get("/readyz").map(Answer::ok).orElse(false);
  }

  /** Asks its introspection; empty if nobody answers. */
  public Optional<Answer> get(String path) {
    return ask(introspection, path);
  }

  /** Asks its metrics server, which has its own paths; empty if nobody answers. */
  public Optional<Answer> getMetrics(String path) {
    return ask(metrics, path);
  }

  /**
   * An answer over HTTP.
   *
   * @param status the status
   * @param body the text
   */
  public record Answer(int status, String body) {
    /** Whether the status is 200. */
    public boolean ok() {
      return status == HttpURLConnection.HTTP_OK;
    }
  }

  /** Where its introspection is reached from the machine. */
  public URI introspectionUri() {
    return uri(introspection, "/");
  }

  /** Where its metrics are reached from the machine. */
  public URI metricsUri() {
    return uri(metrics, "/metrics");
  }

  /** The log, of all starts. */
  public Path log() {
    return files.log();
  }

  private static URI uri(InetSocketAddress address, String path) {
    return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort() + path);
  }

  static Optional<Answer> ask(InetSocketAddress address, String path) {
    try {
      HttpURLConnection connection = (HttpURLConnection) uri(address, path).toURL().openConnection(java.net.Proxy.NO_PROXY);
      connection.setConnectTimeout(HTTP_MILLIS);
      connection.setReadTimeout(HTTP_MILLIS);
      int status = connection.getResponseCode();
      try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        return Optional.of(new Answer(status, in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8)));
      }
    } catch (IOException nobody) {
      // It does not run, or does not listen yet: that is the answer.
      return Optional.empty();
    }
  }

  private String logEnd() {
    try {
      List<String> lines = Files.readAllLines(files.log());
      return "The end of its log " + files.log() + ":\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - 25), lines.size()));
    } catch (IOException failure) {
      return "Its log " + files.log() + " can't be read: " + failure.getMessage();
    }
  }

  private static boolean ended(Process running, Duration longest) {
    try {
      return running.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while waiting for a daemon", interrupted);
    }
  }
}
