package dev.patchbay.lab.kube.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.operations.Admission;
import dev.patchbay.lab.kube.patch.JsonPatch;
import dev.patchbay.lab.kube.store.ObjectStore;
import dev.patchbay.lab.kube.store.StoredObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * Admission webhooks as the stored configurations name them (Kubernetes documentation, "Dynamic Admission Control").
 * Mutating ones are called one after the other in the order of their configurations' names, with one more round for
 * those that asked for it; validating ones likewise, which is as good as at once. Thread-safe.
 *
 * <p>Of match conditions the part of CEL is read that {@link Cel} names. Not modelled: {@code matchPolicy} across versions.
 */
public final class Webhooks implements Admission {
  private static final String GROUP = "admissionregistration.k8s.io";
  private static final String MUTATING = "mutatingwebhookconfigurations." + GROUP;
  private static final String VALIDATING = "validatingwebhookconfigurations." + GROUP;

  private final ObjectStore store;
  private final WebhookMatcher matcher;
  private final WebhookCaller caller;

  /**
   * @param store where the configurations are
   * @param services from {@code NAMESPACE/NAME:PORT} of a service to the address it is reached at
   */
  public Webhooks(ObjectStore store, UnaryOperator<String> services) {
    this.store = store;
    this.matcher = new WebhookMatcher(store);
    this.caller = new WebhookCaller(services);
  }

  @Override
  public Optional<ObjectNode> mutate(Attributes attributes) {
    List<JsonNode> matching = matching(MUTATING, attributes);
    Attributes current = attributes;
    List<JsonNode> again = new ArrayList<>();
    for (JsonNode webhook : matching) {
      Attributes next = mutate(webhook, current);
      if (!next.object().equals(current.object())) {
        // Those called before see the change if they asked to.
        again.addAll(
            matching.subList(0, matching.indexOf(webhook)).stream()
                .filter(each -> Json.text(each, "reinvocationPolicy").equals("IfNeeded") && !again.contains(each))
                .toList());
      }
      current = next;
    }
    for (JsonNode webhook : again) {
      current = mutate(webhook, current);
    }
    return current.object();
  }

  private Attributes mutate(JsonNode webhook, Attributes attributes) {
    Optional<JsonNode> response = call(webhook, attributes);
    Optional<ObjectNode> object = attributes.object();
    if (response.isEmpty() || object.isEmpty() || Json.text(response.get(), "patch").isEmpty()) {
      return attributes;
    }
    String name = Json.text(webhook, "name");
    if (!Json.text(response.get(), "patchType").equals("JSONPatch")) {
      throw StatusException.internal(
          "webhook \"" + name + "\" answered with a patch of type \"" + Json.text(response.get(), "patchType")
              + "\", which is not JSONPatch");
    }
    ObjectNode patched;
    try {
      JsonNode patch = Json.parse(Base64.getDecoder().decode(Json.text(response.get(), "patch")));
      patched = JsonPatch.apply(object.get().deepCopy(), patch);
    } catch (IllegalArgumentException | StatusException e) {
      throw StatusException.internal(
          "webhook \"" + name + "\" answered with a patch that does not fit: " + e.getMessage());
    }
    return new Attributes(
        attributes.target(),
        attributes.operation(),
        Optional.of(patched),
        attributes.before(),
        attributes.user(),
        attributes.dryRun());
  }

  @Override
  public void validate(Attributes attributes) {
    matching(VALIDATING, attributes).forEach(webhook -> call(webhook, attributes));
  }

  private List<JsonNode> matching(String resource, Attributes attributes) {
    // Nobody may lock himself out: the configurations themselves are admitted unasked (admission/plugin/webhook/rules).
    if (attributes.target().type().group().equals(GROUP)) {
      return List.of();
    }
    List<JsonNode> matching = new ArrayList<>();
    for (StoredObject configuration : store.list(resource, Optional.empty(), OptionalLong.empty()).objects()) {
      for (JsonNode webhook : configuration.content().path("webhooks")) {
        if (matcher.matches(webhook, attributes)) {
          matching.add(webhook);
        }
      }
    }
    return matching;
  }

  /** The webhook's answer if it allows the request; empty if it can't be reached and that does not matter. */
  private Optional<JsonNode> call(JsonNode webhook, Attributes attributes) {
    String name = Json.text(webhook, "name");
    if (!isMeant(webhook, attributes, name)) {
      return Optional.empty();
    }
    String sideEffects = Json.text(webhook, "sideEffects");
    if (attributes.dryRun() && !sideEffects.equals("None") && !sideEffects.equals("NoneOnDryRun")) {
      throw StatusException.badRequest("admission webhook \"" + name + "\" does not support dry run");
    }
    ObjectNode request = AdmissionReview.request(attributes);
    JsonNode response;
    try {
      JsonNode review = caller.call(webhook, request);
      response = review.path("response");
      if (!Json.text(response, "uid").equals(Json.at(request, "request", "uid").asText())) {
        throw new IOException("expected response.uid=\"" + Json.at(request, "request", "uid").asText() + "\"");
      }
    } catch (IOException | StatusException e) {
      if (Json.text(webhook, "failurePolicy").equals("Ignore")) {
        return Optional.empty();
      }
      throw StatusException.internal(
          "failed calling webhook \"" + name + "\": failed to call webhook: " + e.getMessage());
    }
    if (!response.path("allowed").asBoolean(false)) {
      throw denial(name, response.path("status"));
    }
    return Optional.of(response);
  }

  /** Whether all conditions hold; one that can't be told is, where the webhook must answer, a refusal. */
  private static boolean isMeant(JsonNode webhook, Attributes attributes, String name) {
    Map<String, JsonNode> variables = Map.of(
        "object", attributes.object().map(JsonNode.class::cast).orElseGet(NullNode::getInstance),
        "oldObject", attributes.before().map(JsonNode.class::cast).orElseGet(NullNode::getInstance));
    Optional<String> wrong = Optional.empty();
    for (JsonNode condition : webhook.path("matchConditions")) {
      try {
        if (!Cel.holds(Json.text(condition, "expression"), variables)) {
          return false;
        }
      } catch (Cel.Wrong e) {
        wrong = Optional.of(Json.text(condition, "name") + ": " + e.getMessage());
      }
    }
    if (wrong.isPresent() && !Json.text(webhook, "failurePolicy").equals("Ignore")) {
      throw StatusException.of(403, "Forbidden", "matchCondition of webhook \"" + name + "\" can't be told: " + wrong.get());
    }
    return wrong.isEmpty();
  }

  private static StatusException denial(String name, JsonNode status) {
    int code = status.path("code").asInt(0);
    String reason = Json.text(status, "reason");
    String why =
        Json.optional(status, "message")
            .map(message -> ": " + message)
            .orElse(reason.isEmpty() ? " without explanation" : ": " + reason);
    return StatusException.of(
        code >= 400 ? code : 403,
        reason.isEmpty() ? (code >= 400 && code != 403 ? "" : "Forbidden") : reason,
        "admission webhook \"" + name + "\" denied the request" + why);
  }
}
