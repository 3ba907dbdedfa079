package dev.patchbay.mode.sgp;

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
  @Override
  public ModeUnderTest mode() {
    return ModeUnderTest.of(new SgpProvider())
        .withEachNode(node -> node.instanceType().trunking() ? withTrunk(node) : node)
        .withObject(SgpModeTest.policy("web", "podSelector", Fields.empty().with("matchLabels", Fields.empty().with("app", "web"))))
        .withObject(SgpModeTest.policy("team", "serviceAccountSelector", Fields.empty().with("matchExpressions",
            List.of(Fields.empty().with("key", "team").with("operator", "In").with("values", List.of("red"))))))
        .withObject(TestObject.of(ObjectKind.SERVICE_ACCOUNT, "default", "default"))
        .withSettings(Fields.empty().with("enforcing", "standard"))
        .withPod(TestPod.named("branch").withAnnotation(Requests.KEY, SgpModeTest.ANNOTATION))
        .withPod(TestPod.named("both").withAnnotation(Requests.KEY, SgpModeTest.BOTH))
        .withPod(TestPod.named("early").withObject(SgpModeTest::asking))
        .withPod(TestPod.named("odd").withAnnotation(Requests.KEY, "{}"))
        .withPod(TestPod.named("unasked").withLabel("app", "web"))
        .withPod(TestPod.named("unreadable").unreadable());
  }

  static TestNode withTrunk(TestNode node) {
    return node.withEni(TestEni.numbered(100, TestSubnet.numbered(1)).withType("trunk").inLane(SgpMode.TRUNK));
  }
}
