package dev.patchbay.lab;

import dev.patchbay.lab.NodeDaemon.Answer;
import dev.patchbay.lab.ec2.IssuedCredentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A replica of the cluster's controller: a process of its own in the machine's own network, which calls EC2 as a caller of its own name
 * and the Kubernetes API by the controller's service account. It is never restarted by itself. Thread-safe.
 */
public final class Replica {
  private static final Duration LONGEST_STOP = Duration.ofSeconds(20);
  private static final Duration CREDENTIALS_LIVE = Duration.ofDays(365);
  private static final int METRICS_PORT = 61_678;
  private static final int INTROSPECTION_PORT = 61_679;
  private static final int WEBHOOK_PORT = 9443;
  private static final long PROBE_MILLIS = 300;

  private final Lab lab;
  private final String name;
  private final Path folder;
  private final InetAddress address;
  private @Nullable Process process;

  /**
   * Writes its files; starts nothing yet.
   *
   * @param folder its own; made
   */
  Replica(Lab lab, String name, Path folder) {
    this.lab = lab;
    this.name = name;
    this.folder = folder;
    this.address = loopback(lab.name() + " " + name);
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("kubeconfig"), lab.cluster().controllerKubeconfig());
      Files.writeString(folder.resolve("patchbay.yaml"), Configurations.text(configuration()));
    } catch (IOException failure) {
      throw new LabException("cannot write the files of " + name + " in " + folder + ": " + failure.getMessage(), failure);
    }
  }

  /** An address of the machine's loopback for this replica alone, since all replicas want the same ports. */
  private static InetAddress loopback(String of) {
    CRC32 sum = new CRC32();
    sum.update(of.getBytes(StandardCharsets.UTF_8));
    long value = sum.getValue();
    return InetAddress.ofLiteral("127." + (1 + value % 254) + "." + (value >> 8) % 256 + "." + (1 + (value >> 16) % 254));
  }

  private Map<String, Object> configuration() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("cluster", Map.of("name", lab.name()));
    all.put("controller", Map.of("identity", name, "webhookAddress", address.getHostAddress() + ":" + WEBHOOK_PORT));
    all.put("ec2", Map.of("endpoint", lab.ec2Uri().toString(), "region", lab.model().settings().region()));
    all.put("kubernetes", Map.of("kubeconfig", folder.resolve("kubeconfig").toString()));
    all.put("introspection", Map.of("address", address.getHostAddress() + ":" + INTROSPECTION_PORT));
    all.put("metrics", Map.of("address", address.getHostAddress() + ":" + METRICS_PORT));
    return Modes.complete(Configurations.merge(all, lab.settings().configuration()), lab.settings().home());
  }

  /** Its name, {@code cluster-0} and so on; the name of the caller, too, as whom it calls EC2. */
  public String name() {
    return name;
  }

  /** Starts it. Returns at once. */
  public synchronized void start() {
    if (pid().isPresent()) {
      throw new LabException(name + " runs already");
    }
    ProcessBuilder builder = new ProcessBuilder(Installations.controller(lab.settings(), folder.resolve("patchbay.yaml")));
    IssuedCredentials issued = lab.ec2().callers().issue(name, CREDENTIALS_LIVE);
    // What is in the environment of whoever runs the lab, credentials above all, is none of its business.
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    builder.environment().put(Marked.VARIABLE, lab.name());
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    builder.environment().put("AWS_ACCESS_KEY_ID", issued.accessKeyId());
    builder.environment().put("AWS_SECRET_ACCESS_KEY", issued.secretAccessKey());
    builder.environment().put("AWS_SESSION_TOKEN", issued.sessionToken());
    builder.environment().put("AWS_EC2_METADATA_DISABLED", "true");
    builder.directory(folder.toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    try {
      Process started = builder.start();
      process = started;
      Thread.ofVirtual().name("probe-" + name).start(() -> probe(started));
    } catch (IOException failure) {
      throw new LabException("cannot start " + name + ": " + failure.getMessage(), failure);
    }
  }

  /** What kubelet does: tells the cluster's Services whether it is ready. */
  private void probe(Process of) {
    boolean told = false;
    try {
      while (!of.waitFor(PROBE_MILLIS, TimeUnit.MILLISECONDS)) {
        boolean ready = getMetrics("/readyz").filter(Answer::ok).isPresent();
        if (ready != told) {
          lab.cluster().tellEndpoint(name, address.getHostAddress(), WEBHOOK_PORT, ready);
          told = ready;
        }
      }
      lab.cluster().tellEndpoint(name, address.getHostAddress(), WEBHOOK_PORT, false);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Where it answers the API server. */
  public InetSocketAddress webhookAddress() {
    return new InetSocketAddress(address, WEBHOOK_PORT);
  }

  /** Ends it by SIGTERM and waits for its end; by SIGKILL if it takes longer than 20 s. Nothing if it does not run. */
  public synchronized void stop() {
    Process running = process;
    if (running != null) {
      running.destroy();
      try {
        if (!running.waitFor(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
          kill();
          throw new LabException(name + " did not end within 20 s of SIGTERM and was killed");
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new LabException("interrupted while waiting for " + name, interrupted);
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

  /** Its process id while it runs. */
  public synchronized Optional<Long> pid() {
    return Optional.ofNullable(process).filter(Process::isAlive).map(Process::pid);
  }

  /** Its exit status, if it ran and has ended; 128 and the signal's number if by a signal. */
  public synchronized Optional<Integer> exit() {
    return Optional.ofNullable(process).filter(ended -> !ended.isAlive()).map(Process::exitValue);
  }

  /** Asks its introspection; empty if nobody answers. */
  public Optional<Answer> get(String path) {
    return NodeDaemon.ask(new InetSocketAddress(address, INTROSPECTION_PORT), path);
  }

  /** Asks its metrics server; empty if nobody answers. */
  public Optional<Answer> getMetrics(String path) {
    return NodeDaemon.ask(new InetSocketAddress(address, METRICS_PORT), path);
  }

  /** Where its metrics are. */
  public String metricsUri() {
    return "http://" + address.getHostAddress() + ":" + METRICS_PORT + "/metrics";
  }

  /** Its configuration. */
  public Path configurationFile() {
    return folder.resolve("patchbay.yaml");
  }

  /** The log, of all starts. */
  public Path log() {
    return folder.resolve("controller.log");
  }
}
