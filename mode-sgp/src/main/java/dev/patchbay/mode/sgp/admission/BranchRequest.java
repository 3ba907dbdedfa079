package dev.patchbay.mode.sgp.admission;

import dev.patchbay.mode.sgp.policy.Answers;
import dev.patchbay.mode.sgp.policy.Policies;
import dev.patchbay.mode.sgp.policy.Requests;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.cluster.AdmissionDecision;
import dev.patchbay.spi.view.ObjectView;
import dev.patchbay.spi.view.ObjectsView;
import java.util.ArrayList;
import java.util.List;

/** Adds the request for a branch to a pod that a policy matches: to its first container, where others look for it. */
final class BranchRequest {
  private static final List<String> LISTS = List.of("limits", "requests");
  private static final List<String> SYSTEMS = List.of("kubernetes.io/os", "beta.kubernetes.io/os");
  private static final String PLACE = "/spec/containers/0/resources";
  private static final String NAME = Requests.KEY.replace("~", "~0").replace("/", "~1");

  private BranchRequest() {}

  static AdmissionDecision of(ObjectView pod, ObjectsView objects) {
    Fields spec = pod.content().fields("spec");
    List<Fields> containers = spec.list("containers");
    if (spec.isTrue("hostNetwork") || isForWindows(spec) || containers.isEmpty()) {
      return AdmissionDecision.allow();
    }
    Answer<List<ObjectView>> matching = Policies.matching(objects, pod);
    if (matching.plan().isEmpty()) {
      // Whoever lets it pass unasked has it refused on its node.
      return AdmissionDecision.deny(Answers.reason(matching).map(BranchRequest::words)
          .orElse("It can't be told whether a SecurityGroupPolicy matches the pod."));
    }
    if (matching.plan().orElseThrow().isEmpty() || asks(containers)) {
      return AdmissionDecision.allow();
    }
    return AdmissionDecision.patch(Fields.empty().with("operations", patch(containers.getFirst())));
  }

  private static String words(Finding reason) {
    return reason.cause() + " " + reason.remedy();
  }

  private static boolean isForWindows(Fields spec) {
    return spec.fields("os").text("name").filter("windows"::equals).isPresent()
        || SYSTEMS.stream().anyMatch(key -> spec.fields("nodeSelector").text(key).filter("windows"::equals).isPresent());
  }

  /** Whether the first container asks for one, as the patch would have it, or another asks. */
  private static boolean asks(List<Fields> containers) {
    Fields first = containers.getFirst().fields("resources");
    boolean others = containers.stream().skip(1).map(c -> c.fields("resources"))
        .anyMatch(resources -> LISTS.stream().anyMatch(list -> resources.fields(list).has(Requests.KEY)));
    boolean any = LISTS.stream().anyMatch(list -> first.fields(list).has(Requests.KEY));
    return any ? LISTS.stream().allMatch(list -> isOne(first.fields(list))) : others;
  }

  private static boolean isOne(Fields list) {
    return list.text(Requests.KEY).filter("1"::equals).isPresent() || list.number(Requests.KEY).orElse(0) == 1;
  }

  private static List<Fields> patch(Fields container) {
    List<Fields> operations = new ArrayList<>();
    Fields resources = container.fields("resources");
    if (!container.has("resources")) {
      operations.add(add(PLACE, Fields.empty()));
    }
    for (String list : LISTS) {
      if (!resources.has(list)) {
        operations.add(add(PLACE + "/" + list, Fields.empty()));
      }
      operations.add(add(PLACE + "/" + list + "/" + NAME, "1"));
    }
    return operations;
  }

  private static Fields add(String path, Fields value) {
    return operation(path).with("value", value);
  }

  private static Fields add(String path, String value) {
    return operation(path).with("value", value);
  }

  /** Adding replaces what is there (RFC 6902, 4.1). */
  private static Fields operation(String path) {
    return Fields.empty().with("op", "add").with("path", path);
  }
}
