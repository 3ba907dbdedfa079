package dev.patchbay.kube;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.ObjectKind;
import java.util.ArrayList;
import java.util.List;

/** Asks what the client may do (Kubernetes documentation, "Authorization", "Checking API access"). */
final class AccessReviews {
  private static final ObjectKind REVIEW =
      new ObjectKind("authorization.k8s.io", "v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", false);

  private final ApiServer api;

  AccessReviews(ApiServer api) {
    this.api = api;
  }

  /** Those of the rules that are not granted, each as {@code verb resource}. */
  List<String> lacking(List<Needs.ObjectRule> rules) {
    List<String> lacking = new ArrayList<>();
    for (Needs.ObjectRule rule : rules) {
      for (String verb : rule.verbs()) {
        if (!granted(rule, verb)) {
          String resource = rule.kind().plural() + (rule.subresource().isEmpty() ? "" : "/" + rule.subresource());
          lacking.add(verb + " " + resource + (rule.kind().group().isEmpty() ? "" : "." + rule.kind().group()));
        }
      }
    }
    return List.copyOf(lacking);
  }

  private boolean granted(Needs.ObjectRule rule, String verb) {
    Fields attributes = Fields.empty().with("group", rule.kind().group()).with("version", rule.kind().version())
        .with("resource", rule.kind().plural()).with("subresource", rule.subresource()).with("verb", verb);
    Fields review = Fields.empty().with("apiVersion", REVIEW.apiVersion()).with("kind", REVIEW.kind())
        .with("spec", Fields.empty().with("resourceAttributes", attributes));
    return api.write("POST", Paths.of(REVIEW), "application/json", review).fields("status").isTrue("allowed");
  }
}
