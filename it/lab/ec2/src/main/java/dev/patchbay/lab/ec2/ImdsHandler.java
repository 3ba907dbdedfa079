package dev.patchbay.lab.ec2;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.patchbay.lab.vpc.Instance;
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
 * The metadata service of one instance, version 2 alone: a token first (Amazon EC2 user guide, "Use the Instance Metadata
 * Service"). Mount it at {@code /} of an HTTP server on 169.254.169.254, port 80, of the instance's namespace.
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

  /** Whether the service answers. */
  public enum Availability {
    /** It does. */
    SERVING,
    /** It answers as if there were no interfaces yet, which happens while an instance starts. */
    EMPTY,
    /** The instance's metadata option {@code HttpEndpoint} is disabled: 403. */
    DISABLED,
    /** Connections end without an answer. */
    CUT
  }

  /**
   * What may be changed while it serves.
   *
   * @param availability whether it answers
   * @param staleness how far it is behind what was changed; EC2's own is usually a second or two
   */
  public record Behaviour(Availability availability, Duration staleness) {
    /** Serving, and never behind. */
    public static final Behaviour PROMPT = new Behaviour(Availability.SERVING, Duration.ZERO);
  }

  private final VpcModel model;
  private final String instanceId;
  private final Ec2Server server;
  private final String caller;
  private final String role;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Instant> tokens = new ConcurrentHashMap<>();
  private volatile Behaviour behaviour = Behaviour.PROMPT;
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

  /** Changes availability and staleness from the next request on. */
  public void behave(Behaviour changed) {
    behaviour = changed;
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
  public void handle(HttpExchange exchange) throws IOException {
    Instant now = clock.instant();
    String path = exchange.getRequestURI().getPath();
    try (exchange) {
      if (behaviour.availability() == Availability.CUT) {
        record(now, exchange, "cut");
        return;
      }
      Answer answer = answer(exchange, path, now);
      record(now, exchange, String.valueOf(answer.status()));
      byte[] bytes = answer.text().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain");
      exchange.getResponseHeaders().set("Server", "EC2ws");
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(answer.status(), head || bytes.length == 0 ? -1 : bytes.length);
      if (!head && bytes.length > 0) {
        exchange.getResponseBody().write(bytes);
      }
    }
  }

  private Answer answer(HttpExchange exchange, String path, Instant now) {
    String method = exchange.getRequestMethod();
    if (behaviour.availability() == Availability.DISABLED) {
      return Answer.error(403, "Forbidden");
    }
    if (method.equals("PUT")) {
      return path.equals("/latest/api/token") ? token(exchange, now) : Answer.error(405, "Method Not Allowed");
    }
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return Answer.error(405, "Method Not Allowed");
    }
    Optional<Instant> ends =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst(TOKEN)).flatMap(t -> Optional.ofNullable(tokens.get(t)));
    if (ends.isEmpty() || !now.isBefore(ends.get())) {
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
    return text(below, now).map(Answer::text).orElseGet(() -> Answer.error(404, "Not Found"));
  }

  private Optional<String> text(String path, Instant now) {
    VpcState state = state(now);
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
    boolean network = behaviour.availability() != Availability.EMPTY;
    Optional<String> found = ImdsTree.of(model.settings(), state, instance, role, network).get(path);
    // The credentials are no leaf of the tree, since they change by themselves.
    return path.equals("meta-data/iam") || path.equals("meta-data/iam/")
        ? Optional.of("info\nsecurity-credentials/")
        : found;
  }

  private VpcState state(Instant now) {
    Duration staleness = behaviour.staleness();
    return staleness.isZero() ? model.state() : model.stateAt(now.minus(staleness));
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

  private void record(Instant now, HttpExchange exchange, String outcome) {
    server
        .recorder()
        .record(
            new Recorder.Call(
                now,
                "imds",
                caller,
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath(),
                Map.of(),
                outcome));
  }
}
