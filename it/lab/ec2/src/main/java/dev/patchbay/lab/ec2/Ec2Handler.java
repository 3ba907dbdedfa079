package dev.patchbay.lab.ec2;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.patchbay.lab.calls.Effect;
import dev.patchbay.lab.calls.Faults;
import dev.patchbay.lab.calls.Recorder;
import dev.patchbay.lab.vpc.AttachmentOperations;
import dev.patchbay.lab.vpc.Ec2Error;
import dev.patchbay.lab.vpc.VpcModel;
import dev.patchbay.lab.vpc.VpcState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Serves the calls of an {@link Ec2Server}: read, checked, struck by a fault perhaps, carried out, answered, recorded. */
final class Ec2Handler implements HttpHandler {
  private static final String VERSION = "2016-11-15";
  private static final int LARGEST_BODY = 1 << 20;
  private static final int LARGEST_DISCARDED = 1 << 26;

  private final Ec2Server server;
  private final VpcModel model;
  private final InstantSource clock;
  private final Actions actions;
  private final SignatureV4 signatures;
  private final Involved involved;
  private final Throttle throttle = new Throttle();

  Ec2Handler(Ec2Server server, VpcModel model, InstantSource clock, Actions actions, SignatureV4 signatures) {
    this.server = server;
    this.model = model;
    this.clock = clock;
    this.actions = actions;
    this.signatures = signatures;
    involved = new Involved(model);
  }

  /** What is known of a call while it is served. */
  private static final class Call {
    final HttpExchange exchange;
    final String requestId = UUID.randomUUID().toString();
    final Instant arrived;
    final long started = System.nanoTime();
    String service = "ec2";
    String caller = "";
    String action = "";
    Map<String, String> parameters = Map.of();
    Optional<Faults.Strike> strike = Optional.empty();

    Call(HttpExchange exchange, Instant arrived) {
      this.exchange = exchange;
      this.arrived = arrived;
    }

    Optional<Effect> effect() {
      return strike.map(Faults.Strike::effect);
    }
  }

  @Override
  public void handle(HttpExchange exchange) {
    Call call = new Call(exchange, clock.instant());
    try {
      byte[] body = read(exchange);
      call.service = SignatureV4.service(exchange.getRequestHeaders()).filter(CallerIdentity.SERVICE::equals).orElse(call.service);
      Caller caller =
          signatures.verify(
              exchange.getRequestMethod(),
              exchange.getRequestURI(),
              exchange.getRequestHeaders(),
              body,
              call.arrived);
      call.caller = caller.name();
      if (call.service.equals(CallerIdentity.SERVICE)) {
        identify(body, call, caller);
        return;
      }
      Action.Prepared prepared = prepare(body, call, caller);
      call.strike = server.faults().strike("ec2", call.action, call.caller);
      if (before(call)) {
        Duration wait = server.behaviour().latencyOf().getOrDefault(call.action, server.behaviour().latency());
        if (wait.isZero()) {
          run(call, prepared);
        } else {
          server.later(wait, () -> run(call, prepared));
        }
      }
    } catch (Ec2Error e) {
      refuse(call, e);
    } catch (IOException e) {
      record(call, "cut");
      exchange.close();
    } catch (RuntimeException e) {
      fail(call, e);
    }
  }

  private void identify(byte[] body, Call call, Caller caller) {
    Form form = Form.parse(new String(body, StandardCharsets.UTF_8));
    call.parameters = form.parameters();
    call.action = form.get("Action").orElse("");
    answer(call, CallerIdentity.answer(form, call.requestId, model.settings().accountId(), caller));
  }

  private Action.Prepared prepare(byte[] body, Call call, Caller caller) {
    String query = call.exchange.getRequestURI().getRawQuery();
    String text = body.length > 0 || query == null ? new String(body, StandardCharsets.UTF_8) : query;
    Form form = Form.parse(text);
    call.parameters = form.parameters();
    call.action =
        form.get("Action")
            .orElseThrow(() -> new Ec2Error("MissingAction", "The request is missing an action or a required parameter."));
    String version =
        form.get("Version")
            .orElseThrow(() -> new Ec2Error("MissingParameter", "The request must contain the parameter Version"));
    if (!version.equals(VERSION)) {
      throw new Ec2Error("NoSuchVersion", "The requested version (" + version + ") of service EC2 does not exist");
    }
    Action<?, ?> action = actions.find(call.action);
    throttle.take(server.behaviour().limits(), call.action, form, call.arrived);
    authorize(caller, call.action, form);
    Action.Prepared prepared = action.read(form);
    if (form.get("DryRun").equals(Optional.of("true"))) {
      throw new Ec2Error(412, "DryRunOperation", "Request would have succeeded, but DryRun flag is set.");
    }
    return prepared;
  }

