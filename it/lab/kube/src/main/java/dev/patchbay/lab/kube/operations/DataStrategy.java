package dev.patchbay.lab.kube.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.model.StatusException.Cause;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Config maps and secrets: texts under keys that can be names of files. */
final class DataStrategy implements Strategy {
  private static final Pattern KEY = Pattern.compile("[-._a-zA-Z0-9]+");

  private final String kind;

  /**
   * @param kind {@code ConfigMap} or {@code Secret}
   */
  DataStrategy(String kind) {
    this.kind = kind;
  }

  @Override
  public void applyDefaults(ObjectNode object) {
    if (!kind.equals("Secret")) {
      return;
    }
    if (Json.text(object, "type").isEmpty()) {
      object.put("type", "Opaque");
    }
    if (object.remove("stringData") instanceof ObjectNode texts) {
      ObjectNode data = Json.child(object, "data");
      for (Map.Entry<String, JsonNode> text : texts.properties()) {
        byte[] bytes = text.getValue().asText().getBytes(StandardCharsets.UTF_8);
        data.put(text.getKey(), Base64.getEncoder().encodeToString(bytes));
      }
    }
  }

  @Override
  public List<Cause> validate(ObjectNode object) {
    List<Cause> causes = new ArrayList<>();
    for (String field : List.of("data", "binaryData")) {
      for (Map.Entry<String, JsonNode> each : object.path(field).properties()) {
        if (!each.getValue().isTextual()) {
          throw StatusException.badRequest(
              kind + " in version \"v1\" cannot be handled as a " + kind + ": json: cannot unmarshal "
                  + each.getValue().getNodeType().name().toLowerCase(java.util.Locale.ROOT)
                  + " into Go struct field " + kind + "." + field + " of type string");
        }
        if (!KEY.matcher(each.getKey()).matches()) {
          causes.add(
              Cause.invalid(
                  field + "[" + each.getKey() + "]",
                  '"' + each.getKey() + '"',
                  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or"
                      + " 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"));
        }
      }
    }
    return causes;
  }
}
