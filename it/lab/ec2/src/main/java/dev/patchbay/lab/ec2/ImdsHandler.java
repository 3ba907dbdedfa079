package dev.patchbay.lab.ec2;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.patchbay.lab.calls.Effect;
import dev.patchbay.lab.calls.Faults;
import dev.patchbay.lab.calls.Recorder;
import dev.patchbay.lab.vpc.Instance;
import dev.patchbay.lab.vpc.MetadataOptions;
import dev.patchbay.lab.vpc.VpcModel;
import dev.patchbay.lab.vpc.VpcState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The metadata service of one instance: a token first, unless the instance's options say otherwise (Amazon EC2 user guide,
 * "Use the Instance Metadata Service"). Mount it at {@code /} of an HTTP server on 169.254.169.254, port 80, of the instance's namespace.
 *
 * <p>The hop limit is not its business: who carries the packets sets the TTL of what leaves this address. Thread-safe.
 */
public final class ImdsHandler implements HttpHandler {
  private static final String TOKEN = "X-aws-ec2-metadata-token";
  private static final String TTL = "X-aws-ec2-metadata-token-ttl-seconds";
  private static final int LONGEST_TTL = 21_600;
  private static final Duration CREDENTIALS_LIVE = Duration.ofHours(6);
  private static final Duration CREDENTIALS_RENEWED = Duration.ofMinutes(30);
  private static final String CREDENTIALS = "meta-data/iam/security-credentials/";
  private static final Pattern VERSIONED = Pattern.compile("/(latest|\\d{4}-\\d{2}-\\d{2}|1\\.0)(?:/(.*))?");

  private final VpcModel model;
  private final String instanceId;
  private final Ec2Server server;
  private final String caller;
  private final String role;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Instant> tokens = new ConcurrentHashMap<>();
  private volatile Duration staleness = Duration.ZERO;
  private @Nullable IssuedCredentials credentials;

  /**
   * The service of an instance.
   *
   * @param server issues the credentials and keeps the record
   * @param caller as whom the instance calls EC2; {@link Callers#allow} has been told of it
   * @param role the role's name in the path of the credentials
   * @param clock the model's own clock
   */
  public ImdsHandler(
      VpcModel model, String instanceId, Ec2Server server, String caller, String role, InstantSource clock) {
    this.model = model;
    this.instanceId = instanceId;
    this.server = server;
    this.caller = caller;
    this.role = role;
    this.clock = clock;
  }

  /** From the next request on, the service is that far behind what was changed; EC2's own is usually a second or two. */
  public void lag(Duration behind) {
    staleness = behind;
  }

  private record Answer(int status, String text, Map<String, String> headers) {
    static Answer text(String text) {
      return new Answer(200, text, Map.of());
    }

    static Answer error(int status, String reason) {
      String page =
          """
          <?xml version="1.0" encoding="iso-8859-1"?>
          <!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
          \t"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
          <html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
           <head>
            <title>%1$d - %2$s</title>
           </head>
           <body>
            <h1>%1$d - %2$s</h1>
           </body>
          </html>
          """;
      return new Answer(status, page.formatted(status, reason), Map.of("Content-Type", "text/html"));
    }
  }

  @Override
  public void handle(HttpExchange exchange) {
    Request request = new Request(exchange, clock.instant());
    request.strike = server.faults().strike(ImdsBreakable.SERVICE, request.action(), caller);
    switch (request.effect()) {
      case Effect.NoAnswer(boolean applied, Duration open) -> {
        record(request, applied ? "lost" : "cut");
        if (open.isZero()) {
          exchange.close();
        } else {
          server.later(open, exchange::close);
        }
      }
      case Effect.Refuse(String code, String message) ->
          send(request, Answer.error(Integer.parseInt(code), message.isEmpty() ? reason(code) : message));
      case Effect.Throttle() -> send(request, Answer.error(503, reason("503")));
      case Effect.Delay(Duration time) -> {
        Answer answer = answer(request);
        server.later(time, () -> send(request, answer));
      }
      case null, default -> send(request, answer(request));
    }
  }

  /** What is known of a request while it is served. */
  private static final class Request {
    final HttpExchange exchange;
    final Instant arrived;
    final long started = System.nanoTime();
    Optional<Faults.Strike> strike = Optional.empty();

    Request(HttpExchange exchange, Instant arrived) {
      this.exchange = exchange;
      this.arrived = arrived;
    }

    String action() {
      return exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
    }

    @Nullable Effect effect() {
      return strike.map(Faults.Strike::effect).orElse(null);
    }
  }

  private static String reason(String code) {
    return switch (code) {
      case "400" -> "Bad Request";
      case "401" -> "Unauthorized";
      case "403" -> "Forbidden";
      case "404" -> "Not Found";
      case "503" -> "Service Unavailable";
      default -> code.startsWith("4") ? "Client Error" : "Internal Server Error";
    };
  }

