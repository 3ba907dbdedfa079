package dev.patchbay.mode.sgp;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.ObjectView;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * SecurityGroupPolicy objects: which pods they mean. Both selectors must match where both are there; one that is there and empty
 * matches all; without either, or without groups, the policy is as if it were not there.
 */
final class Policies {
  static final ObjectKind KIND =
      new ObjectKind("vpcresources.k8s.aws", "v1beta1", "SecurityGroupPolicy", "securitygrouppolicies", true);
  /** A policy matches a pod that did not ask for a branch. */
  static final Code UNASKED = Code.of(340, "BranchNotRequested");

  private Policies() {}

  /**
   * What becomes of a pod that did not ask: a policy that matches it has the webhook ask for it, so one was made while the webhook
   * was away. It must not start unprotected. One that has run before started before the policy, and keeps what it had.
   */
  static Answer<Set<AddressFamily>> unasked(AttachmentView attachment, ObjectView pod) {
    if (pod.content().fields("status").text("podIP").filter(ip -> !ip.isEmpty()).isPresent()) {
      return Answer.pass();
    }
    for (ObjectView policy : attachment.node().objects().list(KIND, pod.ref().namespace())) {
      Answer<Boolean> matches = matches(policy, pod, attachment);
      if (matches.plan().isEmpty()) {
        return Answers.instead(matches);
      }
      if (matches.plan().orElseThrow()) {
        return Answer.refuse(UNASKED, "SecurityGroupPolicy " + policy.ref().name() + " matches pod " + pod.ref().name()
            + ", which does not request " + Requests.KEY + ": it was made while the webhook that adds the request was away.",
            "Delete the pod, so that it is made anew with the request.");
      }
    }
    return Answer.pass();
  }

  private static Answer<Boolean> matches(ObjectView policy, ObjectView pod, AttachmentView attachment) {
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
      Answer<Map<String, String>> labels = accountLabels(pod, attachment);
      return labels.plan().isEmpty() ? Answers.instead(labels)
          : Answer.of(Selector.matches(spec.fields("serviceAccountSelector"), labels.plan().orElseThrow()));
    } catch (Selector.Unreadable e) {
      return Answer.refuse(Codes.OBJECT_INVALID, "SecurityGroupPolicy " + policy.ref().name() + " in namespace "
          + policy.ref().namespace() + " can't be read, so it is not known whether it matches pod " + pod.ref().name() + ": "
          + e.why() + ".", "Correct the policy's selector.");
    }
  }

  private static Answer<Map<String, String>> accountLabels(ObjectView pod, AttachmentView attachment) {
    String name = pod.content().fields("spec").text("serviceAccountName").filter(n -> !n.isEmpty()).orElse("default");
    ObjectRef ref = new ObjectRef(ObjectKind.SERVICE_ACCOUNT, pod.ref().namespace(), name);
    Optional<ObjectView> account = attachment.node().objects().get(ref);
    return account.map(a -> Answer.of(a.labels())).orElseGet(() -> Answer.waitFor(ref, Codes.OBJECT_MISSING, "Service account " + name
        + " of pod " + pod.ref().name() + " can't be read, and a SecurityGroupPolicy asks for its labels.", "Make the service account."));
  }
}
