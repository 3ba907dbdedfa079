package dev.patchbay.config;

import dev.patchbay.config.Value.Mapping;
import dev.patchbay.config.Value.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A label selector as Kubernetes has it (API reference, meta/v1 LabelSelector): all labels and all expressions have to hold.
 */
final class LabelSelector {
  private static final List<String> OPERATORS = List.of("In", "NotIn", "Exists", "DoesNotExist");

  private final List<Predicate<Map<String, String>>> terms;

  private LabelSelector(List<Predicate<Map<String, String>>> terms) {
    this.terms = List.copyOf(terms);
  }

  boolean matches(Map<String, String> labels) {
    return terms.stream().allMatch(term -> term.test(labels));
  }

  static LabelSelector read(String path, Mapping selector, List<Problem> problems) {
    List<Predicate<Map<String, String>>> terms = new ArrayList<>();
    List<String> known = List.of("matchLabels", "matchExpressions");
    LeafReader leaves = new LeafReader(problems);
    selector.fields().forEach((name, field) -> {
      if (!known.contains(name)) {
        problems.add(SchemaReader.unknown(path, name, field.keyOrigin(), known));
      }
    });
    Value labels = selector.get("matchLabels");
    if (labels != null) {
      String at = path + ".matchLabels";
      Key key = Key.of(at, Key.Kind.LABELS, "names and texts", "Labels that the node must have.");
      if (leaves.read(at, labels, key) instanceof dev.patchbay.spi.Fields wanted) {
        wanted.values().forEach((label, value) -> terms.add(node -> value.equals(node.get(label))));
      }
    }
    Value expressions = selector.get("matchExpressions");
    if (expressions instanceof Sequence sequence) {
      int index = 0;
      for (Value item : sequence.items()) {
        Predicate<Map<String, String>> term = expression(path + ".matchExpressions[" + index++ + "]", item, problems);
        if (term != null) {
          terms.add(term);
        }
      }
    } else if (expressions != null) {
      problems.add(new Problem(ConfigurationCodes.WRONG_TYPE, expressions.origin(),
          path + ".matchExpressions has to be a list.", "Write - {key: LABEL, operator: In, values: [a, b]}."));
    }
    if (labels == null && expressions == null) {
      problems.add(new Problem(ConfigurationCodes.MISSING_KEY, selector.origin(), path + " selects nothing.",
          "Write matchLabels or matchExpressions; what holds for every node belongs outside the overrides."));
    }
    return new LabelSelector(terms);
  }

  private static @Nullable Predicate<Map<String, String>> expression(String path, Value item, List<Problem> problems) {
    if (!(item instanceof Mapping mapping)) {
      problems.add(new Problem(ConfigurationCodes.WRONG_TYPE, item.origin(), path + " has to be names and values.",
          "Write - {key: LABEL, operator: In, values: [a, b]}."));
      return null;
    }
    int before = problems.size();
    List<Key> keys = List.of(
        Key.of("key", Key.Kind.TEXT, "a label's name", "The label."),
        Key.choice("operator", OPERATORS, "How it is compared."),
        Key.of("values", Key.Kind.TEXTS, "list of texts", "What it is compared with."));
    LeafReader leaves = new LeafReader(problems);
    Map<String, Object> read = new TreeMap<>();
    mapping.fields().forEach((name, field) -> keys.stream().filter(key -> key.path().equals(name)).findFirst().ifPresentOrElse(
        key -> {
          Object value = leaves.read(path + "." + name, field.value(), key);
          if (value != null) {
            read.put(name, value);
          }
        },
        () -> problems.add(SchemaReader.unknown(path, name, field.keyOrigin(), keys.stream().map(Key::path).toList()))));
    if (problems.size() > before) {
      return null;
    }
    if (!(read.get("key") instanceof String label) || !(read.get("operator") instanceof String operator)) {
      problems.add(new Problem(ConfigurationCodes.MISSING_KEY, mapping.origin(), path + " needs a key and an operator.",
          "Write {key: LABEL, operator: Exists} say; operators are " + String.join(", ", OPERATORS) + "."));
      return null;
    }
    List<?> values = read.get("values") instanceof List<?> list ? list : List.of();
    boolean compares = operator.equals("In") || operator.equals("NotIn");
    if (compares == values.isEmpty()) {
      problems.add(new Problem(ConfigurationCodes.CONFLICT, mapping.origin(),
          path + ": " + operator + (compares ? " needs values." : " takes no values."),
          compares ? "Write values: [a, b]." : "Take values away."));
      return null;
    }
    return switch (operator) {
      case "In" -> node -> values.contains(node.getOrDefault(label, "")) && node.containsKey(label);
      case "NotIn" -> node -> !node.containsKey(label) || !values.contains(node.getOrDefault(label, ""));
      case "Exists" -> node -> node.containsKey(label);
      default -> node -> !node.containsKey(label);
    };
  }
}
