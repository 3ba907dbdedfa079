package dev.patchbay.lab.kube.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.ResourceType;
import dev.patchbay.lab.kube.operations.Admission.Attributes;
import dev.patchbay.lab.kube.operations.Admission.Operation;
import dev.patchbay.lab.kube.operations.Target;
import java.util.UUID;

/** The question put to a webhook (Kubernetes API reference, admission.k8s.io/v1). */
final class AdmissionReview {
  private AdmissionReview() {}

  static ObjectNode request(Attributes attributes) {
    Target target = attributes.target();
    ResourceType type = target.type();
    ObjectNode review = Json.object().put("kind", "AdmissionReview").put("apiVersion", "admission.k8s.io/v1");
    ObjectNode request = review.putObject("request").put("uid", UUID.randomUUID().toString());
    for (String field : new String[] {"kind", "requestKind"}) {
      request.putObject(field).put("group", type.group()).put("version", type.version()).put("kind", type.kind());
    }
    for (String field : new String[] {"resource", "requestResource"}) {
      request.putObject(field).put("group", type.group()).put("version", type.version()).put("resource", type.plural());
    }
    if (!target.subresource().isEmpty()) {
      request.put("subResource", target.subresource()).put("requestSubResource", target.subresource());
    }
    request.put("name", target.name());
    if (!target.namespace().isEmpty()) {
      request.put("namespace", target.namespace());
    }
    request.put("operation", attributes.operation().name());
    ObjectNode user = request.putObject("userInfo").put("username", attributes.user().name());
    if (!attributes.user().uid().isEmpty()) {
      user.put("uid", attributes.user().uid());
    }
    user.set("groups", Json.strings(attributes.user().groups()));
    attributes.object().ifPresentOrElse(object -> request.set("object", object), () -> request.putNull("object"));
    attributes.before().ifPresentOrElse(before -> request.set("oldObject", before), () -> request.putNull("oldObject"));
    request.put("dryRun", attributes.dryRun());
    request
        .putObject("options")
        .put("kind", options(attributes.operation()))
        .put("apiVersion", "meta.k8s.io/v1");
    return review;
  }

  private static String options(Operation operation) {
    return switch (operation) {
      case CREATE -> "CreateOptions";
      case UPDATE -> "UpdateOptions";
      case DELETE -> "DeleteOptions";
    };
  }
}
