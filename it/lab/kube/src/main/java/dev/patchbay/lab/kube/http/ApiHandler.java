package dev.patchbay.lab.kube.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.patchbay.lab.calls.Effect;
import dev.patchbay.lab.calls.Faults.Strike;
import dev.patchbay.lab.calls.Recorder;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.model.User;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The way of every request: faults, who calls, the answer, and what is written down of it. Called on a thread of its own
 * for each request.
 */
public final class ApiHandler implements HttpHandler {
  private final Answers answers;
  private final RequestLog log;
  private final Recorder recorder;
  private final Faults faults;

  /**
   * @param answers who answers
   * @param log the last requests, in Kubernetes' terms
   * @param recorder the lab's record of all calls
   * @param faults what goes wrong
   */
  public ApiHandler(Answers answers, RequestLog log, Recorder recorder, Faults faults) {
    this.answers = answers;
    this.log = log;
    this.recorder = recorder;
    this.faults = faults;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    Call call = new Call(exchange);
    Instant time = Instant.now();
    long started = System.nanoTime();
    try {
      faults.pass();
      Optional<ResourceRequest> request = ResourceRequest.of(call);
      call.beforeAnswer(answered -> beforeAnswer(answered, time, started, request));
      answers.authenticate(call);
      if (call.header("Upgrade").equalsIgnoreCase("websocket")) {
        // jdk.httpserver can't switch protocols. An answer that is no switch sends clients that try WebSocket first
        // (fabric8) to a plain watch; of the codes that do, only this one is not retried.
        call.answer(200, "text/plain", new byte[0]);
        return;
      }
      answers.answer(call, request);
    } catch (StatusException e) {
      refuse(call, e);
    } catch (Unanswered e) {
      leave(exchange, call, e, time, started);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the API server is being closed", e);
    } catch (RuntimeException e) {
      if (call.code() != 0) {
        throw e;
      }
      refuse(call, StatusException.internal(e.toString()));
    }
  }

  private static void refuse(Call call, StatusException failure) throws IOException {
    if (call.code() != 0) {
      throw new IOException("a request failed after its answer had begun: " + failure.getMessage(), failure);
    }
    if (failure.retryAfterSeconds() > 0) {
      call.retryAfter(failure.retryAfterSeconds());
    }
    call.answer(failure.code(), failure.status());
  }

  /** Takes the request down, then does what a fault does to its answer. */
  private void beforeAnswer(Call call, Instant time, long started, Optional<ResourceRequest> request) {
    Optional<Effect> effect = call.strike().map(Strike::effect);
    log.add(
        new RequestLog.Entry(
            time,
            user(call),
            verb(call, request),
            resource(call, request),
            request.map(each -> each.path().namespace()).orElse(""),
            request.map(each -> each.path().name()).orElse(""),
            call.rawQuery(),
            call.code()));
    boolean lost = effect.filter(each -> each instanceof Effect.NoAnswer).isPresent();
    String outcome = lost ? "lost" : call.code() < 400 ? "ok" : String.valueOf(call.code());
    record(call, time, started, request, outcome);
    if (effect.isPresent() && effect.get() instanceof Effect.NoAnswer(boolean _, Duration open)) {
      throw new Unanswered(open);
    }
    if (effect.isPresent() && effect.get() instanceof Effect.Delay(Duration late)) {
      pause(late);
    }
  }

  private void leave(HttpExchange exchange, Call call, Unanswered how, Instant time, long started) {
    if (call.code() == 0) {
      record(call, time, started, ResourceRequest.of(call), "cut");
    }
    pause(how.open());
    exchange.close();
  }

  /** Each request has a virtual thread of its own, so waiting costs nothing; it ends early when the server closes. */
  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void record(
      Call call, Instant time, long started, Optional<ResourceRequest> request, String outcome) {
    Map<String, String> parameters = new LinkedHashMap<>();
    request.map(each -> each.path().namespace()).filter(text -> !text.isEmpty()).ifPresent(text -> parameters.put("namespace", text));
    request.map(each -> each.path().name()).filter(text -> !text.isEmpty()).ifPresent(text -> parameters.put("name", text));
    if (!call.rawQuery().isEmpty()) {
      parameters.put("query", call.rawQuery());
    }
    recorder.record(
        new Recorder.Call(
            time,
            Duration.ofNanos(System.nanoTime() - started),
            "kube",
            user(call),
            verb(call, request) + " " + resource(call, request),
            parameters,
            outcome,
            call.strike().map(Strike::text).orElse("")));
  }

  private static String user(Call call) {
    return call.user() == User.ANONYMOUS ? "" : call.user().name();
  }

  private static String verb(Call call, Optional<ResourceRequest> request) {
    return request.map(ResourceRequest::verb).orElseGet(() -> call.method().toLowerCase(Locale.ROOT));
  }

  private static String resource(Call call, Optional<ResourceRequest> request) {
    return request.map(ResourceRequest::resource).orElseGet(call::path);
  }
}
