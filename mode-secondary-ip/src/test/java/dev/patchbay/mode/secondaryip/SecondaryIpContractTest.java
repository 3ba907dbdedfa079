package dev.patchbay.mode.secondaryip;

import dev.patchbay.spi.Fields;
import dev.patchbay.tck.ModeContract;
import dev.patchbay.tck.ModeUnderTest;
import dev.patchbay.tck.view.TestPod;
import java.util.List;

/** The mode keeps the contract of every mode. */
class SecondaryIpContractTest implements ModeContract {
  @Override
  public ModeUnderTest mode() {
    Fields odd = Fields.empty().with("hostPort", 70_000).with("containerPort", 80);
    return ModeUnderTest.of(new SecondaryIpProvider())
        .withSettings(Fields.empty().with("warmIpTarget", 2).with("minimumIpTarget", 5).with("maxEni", 2))
        .withSettings(Fields.empty().with("warmEniTarget", 0).with("maxEni", 1))
        .withSettings(Fields.empty().with("ipv6Egress", true))
        .withPod(TestPod.named("odd").withCapabilities(Fields.empty().with("portMappings", List.of(odd))))
        .withPod(TestPod.named("unreadable").unreadable());
  }
}
