package dev.patchbay.lab.kube.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.StatusException.Cause;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * One validation of one object. Wording as k8s.io/apiextensions-apiserver, {@code pkg/apiserver/validation}, has it.
 */
final class SchemaValidation {
  private final List<Cause> causes;

  SchemaValidation(List<Cause> causes) {
    this.causes = causes;
  }

  void validate(JsonNode node, JsonNode schema, String path) {
    if (!schema.isObject()) {
      return;
    }
    if (node.isNull() && schema.path("nullable").asBoolean(false)) {
      return;
    }
    if (!isOfType(node, schema, path)) {
      return;
    }
    enumeration(node, schema, path);
    if (node.isTextual()) {
      text(node.asText(), schema, path);
    } else if (node.isNumber()) {
      number(node, schema, path);
    } else if (node.isArray()) {
      array(node, schema, path);
    } else if (node.isObject()) {
      object(node, schema, path);
    }
    combinations(node, schema, path);
  }

  private boolean isOfType(JsonNode node, JsonNode schema, String path) {
    if (schema.path("x-kubernetes-int-or-string").asBoolean(false)) {
      if (node.isIntegralNumber() || node.isTextual()) {
        return true;
      }
      wrongType(node, "integer,string", path);
      return false;
    }
    String type = schema.path("type").asText("");
    boolean fits =
        switch (type) {
          case "object" -> node.isObject();
          case "array" -> node.isArray();
          case "string" -> node.isTextual();
          case "boolean" -> node.isBoolean();
          case "integer" -> node.isIntegralNumber();
          case "number" -> node.isNumber();
          default -> true;
        };
    if (!fits) {
      wrongType(node, type, path);
    }
    return fits;
  }

  private void wrongType(JsonNode node, String type, String path) {
    String found =
        switch (node.getNodeType()) {
          case ARRAY -> "array";
          case BOOLEAN -> "boolean";
          case NUMBER -> node.isIntegralNumber() ? "integer" : "number";
          case OBJECT, POJO -> "object";
          case STRING, BINARY -> "string";
          case NULL, MISSING -> "null";
        };
    causes.add(
        Cause.wrongType(
            name(path), '"' + found + '"', name(path) + " in body must be of type " + type + ": \"" + found + '"'));
  }

  private void enumeration(JsonNode node, JsonNode schema, String path) {
    JsonNode allowed = schema.path("enum");
    if (allowed.isEmpty()) {
      return;
    }
    List<String> values = new ArrayList<>();
    for (JsonNode each : allowed) {
      if (each.equals(node)) {
        return;
      }
      values.add(each.asText());
    }
    causes.add(Cause.notSupported(name(path), node.toString(), values));
  }

  private void text(String text, JsonNode schema, String path) {
    int length = text.codePointCount(0, text.length());
    String pattern = schema.path("pattern").asText("");
    // One thing is told of a text, the first.
    if (schema.has("maxLength") && length > schema.get("maxLength").asInt()) {
      causes.add(Cause.tooLong(name(path), schema.get("maxLength").asInt()));
    } else if (schema.has("minLength") && length < schema.get("minLength").asInt()) {
      invalid(path, '"' + text + '"', "should be at least " + schema.get("minLength").asInt() + " chars long");
    } else if (!pattern.isEmpty() && !matches(text, pattern)) {
      invalid(path, '"' + text + '"', "should match '" + pattern + "'");
    }
    String format = schema.path("format").asText("");
    if (!Formats.fits(text, format)) {
      String why = name(path) + " in body must be of type " + format + ": \"" + text + '"';
      causes.add(Cause.wrongType(name(path), '"' + text + '"', why));
    }
  }

  private static boolean matches(String text, String pattern) {
    try {
      return Pattern.compile(pattern).matcher(text).find();
    } catch (PatternSyntaxException goOnly) {
      // A pattern of Go's that Java does not know can't be judged here; refusing every object would be worse.
      return true;
    }
  }

  private void number(JsonNode node, JsonNode schema, String path) {
    double value = node.asDouble();
    JsonNode minimum = schema.path("minimum");
    if (minimum.isNumber()) {
      boolean exclusive = schema.path("exclusiveMinimum").asBoolean(false);
      if (value < minimum.asDouble() || (exclusive && value == minimum.asDouble())) {
        invalid(path, node.toString(), "should be greater than " + (exclusive ? "" : "or equal to ") + minimum);
      }
    }
    JsonNode maximum = schema.path("maximum");
    if (maximum.isNumber()) {
      boolean exclusive = schema.path("exclusiveMaximum").asBoolean(false);
      if (value > maximum.asDouble() || (exclusive && value == maximum.asDouble())) {
        invalid(path, node.toString(), "should be less than " + (exclusive ? "" : "or equal to ") + maximum);
      }
    }
    double step = schema.path("multipleOf").asDouble(0);
    if (step > 0 && Math.rint(value / step) != value / step) {
      invalid(path, node.toString(), "should be a multiple of " + schema.get("multipleOf"));
    }
  }

