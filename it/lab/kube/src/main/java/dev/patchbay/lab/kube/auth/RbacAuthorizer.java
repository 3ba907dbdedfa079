package dev.patchbay.lab.kube.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.LabelSelector;
import dev.patchbay.lab.kube.model.ObjectKey;
import dev.patchbay.lab.kube.model.User;
import dev.patchbay.lab.kube.store.ObjectStore;
import dev.patchbay.lab.kube.store.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Role-based access control, evaluated from the stored roles and bindings on every request (Kubernetes documentation,
 * "Using RBAC Authorization"). Thread-safe.
 *
 * <p>Not modelled: the node authorizer.
 */
public final class RbacAuthorizer {
  private static final String GROUP = "rbac.authorization.k8s.io";
  private static final String SUPERUSERS = "system:masters";

  private final ObjectStore store;

  /** Reads roles and bindings from a store. */
  public RbacAuthorizer(ObjectStore store) {
    this.store = store;
  }

  /** Whether a caller may do something. */
  public boolean allows(User user, AccessRequest request) {
    // The one group that no binding can take away from (k8s.io/apiserver, plugin authorizer "SystemMasters").
    if (user.groups().contains(SUPERUSERS)) {
      return true;
    }
    for (JsonNode rule : rules(user, request.namespace())) {
      if (request.isResource() ? matchesResource(rule, request) : matchesPath(rule, request)) {
        return true;
      }
    }
    return false;
  }

  /** All rules that hold for a caller in a namespace; those of the whole cluster alone if it is empty. */
  public List<JsonNode> rules(User user, String namespace) {
    List<JsonNode> rules = new ArrayList<>();
    for (StoredObject binding : list("clusterrolebindings", Optional.empty())) {
      addRules(rules, binding.content(), user, "");
    }
    if (!namespace.isEmpty()) {
      for (StoredObject binding : list("rolebindings", Optional.of(namespace))) {
        addRules(rules, binding.content(), user, namespace);
      }
    }
    return rules;
  }

  private List<StoredObject> list(String resource, Optional<String> namespace) {
    return store.list(resource + "." + GROUP, namespace, OptionalLong.empty()).objects();
  }

  private void addRules(List<JsonNode> rules, ObjectNode binding, User user, String namespace) {
    for (JsonNode subject : binding.path("subjects")) {
      if (isSubject(subject, user, namespace)) {
        rulesOf(binding.path("roleRef"), namespace).ifPresent(rules::addAll);
        return;
      }
    }
  }

  /**
   * The rules of a role that a binding names; empty if there is none.
   *
   * @param namespace of the binding
   */
  public Optional<List<JsonNode>> rulesOf(JsonNode reference, String namespace) {
    boolean local = Json.text(reference, "kind").equals("Role");
    ObjectKey key = new ObjectKey(local ? namespace : "", Json.text(reference, "name"));
    return store
        .get((local ? "roles." : "clusterroles.") + GROUP, key)
        .map(
            role -> {
              List<JsonNode> rules = new ArrayList<>();
              addRules(rules, role.content());
              return rules;
            });
  }

  private void addRules(List<JsonNode> rules, ObjectNode role) {
    role.path("rules").forEach(rules::add);
    // The controller of kube-controller-manager writes the aggregate into the role; here it is computed when read.
    for (JsonNode selector : Json.at(role, "aggregationRule", "clusterRoleSelectors")) {
      LabelSelector labels = LabelSelector.of(selector);
      for (StoredObject other : list("clusterroles", Optional.empty())) {
        if (labels.test(other.content())) {
          other.content().path("rules").forEach(rules::add);
        }
      }
    }
  }

  private static boolean isSubject(JsonNode subject, User user, String namespace) {
    String name = Json.text(subject, "name");
    return switch (Json.text(subject, "kind")) {
      case "User" -> name.equals(user.name()) || name.equals("*");
      case "Group" -> user.groups().contains(name);
      case "ServiceAccount" -> user.name()
          .equals(
              "system:serviceaccount:" + Json.optional(subject, "namespace").orElse(namespace) + ":" + name);
      default -> false;
    };
  }

  private static boolean matchesResource(JsonNode rule, AccessRequest request) {
    return contains(rule, "verbs", request.verb())
        && contains(rule, "apiGroups", request.group())
        && namesResource(rule, request)
        && namesObject(rule, request);
  }

  private static boolean namesResource(JsonNode rule, AccessRequest request) {
    for (JsonNode each : rule.path("resources")) {
      String resource = each.asText();
      if (resource.equals("*")
          || resource.equals(request.resourceAndSubresource())
          || (!request.subresource().isEmpty() && resource.equals("*/" + request.subresource()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean namesObject(JsonNode rule, AccessRequest request) {
    List<String> names = Json.list(rule, "resourceNames");
    return names.isEmpty() || names.contains(request.name());
  }

  private static boolean matchesPath(JsonNode rule, AccessRequest request) {
    if (!contains(rule, "verbs", request.verb())) {
      return false;
    }
    for (JsonNode each : rule.path("nonResourceURLs")) {
      String url = each.asText();
      boolean prefix = url.endsWith("*") && request.path().startsWith(url.substring(0, url.length() - 1));
      if (prefix || url.equals(request.path())) {
        return true;
      }
    }
    return false;
  }

  private static boolean contains(JsonNode rule, String field, String value) {
    for (JsonNode each : rule.path(field)) {
      if (each.asText().equals("*") || each.asText().equals(value)) {
        return true;
      }
    }
    return false;
  }
}
