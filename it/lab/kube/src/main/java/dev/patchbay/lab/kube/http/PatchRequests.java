package dev.patchbay.lab.kube.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.operations.ObjectWriter;
import dev.patchbay.lab.kube.operations.Target;
import dev.patchbay.lab.kube.operations.WriteContext;
import dev.patchbay.lab.kube.patch.JsonPatch;
import dev.patchbay.lab.kube.patch.MergePatch;
import java.io.IOException;
import java.util.function.UnaryOperator;

/** Patches by their content type. */
public final class PatchRequests {
  private static final String JSON = "application/json-patch+json";
  private static final String MERGE = "application/merge-patch+json";
  private final ObjectWriter writer;

  /** Patches by a writer. */
  public PatchRequests(ObjectWriter writer) {
    this.writer = writer;
  }

  ObjectWriter.Outcome serve(Call call, Target target, WriteContext context) throws IOException {
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
          default -> throw StatusException.unsupportedMediaType(String.join(", ", JSON, MERGE));
        };
    return new ObjectWriter.Outcome(writer.patch(target, context, patch), false);
  }
}
