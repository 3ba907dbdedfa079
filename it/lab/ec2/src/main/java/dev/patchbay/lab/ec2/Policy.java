package dev.patchbay.lab.ec2;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

/**
 * An IAM policy (IAM user guide, "Grammar of the IAM JSON policy language") with what EC2 needs of it: effects, actions and
 * resources by pattern, and conditions on texts. What the lab does not know it refuses to read, so that nothing is allowed or
 * denied by mistake. Immutable.
 */
public final class Policy {
  private record Statement(
      boolean allows, Predicate<String> actions, Predicate<String> resources, List<PolicyCondition> conditions) {
    boolean holds(String action, Resource resource) {
      return actions.test(action)
          && resources.test(resource.arn())
          && conditions.stream().allMatch(condition -> condition.test(resource.keys()));
    }
  }

  private static final Set<String> MEMBERS =
      Set.of("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition");

  private final List<Statement> statements;

  private Policy(List<Statement> statements) {
    this.statements = List.copyOf(statements);
  }

  /**
   * Allows actions on everything.
   *
   * @param actions as in a policy, such as {@code ec2:DescribeInstances} or {@code ec2:Describe*}
   */
  public static Policy allowing(Set<String> actions) {
    return new Policy(List.of(new Statement(true, any(List.copyOf(actions)), resource -> true, List.of())));
  }

  /**
   * Reads a policy document.
   *
   * @throws IllegalArgumentException if it is none, or has something that the lab does not know
   */
  public static Policy parse(String json) {
    try {
      List<Statement> statements = new ArrayList<>();
      JsonNode document = JsonNode.parser().parse(json);
      JsonNode all = document.field("Statement").orElseThrow(() -> wrong("it has no Statement"));
      for (JsonNode each : all.isArray() ? all.asArray() : List.of(all)) {
        statements.add(statement(each.asObject()));
      }
      return new Policy(statements);
    } catch (UnsupportedOperationException | UncheckedIOException e) {
      throw new IllegalArgumentException("this is no IAM policy: " + e.getMessage(), e);
    }
  }

  private static Statement statement(Map<String, JsonNode> members) {
    for (String name : members.keySet()) {
      if (!MEMBERS.contains(name)) {
        throw wrong("the lab knows no " + name + " of a statement");
      }
    }
    String effect = members.containsKey("Effect") ? members.get("Effect").asString() : "";
    if (!effect.equals("Allow") && !effect.equals("Deny")) {
      throw wrong("an Effect is Allow or Deny, not '" + effect + "'");
    }
    Predicate<String> actions = patterns(members, "Action");
    Predicate<String> resources = patterns(members, "Resource");
    List<PolicyCondition> conditions = new ArrayList<>();
    if (members.containsKey("Condition")) {
      members
          .get("Condition")
          .asObject()
          .forEach(
              (operator, keys) ->
                  keys.asObject().forEach((key, values) -> conditions.add(PolicyCondition.of(operator, key, texts(values)))));
    }
    return new Statement(effect.equals("Allow"), actions, resources, conditions);
  }

  private static Predicate<String> patterns(Map<String, JsonNode> members, String name) {
    JsonNode positive = members.get(name);
    JsonNode negative = members.get("Not" + name);
    if (positive != null && negative == null) {
      return any(texts(positive));
    }
    if (negative != null && positive == null) {
      return any(texts(negative)).negate();
    }
    throw wrong("a statement needs " + name + " or Not" + name);
  }

  private static Predicate<String> any(List<String> patterns) {
    List<Predicate<String>> all = patterns.stream().map(Wildcards::ignoringCase).toList();
    return text -> all.stream().anyMatch(each -> each.test(text));
  }

  private static List<String> texts(JsonNode node) {
    return node.isArray() ? node.asArray().stream().map(Policy::text).toList() : List.of(text(node));
  }

  private static String text(JsonNode node) {
    return node.isBoolean() ? String.valueOf(node.asBoolean()) : node.isNumber() ? node.asNumber() : node.asString();
  }

  private static IllegalArgumentException wrong(String why) {
    return new IllegalArgumentException("this is no IAM policy: " + why);
  }

  /** Whether an action on a resource is allowed: some statement allows it, and none denies it. */
  boolean allows(String action, Resource resource) {
    return !denies(action, resource)
        && statements.stream().anyMatch(statement -> statement.allows() && statement.holds(action, resource));
  }

  /** Whether a statement denies an action on a resource, which nothing can allow again. */
  boolean denies(String action, Resource resource) {
    return statements.stream().anyMatch(statement -> !statement.allows() && statement.holds(action, resource));
  }
}
