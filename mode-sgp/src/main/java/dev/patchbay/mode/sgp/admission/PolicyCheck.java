package dev.patchbay.mode.sgp.admission;

import dev.patchbay.mode.sgp.policy.Selector;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.cluster.AdmissionDecision;
import dev.patchbay.spi.view.ObjectView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Refuses a policy that means no pod or names no group, in words, where it would be ignored or hold up every pod of its namespace. */
final class PolicyCheck {
  private static final List<String> SELECTORS = List.of("podSelector", "serviceAccountSelector");

  private PolicyCheck() {}

  static AdmissionDecision of(ObjectView policy, Optional<ObjectView> old) {
    Fields spec = policy.content().fields("spec");
    // One that was there before can still be labelled and taken away.
    if (old.filter(before -> before.content().fields("spec").equals(spec)).isPresent()) {
      return AdmissionDecision.allow();
    }
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
    List<String> groups = spec.fields("securityGroups").texts("groupIds");
    if (groups.isEmpty()) {
      wrong.add("It names no security group: write some under spec.securityGroups.groupIds.");
    }
    groups.stream().filter(group -> !group.matches("sg-([0-9a-f]{8}|[0-9a-f]{17})"))
        .forEach(group -> wrong.add("\"" + group + "\" is no id of a security group: those are sg- and 8 or 17 hexadecimal digits."));
    return wrong.isEmpty() ? AdmissionDecision.allow() : AdmissionDecision.deny(String.join(" ", wrong));
  }
}
