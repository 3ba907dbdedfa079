package dev.patchbay.lab.kube.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;

/** JSON merge patch (RFC 7396). */
public final class MergePatch {
  private MergePatch() {}

  /** The target with the patch merged in; the target is changed, the patch is not. */
  public static ObjectNode apply(ObjectNode target, ObjectNode patch) {
    patch
        .properties()
        .forEach(
            field -> {
              JsonNode value = field.getValue();
              if (value.isNull()) {
                target.remove(field.getKey());
              } else if (value instanceof ObjectNode change) {
                ObjectNode present =
                    target.get(field.getKey()) instanceof ObjectNode object ? object : Json.object();
                target.set(field.getKey(), apply(present, change));
              } else {
                target.set(field.getKey(), value.deepCopy());
              }
            });
    return target;
  }
}
