package dev.patchbay.mode.sgp.policy;

import dev.patchbay.spi.Fields;
import java.util.List;
import java.util.Map;

/** Label selectors, as Kubernetes has them (API reference, LabelSelector). */
public final class Selector {
  /** A selector says what no selector says. */
  public static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;

    private final String why;

    Unreadable(String why) {
      super(why, null, false, false);
      this.why = why;
    }

    /**
     * {@return what is wrong, as a clause}
     */
    public String why() {
      return why;
    }
  }

  private Selector() {}

  /**
   * {@return whether labels are selected}
   * @param selector the selector
   * @param labels the labels
   * @throws Unreadable if the selector makes no sense
   */
  public static boolean matches(Fields selector, Map<String, String> labels) throws Unreadable {
    Fields exact = selector.fields("matchLabels");
    boolean matches = true;
    for (String key : exact.values().keySet()) {
      matches &= exact.text(key).orElse("").equals(labels.get(key));
    }
    // All are read, so that what can't be read is told whatever the others say.
    for (Fields expression : selector.list("matchExpressions")) {
      matches &= holds(expression, labels);
    }
    return matches;
  }

  private static boolean holds(Fields expression, Map<String, String> labels) throws Unreadable {
    String key = expression.text("key").orElse("");
    String operator = expression.text("operator").orElse("");
    List<String> values = expression.texts("values");
    if (key.isEmpty()) {
      throw new Unreadable("an expression of its selector names no key");
    }
    boolean listed = operator.equals("In") || operator.equals("NotIn");
    if (listed == values.isEmpty()) {
      throw new Unreadable("the expression for " + key + " with the operator \"" + operator + "\" has " + (listed ? "no" : "") + " values");
    }
    return switch (operator) {
      case "In" -> labels.containsKey(key) && values.contains(labels.get(key));
      case "NotIn" -> !labels.containsKey(key) || !values.contains(labels.get(key));
      case "Exists" -> labels.containsKey(key);
      case "DoesNotExist" -> !labels.containsKey(key);
      default -> throw new Unreadable("there is no operator \"" + operator + "\"");
    };
  }
}
