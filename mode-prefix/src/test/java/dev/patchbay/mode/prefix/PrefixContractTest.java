package dev.patchbay.mode.prefix;

import dev.patchbay.spi.Fields;
import dev.patchbay.tck.ModeContract;
import dev.patchbay.tck.ModeUnderTest;
import dev.patchbay.tck.view.TestPod;

/** The mode keeps the contract of every mode. */
class PrefixContractTest implements ModeContract {
  @Override
  public ModeUnderTest mode() {
    return ModeUnderTest.of(new PrefixProvider())
        .withSettings(Fields.empty().with("warmIpTarget", 2).with("minimumIpTarget", 5).with("maxEni", 2))
        .withSettings(Fields.empty().with("warmPrefixTarget", 0).with("maxEni", 1))
        .withSettings(Fields.empty().with("singleAddresses", false))
        .withSettings(Fields.empty().with("ipv6Egress", true))
        .withPod(TestPod.named("unreadable").unreadable());
  }
}
