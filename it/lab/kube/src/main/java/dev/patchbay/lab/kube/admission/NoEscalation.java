package dev.patchbay.lab.kube.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.auth.AccessRequest;
import dev.patchbay.lab.kube.auth.RbacAuthorizer;
import dev.patchbay.lab.kube.auth.RuleCover;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.model.User;
import dev.patchbay.lab.kube.operations.Admission;
import dev.patchbay.lab.kube.operations.Target;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Refuses roles and bindings that give rights which their writer has not (Kubernetes documentation, "Using RBAC
 * Authorization", "Privilege escalation prevention and bootstrapping"). All else is left to another admission. Thread-safe.
 */
public final class NoEscalation implements Admission {
  private static final String GROUP = "rbac.authorization.k8s.io";

  private final RbacAuthorizer authorizer;
  private final Admission next;

  /**
   * @param next asked about everything that is not refused here
   */
  public NoEscalation(RbacAuthorizer authorizer, Admission next) {
    this.authorizer = authorizer;
    this.next = next;
  }

  @Override
  public Optional<ObjectNode> mutate(Attributes attributes) {
    Optional<ObjectNode> object = next.mutate(attributes);
    if (object.isPresent() && attributes.target().type().group().equals(GROUP)) {
      check(attributes, object.get());
    }
    return object;
  }

  @Override
  public void validate(Attributes attributes) {
    next.validate(attributes);
  }

  private void check(Attributes attributes, ObjectNode object) {
    Target target = attributes.target();
    boolean binding = target.type().plural().endsWith("bindings");
    String field = binding ? "roleRef" : "rules";
    boolean same =
        attributes
            .before()
            .filter(before -> before.path(field).equals(object.path(field)) && before.path("subjects").equals(object.path("subjects")))
            .isPresent();
    if (same) {
      return;
    }
    List<JsonNode> given;
    if (binding) {
      JsonNode role = object.path("roleRef");
      boolean local = Json.text(role, "kind").equals("Role");
      if (may(attributes.user(), "bind", local ? "roles" : "clusterroles", target.namespace(), Json.text(role, "name"))) {
        return;
      }
      given =
          authorizer
              .rulesOf(role, target.namespace())
              .orElseThrow(
                  () ->
                      StatusException.forbidden(
                          GROUP,
                          target.type().plural(),
                          target.name(),
                          prefix(target)
                              + (local ? "role" : "clusterrole")
                              + ".rbac.authorization.k8s.io \""
                              + Json.text(role, "name")
                              + "\" not found"));
    } else {
      if (may(attributes.user(), "escalate", target.type().plural(), target.namespace(), target.name())) {
        return;
      }
      given = object.path("rules").valueStream().toList();
    }
    List<String> missing = RuleCover.missing(authorizer.rules(attributes.user(), target.namespace()), given);
    if (!missing.isEmpty()) {
      throw StatusException.forbidden(GROUP, target.type().plural(), target.name(), prefix(target) + refusal(attributes.user(), missing));
    }
  }

  private boolean may(User user, String verb, String resource, String namespace, String name) {
    return authorizer.allows(user, new AccessRequest(verb, GROUP, resource, "", namespace, name, ""));
  }

  private static String prefix(Target target) {
    return target.type().qualified() + " \"" + target.name() + "\" is forbidden: ";
  }

  private static String refusal(User user, List<String> missing) {
    String groups = user.groups().stream().map(each -> '"' + each + '"').collect(Collectors.joining(" ", "[", "]"));
    return "user \""
        + user.name()
        + "\" (groups="
        + groups
        + ") is attempting to grant RBAC permissions not currently held:\n"
        + String.join("\n", missing);
  }
}
