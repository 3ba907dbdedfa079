package dev.patchbay.lab.ec2;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.patchbay.lab.vpc.ChangeListener;
import dev.patchbay.lab.vpc.Ec2Error;
import dev.patchbay.lab.vpc.VpcModel;
import dev.patchbay.lab.vpc.VpcState;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
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
  private static final int LARGEST_BODY = 1 << 20;
  private static final int LARGEST_DISCARDED = 1 << 26;

  static {
    // Without it an answer's second segment waits for the client's delayed acknowledgement, 40 ms of nothing.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  /**
   * What may be changed while the server runs.
   *
   * @param throttled whether token buckets refuse what comes too fast
   * @param lag how far describes are behind what was changed
   * @param latency how long every call takes at least
   * @param latencyOf how long calls of an action take, by action, in place of {@code latency}
   */
  public record Behaviour(boolean throttled, Duration lag, Duration latency, Map<String, Duration> latencyOf) {
    /** Unthrottled, consistent, at once. */
    public static final Behaviour PROMPT = new Behaviour(false, Duration.ZERO, Duration.ZERO, Map.of());

    /** Copies the map. */
    public Behaviour {
      latencyOf = Map.copyOf(latencyOf);
    }
  }

  private final VpcModel model;
  private final InstantSource clock;
  private final Actions actions;
  private final Callers callers;
  private final SignatureV4 signatures;
  private final Throttle throttle = new Throttle();
  private final Faults faults = new Faults();
  private final Recorder recorder = new Recorder();
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("lab-ec2-timer").factory());
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  private final ChangeListener settler = (before, after, changes) -> scheduleSettling();
  private volatile Behaviour behaviour = Behaviour.PROMPT;

  /**
   * A server that listens nowhere yet.
   *
   * @param clock the model's own clock
   */
  public Ec2Server(VpcModel model, InstantSource clock) {
    this.model = model;
    this.clock = clock;
    actions = new Actions(model);
    callers = new Callers(clock);
    signatures = new SignatureV4(callers, model.settings().region());
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
    bound.createContext("/", this::handle);
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

  /** Changes throttling, lag and latency from the next call on. */
  public void behave(Behaviour changed) {
    behaviour = changed;
  }

  @Override
  public void close() {
    model.unlisten(settler);
    servers.forEach(server -> server.stop(0));
    timer.shutdownNow();
    workers.shutdownNow();
  }

  /** What is known of a call while it is served. */
  private static final class Call {
    final String requestId = UUID.randomUUID().toString();
    final Instant arrived;
    String caller = "";
    String action = "";
    Map<String, String> parameters = Map.of();

    Call(Instant arrived) {
      this.arrived = arrived;
    }
  }

  private void handle(HttpExchange exchange) {
    Call call = new Call(clock.instant());
    try {
      byte[] body = read(exchange);
      Caller caller =
          signatures.verify(
              exchange.getRequestMethod(),
              exchange.getRequestURI(),
              exchange.getRequestHeaders(),
              body,
              call.arrived);
      call.caller = caller.name();
      Action.Prepared prepared = prepare(exchange, body, call, caller);
      Optional<Fault> fault = faults.draw(call.action, call.arrived);
      if (fault.isPresent() && fault.get() instanceof Fault.Refuse refuse) {
        throw new Ec2Error(refuse.status(), refuse.code(), refuse.message());
      }
      Duration wait = behaviour.latencyOf().getOrDefault(call.action, behaviour.latency());
      if (wait.isZero()) {
        run(exchange, call, prepared, fault);
      } else {
        later(wait, () -> run(exchange, call, prepared, fault));
      }
    } catch (Ec2Error e) {
      refuse(exchange, call, e);
    } catch (IOException e) {
      record(call, "cut off");
      exchange.close();
    } catch (RuntimeException e) {
      fail(exchange, call, e);
    }
  }

  private Action.Prepared prepare(HttpExchange exchange, byte[] body, Call call, Caller caller) {
    String query = exchange.getRequestURI().getRawQuery();
    String text = body.length > 0 || query == null ? new String(body, StandardCharsets.UTF_8) : query;
    Form form = Form.parse(text);
    call.parameters = form.parameters();
    call.action =
        form.get("Action")
            .orElseThrow(() -> new Ec2Error("MissingAction", "The request is missing an action or a required parameter."));
    if (form.get("Version").isEmpty()) {
      throw new Ec2Error("MissingParameter", "The request must contain the parameter Version");
    }
    Action<?, ?> action = actions.find(call.action);
    if (behaviour.throttled()) {
      throttle.take(call.action, form, call.arrived);
    }
    if (!caller.may(call.action)) {
      throw new Ec2Error(
          403,
          "UnauthorizedOperation",
          "You are not authorized to perform this operation. User: arn:aws:sts::"
              + model.settings().accountId()
              + ":assumed-role/"
              + caller.name()
              + " is not authorized to perform: ec2:"
              + call.action
              + " because no identity-based policy allows the ec2:"
              + call.action
              + " action");
    }
    Action.Prepared prepared = action.read(form);
    if (form.get("DryRun").equals(Optional.of("true"))) {
      throw new Ec2Error(412, "DryRunOperation", "Request would have succeeded, but DryRun flag is set.");
    }
    return prepared;
  }

  private void run(HttpExchange exchange, Call call, Action.Prepared prepared, Optional<Fault> fault) {
    try {
      VpcState seen =
          behaviour.lag().isZero() ? model.state() : model.stateAt(clock.instant().minus(behaviour.lag()));
      String answer = XmlEncoder.answer(call.action, call.requestId, prepared.run(seen));
      if (fault.isPresent() && fault.get() instanceof Fault.LoseAnswer) {
        record(call, "lost");
        exchange.close();
      } else if (fault.isPresent() && fault.get() instanceof Fault.Delay(Duration delay)) {
        later(delay, () -> answer(exchange, call, answer));
      } else {
        answer(exchange, call, answer);
      }
    } catch (Ec2Error e) {
      refuse(exchange, call, e);
    } catch (RuntimeException e) {
      fail(exchange, call, e);
    }
  }

  private void answer(HttpExchange exchange, Call call, String answer) {
    record(call, "ok");
    send(exchange, 200, call, answer);
  }

  private void refuse(HttpExchange exchange, Call call, Ec2Error error) {
    record(call, error.code());
    send(exchange, error.status(), call, XmlEncoder.error(call.requestId, error));
  }

  /** A fault of the lab itself: the client gets EC2's answer to such, the log the reason. */
  private void fail(HttpExchange exchange, Call call, RuntimeException e) {
    System.getLogger(Ec2Server.class.getName())
        .log(System.Logger.Level.ERROR, "EC2 endpoint: " + call.action + " " + call.parameters + " failed", e);
    refuse(exchange, call, new Ec2Error(500, "InternalError", "An internal error has occurred"));
  }

  private void record(Call call, String outcome) {
    recorder.record(
        new Recorder.Call(call.arrived, "ec2", call.caller, call.action, call.parameters, outcome));
  }

  private static byte[] read(HttpExchange exchange) throws IOException {
    InputStream stream = exchange.getRequestBody();
    byte[] body = stream.readNBytes(LARGEST_BODY + 1);
    if (body.length > LARGEST_BODY) {
      // A client that is cut off while it sends does not see the answer, so the rest is read, within reason.
      byte[] rest = new byte[1 << 16];
      int left = LARGEST_DISCARDED;
      for (int got = stream.read(rest); got > 0 && left > 0; got = stream.read(rest)) {
        left -= got;
      }
      throw new Ec2Error(413, "RequestEntityTooLarge", "The request body is larger than " + LARGEST_BODY + " bytes.");
    }
    return body;
  }

  private static void send(HttpExchange exchange, int status, Call call, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/xml;charset=UTF-8");
    exchange.getResponseHeaders().set("x-amzn-RequestId", call.requestId);
    try (exchange) {
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (IOException e) {
      // The client is gone. What it asked for stays done, as with EC2.
      System.getLogger(Ec2Server.class.getName())
          .log(System.Logger.Level.DEBUG, "EC2 endpoint: the client did not wait for its answer", e);
    }
  }

  private void later(Duration delay, Runnable task) {
    timer.schedule(() -> workers.execute(task), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void scheduleSettling() {
    model
        .nextSettling()
        .filter(due -> due.isBefore(Instant.MAX))
        .ifPresent(
            due -> {
              long nanos = Math.max(0, Duration.between(clock.instant(), due).toNanos());
              timer.schedule(this::settle, nanos, TimeUnit.NANOSECONDS);
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
