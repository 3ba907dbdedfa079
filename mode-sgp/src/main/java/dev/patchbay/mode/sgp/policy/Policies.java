package dev.patchbay.mode.sgp.policy;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.view.ObjectView;
import dev.patchbay.spi.view.ObjectsView;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * SecurityGroupPolicy objects: which pods they mean. Both selectors must match where both are there; one that is there and empty
 * matches all; without either, or without groups, the policy is as if it were not there.
 */
public final class Policies {
  /** The policies. */
  public static final ObjectKind KIND =
      new ObjectKind("vpcresources.k8s.aws", "v1beta1", "SecurityGroupPolicy", "securitygrouppolicies", true);

  private Policies() {}

  /**
   * Finds the policies that match a pod.
   *
   * @param objects policies and service accounts
   * @param pod the pod
   * @return the policies, by name
   */
  public static Answer<List<ObjectView>> matching(ObjectsView objects, ObjectView pod) {
    List<ObjectView> matching = new ArrayList<>();
    for (ObjectView policy : objects.list(KIND, pod.ref().namespace())) {
      Answer<Boolean> matches = matches(policy, pod, objects);
      if (matches.plan().isEmpty()) {
        return Answers.instead(matches);
      }
      if (matches.plan().orElseThrow()) {
        matching.add(policy);
      }
    }
    return Answer.of(List.copyOf(matching));
  }

  /**
   * {@return the groups that policies name, each where it was named first}
   * @param policies the policies
   */
  public static List<String> groups(List<ObjectView> policies) {
    Set<String> groups = new LinkedHashSet<>();
    policies.forEach(policy -> groups.addAll(policy.content().fields("spec").fields("securityGroups").texts("groupIds")));
    return List.copyOf(groups);
  }

  private static Answer<Boolean> matches(ObjectView policy, ObjectView pod, ObjectsView objects) {
    Fields spec = policy.content().fields("spec");
    boolean selects = spec.has("podSelector") || spec.has("serviceAccountSelector");
    if (!selects || spec.fields("securityGroups").texts("groupIds").isEmpty()) {
      return Answer.of(false);
    }
    try {
      if (spec.has("podSelector") && !Selector.matches(spec.fields("podSelector"), pod.labels())) {
        return Answer.of(false);
      }
      if (!spec.has("serviceAccountSelector")) {
        return Answer.of(true);
      }
      Answer<Map<String, String>> labels = accountLabels(pod, objects);
      return labels.plan().isEmpty() ? Answers.instead(labels)
          : Answer.of(Selector.matches(spec.fields("serviceAccountSelector"), labels.plan().orElseThrow()));
    } catch (Selector.Unreadable e) {
      return Answer.refuse(Codes.OBJECT_INVALID, "SecurityGroupPolicy " + policy.ref().name() + " in namespace "
          + policy.ref().namespace() + " can't be read, so it is not known whether it matches pod " + pod.ref().name() + ": "
          + e.why() + ".", "Correct the policy's selector.");
    }
  }

  private static Answer<Map<String, String>> accountLabels(ObjectView pod, ObjectsView objects) {
    String name = pod.content().fields("spec").text("serviceAccountName").filter(n -> !n.isEmpty()).orElse("default");
    ObjectRef ref = new ObjectRef(ObjectKind.SERVICE_ACCOUNT, pod.ref().namespace(), name);
    Optional<ObjectView> account = objects.get(ref);
    return account.map(a -> Answer.of(a.labels())).orElseGet(() -> Answer.waitFor(ref, Codes.OBJECT_MISSING, "Service account " + name
        + " of pod " + pod.ref().name() + " can't be read, and a SecurityGroupPolicy asks for its labels.", "Make the service account."));
  }
}
