package dev.patchbay.mode.sgp.policy;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.view.ObjectView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is wrong with a policy that means no pod, or that can't be read. */
public final class Problems {
  private static final List<String> SELECTORS = List.of("podSelector", "serviceAccountSelector");

  private Problems() {}

  /**
   * {@return what is wrong and what to do about it, in sentences; empty if nothing is}
   * @param policy the policy
   */
  public static List<String> of(ObjectView policy) {
    Fields spec = policy.content().fields("spec");
    List<String> wrong = new ArrayList<>();
    if (SELECTORS.stream().noneMatch(spec::has)) {
      wrong.add("It has neither a podSelector nor a serviceAccountSelector, so it would match no pod: write one; {} matches every pod.");
    }
    for (String selector : SELECTORS) {
      try {
        Selector.matches(spec.fields(selector), Map.of());
      } catch (Selector.Unreadable e) {
        wrong.add("Its " + selector + " can't be read: " + e.why() + ".");
      }
    }
    List<String> groups = Policies.groups(List.of(policy));
    if (groups.isEmpty()) {
      wrong.add("It names no security group: write some under spec.securityGroups.groupIds.");
    }
    groups.stream().filter(group -> !group.matches("sg-([0-9a-f]{8}|[0-9a-f]{17})"))
        .forEach(group -> wrong.add("\"" + group + "\" is no id of a security group: those are sg- and 8 or 17 hexadecimal digits."));
    return wrong;
  }
}