  private void send(Request request, Answer answer) {
    record(request, answer.status() == 200 ? "ok" : String.valueOf(answer.status()));
    byte[] bytes = answer.text().getBytes(StandardCharsets.UTF_8);
    try (HttpExchange exchange = request.exchange) {
      exchange.getResponseHeaders().set("Content-Type", "text/plain");
      exchange.getResponseHeaders().set("Server", "EC2ws");
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(answer.status(), head || bytes.length == 0 ? -1 : bytes.length);
      if (!head && bytes.length > 0) {
        exchange.getResponseBody().write(bytes);
      }
    } catch (IOException e) {
      System.getLogger(ImdsHandler.class.getName())
          .log(System.Logger.Level.DEBUG, "IMDS: the client did not wait for its answer", e);
    }
  }

  private Answer answer(Request request) {
    HttpExchange exchange = request.exchange;
    Instant now = request.arrived;
    String path = exchange.getRequestURI().getPath();
    String method = exchange.getRequestMethod();
    MetadataOptions options =
        Optional.ofNullable(model.state().instances().get(instanceId))
            .map(Instance::metadata)
            .orElse(MetadataOptions.REQUIRED);
    if (!options.enabled()) {
      return Answer.error(403, "Forbidden");
    }
    if (method.equals("PUT")) {
      return path.equals("/latest/api/token") ? token(exchange, now) : Answer.error(405, "Method Not Allowed");
    }
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return Answer.error(405, "Method Not Allowed");
    }
    String token = exchange.getRequestHeaders().getFirst(TOKEN);
    Optional<Instant> ends = Optional.ofNullable(token).flatMap(t -> Optional.ofNullable(tokens.get(t)));
    boolean bare = token == null && !options.tokenRequired();
    if (!bare && (ends.isEmpty() || !now.isBefore(ends.get()))) {
      return Answer.error(401, "Unauthorized");
    }
    if (path.equals("/")) {
      return Answer.text("1.0\n2021-07-15\nlatest");
    }
    Matcher versioned = VERSIONED.matcher(path);
    if (!versioned.matches()) {
      return Answer.error(404, "Not Found");
    }
    String below = versioned.group(2) == null ? "" : versioned.group(2);
    return text(below, request).map(Answer::text).orElseGet(() -> Answer.error(404, "Not Found"));
  }

  private Optional<String> text(String path, Request request) {
    Instant now = request.arrived;
    VpcState state = state(request);
    Instance instance = state.instances().get(instanceId);
    if (instance == null) {
      return Optional.empty();
    }
    if (path.equals(CREDENTIALS) || path.equals(CREDENTIALS.substring(0, CREDENTIALS.length() - 1))) {
      return Optional.of(role);
    }
    if (path.equals(CREDENTIALS + role)) {
      return Optional.of(credentials(now));
    }
    boolean network = !(request.effect() instanceof Effect.Empty);
    Optional<String> found = ImdsTree.of(model.settings(), state, instance, role, network).get(path);
    // The credentials are no leaf of the tree, since they change by themselves.
    return path.equals("meta-data/iam") || path.equals("meta-data/iam/")
        ? Optional.of("info\nsecurity-credentials/")
        : found;
  }

  private VpcState state(Request request) {
    Duration behind = request.effect() instanceof Effect.Lag(Duration time) ? time : staleness;
    return behind.isZero() ? model.state() : model.stateAt(request.arrived.minus(behind));
  }

  private Answer token(HttpExchange exchange, Instant now) {
    if (exchange.getRequestHeaders().containsKey("X-Forwarded-For")) {
      return Answer.error(403, "Forbidden");
    }
    String text = exchange.getRequestHeaders().getFirst(TTL);
    if (text == null || !text.matches("[0-9]{1,5}")) {
      return Answer.error(400, "Bad Request");
    }
    int seconds = Integer.parseInt(text);
    if (seconds < 1 || seconds > LONGEST_TTL) {
      return Answer.error(400, "Bad Request");
    }
    tokens.values().removeIf(end -> end.isBefore(now));
    byte[] noise = new byte[40];
    random.nextBytes(noise);
    String token = Base64.getUrlEncoder().encodeToString(noise);
    tokens.put(token, now.plusSeconds(seconds));
    return new Answer(200, token, Map.of(TTL, text));
  }

  private synchronized String credentials(Instant now) {
    IssuedCredentials current = credentials;
    if (current == null || now.isAfter(current.expires().minus(CREDENTIALS_RENEWED))) {
      current = server.callers().issue(caller, CREDENTIALS_LIVE);
      credentials = current;
    }
    return """
        {
          "Code" : "Success",
          "LastUpdated" : "%s",
          "Type" : "AWS-HMAC",
          "AccessKeyId" : "%s",
          "SecretAccessKey" : "%s",
          "Token" : "%s",
          "Expiration" : "%s"
        }"""
        .formatted(
            current.expires().minus(CREDENTIALS_LIVE).truncatedTo(ChronoUnit.SECONDS),
            current.accessKeyId(),
            current.secretAccessKey(),
            current.sessionToken(),
            current.expires().truncatedTo(ChronoUnit.SECONDS));
  }

  private void record(Request request, String outcome) {
    server
        .recorder()
        .record(
            new Recorder.Call(
                request.arrived,
                Duration.ofNanos(System.nanoTime() - request.started),
                ImdsBreakable.SERVICE,
                caller,
                request.action(),
                Map.of(),
                outcome,
                request.strike.map(Faults.Strike::text).orElse("")));
  }
}
