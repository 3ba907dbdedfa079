package dev.patchbay.mode.sgp.admission;

import dev.patchbay.mode.sgp.policy.Policies;
import dev.patchbay.mode.sgp.policy.Requests;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.cluster.AdmissionDecision;
import dev.patchbay.spi.cluster.AdmissionPlanner;
import dev.patchbay.spi.view.ObjectView;
import dev.patchbay.spi.view.ObjectsView;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Adds the request for a branch to pods that a policy matches, guards the annotation that names a pod's branch, and refuses policies that
 * would never do anything.
 */
public final class SgpAdmission implements AdmissionPlanner {
  static final String REQUEST = "request";
  static final String GUARD = "annotation";
  /** By their status, too, pods can be annotated, and by a binding, which gives the pod its own annotations. */
  static final String GUARD_STATUS = "annotation-status";
  static final String GUARD_BINDING = "annotation-binding";
  static final String GUARD_BINDINGS = "annotation-bindings";
  static final String POLICY = "policy";

  /** The older way to bind a pod. */
  private static final ObjectKind BINDING = new ObjectKind("", "v1", "Binding", "bindings", true);

  /**
   * Only a change is asked about, which is rare, so the rule need not fail open: who writes an annotation that nobody checked gives a pod
   * another pod's branch.
   */
  private static final String CHANGES = value("object") + " != (oldObject == null ? \"\" : " + value("oldObject") + ")";

  private final Set<String> writers;

  /**
   * Makes it.
   *
   * @param writers the users, beside Patchbay's controller, that may write the annotation
   */
  public SgpAdmission(List<String> writers) {
    this.writers = Set.copyOf(writers);
  }

  private static String value(String object) {
    return "(has(" + object + ".metadata.annotations) && \"" + Requests.KEY + "\" in " + object + ".metadata.annotations ? \"=\" + " + object
        + ".metadata.annotations[\"" + Requests.KEY + "\"] : \"\")";
  }

  @Override
  public List<Rule> rules() {
    return List.of(
        // A pod that slips through is refused by its node.
        new Rule(REQUEST, ObjectKind.POD, Set.of("CREATE"), true, true)
            .when("!has(object.spec.hostNetwork) || !object.spec.hostNetwork"),
        new Rule(GUARD, ObjectKind.POD, Set.of("CREATE", "UPDATE"), false, false).when(CHANGES),
        new Rule(GUARD_STATUS, ObjectKind.POD, Set.of("UPDATE"), false, false).of("status").when(CHANGES),
        new Rule(GUARD_BINDING, ObjectKind.POD, Set.of("CREATE"), false, false).of("binding").when(CHANGES),
        new Rule(GUARD_BINDINGS, BINDING, Set.of("CREATE"), false, false).when(CHANGES),
        new Rule(POLICY, Policies.KIND, Set.of("CREATE", "UPDATE"), false, true));
  }

  @Override
  public AdmissionDecision decide(String rule, Request request, ObjectsView objects) {
    Optional<ObjectView> object = request.object();
    if (object.isEmpty()) {
      return AdmissionDecision.allow();
    }
    return switch (rule) {
      case REQUEST -> BranchRequest.of(object.get(), objects);
      case GUARD, GUARD_STATUS, GUARD_BINDING, GUARD_BINDINGS -> guard(object.get(), request);
      case POLICY -> PolicyCheck.of(object.get(), request.old());
      default -> throw new IllegalArgumentException("there is no rule \"" + rule + "\"");
    };
  }

  private AdmissionDecision guard(ObjectView pod, Request request) {
    Optional<String> before = request.old().flatMap(old -> Optional.ofNullable(old.annotations().get(Requests.KEY)));
    Optional<String> after = Optional.ofNullable(pod.annotations().get(Requests.KEY));
    if (before.equals(after) || request.own() || writers.contains(request.user())) {
      return AdmissionDecision.allow();
    }
    return AdmissionDecision.deny("The annotation " + Requests.KEY + " says which branch interface is a pod's, and the controller alone writes it; "
        + request.user() + " may not. Leave it as it is; to give a pod security groups, make a SecurityGroupPolicy that selects it.");
  }
}
