package dev.patchbay.lab.ec2;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/** One condition of a policy's statement (IAM user guide, "Condition operators", "Multivalued context keys"). */
final class PolicyCondition {
  private static final String ALL = "ForAllValues:";
  private static final String ANY = "ForAnyValue:";
  private static final String IF_EXISTS = "IfExists";
  private static final String NEGATED = "Not";

  private final String key;
  private final Predicate<List<String>> test;

  private PolicyCondition(String key, Predicate<List<String>> test) {
    this.key = key;
    this.test = test;
  }

  /**
   * A condition.
   *
   * @param key the key, whatever its case
   * @throws IllegalArgumentException if the lab does not know the operator
   */
  static PolicyCondition of(String operator, String key, List<String> values) {
    String name = operator.toLowerCase(Locale.ROOT).equals("null") ? "Null" : operator;
    String lower = key.toLowerCase(Locale.ROOT);
    if (name.equals("Null")) {
      boolean absent = values.equals(List.of("true"));
      return new PolicyCondition(lower, given -> given.isEmpty() == absent);
    }
    boolean all = name.startsWith(ALL);
    boolean any = name.startsWith(ANY);
    String rest = all ? name.substring(ALL.length()) : any ? name.substring(ANY.length()) : name;
    boolean optional = rest.endsWith(IF_EXISTS);
    rest = optional ? rest.substring(0, rest.length() - IF_EXISTS.length()) : rest;
    boolean negated = rest.contains(NEGATED);
    Function<String, Predicate<String>> pattern = operator(rest.replace(NEGATED, ""), operator);
    List<Predicate<String>> wanted = values.stream().map(pattern).toList();
    Predicate<String> one = value -> wanted.stream().anyMatch(each -> each.test(value)) != negated;
    return new PolicyCondition(
        lower,
        given -> {
          if (given.isEmpty()) {
            // Without the key, what is negated holds, and what is asked of every value holds of none.
            return optional || negated || all;
          }
          return all ? given.stream().allMatch(one) : negated && !any ? given.stream().allMatch(one) : given.stream().anyMatch(one);
        });
  }

  private static Function<String, Predicate<String>> operator(String name, String full) {
    return switch (name) {
      case "StringEquals" -> value -> value::equals;
      case "StringEqualsIgnoreCase" -> value -> value::equalsIgnoreCase;
      case "StringLike", "ArnLike", "ArnEquals" -> Wildcards::of;
      case "Bool" -> value -> value::equalsIgnoreCase;
      default -> throw new IllegalArgumentException("this is no IAM policy that the lab can hold: it knows no operator " + full);
    };
  }

  boolean test(Map<String, List<String>> keys) {
    return test.test(keys.getOrDefault(key, List.of()));
  }
}
