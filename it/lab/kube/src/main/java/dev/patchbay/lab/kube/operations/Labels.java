package dev.patchbay.lab.kube.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.Names;
import dev.patchbay.lab.kube.model.ResourceType;
import dev.patchbay.lab.kube.model.StatusException.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Labels, annotations and finalizers: what may be one (Kubernetes documentation, "Labels and Selectors", "Annotations"). */
final class Labels {
  private static final Set<String> STANDARD_FINALIZERS =
      Set.of("kubernetes", ObjectDeleter.ORPHAN, ObjectDeleter.FOREGROUND);
  private static final Pattern NAME = Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]");
  private static final Pattern VALUE = Pattern.compile("(([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9])?");
  private static final int LARGEST_ANNOTATIONS = 256 * 1024;

  private Labels() {}

  static List<Cause> validate(ResourceType type, ObjectNode object) {
    // Custom resources and their definitions may have finalizers without a domain (pkg/apis/core/validation has the rule).
    boolean anyFinalizer = type.custom() || type.group().equals("apiextensions.k8s.io");
    List<Cause> causes = new ArrayList<>();
    for (Map.Entry<String, JsonNode> label : Json.at(object, "metadata", "labels").properties()) {
      invalidKey(label.getKey())
          .ifPresent(why -> causes.add(Cause.invalid("metadata.labels", '"' + label.getKey() + '"', why)));
      String value = label.getValue().asText();
      if (!VALUE.matcher(value).matches()) {
        causes.add(
            Cause.invalid(
                "metadata.labels",
                '"' + value + '"',
                value.length() > 63
                    ? "must be no more than 63 bytes"
                    : "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and"
                        + " must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or"
                        + " '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"));
      }
    }
    int size = 0;
    for (Map.Entry<String, JsonNode> annotation : Json.at(object, "metadata", "annotations").properties()) {
      size += annotation.getKey().length() + annotation.getValue().asText().length();
      invalidKey(annotation.getKey().toLowerCase(Locale.ROOT))
          .ifPresent(why -> causes.add(Cause.invalid("metadata.annotations", '"' + annotation.getKey() + '"', why)));
    }
    if (size > LARGEST_ANNOTATIONS) {
      causes.add(Cause.tooLong("metadata.annotations", LARGEST_ANNOTATIONS));
    }
    List<String> finalizers = Json.list(object, "metadata", "finalizers");
    for (int i = 0; i < finalizers.size(); i++) {
      String finalizer = finalizers.get(i);
      String path = "metadata.finalizers[" + i + "]";
      Optional<String> wrong = invalidKey(finalizer);
      if (wrong.isEmpty() && !anyFinalizer && !finalizer.contains("/") && !STANDARD_FINALIZERS.contains(finalizer)) {
        wrong = Optional.of("name is neither a standard finalizer name nor is it fully qualified");
      }
      wrong.ifPresent(why -> causes.add(Cause.invalid(path, '"' + finalizer + '"', why)));
    }
    return causes;
  }

  private static Optional<String> invalidKey(String key) {
    int slash = key.indexOf('/');
    if (slash >= 0) {
      String prefix = key.substring(0, slash);
      if (prefix.isEmpty()) {
        return Optional.of("prefix part must be non-empty");
      }
      Optional<String> wrong = Names.invalidSubdomain(prefix);
      if (wrong.isPresent()) {
        return Optional.of("prefix part " + wrong.get());
      }
    }
    String name = key.substring(slash + 1);
    if (name.isEmpty()) {
      return Optional.of("name part must be non-empty");
    }
    if (name.length() > 63) {
      return Optional.of("name part must be no more than 63 bytes");
    }
    return NAME.matcher(name).matches()
        ? Optional.empty()
        : Optional.of(
            "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
                + " alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is"
                + " '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')");
  }
}
