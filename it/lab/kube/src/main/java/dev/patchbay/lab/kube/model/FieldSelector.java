package dev.patchbay.lab.kube.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A field selector. Which fields can be selected by is fixed for each kind (Kubernetes documentation, "Field
 * Selectors", and the conversion functions of k8s.io/kubernetes {@code pkg/apis}); for custom resources by
 * {@code selectableFields}.
 */
public final class FieldSelector implements Predicate<JsonNode> {
  /** The selector that every object satisfies. */
  public static final FieldSelector EVERYTHING = new FieldSelector(List.of());

  private static final Set<String> METADATA = Set.of("metadata.name", "metadata.namespace");

  private final List<Requirement> requirements;

  private FieldSelector(List<Requirement> requirements) {
    this.requirements = List.copyOf(requirements);
  }

  private record Requirement(String field, String[] path, boolean equal, String value) {
    boolean matches(JsonNode object) {
      return Json.text(object, path).equals(value) == equal;
    }
  }

  /**
   * Parses the query parameter {@code fieldSelector}.
   *
   * @param selectable fields of the kind beside name and namespace
   * @throws StatusException 400 if it is malformed or a field can't be selected by
   */
  public static FieldSelector parse(String text, Set<String> selectable) {
    if (text.isBlank()) {
      return EVERYTHING;
    }
    List<Requirement> requirements = new ArrayList<>();
    for (String term : text.split(",")) {
      int at = term.indexOf('=');
      if (at <= 0) {
        throw StatusException.badRequest("invalid selector: '" + text + "'; can't understand '" + term + "'");
      }
      boolean equal = term.charAt(at - 1) != '!';
      String field = term.substring(0, equal ? at : at - 1);
      String value = term.substring(term.startsWith("==", at) ? at + 2 : at + 1);
      if (!METADATA.contains(field) && !selectable.contains(field)) {
        // Kinds that have no fields of their own to select by are refused in other words than those that have.
        throw StatusException.badRequest(
            selectable.isEmpty()
                ? "\"" + field + "\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
                : "field label not supported: " + field);
      }
      requirements.add(new Requirement(field, field.split("\\."), equal, value));
    }
    return new FieldSelector(requirements);
  }

  @Override
  public boolean test(JsonNode object) {
    for (Requirement requirement : requirements) {
      if (!requirement.matches(object)) {
        return false;
      }
    }
    return true;
  }

  /** The name that the selector demands, if it does: what a request for one object by selector is authorized for. */
  public Optional<String> name() {
    return requirements.stream()
        .filter(each -> each.equal() && each.field().equals("metadata.name"))
        .map(Requirement::value)
        .findFirst();
  }
}