  private void array(JsonNode node, JsonNode schema, String path) {
    if (schema.has("maxItems") && node.size() > schema.get("maxItems").asInt()) {
      causes.add(Cause.tooMany(name(path), node.size(), schema.get("maxItems").asInt()));
    }
    if (schema.has("minItems") && node.size() < schema.get("minItems").asInt()) {
      invalid(path, Integer.toString(node.size()), "should have at least " + schema.get("minItems").asInt() + " items");
    }
    for (int i = 0; i < node.size(); i++) {
      validate(node.get(i), schema.path("items"), path + "[" + i + "]");
    }
    uniqueness(node, schema, path);
  }

  private void uniqueness(JsonNode node, JsonNode schema, String path) {
    String listType = schema.path("x-kubernetes-list-type").asText("");
    boolean set = listType.equals("set") || schema.path("uniqueItems").asBoolean(false);
    if (!set && !listType.equals("map")) {
      return;
    }
    Set<List<JsonNode>> seen = new HashSet<>();
    for (int i = 0; i < node.size(); i++) {
      JsonNode element = node.get(i);
      List<JsonNode> key = new ArrayList<>();
      if (set) {
        key.add(element);
      } else {
        schema.path("x-kubernetes-list-map-keys").forEach(name -> key.add(element.path(name.asText())));
      }
      if (!seen.add(key)) {
        causes.add(
            new Cause(
                "FieldValueDuplicate",
                name(path) + "[" + i + "]",
                "Duplicate value: " + (set ? element : keys(element, schema))));
      }
    }
  }

  private static JsonNode keys(JsonNode element, JsonNode schema) {
    ObjectNode keys = Json.object();
    schema.path("x-kubernetes-list-map-keys").forEach(name -> keys.set(name.asText(), element.path(name.asText())));
    return keys;
  }

  private void object(JsonNode node, JsonNode schema, String path) {
    for (JsonNode required : schema.path("required")) {
      if (!node.has(required.asText())) {
        causes.add(Cause.required(child(path, required.asText()), ""));
      }
    }
    if (schema.has("maxProperties") && node.size() > schema.get("maxProperties").asInt()) {
      causes.add(Cause.tooMany(name(path), node.size(), schema.get("maxProperties").asInt()));
    }
    if (schema.has("minProperties") && node.size() < schema.get("minProperties").asInt()) {
      String count = Integer.toString(node.size());
      invalid(path, count, "should have at least " + schema.get("minProperties") + " properties");
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      JsonNode property = schema.path("properties").path(field.getKey());
      validate(
          field.getValue(),
          property.isMissingNode() ? schema.path("additionalProperties") : property,
          child(path, field.getKey()));
    }
  }

  private void combinations(JsonNode node, JsonNode schema, String path) {
    schema.path("allOf").forEach(each -> validate(node, each, path));
    if (schema.has("anyOf") && count(node, schema.get("anyOf"), path) == 0) {
      invalid(path, node.toString(), "must validate at least one schema (anyOf)");
    }
    if (schema.has("oneOf") && count(node, schema.get("oneOf"), path) != 1) {
      invalid(path, node.toString(), "must validate one and only one schema (oneOf)");
    }
    if (schema.has("not") && fits(node, schema.get("not"), path)) {
      invalid(path, node.toString(), "must not validate the schema (not)");
    }
  }

  private static int count(JsonNode node, JsonNode schemas, String path) {
    int fitting = 0;
    for (JsonNode each : schemas) {
      if (fits(node, each, path)) {
        fitting++;
      }
    }
    return fitting;
  }

  private static boolean fits(JsonNode node, JsonNode schema, String path) {
    List<Cause> wrong = new ArrayList<>();
    new SchemaValidation(wrong).validate(node, schema, path);
    return wrong.isEmpty();
  }

  private void invalid(String path, String value, String why) {
    causes.add(Cause.invalid(name(path), value, name(path) + " in body " + why));
  }

  private static String child(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static String name(String path) {
    return path.isEmpty() ? "<nil>" : path;
  }
}