  private void authorize(Caller caller, String action, Form form) {
    for (Involved.Needed needed : involved.of(action, form)) {
      if (!caller.policy().allows(needed.action(), needed.resource())) {
        boolean denied = caller.policy().denies(needed.action(), needed.resource());
        String on = needed.resource().arn().equals("*") ? "" : " on resource: " + needed.resource().arn();
        throw new Ec2Error(
            403,
            "UnauthorizedOperation",
            "You are not authorized to perform this operation. User: arn:aws:sts::%s:assumed-role/%s is not authorized to perform: %s%s %s"
                .formatted(
                    model.settings().accountId(),
                    caller.name(),
                    needed.action(),
                    on,
                    denied
                        ? "with an explicit deny in an identity-based policy"
                        : "because no identity-based policy allows the " + needed.action() + " action"));
      }
    }
  }

  /** Does what a fault does before a call is carried out; whether it is then carried out. */
  private boolean before(Call call) {
    switch (call.effect().orElse(null)) {
      case Effect.Refuse(String code, String message) -> throw Refusals.of(code, message);
      case Effect.Throttle() -> throw Refusals.of("RequestLimitExceeded");
      case Effect.NoAnswer(boolean applied, Duration open) when !applied -> {
        leave(call, "cut", open);
        return false;
      }
      case null, default -> {
        return true;
      }
    }
  }

  private void run(Call call, Action.Prepared prepared) {
    try {
      String answer = XmlEncoder.answer(call.action, call.requestId, prepared.run(circumstances(call)));
      switch (call.effect().orElse(null)) {
        case Effect.NoAnswer(boolean applied, Duration open) -> leave(call, "lost", open);
        case Effect.Delay(Duration time) -> server.later(time, () -> answer(call, answer));
        case null, default -> answer(call, answer);
      }
    } catch (Ec2Error e) {
      refuse(call, e);
    } catch (RuntimeException e) {
      fail(call, e);
    }
  }

  private Circumstances circumstances(Call call) {
    Duration lag = server.behaviour().lag();
    VpcState seen = lag.isZero() ? model.state() : model.stateAt(clock.instant().minus(lag));
    Optional<Duration> settling = Optional.empty();
    switch (call.effect().orElse(null)) {
      case Effect.Lag(Duration time) -> seen = model.stateAt(clock.instant().minus(time));
      case Effect.Empty() -> seen = VpcState.empty(call.arrived);
      case Effect.Settle(Optional<Duration> time) -> settling = Optional.of(time.orElse(AttachmentOperations.NEVER));
      case null, default -> {}
    }
    return new Circumstances(seen, settling);
  }

  /** Leaves the client without an answer, with an open connection for as long as was said. */
  private void leave(Call call, String outcome, Duration open) {
    record(call, outcome);
    if (open.isZero()) {
      call.exchange.close();
    } else {
      server.later(open, call.exchange::close);
    }
  }

  private void answer(Call call, String answer) {
    record(call, "ok");
    send(call, 200, answer);
  }

  private void refuse(Call call, Ec2Error error) {
    record(call, error.code());
    send(call, error.status(), call.service.equals(CallerIdentity.SERVICE)
        ? XmlEncoder.identityError(call.requestId, error) : XmlEncoder.error(call.requestId, error));
  }

  /** A fault of the lab itself: the client gets EC2's answer to such, the log the reason. */
  private void fail(Call call, RuntimeException e) {
    System.getLogger(Ec2Server.class.getName())
        .log(System.Logger.Level.ERROR, "EC2 endpoint: " + call.action + " " + call.parameters + " failed", e);
    refuse(call, Refusals.of("InternalError"));
  }

  private void record(Call call, String outcome) {
    server
        .recorder()
        .record(
            new Recorder.Call(
                call.arrived,
                Duration.ofNanos(System.nanoTime() - call.started),
                call.service,
                call.caller,
                call.action,
                call.parameters,
                outcome,
                call.strike.map(Faults.Strike::text).orElse("")));
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

  private static void send(Call call, int status, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    HttpExchange exchange = call.exchange;
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
}
