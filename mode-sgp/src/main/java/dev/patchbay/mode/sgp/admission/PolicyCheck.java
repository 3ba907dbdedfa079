package dev.patchbay.mode.sgp.admission;

import dev.patchbay.mode.sgp.policy.Problems;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.cluster.AdmissionDecision;
import dev.patchbay.spi.view.ObjectView;
import java.util.List;
import java.util.Optional;

/** Refuses a policy that means no pod or names no group, in words, where it would be ignored or hold up every pod of its namespace. */
final class PolicyCheck {
  private PolicyCheck() {}

  static AdmissionDecision of(ObjectView policy, Optional<ObjectView> old) {
    Fields spec = policy.content().fields("spec");
    // One that was there before can still be labelled and taken away.
    if (old.filter(before -> before.content().fields("spec").equals(spec)).isPresent()) {
      return AdmissionDecision.allow();
    }
    List<String> wrong = Problems.of(policy);
    return wrong.isEmpty() ? AdmissionDecision.allow() : AdmissionDecision.deny(String.join(" ", wrong));
  }
}
