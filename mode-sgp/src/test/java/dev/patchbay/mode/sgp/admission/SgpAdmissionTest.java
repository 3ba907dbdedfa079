package dev.patchbay.mode.sgp.admission;

import static dev.patchbay.tck.view.TestAdmissionRequest.creation;
import static dev.patchbay.tck.view.TestAdmissionRequest.deletion;
import static dev.patchbay.tck.view.TestAdmissionRequest.update;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.mode.sgp.policy.Policies;
import dev.patchbay.mode.sgp.policy.Requests;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.cluster.AdmissionDecision;
import dev.patchbay.spi.cluster.AdmissionPlanner;
import dev.patchbay.tck.view.TestObject;
import dev.patchbay.tck.view.TestObjects;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What admission decides about pods and policies. */
class SgpAdmissionTest {
  private static final Fields NONE = Fields.empty();
  private static final String EKS = "eks:vpc-resource-controller";

  private final SgpAdmission admission = new SgpAdmission(List.of(EKS));

  private static Fields labels(String key, String value) {
    return NONE.with("matchLabels", NONE.with(key, value));
  }

  private static TestObject policy(String name, Fields selectors, String... groups) {
    return TestObject.of(Policies.KIND, "default", name)
        .withContent(NONE.with("spec", selectors.with("securityGroups", NONE.with("groupIds", List.of(groups)))));
  }

  private static TestObjects objects(TestObject... objects) {
    TestObjects all = TestObjects.none().declaring(List.of(ObjectKind.SERVICE_ACCOUNT, Policies.KIND));
    for (TestObject object : objects) {
      all = all.with(object);
    }
    return all;
  }

  private static TestObject account(String name, String team) {
    return TestObject.of(ObjectKind.SERVICE_ACCOUNT, "default", name).withLabel("team", team);
  }

  private static TestObject pod(Fields spec) {
    return TestObject.of(ObjectKind.POD, "default", "web").withLabel("app", "web").withContent(NONE.with("spec", spec));
  }

  private static Fields containers(Fields... containers) {
    return NONE.with("containers", List.of(containers));
  }

  private static Fields resources(Fields resources) {
    return NONE.with("name", "main").with("resources", resources);
  }

  private static Fields one(Object value) {
    return Fields.of(java.util.Map.of(Requests.KEY, value));
  }

  private AdmissionDecision mutate(TestObject pod, TestObject... objects) {
    return admission.decide(SgpAdmission.REQUEST, creation("somebody", pod), objects(objects));
  }

  private AdmissionDecision guard(AdmissionPlanner.Request request) {
    return admission.decide(SgpAdmission.GUARD, request, objects());
  }

  private static final TestObject MATCHES = policy("web", NONE.with("podSelector", labels("app", "web")), "sg-00000041");
  private static final Fields PLAIN = containers(NONE.with("name", "main"));

  private static List<String> operations(AdmissionDecision decision) {
    assertThat(decision).isInstanceOf(AdmissionDecision.Patch.class);
    return ((AdmissionDecision.Patch) decision).patch().list("operations").stream()
        .map(o -> o.required("op") + " " + o.required("path") + " " + o.values().get("value")).toList();
  }

  @Test
  void aPodThatAPolicyMatchesGetsTheRequestInItsFirstContainer() {
    String at = "add /spec/containers/0/resources";
    String limit = at + "/limits/vpc.amazonaws.com~1pod-eni 1";
    String request = at + "/requests/vpc.amazonaws.com~1pod-eni 1";
    assertThat(operations(mutate(pod(containers(NONE.with("name", "main"), NONE.with("name", "second"))), MATCHES)))
        .containsExactly(at + " {}", at + "/limits {}", limit, at + "/requests {}", request);
    assertThat(operations(mutate(pod(containers(resources(NONE.with("limits", NONE.with("cpu", "1"))))), MATCHES)))
        .as("what is there stays").containsExactly(limit, at + "/requests {}", request);
    assertThat(operations(mutate(pod(containers(resources(NONE.with("limits", one("2")).with("requests", one("2"))))), MATCHES)))
        .as("no pod needs two").containsExactly(limit, request);
    assertThat(operations(mutate(pod(PLAIN.with("initContainers", List.of(resources(NONE.with("limits", one("1")))))), MATCHES)))
        .as("an init container does not count").hasSize(5);
  }

