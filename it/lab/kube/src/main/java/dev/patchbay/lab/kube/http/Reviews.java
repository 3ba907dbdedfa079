package dev.patchbay.lab.kube.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.auth.AccessRequest;
import dev.patchbay.lab.kube.auth.Authenticator;
import dev.patchbay.lab.kube.auth.RbacAuthorizer;
import dev.patchbay.lab.kube.auth.ServiceAccountTokens;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.ResourceType;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.model.User;
import java.util.List;
import java.util.Optional;

/** Questions about who somebody is and what they may do (Kubernetes API reference, "Authorization Resources"). */
final class Reviews {
  private final Authenticator authenticator;
  private final RbacAuthorizer authorizer;

  Reviews(Authenticator authenticator, RbacAuthorizer authorizer) {
    this.authenticator = authenticator;
    this.authorizer = authorizer;
  }

  /** Answers a review: the object sent, with its status. */
  ObjectNode answer(ResourceType type, ObjectNode review, User caller) {
    review.put("kind", type.kind()).put("apiVersion", type.apiVersion());
    Json.child(review, "metadata");
    JsonNode spec = review.path("spec");
    ObjectNode status =
        switch (type.plural()) {
          case "tokenreviews" -> token(spec);
          case "selfsubjectreviews" -> {
            ObjectNode self = Json.object();
            self.set("userInfo", describe(caller));
            yield self;
          }
          case "selfsubjectaccessreviews" -> access(spec, caller);
          case "subjectaccessreviews", "localsubjectaccessreviews" -> access(spec, subject(spec));
          case "selfsubjectrulesreviews" -> rules(caller, Json.text(spec, "namespace"));
          default -> throw StatusException.noSuchPath();
        };
    review.set("status", status);
    return review;
  }

  private ObjectNode token(JsonNode spec) {
    String token = Json.text(spec, "token");
    Optional<User> user = authenticator.user(token);
    ObjectNode status = Json.object();
    if (user.isEmpty()) {
      status.put("authenticated", false);
      status.putObject("user");
      return status.put("error", "invalid bearer token");
    }
    List<String> asked = Json.list(spec, "audiences");
    List<String> audiences = asked.isEmpty() ? List.of(ServiceAccountTokens.ISSUER) : asked;
    List<String> meantFor =
        authenticator
            .claims(token)
            .map(claims -> audiences.stream().filter(claims.audiences()::contains).toList())
            .orElse(audiences);
    if (meantFor.isEmpty()) {
      status.put("authenticated", false);
      return status.put("error", "token audiences do not match the audiences asked for");
    }
    status.put("authenticated", true);
    status.set("user", describe(user.get()));
    status.set("audiences", Json.strings(meantFor));
    return status;
  }

  private ObjectNode access(JsonNode spec, User user) {
    JsonNode resource = spec.path("resourceAttributes");
    JsonNode path = spec.path("nonResourceAttributes");
    if (resource.isMissingNode() == path.isMissingNode()) {
      throw StatusException.badRequest(
          "exactly one of spec.resourceAttributes and spec.nonResourceAttributes must be specified");
    }
    AccessRequest request =
        path.isMissingNode()
            ? new AccessRequest(
                Json.text(resource, "verb"),
                Json.text(resource, "group"),
                Json.text(resource, "resource"),
                Json.text(resource, "subresource"),
                Json.text(resource, "namespace"),
                Json.text(resource, "name"),
                "")
            : AccessRequest.path(Json.text(path, "verb"), Json.text(path, "path"));
    return Json.object().put("allowed", authorizer.allows(user, request));
  }

  private static User subject(JsonNode spec) {
    return new User(Json.text(spec, "user"), Json.text(spec, "uid"), Json.list(spec, "groups"));
  }

  private ObjectNode rules(User user, String namespace) {
    if (namespace.isEmpty()) {
      throw StatusException.badRequest("no namespace on request");
    }
    ObjectNode status = Json.object();
    ArrayNode resourceRules = status.putArray("resourceRules");
    ArrayNode pathRules = status.putArray("nonResourceRules");
    if (user.groups().contains("system:masters")) {
      ObjectNode everything = resourceRules.addObject();
      everything.putArray("verbs").add("*");
      everything.putArray("apiGroups").add("*");
      everything.putArray("resources").add("*");
    }
    for (JsonNode rule : authorizer.rules(user, namespace)) {
      (rule.has("nonResourceURLs") ? pathRules : resourceRules).add(rule.deepCopy());
    }
    return status.put("incomplete", false);
  }

  private static ObjectNode describe(User user) {
    ObjectNode node = Json.object().put("username", user.name());
    if (!user.uid().isEmpty()) {
      node.put("uid", user.uid());
    }
    node.set("groups", Json.strings(user.groups()));
    return node;
  }
}
