package dev.patchbay.admission;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.cluster.AdmissionDecision;
import dev.patchbay.spi.cluster.AdmissionPlanner;
import dev.patchbay.spi.view.ObjectView;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A question of the API server (Kubernetes API reference, {@code admission.k8s.io/v1} AdmissionReview).
 *
 * @param uid the question's own id, which stands in the answer
 * @param request what is asked
 */
record Review(String uid, AdmissionPlanner.Request request) {
  private static final String KIND = "AdmissionReview";
  private static final String VERSION = "admission.k8s.io/v1";
  private static final int FORBIDDEN = 403;
  private static final JsonFactory JSON = JsonFactory.builder()
      // Names of labels come and go; the virtual machine's own table is no place for them.
      .disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  /** What was sent is no question that can be answered. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;

    Unreadable(String why) {
      super(why, null, false, false);
    }
  }

  private record Asking(String operation, String user, boolean own, Optional<ObjectView> object, Optional<ObjectView> old)
      implements AdmissionPlanner.Request {}

  /**
   * Reads a question.
   *
   * @param body the bytes that were sent
   * @param kind the kind of objects that the rule is about
   * @param self as whom the API server knows the controller
   */
  static Review read(byte[] body, ObjectKind kind, String self) throws Unreadable {
    Fields review = fields(body);
    if (!review.text("kind").filter(KIND::equals).isPresent() || !review.text("apiVersion").filter(VERSION::equals).isPresent()) {
      throw new Unreadable("it is no " + KIND + " of " + VERSION + ", the one version that is served");
    }
    Fields request = review.fields("request");
    String uid = request.text("uid").filter(text -> !text.isEmpty()).orElseThrow(() -> new Unreadable("its request has no uid"));
    Fields resource = request.fields("resource");
    if (!resource.text("resource").filter(kind.plural()::equals).isPresent() || !resource.text("group").orElse("").equals(kind.group())) {
      throw new Unreadable("it asks about " + resource + ", and this path is for " + kind);
    }
    String operation = request.text("operation").orElse("");
    String user = request.fields("userInfo").text("username").orElse("");
    return new Review(uid, new Asking(operation, user, user.equals(self), view(request, "object", kind), view(request, "oldObject", kind)));
  }

  private static Optional<ObjectView> view(Fields request, String which, ObjectKind kind) {
    if (!request.has(which)) {
      return Optional.empty();
    }
    Fields object = request.fields(which);
    Fields metadata = object.fields("metadata");
    String namespace = kind.namespaced() ? metadata.text("namespace").or(() -> request.text("namespace")).orElse("") : "";
    String name = metadata.text("name").or(() -> request.text("name").filter(text -> !text.isEmpty()))
        .or(() -> metadata.text("generateName")).orElse("");
    return Optional.of(new ObjectRecord(new ObjectRef(kind, namespace, name), metadata.text("uid").orElse(""),
        metadata.text("resourceVersion").orElse(""), texts(metadata.fields("labels")), texts(metadata.fields("annotations")),
        object.without("metadata").without("kind").without("apiVersion")));
  }

  private static Map<String, String> texts(Fields fields) {
    Map<String, String> texts = new TreeMap<>();
    fields.values().forEach((name, value) -> {
      if (value instanceof String text) {
        texts.put(name, text);
      }
    });
    return texts;
  }

  private static Fields fields(byte[] body) throws Unreadable {
    try (JsonParser json = JSON.createParser(body)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new Unreadable("it is no JSON object");
      }
      return object(json);
    } catch (IOException e) {
      // The rest of the message quotes what was sent.
      throw new Unreadable("it is not JSON: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  private static Fields object(JsonParser json) throws IOException {
    Map<String, Object> fields = new TreeMap<>();
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      Object value = value(json, json.nextToken());
      if (value != null) {
        fields.put(name, value);
      }
    }
    return Fields.of(fields);
  }

  private static @Nullable Object value(JsonParser json, JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> object(json);
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        for (JsonToken next = json.nextToken(); next != JsonToken.END_ARRAY; next = json.nextToken()) {
          Object element = value(json, next);
          if (element != null) {
            list.add(element);
          }
        }
        yield list;
      }
      case VALUE_NUMBER_INT -> switch (json.getNumberType()) {
        case INT, LONG -> json.getLongValue();
        default -> json.getText();
      };
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> json.getText();
    };
  }

  /** The answer, in JSON. */
  byte[] answer(AdmissionDecision decision) {
    Fields response = Fields.empty().with("uid", uid).with("allowed", !(decision instanceof AdmissionDecision.Deny));
    response = switch (decision) {
      case AdmissionDecision.Allow _ -> response;
      case AdmissionDecision.Patch patch -> response.with("patchType", "JSONPatch").with("patch",
          Base64.getEncoder().encodeToString(text(patch.patch().list("operations"))));
      case AdmissionDecision.Deny deny -> response.with("status", Fields.empty().with("code", FORBIDDEN).with("reason", "Forbidden")
          .with("message", deny.reason()));
    };
    return text(Fields.empty().with("apiVersion", VERSION).with("kind", KIND).with("response", response));
  }

  private static byte[] text(Object value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      write(json, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void write(JsonGenerator json, Object value) throws IOException {
    switch (value) {
      case Fields fields -> {
        json.writeStartObject();
        for (var field : fields.values().entrySet()) {
          json.writeFieldName(field.getKey());
          write(json, field.getValue());
        }
        json.writeEndObject();
      }
      case List<?> list -> {
        json.writeStartArray();
        for (Object element : list) {
          write(json, element);
        }
        json.writeEndArray();
      }
      case Long number -> json.writeNumber(number);
      case Boolean truth -> json.writeBoolean(truth);
      default -> json.writeString(value.toString());
    }
  }
}
