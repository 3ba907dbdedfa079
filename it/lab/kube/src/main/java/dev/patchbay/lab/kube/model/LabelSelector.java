package dev.patchbay.lab.kube.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * A label selector, from a query parameter or from an object's field. Syntax and meaning: Kubernetes documentation,
 * "Labels and Selectors"; {@code >} and {@code <} as k8s.io/apimachinery {@code labels.Parse} knows them.
 */
public final class LabelSelector implements Predicate<JsonNode> {
  /** The selector that every object satisfies. */
  public static final LabelSelector EVERYTHING = new LabelSelector(List.of());

  private final List<Requirement> requirements;

  private LabelSelector(List<Requirement> requirements) {
    this.requirements = List.copyOf(requirements);
  }

  private enum Operator {
    IN,
    NOT_IN,
    EXISTS,
    DOES_NOT_EXIST,
    GREATER,
    LESS
  }

  private record Requirement(String key, Operator operator, Set<String> values) {
    boolean matches(JsonNode labels) {
      JsonNode label = labels.path(key);
      boolean present = label.isTextual();
      return switch (operator) {
        case IN -> present && values.contains(label.asText());
        case NOT_IN -> !present || !values.contains(label.asText());
        case EXISTS -> present;
        case DOES_NOT_EXIST -> !present;
        case GREATER -> present && compare(label.asText()) > 0;
        case LESS -> present && compare(label.asText()) < 0;
      };
    }

    private int compare(String label) {
      try {
        return Long.compare(Long.parseLong(label), Long.parseLong(values.iterator().next()));
      } catch (NumberFormatException notNumeric) {
        // A label that is no number satisfies neither > nor <.
        return 0;
      }
    }
  }

  /**
   * Parses the query parameter {@code labelSelector}.
   *
   * @throws StatusException 400 if it is malformed
   */
  public static LabelSelector parse(String text) {
    return text.isBlank() ? EVERYTHING : new LabelSelector(new Parser(text).requirements());
  }

  /**
   * Reads a {@code LabelSelector} object with {@code matchLabels} and {@code matchExpressions}; a missing or empty one
   * selects everything.
   *
   * @throws StatusException 400 if an operator is unknown
   */
  public static LabelSelector of(JsonNode selector) {
    List<Requirement> requirements = new ArrayList<>();
    selector
        .path("matchLabels")
        .properties()
        .forEach(
            label ->
                requirements.add(
                    new Requirement(label.getKey(), Operator.IN, Set.of(label.getValue().asText()))));
    for (JsonNode expression : selector.path("matchExpressions")) {
      String name = Json.text(expression, "operator");
      Operator operator =
          switch (name) {
            case "In" -> Operator.IN;
            case "NotIn" -> Operator.NOT_IN;
            case "Exists" -> Operator.EXISTS;
            case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
            default -> throw StatusException.badRequest("\"" + name + "\" is not a valid label selector operator");
          };
      requirements.add(
          new Requirement(Json.text(expression, "key"), operator, Set.copyOf(Json.list(expression, "values"))));
    }
    return new LabelSelector(requirements);
  }

  /** Whether an object's {@code metadata.labels} satisfy the selector. */
  @Override
  public boolean test(JsonNode object) {
    return matches(Json.at(object, "metadata", "labels"));
  }

  /** Whether a map of labels satisfies the selector. */
  public boolean matches(JsonNode labels) {
    for (Requirement requirement : requirements) {
      if (!requirement.matches(labels)) {
        return false;
      }
    }
    return true;
  }

  /** A hand-written parser: the grammar is small, and commas stand both between and within requirements. */
  private static final class Parser {
    private final String text;
    private int position;

    Parser(String text) {
      this.text = text;
    }

    List<Requirement> requirements() {
      List<Requirement> requirements = new ArrayList<>();
      do {
        requirements.add(requirement());
        skipSpace();
      } while (accept(","));
      if (position < text.length()) {
        throw malformed("found '" + text.substring(position) + "', expected ',' or the end");
      }
      return requirements;
    }

    private Requirement requirement() {
      skipSpace();
      if (accept("!")) {
        return new Requirement(word(), Operator.DOES_NOT_EXIST, Set.of());
      }
      String key = word();
      skipSpace();
      if (accept("!=")) {
        return new Requirement(key, Operator.NOT_IN, Set.of(value()));
      }
      if (accept("==") || accept("=")) {
        return new Requirement(key, Operator.IN, Set.of(value()));
      }
      if (accept(">")) {
        return new Requirement(key, Operator.GREATER, Set.of(value()));
      }
      if (accept("<")) {
        return new Requirement(key, Operator.LESS, Set.of(value()));
      }
      if (acceptWord("notin")) {
        return new Requirement(key, Operator.NOT_IN, values());
      }
      if (acceptWord("in")) {
        return new Requirement(key, Operator.IN, values());
      }
      return new Requirement(key, Operator.EXISTS, Set.of());
    }

    private Set<String> values() {
      skipSpace();
      if (!accept("(")) {
        throw malformed("expected '(' at position " + position);
      }
      Set<String> values = new TreeSet<>();
      do {
        values.add(value());
        skipSpace();
      } while (accept(","));
      if (!accept(")")) {
        throw malformed("expected ')' at position " + position);
      }
      return values;
    }

    private String value() {
      skipSpace();
      int start = position;
      while (position < text.length() && isWordPart(text.charAt(position))) {
        position++;
      }
      return text.substring(start, position);
    }

    private String word() {
      String word = value();
      if (word.isEmpty()) {
        throw malformed("expected a label key at position " + position);
      }
      return word;
    }

    private boolean accept(String token) {
      if (text.startsWith(token, position)) {
        position += token.length();
        return true;
      }
      return false;
    }

    private boolean acceptWord(String word) {
      int end = position + word.length();
      return (end >= text.length() || !isWordPart(text.charAt(end))) && accept(word);
    }

    private void skipSpace() {
      while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
        position++;
      }
    }

    private static boolean isWordPart(char character) {
      return Character.isLetterOrDigit(character) || "-_./".indexOf(character) >= 0;
    }

    private StatusException malformed(String why) {
      return StatusException.badRequest(
          "unable to parse requirement: " + why + " in the label selector \"" + text + "\"");
    }
  }
}
