package dev.patchbay.core.needs;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * An IAM policy that allows EC2 actions and nothing else. Immutable.
 *
 * <p>Source of the form: IAM User Guide, "Grammar of the IAM JSON policy language".
 *
 * @param statements the statements, those that name no resource first
 */
public record IamPolicy(List<Statement> statements) {
  /** The partition of the public regions. */
  public static final String AWS = "aws";

  private static final String VERSION = "2012-10-17";
  private static final String EVERYTHING = "*";

  /**
   * Copies the list.
   */
  public IamPolicy {
    statements = List.copyOf(statements);
  }

  /**
   * Actions that are allowed on resources.
   *
   * @param actions the actions, each as {@code ec2:Name}, in order
   * @param resources the resources
   */
  public record Statement(List<String> actions, List<String> resources) {
    /**
     * Copies the lists.
     */
    public Statement {
      actions = List.copyOf(actions);
      resources = List.copyOf(resources);
    }

    /**
     * {@return the statement as values of JSON}
     */
    public Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("Effect", "Allow");
      json.put("Action", actions);
      json.put("Resource", resources);
      return json;
    }

    /**
     * {@return the statement as it is pasted into a policy}
     */
    @Override
    public String toString() {
      return "{\"Effect\": \"Allow\", \"Action\": " + texts(actions) + ", \"Resource\": " + texts(resources) + "}";
    }

    private static String texts(List<String> texts) {
      return texts.stream().map(text -> "\"" + text + "\"").collect(Collectors.joining(", ", "[", "]"));
    }
  }

  /**
   * The least policy for actions: one statement for those that are checked on the same kinds of resources.
   *
   * @param actions the actions' names, {@code CreateTags} say
   * @param partition the partition of the resources: {@code aws}, {@code aws-cn}, {@code aws-us-gov}
   * @return the policy
   */
  public static IamPolicy allowing(Collection<String> actions, String partition) {
    Comparator<List<Ec2Resource>> byNumberThenKind =
        Comparator.comparing((List<Ec2Resource> kinds) -> kinds.size()).thenComparing(List::toString);
    SortedMap<List<Ec2Resource>, SortedSet<String>> groups = new TreeMap<>(byNumberThenKind);
    for (String action : actions) {
      groups.computeIfAbsent(Ec2Resource.of(action), kinds -> new TreeSet<>()).add("ec2:" + action);
    }
    return new IamPolicy(groups.entrySet().stream().map(group -> new Statement(List.copyOf(group.getValue()),
        group.getKey().isEmpty() ? List.of(EVERYTHING) : group.getKey().stream().map(kind -> kind.arn(partition)).toList())).toList());
  }

  /**
   * {@return the statement that allows one action}
   * @param action the action's name
   * @param partition the partition of the resources
   */
  public static Statement statement(String action, String partition) {
    return allowing(List.of(action), partition).statements().getFirst();
  }

  /**
   * {@return the partition of a region}
   * @param region the region's name
   */
  public static String partition(String region) {
    // Source: AWS documentation, "AWS Regions": the names of other partitions' regions begin so.
    if (region.startsWith("cn-")) {
      return "aws-cn";
    }
    return region.startsWith("us-gov-") ? "aws-us-gov" : AWS;
  }

  /**
   * {@return all actions that it allows, each as {@code ec2:Name}, in order}
   */
  public SortedSet<String> actions() {
    return statements.stream().flatMap(statement -> statement.actions().stream()).collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * {@return the policy document as values of JSON}
   */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("Version", VERSION);
    json.put("Statement", statements.stream().map(Statement::json).toList());
    return json;
  }
}
