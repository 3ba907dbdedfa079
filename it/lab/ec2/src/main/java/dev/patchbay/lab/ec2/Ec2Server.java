package dev.patchbay.lab.ec2;

import com.sun.net.httpserver.HttpServer;
import dev.patchbay.lab.calls.Faults;
import dev.patchbay.lab.calls.Recorder;
import dev.patchbay.lab.vpc.ChangeListener;
import dev.patchbay.lab.vpc.VpcModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * EC2's query endpoint over a model, at any number of addresses. It also lets attachments settle when their time has come.
 *
 * <p>Whoever starts it closes it; that closes every HTTP server mounted on it.
 */
public final class Ec2Server implements AutoCloseable {
  static {
    // Without it an answer's second segment waits for the client's delayed acknowledgement, 40 ms of nothing.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  /**
   * How EC2 is when nothing goes wrong; may be changed while the server runs.
   *
   * @param limits how fast calls may come
   * @param lag how far describes are behind what was changed
   * @param latency how long every call takes at least
   * @param latencyOf how long calls of an action take, by action, in place of {@code latency}
   */
  public record Behaviour(RateLimits limits, Duration lag, Duration latency, Map<String, Duration> latencyOf) {
    /** Unthrottled, consistent, at once. */
    public static final Behaviour PROMPT = new Behaviour(RateLimits.NONE, Duration.ZERO, Duration.ZERO, Map.of());

    /** Copies the map. */
    public Behaviour {
      latencyOf = Map.copyOf(latencyOf);
    }
  }

  private final VpcModel model;
  private final InstantSource clock;
  private final Actions actions;
  private final Callers callers;
  private final Faults faults;
  private final boolean ownFaults;
  private final Recorder recorder;
  private final Ec2Handler handler;
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("lab-ec2-timer").factory());
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  private final ChangeListener settler = (before, after, changes) -> scheduleSettling();
  private volatile Behaviour behaviour = Behaviour.PROMPT;

  /**
   * A server that listens nowhere yet, with faults and a record of its own.
   *
   * @param clock the model's own clock
   */
  public Ec2Server(VpcModel model, InstantSource clock) {
    this(model, clock, new Faults(clock), new Recorder(), true);
  }

  /**
   * A server that listens nowhere yet.
   *
   * @param clock the model's own clock
   * @param faults the lab's, which closes it; this server makes {@code ec2}, {@code imds} and {@code vpc} known there
   * @param recorder the lab's
   */
  public Ec2Server(VpcModel model, InstantSource clock, Faults faults, Recorder recorder) {
    this(model, clock, faults, recorder, false);
  }

  private Ec2Server(VpcModel model, InstantSource clock, Faults faults, Recorder recorder, boolean ownFaults) {
    this.ownFaults = ownFaults;
    this.model = model;
    this.clock = clock;
    this.faults = faults;
    this.recorder = recorder;
    actions = new Actions(model, clock);
    callers = new Callers(clock);
    handler = new Ec2Handler(this, model, clock, actions, new SignatureV4(callers, model.settings().region()));
    faults.serve(new Ec2Breakable(actions.names()));
    faults.serve(new ImdsBreakable());
    faults.serve(new VpcBreakable(model));
    model.listen(settler);
  }

  /**
   * Listens at an address of the caller's network namespace.
   *
   * @param address port 0: any free one
   * @return where it listens
   * @throws UncheckedIOException if the address can't be had
   */
  public URI listen(InetSocketAddress address) {
    try {
      return mount(HttpServer.create(address, 0));
    } catch (IOException e) {
      throw new UncheckedIOException("EC2 endpoint: can't listen at " + address + "; is it in use?", e);
    }
  }

  /**
   * Serves on a socket that was opened already, in whatever network namespace that was done.
   *
   * @param bound bound and not started; closed with this server
   * @return where it listens
   */
  public URI mount(HttpServer bound) {
    bound.createContext("/", handler);
    bound.setExecutor(workers);
    bound.start();
    servers.add(bound);
    InetSocketAddress at = bound.getAddress();
    String host = at.getAddress().getHostAddress();
    return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + at.getPort());
  }

  /** Who may call what; nobody at first. */
  public Callers callers() {
    return callers;
  }

  /** Faults, none at first. */
  public Faults faults() {
    return faults;
  }

  /** All calls. */
  public Recorder recorder() {
    return recorder;
  }

  /** The actions that are modelled. */
  public Set<String> actions() {
    return Set.copyOf(actions.names());
  }

  /** How it behaves now. */
  public Behaviour behaviour() {
    return behaviour;
  }

  /** Changes limits, lag and latency from the next call on. */
  public void behave(Behaviour changed) {
    behaviour = changed;
  }

  @Override
  public void close() {
    model.unlisten(settler);
    servers.forEach(server -> server.stop(0));
    if (ownFaults) {
      faults.close();
    }
    timer.shutdownNow();
    workers.shutdownNow();
  }

  /** Does something later, on a thread of its own. */
  void later(Duration delay, Runnable task) {
    var unused = timer.schedule(() -> workers.execute(task), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void scheduleSettling() {
    model
        .nextSettling()
        .filter(due -> due.isBefore(Instant.MAX))
        .ifPresent(
            due -> {
              long nanos = Math.max(0, Duration.between(clock.instant(), due).toNanos());
              var unused = timer.schedule(this::settle, nanos, TimeUnit.NANOSECONDS);
            });
  }

  /** Asks again for what is not due: the model's clock may have been set back. */
  private void settle() {
    long before = model.state().revision();
    model.settle();
    if (model.state().revision() == before) {
      scheduleSettling();
    }
  }
}
