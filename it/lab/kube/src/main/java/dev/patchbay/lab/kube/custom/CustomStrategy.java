package dev.patchbay.lab.kube.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.ResourceType;
import dev.patchbay.lab.kube.model.StatusException.Cause;
import dev.patchbay.lab.kube.operations.Strategy;
import dev.patchbay.lab.kube.patch.Shapes;
import dev.patchbay.lab.kube.schema.SchemaShapes;
import dev.patchbay.lab.kube.schema.StructuralSchema;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The objects of one CustomResourceDefinition, in all its versions. Immutable. */
final class CustomStrategy implements Strategy {
  private final Map<String, StructuralSchema> schemas = new HashMap<>();
  private final Map<String, Shapes> shapes = new HashMap<>();

  CustomStrategy(ObjectNode definition) {
    String group = Json.text(definition, "spec", "group");
    boolean preserve = Json.at(definition, "spec", "preserveUnknownFields").asBoolean(false);
    for (JsonNode version : Json.at(definition, "spec", "versions")) {
      String apiVersion = group + "/" + Json.text(version, "name");
      StructuralSchema schema =
          new StructuralSchema(Json.at(version, "schema", "openAPIV3Schema"), preserve);
      schemas.put(apiVersion, schema);
      shapes.put(apiVersion, new SchemaShapes(schema));
    }
  }

  private StructuralSchema schema(ObjectNode object) {
    StructuralSchema schema = schemas.get(Json.text(object, "apiVersion"));
    if (schema == null) {
      throw new IllegalStateException("no schema for " + Json.text(object, "apiVersion") + ", which is served");
    }
    return schema;
  }

  @Override
  public List<String> prune(ObjectNode object) {
    return schema(object).prune(object);
  }

  @Override
  public void applyDefaults(ObjectNode object) {
    schema(object).prune(object);
    schema(object).applyDefaults(object);
  }

  @Override
  public List<Cause> validate(ObjectNode object) {
    return schema(object).validate(object);
  }

  @Override
  public Shapes shapes(ResourceType type) {
    return shapes.getOrDefault(type.apiVersion(), new SchemaShapes(new StructuralSchema(Json.object(), true)));
  }

  @Override
  public boolean mergesStrategically() {
    return false;
  }

  @Override
  public boolean tracksGeneration() {
    return true;
  }

  @Override
  public boolean requiresVersion() {
    return true;
  }
}
