package dev.patchbay.mode.sgp.cluster;

import dev.patchbay.mode.sgp.policy.Answers;
import dev.patchbay.mode.sgp.policy.Policies;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.view.ObjectView;
import dev.patchbay.spi.view.ObjectsView;
import java.util.List;
import java.util.Optional;

/**
 * Which policies mean a pod, and what groups they give it together. There is no priority, and none takes anything from another.
 *
 * @param groups the groups of all policies that match, in the order of the policies' names, each once
 * @param policies the policies that match
 * @param unknown why it is not known which match; empty if it is
 */
record Match(List<String> groups, List<ObjectRef> policies, Optional<Finding> unknown) {
  static final Match NONE = new Match(List.of(), List.of(), Optional.empty());

  static Match of(ObjectsView objects, ObjectView pod) {
    Answer<List<ObjectView>> matching = Policies.matching(objects, pod);
    List<ObjectView> policies = matching.plan().orElse(List.of());
    return new Match(Policies.groups(policies), policies.stream().map(ObjectView::ref).toList(), Answers.reason(matching));
  }

  /** The policies that match, in words. */
  String words() {
    return String.join(", ", policies.stream().map(ObjectRef::name).toList());
  }
}
