package dev.patchbay.lab.kube.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a field stands, in the elements of {@code FieldsV1} (sigs.k8s.io/structured-merge-diff, {@code fieldpath}):
 * {@code f:name} for a field, {@code k:{"name":"x"}} for an element by key, {@code v:"x"} for an element by value.
 *
 * @param elements from the top down
 */
record FieldPath(List<String> elements) {
  static final FieldPath ROOT = new FieldPath(List.of());

  FieldPath {
    elements = List.copyOf(elements);
  }

  FieldPath field(String name) {
    return child("f:" + name);
  }

  FieldPath element(JsonNode element, List<String> keys) {
    ObjectNode key = Json.object();
    for (String each : keys) {
      JsonNode value = element.path(each);
      if (!value.isMissingNode()) {
        key.set(each, value);
      } else if (each.equals("protocol")) {
        // The only key that has a default (k8s.io/api, core/v1, ContainerPort and ServicePort).
        key.put(each, "TCP");
      }
    }
    return child("k:" + text(key));
  }

  FieldPath value(JsonNode value) {
    return child("v:" + text(value));
  }

  FieldPath child(String element) {
    List<String> longer = new ArrayList<>(elements);
    longer.add(element);
    return new FieldPath(longer);
  }

  boolean startsWith(FieldPath other) {
    return elements.size() >= other.elements.size()
        && elements.subList(0, other.elements.size()).equals(other.elements);
  }

  /** As conflicts name it: {@code .spec.containers[name="main"].image}. */
  String readable() {
    StringBuilder text = new StringBuilder();
    for (String element : elements) {
      String rest = element.substring(2);
      switch (element.charAt(0)) {
        case 'f' -> text.append('.').append(rest);
        case 'v' -> text.append("[=").append(rest).append(']');
        default -> {
          List<String> keys = new ArrayList<>();
          Json.parseObject(rest).properties().forEach(key -> keys.add(key.getKey() + "=" + text(key.getValue())));
          text.append('[').append(String.join(",", keys)).append(']');
        }
      }
    }
    return text.toString();
  }

  private static String text(JsonNode node) {
    return new String(Json.bytes(node), StandardCharsets.UTF_8);
  }
}