  @Test
  void askingTwiceChangesNothing() {
    assertThat(mutate(pod(containers(resources(NONE.with("limits", one("1")).with("requests", one(1L))))), MATCHES))
        .isEqualTo(AdmissionDecision.allow());
    assertThat(mutate(pod(containers(NONE.with("name", "main"), resources(NONE.with("limits", one("1"))))), MATCHES))
        .as("another container asks").isEqualTo(AdmissionDecision.allow());
  }

  static Stream<Arguments> untouched() {
    return Stream.of(Arguments.of("the host's network", pod(PLAIN.with("hostNetwork", true)), MATCHES),
        Arguments.of("Windows", pod(PLAIN.with("nodeSelector", NONE.with("kubernetes.io/os", "windows"))), MATCHES),
        Arguments.of("Windows of old", pod(PLAIN.with("nodeSelector", NONE.with("beta.kubernetes.io/os", "windows"))), MATCHES),
        Arguments.of("Windows by its field", pod(PLAIN.with("os", NONE.with("name", "windows"))), MATCHES),
        Arguments.of("no container", pod(NONE), MATCHES),
        Arguments.of("other labels", pod(PLAIN), policy("db", NONE.with("podSelector", labels("app", "db")), "sg-00000041")),
        Arguments.of("no selector", pod(PLAIN), policy("none", NONE, "sg-00000041")),
        Arguments.of("no groups", pod(PLAIN), policy("none", NONE.with("podSelector", NONE))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("untouched")
  void otherPodsAreUntouched(String why, TestObject pod, TestObject policy) {
    assertThat(mutate(pod, policy)).isEqualTo(AdmissionDecision.allow());
  }

  @Test
  void theServiceAccountsLabelsCount() {
    TestObject policy = policy("red", NONE.with("podSelector", labels("app", "web")).with("serviceAccountSelector", labels("team", "red")),
        "sg-00000041");
    assertThat(operations(mutate(pod(PLAIN.with("serviceAccountName", "shop")), policy, account("shop", "red")))).hasSize(5);
    assertThat(mutate(pod(PLAIN.with("serviceAccountName", "shop")), policy, account("shop", "blue"))).isEqualTo(AdmissionDecision.allow());
    assertThat(operations(mutate(pod(PLAIN), policy, account("default", "red")))).as("without a name: default").hasSize(5);
    assertThat(mutate(pod(PLAIN.with("serviceAccountName", "unknown")), policy)).isInstanceOfSatisfying(AdmissionDecision.Deny.class,
        deny -> assertThat(deny.reason()).contains("Service account unknown", "Make the service account."));
    assertThat(mutate(pod(PLAIN.with("serviceAccountName", "unknown")), MATCHES)).as("no policy asks for it")
        .isInstanceOf(AdmissionDecision.Patch.class);
  }

  @Test
  void aPolicyThatCantBeReadRefusesThePodInWords() {
    TestObject odd = policy("odd", NONE.with("podSelector", NONE.with("matchExpressions",
        List.of(NONE.with("key", "app").with("operator", "Like").with("values", List.of("x"))))), "sg-00000041");
    assertThat(mutate(pod(PLAIN), odd)).isInstanceOfSatisfying(AdmissionDecision.Deny.class,
        deny -> assertThat(deny.reason()).contains("SecurityGroupPolicy odd", "Like", "Correct the policy's selector."));
  }

  @Test
  void onlyControllersWriteTheAnnotation() {
    TestObject bare = pod(PLAIN);
    TestObject given = bare.withAnnotation(Requests.KEY, "[]");
    TestObject other = bare.withAnnotation(Requests.KEY, "[1]");
    for (var request : List.of(creation("mallory", given), update("mallory", bare, given), update("mallory", given, bare),
        update("mallory", given, other), creation("mallory", bare.withAnnotation(Requests.KEY, "")))) {
      assertThat(guard(request)).as("%s", request).isInstanceOfSatisfying(AdmissionDecision.Deny.class,
          deny -> assertThat(deny.reason()).contains(Requests.KEY, "mallory", "SecurityGroupPolicy"));
      assertThat(guard(request.fromController())).isEqualTo(AdmissionDecision.allow());
    }
    assertThat(guard(update(EKS, bare, given))).isEqualTo(AdmissionDecision.allow());
    assertThat(guard(update("mallory", given, given.withLabel("other", "label")))).isEqualTo(AdmissionDecision.allow());
    assertThat(guard(deletion("mallory", given))).isEqualTo(AdmissionDecision.allow());
  }

  @Test
  void aPodsStatusAndABindingAreNoWayRound() {
    assertThat(admission.rules()).filteredOn(rule -> rule.name().startsWith(SgpAdmission.GUARD))
        .extracting(rule -> rule.kind().plural() + "/" + rule.subresource()).containsExactlyInAnyOrder("pods/", "pods/status", "pods/binding", "bindings/");
    TestObject binding = TestObject.of(new ObjectKind("", "v1", "Binding", "bindings", true), "default", "web");
    for (String rule : List.of(SgpAdmission.GUARD_STATUS, SgpAdmission.GUARD_BINDING, SgpAdmission.GUARD_BINDINGS)) {
      assertThat(admission.decide(rule, creation("mallory", binding.withAnnotation(Requests.KEY, "[]")), objects()))
          .isInstanceOf(AdmissionDecision.Deny.class);
      assertThat(admission.decide(rule, creation("scheduler", binding.withAnnotation("other", "text")), objects()))
          .isEqualTo(AdmissionDecision.allow());
    }
  }

  private AdmissionDecision check(TestObject policy) {
    return admission.decide(SgpAdmission.POLICY, creation("somebody", policy), objects());
  }

  @Test
  void aPolicyThatDoesNothingIsRefusedInWords() {
    assertThat(check(MATCHES)).isEqualTo(AdmissionDecision.allow());
    assertThat(check(policy("all", NONE.with("podSelector", NONE), "sg-00000041", "sg-0123456789abcdef0"))).isEqualTo(AdmissionDecision.allow());
    assertThat(((AdmissionDecision.Deny) check(policy("none", NONE))).reason()).contains("neither", "podSelector", "no security group");
    assertThat(((AdmissionDecision.Deny) check(policy("odd", NONE.with("podSelector", NONE), "web"))).reason()).contains("\"web\"");
    assertThat(((AdmissionDecision.Deny) check(policy("odd", NONE.with("serviceAccountSelector", NONE.with("matchExpressions",
        List.of(NONE.with("key", "a").with("operator", "In")))), "sg-00000041"))).reason()).contains("serviceAccountSelector", "no values");
    TestObject old = policy("old", NONE);
    assertThat(admission.decide(SgpAdmission.POLICY, update("somebody", old, old.withLabel("new", "label")), objects()))
        .as("what was there may be labelled").isEqualTo(AdmissionDecision.allow());
  }

  @Test
  void whatMustNotPassUncheckedIsAskedAboutSeldom() {
    assertThat(admission.rules()).filteredOn(rule -> !rule.failOpen()).isNotEmpty()
        .allSatisfy(rule -> assertThat(rule.condition()).isPresent());
    assertThat(admission.rules()).filteredOn(AdmissionPlanner.Rule::mutating).allMatch(AdmissionPlanner.Rule::failOpen);
  }
}
