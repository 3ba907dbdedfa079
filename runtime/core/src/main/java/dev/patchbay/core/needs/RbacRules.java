package dev.patchbay.core.needs;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Rules of RBAC that grant verbs on objects and nothing else, and the objects that hold them. Immutable.
 *
 * <p>Source of the forms: Kubernetes API reference, {@code rbac.authorization.k8s.io/v1} and {@code v1} ServiceAccount.
 *
 * @param rules the rules
 */
public record RbacRules(List<Rule> rules) {
  private static final String API_GROUP = "rbac.authorization.k8s.io";
  private static final List<String> VERBS = List.of("get", "list", "watch", "create", "update", "patch", "delete");
  private static final Comparator<String> IN_ORDER = Comparator.comparing((String verb) -> {
    int place = VERBS.indexOf(verb);
    return place < 0 ? VERBS.size() : place;
  }).thenComparing(Comparator.naturalOrder());

  /**
   * Copies the list.
   */
  public RbacRules {
    rules = List.copyOf(rules);
  }

  /**
   * Verbs on resources of one group.
   *
   * @param group the API group, empty for the core group
   * @param resources the resources
   * @param verbs the verbs
   * @param names the only objects that are meant; empty for all. Who may make objects may not be told which
   */
  public record Rule(String group, List<String> resources, List<String> verbs, List<String> names) {
    /**
     * Copies the lists.
     */
    public Rule {
      resources = List.copyOf(resources);
      verbs = List.copyOf(verbs);
      names = List.copyOf(names);
    }

    /** Whether only objects of the side's own namespace are meant: every node's heartbeat is a Lease, too. */
    private boolean isOfOwnNamespace() {
      return List.of(RuntimeNeeds.LEASE, RuntimeNeeds.SECRET).stream()
          .anyMatch(kind -> group.equals(kind.group()) && resources.equals(List.of(kind.plural())));
    }

    /**
     * {@return the rule as values of JSON}
     */
    public Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("apiGroups", List.of(group));
      json.put("resources", resources);
      if (!names.isEmpty()) {
        json.put("resourceNames", names);
      }
      json.put("verbs", verbs);
      return json;
    }

    /**
     * {@return the rule as it is pasted into a role}
     */
    @Override
    public String toString() {
      return "{apiGroups: [\"" + group + "\"], resources: [" + String.join(", ", resources) + "], "
          + (names.isEmpty() ? "" : "resourceNames: [" + String.join(", ", names) + "], ") + "verbs: ["
          + String.join(", ", verbs) + "]}";
    }
  }

  /**
   * The least rules for grants: one for those of a group that have the same verbs.
   *
   * @param grants the grants
   * @return the rules
   */
  public static RbacRules granting(Collection<SideNeeds.Grant> grants) {
    SortedMap<String, SortedMap<String, SortedSet<String>>> verbs = new TreeMap<>();
    for (SideNeeds.Grant grant : grants) {
      if (RuntimeNeeds.name(grant.kind()).isEmpty()) {
        verbs.computeIfAbsent(grant.kind().group(), group -> new TreeMap<>())
            .computeIfAbsent(grant.resource(), resource -> new TreeSet<>(IN_ORDER)).add(grant.verb());
      }
    }
    List<Rule> rules = new ArrayList<>();
    verbs.forEach((group, resources) -> {
      Map<List<String>, List<String>> byVerbs = new LinkedHashMap<>();
      resources.forEach((resource, of) -> byVerbs.computeIfAbsent(List.copyOf(of), v -> new ArrayList<>()).add(resource));
      byVerbs.forEach((of, same) -> rules.add(new Rule(group, same, of, List.of())));
    });
    rules.addAll(named(grants));
    return new RbacRules(rules);
  }

  /** Kinds of which one object is meant: its maker can't be told its name by a rule (Kubernetes documentation, "Using RBAC Authorization"). */
  private static List<Rule> named(Collection<SideNeeds.Grant> grants) {
    SortedMap<String, Rule> rules = new TreeMap<>();
    for (SideNeeds.Grant grant : grants) {
      RuntimeNeeds.name(grant.kind()).ifPresent(name -> {
        boolean makes = grant.verb().equals("create");
        rules.merge(grant.kind() + (makes ? " create" : " named"), new Rule(grant.kind().group(), List.of(grant.resource()),
            List.of(grant.verb()), makes ? List.of() : List.of(name)), (one, other) -> {
              SortedSet<String> both = new TreeSet<>(IN_ORDER);
              both.addAll(one.verbs());
              both.addAll(other.verbs());
              return new Rule(one.group(), one.resources(), List.copyOf(both), one.names());
            });
      });
    }
    return List.copyOf(rules.values());
  }

  /**
   * The objects that give a side its rights: a service account, a role for the whole cluster, and what binds them; and where there are
   * kinds of which only objects in the side's own namespace are its business, a role for that namespace.
   *
   * @param name their name
   * @param namespace the service account's namespace
   * @return the objects as values of JSON
   */
  public List<Map<String, Object>> manifests(String name, String namespace) {
    Map<String, Object> account = object("v1", "ServiceAccount", name, namespace);
    Map<String, Object> role = object(API_GROUP + "/v1", "ClusterRole", name, "");
    role.put("rules", rules.stream().filter(rule -> !rule.isOfOwnNamespace()).map(Rule::json).toList());
    Map<String, Object> binding = object(API_GROUP + "/v1", "ClusterRoleBinding", name, "");
    binding.put("roleRef", ordered("apiGroup", API_GROUP, "kind", "ClusterRole", "name", name));
    binding.put("subjects", List.of(ordered("kind", "ServiceAccount", "namespace", namespace, "name", name)));
    List<Map<String, Object>> objects = new ArrayList<>(List.of(account, role, binding));
    List<Map<String, Object>> own = rules.stream().filter(Rule::isOfOwnNamespace).map(Rule::json).toList();
    if (!own.isEmpty()) {
      Map<String, Object> ownRole = object(API_GROUP + "/v1", "Role", name, namespace);
      ownRole.put("rules", own);
      Map<String, Object> ownBinding = object(API_GROUP + "/v1", "RoleBinding", name, namespace);
      ownBinding.put("roleRef", ordered("apiGroup", API_GROUP, "kind", "Role", "name", name));
      ownBinding.put("subjects", List.of(ordered("kind", "ServiceAccount", "namespace", namespace, "name", name)));
      objects.add(ownRole);
      objects.add(ownBinding);
    }
    return objects;
  }

  private static Map<String, Object> object(String apiVersion, String kind, String name, String namespace) {
    Map<String, Object> object = ordered("apiVersion", apiVersion, "kind", kind);
    object.put("metadata", namespace.isEmpty() ? ordered("name", name) : ordered("name", name, "namespace", namespace));
    return object;
  }

  private static Map<String, Object> ordered(String... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }
}
