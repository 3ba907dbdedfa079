package dev.patchbay.lab.kube.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.patchbay.lab.calls.Effect;
import dev.patchbay.lab.calls.Faults.Strike;
import dev.patchbay.lab.calls.Recorder;
import dev.patchbay.lab.kube.auth.AccessRequest;
import dev.patchbay.lab.kube.auth.Authenticator;
import dev.patchbay.lab.kube.auth.RbacAuthorizer;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.ResourceType;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.model.User;
import dev.patchbay.lab.kube.resources.ResourceRegistry;
import dev.patchbay.lab.kube.store.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The way of every request: faults, who calls, what it is about, whether that is allowed, and the answer. Called on a
 * thread of its own for each request.
 */
public final class ApiHandler implements HttpHandler {
  /** Open to everybody, as the cluster role {@code system:public-info-viewer} has it. */
  private static final Set<String> PUBLIC =
      Set.of("/healthz", "/livez", "/readyz", "/version", "/healthz/", "/livez/", "/readyz/", "/version/");

  private static final String VERSION = "v1.33.0";
  private static final String ACCOUNT_PREFIX = "system:serviceaccount:";

  private final ResourceRegistry registry;
  private final Authenticator authenticator;
  private final RbacAuthorizer authorizer;
  private final ResourceHandler resources;
  private final Discovery discovery;
  private final OpenApi openApi;
  private final RequestLog log;
  private final Recorder recorder;
  private final Faults faults;

  /** Puts the parts together. */
  public ApiHandler(
      ResourceRegistry registry,
      Authenticator authenticator,
      RbacAuthorizer authorizer,
      ResourceHandler resources,
      ObjectStore store,
      RequestLog log,
      Recorder recorder,
      Faults faults) {
    this.registry = registry;
    this.authenticator = authenticator;
    this.authorizer = authorizer;
    this.resources = resources;
    this.discovery = new Discovery(registry);
    this.openApi = new OpenApi(registry, store);
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
      authenticate(call);
      if (call.header("Upgrade").equalsIgnoreCase("websocket")) {
        // jdk.httpserver can't switch protocols. An answer that is no switch sends clients that try WebSocket first
        // (fabric8) to a plain watch; of the codes that do, only this one is not retried.
        call.answer(200, "text/plain", new byte[0]);
        return;
      }
      if (request.isPresent()) {
        serve(call, request.get());
      } else {
        servePath(call);
      }
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

  private void authenticate(Call call) {
    Optional<String> token = call.bearer();
    Optional<User> user = token.flatMap(authenticator::user);
    user.ifPresent(call::authenticated);
    if (user.isEmpty() && (token.isPresent() || !PUBLIC.contains(call.path()))) {
      throw StatusException.unauthorized();
    }
    if (!call.header("Impersonate-User").isEmpty()) {
      impersonate(call);
    }
  }

  /** Goes on as somebody else, if that is allowed (Kubernetes documentation, "User impersonation"). */
  private void impersonate(Call call) {
    String name = call.header("Impersonate-User");
    List<String> groups = call.headers("Impersonate-Group");
    requireImpersonation(call.user(), accountOrUser(name));
    groups.forEach(group -> requireImpersonation(call.user(), impersonation("groups", "", group)));
    List<String> all = new ArrayList<>(groups);
    if (name.startsWith(ACCOUNT_PREFIX) && groups.isEmpty()) {
      all.add("system:serviceaccounts");
      all.add("system:serviceaccounts:" + accountOrUser(name).namespace());
    }
    all.add("system:authenticated");
    call.authenticated(new User(name, "", all));
  }

  private static AccessRequest accountOrUser(String name) {
    String[] parts = name.split(":", -1);
    return name.startsWith(ACCOUNT_PREFIX) && parts.length == 4
        ? impersonation("serviceaccounts", parts[2], parts[3])
        : impersonation("users", "", name);
  }

  private static AccessRequest impersonation(String resource, String namespace, String name) {
    return new AccessRequest("impersonate", "", resource, "", namespace, name, "");
  }

  private void requireImpersonation(User user, AccessRequest request) {
    if (!authorizer.allows(user, request)) {
      throw request.refusal(user);
    }
  }

  private void serve(Call call, ResourceRequest request) throws IOException, InterruptedException {
    if (!authorizer.allows(call.user(), request.access())) {
      throw request.access().refusal(call.user());
    }
    RequestPath path = request.path();
    Optional<ResourceType> type = registry.find(path.group(), path.version(), path.resource());
    call.struck(faults.strike(request.verb(), request.resource(), call.user().name()));
    Faults.check(call.strike(), type, path.name());
    resources.serve(call, request, type);
  }

  private void servePath(Call call) throws IOException {
    String path = call.path();
    if (!PUBLIC.contains(path) && !authorizer.allows(call.user(), call.pathAccess())) {
      throw call.pathAccess().refusal(call.user());
    }
    call.struck(faults.strike(call.method().toLowerCase(Locale.ROOT), path, call.user().name()));
    Faults.check(call.strike(), Optional.empty(), "");
    if (!call.method().equals("GET") && !call.method().equals("HEAD")) {
      throw StatusException.methodNotAllowed();
    }
    String plain = path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    switch (plain) {
      case "/healthz", "/livez", "/readyz" -> {
        byte[] healthy = "ok".getBytes(StandardCharsets.US_ASCII);
        call.answer(200, "text/plain; charset=utf-8", healthy);
      }
      case "/version" -> call.answer(200, version());
      case "/" -> {
        ObjectNode root = Json.object();
        root.set("paths", Json.strings(discovery.paths()));
        call.answer(200, root);
      }
      default -> call.answer(
          200,
          discovery
              .document(plain, call.header("Host"))
              .or(() -> openApi.document(plain))
              .orElseThrow(StatusException::noSuchPath));
    }
  }

  private static ObjectNode version() {
    return Json.object()
        .put("major", "1")
        .put("minor", "33")
        .put("gitVersion", VERSION + "+patchbay-lab")
        .put("gitCommit", "")
        .put("gitTreeState", "clean")
        .put("buildDate", "2026-01-01T00:00:00Z")
        .put("goVersion", "none")
        .put("compiler", "javac")
        .put("platform", "linux/" + System.getProperty("os.arch", "amd64"));
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
