package dev.patchbay.lab.kube.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.auth.Authenticator;
import dev.patchbay.lab.kube.auth.RbacAuthorizer;
import dev.patchbay.lab.kube.auth.ServiceAccountTokens;
import dev.patchbay.lab.kube.auth.ServiceAccountTokens.BoundPod;
import dev.patchbay.lab.kube.auth.ServiceAccountTokens.Claims;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.ResourceType;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.model.StatusException.Cause;
import dev.patchbay.lab.kube.operations.DeleteOptions;
import dev.patchbay.lab.kube.operations.ObjectDeleter;
import dev.patchbay.lab.kube.operations.ObjectReader;
import dev.patchbay.lab.kube.operations.ObjectWriter;
import dev.patchbay.lab.kube.operations.Target;
import dev.patchbay.lab.kube.resources.ResourceRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Creates that store nothing of their own: reviews, token requests, bindings, evictions. */
public final class Actions {
  private static final long DEFAULT_TOKEN_SECONDS = 3600;
  private static final long SHORTEST_TOKEN_SECONDS = 600;

  private final ResourceRegistry registry;
  private final ObjectReader reader;
  private final ObjectWriter writer;
  private final ObjectDeleter deleter;
  private final ServiceAccountTokens tokens;
  private final Reviews reviews;

  /** Puts the parts together. */
  public Actions(
      ResourceRegistry registry,
      ObjectReader reader,
      ObjectWriter writer,
      ObjectDeleter deleter,
      ServiceAccountTokens tokens,
      Authenticator authenticator,
      RbacAuthorizer authorizer) {
    this.registry = registry;
    this.reader = reader;
    this.writer = writer;
    this.deleter = deleter;
    this.tokens = tokens;
    this.reviews = new Reviews(authenticator, authorizer);
  }

  /** Serves a request if it is one of these; the answer is that of a create. */
  Optional<ObjectNode> serve(Call call, RequestPath path) throws IOException {
    Optional<ResourceType> virtual = VirtualResources.find(path.group(), path.version(), path.resource());
    if (virtual.isPresent()) {
      requireCreate(call);
      return Optional.of(reviews.answer(virtual.get(), call.object(), call.user()));
    }
    if (!path.group().isEmpty()) {
      return Optional.empty();
    }
    String what = path.resource() + "/" + path.subresource();
    return switch (what) {
      case "serviceaccounts/token" -> {
        requireCreate(call);
        yield Optional.of(token(target(path), call.object()));
      }
      case "pods/binding" -> {
        requireCreate(call);
        ObjectNode binding = call.object();
        if (!Json.text(binding, "metadata", "name").equals(path.name())) {
          throw StatusException.badRequest("name in URL does not match name in Binding object");
        }
        yield Optional.of(bind(target(path), binding, call));
      }
      case "bindings/" -> {
        requireCreate(call);
        ObjectNode binding = call.object();
        Target pod = new Target(type("pods"), path.namespace(), Json.text(binding, "metadata", "name"), "");
        yield Optional.of(bind(pod, binding, call));
      }
      case "pods/eviction" -> {
        requireCreate(call);
        yield Optional.of(evict(target(path), call.object(), call));
      }
      default -> Optional.empty();
    };
  }

  private static void requireCreate(Call call) {
    if (!call.method().equals("POST")) {
      throw StatusException.methodNotAllowed();
    }
  }

  private ResourceType type(String plural) {
    return registry.find("", "v1", plural).orElseThrow(StatusException::noSuchPath);
  }

  private Target target(RequestPath path) {
    return new Target(type(path.resource()), path.namespace(), path.name(), "");
  }

  private ObjectNode token(Target account, ObjectNode request) {
    String uid = reader.get(account).uid();
    long seconds = Json.at(request, "spec", "expirationSeconds").asLong(DEFAULT_TOKEN_SECONDS);
    if (seconds < SHORTEST_TOKEN_SECONDS) {
      throw StatusException.invalid(
          "authentication.k8s.io",
          "TokenRequest",
          "",
          List.of(
              Cause.invalid(
                  "spec.expirationSeconds",
                  Long.toString(seconds),
                  "may not specify a duration less than 10 minutes")));
    }
    Optional<BoundPod> pod =
        Json.optional(request, "spec", "boundObjectRef", "name")
            .filter(name -> Json.text(request, "spec", "boundObjectRef", "kind").equals("Pod"))
            .map(name -> boundPod(account, name));
    List<String> audiences = Json.list(request, "spec", "audiences");
    Claims claims = new Claims(account.namespace(), account.name(), uid, audiences, pod);
    request.put("kind", "TokenRequest").put("apiVersion", "authentication.k8s.io/v1");
    Json.child(request, "metadata").put("name", account.name()).put("namespace", account.namespace());
    request
        .putObject("status")
        .put("token", tokens.issue(claims, Duration.ofSeconds(seconds)))
        .put("expirationTimestamp", Instant.ofEpochSecond(Instant.now().getEpochSecond() + seconds).toString());
    return request;
  }

  private BoundPod boundPod(Target account, String name) {
    Target pod = new Target(type("pods"), account.namespace(), name, "");
    return new BoundPod(name, reader.get(pod).uid());
  }

  private ObjectNode bind(Target pod, ObjectNode binding, Call call) {
    String node = Json.text(binding, "target", "name");
    if (node.isEmpty()) {
      throw StatusException.badRequest("target.name: Required value");
    }
    writer.bind(pod, node, Json.at(binding, "metadata", "annotations"), ResourceHandler.context(call));
    return success();
  }

  private ObjectNode evict(Target pod, ObjectNode eviction, Call call) {
    DeleteOptions options = DeleteOptions.of(eviction.path("deleteOptions"), "", "");
    deleter.delete(pod, options, ResourceHandler.context(call));
    return success();
  }

  private static ObjectNode success() {
    ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    return status.put("status", "Success").put("code", 201);
  }
}
