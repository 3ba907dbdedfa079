package dev.patchbay.mode.sgp;

import static dev.patchbay.tck.view.TestAdmissionRequest.creation;
import static dev.patchbay.tck.view.TestAdmissionRequest.update;

import dev.patchbay.mode.sgp.cluster.Scene;
import dev.patchbay.mode.sgp.policy.Policies;
import dev.patchbay.mode.sgp.policy.Requests;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.tck.ModeContract;
import dev.patchbay.tck.ModeUnderTest;
import dev.patchbay.tck.view.TestEni;
import dev.patchbay.tck.view.TestNode;
import dev.patchbay.tck.view.TestObject;
import dev.patchbay.tck.view.TestPod;
import dev.patchbay.tck.view.TestSubnet;
import java.util.List;

/** The mode keeps the contract of every mode. */
class SgpContractTest implements ModeContract {
  /** A pod that asks and that a policy matches; nodes see their pods. */
  private static final TestPod SHARING = TestPod.named("sharing").withLabel("app", "web").withObject(SgpModeTest::asking);

  @Override
  public ModeUnderTest mode() {
    return ModeUnderTest.of(new SgpProvider())
        .withEachNode(node -> node.instanceType().trunking() ? withTrunk(node) : node)
        .withObject(SgpModeTest.policy("web", "podSelector", Fields.empty().with("matchLabels", Fields.empty().with("app", "web"))))
        .withObject(SgpModeTest.policy("team", "serviceAccountSelector", Fields.empty().with("matchExpressions",
            List.of(Fields.empty().with("key", "team").with("operator", "In").with("values", List.of("red"))))))
        .withObject(TestObject.of(ObjectKind.SERVICE_ACCOUNT, "default", "default"))
        .withSettings(Fields.empty().with("enforcing", "standard"))
        .withSettings(Fields.empty().with("warmBranches", 0).with("followPolicies", true).with("branchIpv6", true))
        .withSettings(Fields.empty().with("controller", "eks"))
        .withSettings(Fields.empty().with("withoutTrunk", "shared-eni").with("branchIpv6", true))
        .withSettings(Fields.empty().with("withoutTrunk", "shared-eni").with("sharedInterfaces", 2).with("enforcing", "standard"))
        .withObject(SHARING.object().orElseThrow())
        .withPod(SHARING)
        .withCluster(Scene.begin().with(Scene.pod("early", "web")).cluster())
        .withCluster(busy().cluster())
        .withPod(TestPod.named("branch").withAnnotation(Requests.KEY, SgpModeTest.ANNOTATION))
        .withPod(TestPod.named("both").withAnnotation(Requests.KEY, SgpModeTest.BOTH))
        .withPod(TestPod.named("early").withObject(SgpModeTest::asking))
        .withPod(TestPod.named("odd").withAnnotation(Requests.KEY, "{}"))
        .withPod(TestPod.named("unasked").withLabel("app", "web"))
        .withPod(TestPod.named("unreadable").unreadable())
        .withAdmission("request", creation("somebody", pod().withLabel("app", "web")))
        .withAdmission("request", creation("somebody", pod()))
        .withAdmission("annotation", creation("somebody", pod().withAnnotation(Requests.KEY, SgpModeTest.ANNOTATION)))
        .withAdmission("annotation", update("somebody", pod(), pod().withAnnotation(Requests.KEY, "")).fromController())
        .withAdmission("policy", creation("somebody", TestObject.of(Policies.KIND, "default", "nothing")));
  }

  private static TestObject pod() {
    return TestObject.of(ObjectKind.POD, "default", "asked").withContent(Fields.empty().with("spec",
        Fields.empty().with("containers", List.of(Fields.empty().with("name", "first")))));
  }

  /** Pods with and without branches, branches with and without pods. */
  private static Scene busy() {
    return Scene.begin().withTrunk().with(Scene.policy("red", "sg-0000000000000000a")).with(Scene.policy("odd"))
        .with(Scene.pod("new", "red")).with(Scene.pod("newer", "red")).with(Scene.pod("there", "red")).with(Scene.pod("none", "green"))
        .withBranch(1, "there", 1, "sg-0000000000000000a").withFree(2, "gone", 2, 70_000, "sg-0000000000000000a")
        .withFree(3, "longer", 3, 900_000, "sg-0000000000000000a").withFree(4, "late", 4, 1_000, "sg-0000000000000000b");
  }

  static TestNode withTrunk(TestNode node) {
    return node.withEni(TestEni.numbered(100, TestSubnet.numbered(1)).withType("trunk").inLane(SgpMode.TRUNK));
  }
}
