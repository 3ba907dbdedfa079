package dev.patchbay.lab.kube.http;

import dev.patchbay.lab.kube.model.ResourceType;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Resources of which nothing is kept: a create is a question, and its answer the object. */
final class VirtualResources {
  static final List<ResourceType> ALL =
      List.of(
          type("authentication.k8s.io", "TokenReview", "tokenreviews", false),
          type("authentication.k8s.io", "SelfSubjectReview", "selfsubjectreviews", false),
          type("authorization.k8s.io", "SubjectAccessReview", "subjectaccessreviews", false),
          type("authorization.k8s.io", "SelfSubjectAccessReview", "selfsubjectaccessreviews", false),
          type("authorization.k8s.io", "SelfSubjectRulesReview", "selfsubjectrulesreviews", false),
          type("authorization.k8s.io", "LocalSubjectAccessReview", "localsubjectaccessreviews", true));

  private VirtualResources() {}

  static Optional<ResourceType> find(String group, String version, String plural) {
    return ALL.stream()
        .filter(type -> type.group().equals(group) && type.version().equals(version) && type.plural().equals(plural))
        .findFirst();
  }

  private static ResourceType type(String group, String kind, String plural, boolean namespaced) {
    String singular = plural.substring(0, plural.length() - 1);
    return new ResourceType(group, "v1", kind, plural, singular, namespaced, List.of(), List.of(), Set.of(), false);
  }
}
