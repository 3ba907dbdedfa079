package dev.patchbay.mode.sgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.mode.sgp.policy.Answers;
import dev.patchbay.mode.sgp.policy.Policies;
import dev.patchbay.mode.sgp.policy.Requests;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.eni.LaneOrigin;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.tck.ModeUnderTest;
import dev.patchbay.tck.view.TestAttachment;
import dev.patchbay.tck.view.TestInstanceType;
import dev.patchbay.tck.view.TestNode;
import dev.patchbay.tck.view.TestObject;
import dev.patchbay.tck.view.TestObjects;
import dev.patchbay.tck.view.TestPod;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SgpModeTest {
  static final String ANNOTATION = "[{\"eniId\":\"eni-00000000000000101\",\"ifAddress\":\"02:00:00:00:01:01\",\"privateIp\":\"10.0.9.33\","
      + "\"ipv6Addr\":\"\",\"vlanId\":7,\"subnetCidr\":\"10.0.9.0/24\",\"subnetV6Cidr\":\"\",\"associationID\":\"trunk-assoc-01\"}]";
  static final String BOTH = ANNOTATION.replace("\"ipv6Addr\":\"\"", "\"ipv6Addr\":\"2001:db8::33\"").replace(":7,", ":8,").replace("9.33", "9.34")
      .replace("01:01", "01:02").replace("0101\"", "0102\"");

  static TestObject policy(String name, String selector, Fields selects) {
    return policy(name, Fields.empty().with(selector, selects));
  }

  private static TestObject policy(String name, Fields selectors) {
    return TestObject.of(Policies.KIND, "default", name).withContent(Fields.empty().with("spec", selectors
        .with("securityGroups", Fields.empty().with("groupIds", List.of("sg-00000000000000041")))));
  }

  static TestObject asking(TestObject pod) {
    return pod.withContent(Fields.empty().with("spec", Fields.empty().with("containers", List.of(Fields.empty().with("name", "first"),
        Fields.empty().with("name", "second").with("resources", Fields.empty().with("limits", Fields.empty().with(Requests.KEY, "1")))))));
  }

  private static TestNode node(TestObject... objects) {
    TestObjects all = TestObjects.none().declaring(
        List.of(ObjectKind.POD, ObjectKind.SERVICE_ACCOUNT, Policies.KIND, SgpProvider.CNI_NODE));
    for (TestObject object : objects) {
      all = all.with(object);
    }
    return SgpContractTest.withTrunk(TestNode.create()).withLane(SgpMode.TRUNK, LaneOrigin.NODE).withObjects(all);
  }

  private static SgpMode mode(Fields settings) {
    return new SgpMode(ModeUnderTest.of(new SgpProvider()).complete(settings));
  }

  private static Answer<Set<AddressFamily>> claim(TestPod pod, TestObject... objects) {
    return mode(Fields.empty()).claim(TestAttachment.of(node(objects), pod));
  }

  private static Answer<List<AddressRequest>> addresses(TestPod pod) {
    return mode(Fields.empty()).addresses(TestAttachment.of(node(), pod));
  }

  private static void assertNoPlan(Answer<?> answer, Code code, String... words) {
    assertThat(answer.plan()).isEmpty();
    assertThat(Answers.reason(answer)).hasValueSatisfying(reason -> {
      assertThat(reason.code()).isEqualTo(code);
      assertThat(reason.cause()).contains(words);
      assertThat(reason.remedy()).isNotBlank();
    });
  }

  private static Fields labels(String key, String value) {
    return Fields.empty().with("matchLabels", Fields.empty().with(key, value));
  }

  @Test
  void aPodThatAskedIsClaimedInBothFamiliesAndNoOther() {
    assertThat(claim(TestPod.named("asking").withObject(SgpModeTest::asking)).plan())
        .contains(Set.of(AddressFamily.IPV4, AddressFamily.IPV6));
    assertThat(claim(TestPod.named("given").withAnnotation(Requests.KEY, "rubbish")).plan())
        .contains(Set.of(AddressFamily.IPV4, AddressFamily.IPV6));
    assertThat(claim(TestPod.named("plain"))).isInstanceOf(Answer.Pass.class);
  }

  @Test
  void aPodThatAPolicyMatchesAndThatDidNotAskIsRefused() {
    TestPod web = TestPod.named("web").withLabel("app", "web");
    assertNoPlan(claim(web, policy("shop", "podSelector", labels("app", "web"))), Unasked.CODE, "shop", "web");
    assertNoPlan(claim(web, policy("all", "podSelector", Fields.empty())), Unasked.CODE, "all");
    assertThat(claim(web, policy("other", "podSelector", labels("app", "db")))).isInstanceOf(Answer.Pass.class);
    assertThat(claim(web.inNamespace("elsewhere"), policy("shop", "podSelector", labels("app", "web")))).isInstanceOf(Answer.Pass.class);
  }

  @Test
  void bothSelectorsMustMatchAndAPolicyWithoutEitherOrWithoutGroupsIsNone() {
    TestPod web = TestPod.named("web").withLabel("app", "web");
    TestObject account = TestObject.of(ObjectKind.SERVICE_ACCOUNT, "default", "default").withLabel("team", "red");
    Fields pods = Fields.empty().with("podSelector", labels("app", "web"));
    TestObject red = policy("red", pods.with("serviceAccountSelector", labels("team", "red")));
    assertNoPlan(claim(web, red, account), Unasked.CODE, "red");
    assertThat(claim(web, policy("blue", pods.with("serviceAccountSelector", labels("team", "blue"))), account))
        .isInstanceOf(Answer.Pass.class);
    assertThat(claim(web, red)).isInstanceOf(Answer.Wait.class);
    assertThat(claim(web, policy("none", Fields.empty()))).isInstanceOf(Answer.Pass.class);
    assertThat(claim(web, TestObject.of(Policies.KIND, "default", "groupless").withContent(Fields.empty().with("spec", pods))))
        .isInstanceOf(Answer.Pass.class);
  }

  @ParameterizedTest
  @CsvSource({"In,web,true", "In,db,false", "NotIn,web,false", "NotIn,db,true", "Exists,,true", "DoesNotExist,,false"})
  void selectorsHaveTheOperatorsOfKubernetes(String operator, String value, boolean matches) {
    Fields expression = Fields.empty().with("key", "app").with("operator", operator)
        .with("values", value == null ? List.of() : List.of(value));
    Answer<?> answer = claim(TestPod.named("web").withLabel("app", "web"),
        policy("p", "podSelector", Fields.empty().with("matchExpressions", List.of(expression))));
    assertThat(answer instanceof Answer.Refuse).isEqualTo(matches);
    assertThat(answer instanceof Answer.Pass).isEqualTo(!matches);
  }

  @Test
  void aSelectorThatCantBeReadRefusesAndNamesThePolicy() {
    Fields odd = Fields.empty().with("matchExpressions", List.of(Fields.empty().with("key", "app").with("operator", "Like")));
    assertNoPlan(claim(TestPod.named("web"), policy("odd", "podSelector", odd)), Codes.OBJECT_INVALID, "odd", "Like");
  }

  @Test
  void aPodThatHasRunBeforeAPolicyCameKeepsWhatItHad() {
    TestPod old = TestPod.named("old").withLabel("app", "web")
        .withObject(o -> o.withContent(Fields.empty().with("status", Fields.empty().with("podIP", "10.0.1.7"))));
    assertThat(claim(old, policy("shop", "podSelector", labels("app", "web")))).isInstanceOf(Answer.Pass.class);
  }

  @Test
  void theAnnotationIsWaitedForAndReadInAnyCaseOfItsKeys() {
    assertThat(addresses(TestPod.named("early").withObject(SgpModeTest::asking)))
        .isInstanceOfSatisfying(Answer.Wait.class, wait -> assertThat(wait.object().name()).isEqualTo("early"));
    for (String spelling : List.of(ANNOTATION, ANNOTATION.replace("vlanId", "vlanID"), ANNOTATION.replace("eniId", "ENIID"))) {
      assertThat(addresses(TestPod.named("given").withAnnotation(Requests.KEY, spelling)).plan().orElseThrow()).singleElement()
          .satisfies(r -> {
            assertThat(r.particular()).contains(IpAddress.of("10.0.9.33"));
            assertThat(r.eni()).contains("eni-00000000000000101");
            assertThat(Branch.vlan(r.details())).isEqualTo(7);
            assertThat(Branch.router(r.details())).hasToString("10.0.9.1");
          });
    }
    assertThat(addresses(TestPod.named("both").withAnnotation(Requests.KEY, BOTH)).plan().orElseThrow())
        .extracting(AddressRequest::family).containsExactly(AddressFamily.IPV4, AddressFamily.IPV6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "[]", "[1]", "[{", "[{}] x", "[{\"eniId\":\"eni-1\"}]", "VLAN0", "VLAN4095", "VLANx", "NOADDRESS", "OUTSIDE",
      "NOMAC"})
  void anAnnotationThatNamesNoBranchIsRefusedInWords(String given) {
    String annotation = switch (given) {
      case "VLAN0", "VLAN4095", "VLANx" -> ANNOTATION.replace("\"vlanId\":7", "\"vlanId\":\"" + given.substring(4) + "\"");
      case "NOADDRESS" -> ANNOTATION.replace("10.0.9.33", "");
      case "OUTSIDE" -> ANNOTATION.replace("10.0.9.33", "10.0.8.33");
      case "NOMAC" -> ANNOTATION.replace("02:00:00:00:01:01", "here");
      default -> given;
    };
    assertNoPlan(addresses(TestPod.named("odd").withAnnotation(Requests.KEY, annotation)), Codes.OBJECT_INVALID, "odd", Requests.KEY);
  }

  @Test
  void withoutATrunkABranchIsRefusedAndATypeWithoutTrunkingHasNoLanes() {
    TestPod given = TestPod.named("given").withAnnotation(Requests.KEY, ANNOTATION);
    assertNoPlan(mode(Fields.empty()).addresses(TestAttachment.of(TestNode.create().withObjects(node().objects()), given)),
        Codes.OBJECT_INVALID, "no trunk");
    assertNoPlan(mode(Fields.empty()).plan(TestNode.create().withInstanceType(TestInstanceType.T3_NANO)),
        Codes.INSTANCE_TYPE_UNSUITABLE, "t3.nano");
    EniPlan plan = mode(Fields.empty()).plan(node()).plan().orElseThrow();
    Lane trunk = plan.lane(SgpMode.TRUNK).orElseThrow();
    assertThat(trunk.reserve()).isEqualTo(1);
    assertThat(trunk.pods()).isFalse();
    assertThat(trunk.owner()).isEqualTo(Lane.Owner.CLUSTER);
  }
}
