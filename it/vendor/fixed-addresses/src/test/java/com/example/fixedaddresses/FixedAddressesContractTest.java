package com.example.fixedaddresses;

import dev.patchbay.spi.Fields;
import dev.patchbay.tck.ModeContract;
import dev.patchbay.tck.ModeUnderTest;
import dev.patchbay.tck.view.TestPod;

/** The mode keeps the contract of every mode. */
class FixedAddressesContractTest implements ModeContract {
  @Override
  public ModeUnderTest mode() {
    return ModeUnderTest.of(new FixedAddressesProvider())
        .withSettings(Fields.empty().with("annotation", "example.com/other"))
        .withPod(TestPod.named("db-0").withAnnotation(FixedAddressesProvider.ANNOTATION, "[10.0.1.77, 10.0.1.80/28]"))
        .withPod(TestPod.named("db-7").withAnnotation(FixedAddressesProvider.ANNOTATION, "10.0.1.80/28"))
        .withPod(TestPod.named("db-99").withAnnotation(FixedAddressesProvider.ANNOTATION, "10.0.1.80/28"))
        .withPod(TestPod.named("wrong-0").withAnnotation(FixedAddressesProvider.ANNOTATION, "{a: b}"))
        .withPod(TestPod.named("unreadable").unreadable());
  }
}
