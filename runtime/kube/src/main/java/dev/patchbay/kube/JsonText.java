package dev.patchbay.kube;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.object.ObjectPlan;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes values as JSON. What stands for a field that should not be there becomes null, as merge patches want it. */
final class JsonText {
  private JsonText() {}

  static String of(Fields fields) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JsonObjects.FACTORY.createGenerator(text)) {
      write(json, fields);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
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
      case String text when text.equals(ObjectPlan.ABSENT) -> json.writeNull();
      default -> json.writeString(value.toString());
    }
  }
}
