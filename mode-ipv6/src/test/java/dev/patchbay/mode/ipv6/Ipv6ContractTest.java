package dev.patchbay.mode.ipv6;

import dev.patchbay.spi.Fields;
import dev.patchbay.tck.ModeContract;
import dev.patchbay.tck.ModeUnderTest;
import dev.patchbay.tck.view.TestPod;

/** The mode keeps the contract of every mode. */
class Ipv6ContractTest implements ModeContract {
  @Override
  public ModeUnderTest mode() {
    return ModeUnderTest.of(new Ipv6Provider())
        .withSettings(Fields.empty().with("ipv4Egress", false))
        .withPod(TestPod.named("unreadable").unreadable());
  }
}
