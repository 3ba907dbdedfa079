package dev.patchbay.lab.kube.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.auth.AccessRequest;
import dev.patchbay.lab.kube.auth.RbacAuthorizer;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.operations.ObjectReader;
import dev.patchbay.lab.kube.operations.ObjectWriter;
import dev.patchbay.lab.kube.operations.Strategies;
import dev.patchbay.lab.kube.operations.Strategy;
import dev.patchbay.lab.kube.operations.Target;
import dev.patchbay.lab.kube.operations.WriteContext;
import dev.patchbay.lab.kube.patch.JsonPatch;
import dev.patchbay.lab.kube.patch.MergePatch;
import dev.patchbay.lab.kube.patch.StrategicMergePatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Patches by their content type. */
public final class PatchRequests {
  private static final String JSON = "application/json-patch+json";
  private static final String MERGE = "application/merge-patch+json";
  private static final String STRATEGIC = "application/strategic-merge-patch+json";
  private static final String APPLY = "application/apply-patch+yaml";

  private final ObjectWriter writer;
  private final ObjectReader reader;
  private final Strategies strategies;
  private final RbacAuthorizer authorizer;

  /** Patches by a writer. */
  public PatchRequests(ObjectWriter writer, ObjectReader reader, Strategies strategies, RbacAuthorizer authorizer) {
    this.writer = writer;
    this.reader = reader;
    this.strategies = strategies;
    this.authorizer = authorizer;
  }

  ObjectWriter.Outcome serve(Call call, Target target, WriteContext context) throws IOException {
    Strategy strategy = strategies.of(target.type());
    if (call.contentType().equals(APPLY)) {
      return apply(call, target, context);
    }
    if (call.query().has("force")) {
      throw StatusException.invalidOptions(
          "PatchOptions", StatusException.Cause.forbidden("force", "may not be specified for non-apply patch"));
    }
    UnaryOperator<ObjectNode> patch =
        switch (call.contentType()) {
          case JSON -> {
            JsonNode operations = Json.parse(call.body());
            yield before -> JsonPatch.apply(before, operations);
          }
          case MERGE -> {
            ObjectNode changes = Json.parseObject(call.body());
            yield before -> MergePatch.apply(before, changes);
          }
          case STRATEGIC -> {
            if (!strategy.mergesStrategically()) {
              throw unsupported(strategy);
            }
            ObjectNode changes = Json.parseObject(call.body());
            StrategicMergePatch strategic = new StrategicMergePatch(strategy.shapes(target.type()));
            yield before -> strategic.apply(before, changes);
          }
          default -> throw unsupported(strategy);
        };
    return new ObjectWriter.Outcome(writer.patch(target, context, patch), false);
  }

  private ObjectWriter.Outcome apply(Call call, Target target, WriteContext context) throws IOException {
    if (call.query().text("fieldManager").isEmpty()) {
      throw StatusException.invalid(
          "meta.k8s.io",
          "PatchOptions",
          "",
          List.of(StatusException.Cause.required("fieldManager", "is required for apply patch")));
    }
    if (target.subresource().isEmpty() && reader.find(target).isEmpty()) {
      requireCreateAllowed(target, context);
    }
    return writer.apply(target, Json.parseObject(call.body()), context);
  }

  /** An apply that makes the object needs the right to make it, too. */
  private void requireCreateAllowed(Target target, WriteContext context) {
    AccessRequest create =
        new AccessRequest(
            "create", target.type().group(), target.type().plural(), "", target.namespace(), target.name(), "");
    if (!authorizer.allows(context.user(), create)) {
      throw create.refusal(context.user());
    }
  }

  private static StatusException unsupported(Strategy strategy) {
    List<String> accepted = new ArrayList<>(List.of(JSON, MERGE, APPLY));
    if (strategy.mergesStrategically()) {
      accepted.add(2, STRATEGIC);
    }
    return StatusException.unsupportedMediaType(String.join(", ", accepted));
  }
}
