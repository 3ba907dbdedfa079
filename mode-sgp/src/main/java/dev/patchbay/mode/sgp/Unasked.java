package dev.patchbay.mode.sgp;

import dev.patchbay.mode.sgp.policy.Answers;
import dev.patchbay.mode.sgp.policy.Policies;
import dev.patchbay.mode.sgp.policy.Requests;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.ObjectView;
import java.util.List;
import java.util.Set;

/** Pods that ask for no branch. */
final class Unasked {
  /** A policy matches a pod that did not ask for a branch. */
  static final Code CODE = Code.of(340, "BranchNotRequested");

  private Unasked() {}

  /**
   * What becomes of a pod that did not ask: a policy that matches it has the webhook ask for it, so one was made while the webhook
   * was away. It must not start unprotected. One that has run before started before the policy, and keeps what it had.
   */
  static Answer<Set<AddressFamily>> claim(AttachmentView attachment, ObjectView pod) {
    if (pod.content().fields("status").text("podIP").filter(ip -> !ip.isEmpty()).isPresent()) {
      return Answer.pass();
    }
    Answer<List<ObjectView>> matching = Policies.matching(attachment.node().objects(), pod);
    if (matching.plan().isEmpty()) {
      return Answers.instead(matching);
    }
    return matching.plan().orElseThrow().stream().findFirst().<Answer<Set<AddressFamily>>>map(policy -> Answer.refuse(CODE,
        "SecurityGroupPolicy " + policy.ref().name() + " matches pod " + pod.ref().name() + ", which does not request " + Requests.KEY
            + ": it was made while the webhook that adds the request was away.",
        "Delete the pod, so that it is made anew with the request.")).orElseGet(Answer::pass);
  }
}
