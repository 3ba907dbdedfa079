package dev.patchbay.lab.kube.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.LabelSelector;
import dev.patchbay.lab.kube.model.ObjectKey;
import dev.patchbay.lab.kube.operations.Admission.Attributes;
import dev.patchbay.lab.kube.operations.Admission.Operation;
import dev.patchbay.lab.kube.operations.Target;
import dev.patchbay.lab.kube.store.ObjectStore;
import dev.patchbay.lab.kube.store.StoredObject;
import java.util.Optional;

/** Which webhooks want to know of a write: by rules, namespace selector and object selector. */
final class WebhookMatcher {
  private final ObjectStore store;

  WebhookMatcher(ObjectStore store) {
    this.store = store;
  }

  boolean matches(JsonNode webhook, Attributes attributes) {
    boolean byRule = false;
    for (JsonNode rule : webhook.path("rules")) {
      byRule |= matchesRule(rule, attributes);
    }
    return byRule
        && matchesNamespace(webhook.path("namespaceSelector"), attributes)
        && matchesObject(webhook.path("objectSelector"), attributes);
  }

  private static boolean matchesRule(JsonNode rule, Attributes attributes) {
    Target target = attributes.target();
    String scope = Json.optional(rule, "scope").orElse("*");
    boolean inScope =
        switch (scope) {
          case "Namespaced" -> target.type().namespaced();
          case "Cluster" -> !target.type().namespaced();
          default -> true;
        };
    return inScope
        && contains(rule.path("operations"), attributes.operation().name())
        && contains(rule.path("apiGroups"), target.type().group())
        && contains(rule.path("apiVersions"), target.type().version())
        && namesResource(rule.path("resources"), target);
  }

  private static boolean contains(JsonNode values, String value) {
    for (JsonNode each : values) {
      if (each.asText().equals("*") || each.asText().equals(value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean namesResource(JsonNode resources, Target target) {
    for (JsonNode each : resources) {
      String[] parts = each.asText().split("/", 2);
      String subresource = parts.length > 1 ? parts[1] : "";
      boolean resourceFits = parts[0].equals("*") || parts[0].equals(target.type().plural());
      boolean subresourceFits = subresource.equals("*") || subresource.equals(target.subresource());
      if (resourceFits && subresourceFits) {
        return true;
      }
    }
    return false;
  }

  private boolean matchesNamespace(JsonNode selector, Attributes attributes) {
    Target target = attributes.target();
    boolean isNamespace = target.type().group().isEmpty() && target.type().plural().equals("namespaces");
    if (selector.isEmpty() || (target.namespace().isEmpty() && !isNamespace)) {
      return true;
    }
    if (isNamespace && attributes.operation() == Operation.CREATE) {
      return attributes.object().filter(LabelSelector.of(selector)::test).isPresent();
    }
    String name = isNamespace ? target.name() : target.namespace();
    Optional<ObjectNode> namespace = store.get("namespaces", new ObjectKey("", name)).map(StoredObject::content);
    return namespace.filter(LabelSelector.of(selector)::test).isPresent();
  }

  private static boolean matchesObject(JsonNode selector, Attributes attributes) {
    if (selector.isEmpty()) {
      return true;
    }
    LabelSelector labels = LabelSelector.of(selector);
    return attributes.object().filter(labels::test).isPresent() || attributes.before().filter(labels::test).isPresent();
  }
}
