package dev.patchbay.mode.customnet;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.tck.ModeContract;
import dev.patchbay.tck.ModeUnderTest;
import dev.patchbay.tck.view.TestObject;
import dev.patchbay.tck.view.TestPod;
import java.util.List;

/** The mode keeps the contract of every mode. */
class CustomNetContractTest implements ModeContract {
  @Override
  public ModeUnderTest mode() {
    Fields tags = Fields.empty().with("kubernetes.io/role/cni", "1");
    Fields web = Fields.empty().with("namespaces", List.of("web")).with("eniConfig", "second");
    return ModeUnderTest.of(new CustomNetProvider())
        .withObject(CustomNetModeTest.eniConfig("default", "subnet-00000000000000041", "sg-00000000000000041"))
        .withObject(CustomNetModeTest.eniConfig("second", "subnet-00000000000000042"))
        .withObject(TestObject.of(ObjectKind.NODE, "", "node-1"))
        .withSettings(Fields.empty().with("subnetTags", tags).with("order", "prefix-friendly")
            .with("securityGroupTags", Fields.empty().with("pods", "")))
        .withSettings(Fields.empty().with("subnets", List.of("subnet-00000000000000041", "subnet-00000000000000042")))
        .withSettings(Fields.empty().with("namespaces", Fields.empty().with("web", web)))
        .withPod(TestPod.named("shop").inNamespace("web"))
        .withPod(TestPod.named("unreadable").unreadable());
  }
}
