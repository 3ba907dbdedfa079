package dev.patchbay.core.ledger;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Delivery;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.VethPair;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.IpAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Attachments for tests of the ledger. */
final class Records {
  private Records() {}

  static AttachmentKey key(String container) {
    return new AttachmentKey(container, "eth0");
  }

  /** One that holds these addresses. */
  static AttachmentRecord open(String container, String... addresses) {
    List<HeldAddress> held = Arrays.stream(addresses).map(Records::held).toList();
    return record(key(container), Optional.empty(), 0, held, AttachmentRecord.State.OPEN);
  }

  static HeldAddress held(String address) {
    return new HeldAddress(IpAddress.of(address), "default", Optional.of("eni-1"), "secondary-ip",
        AddressRequest.fromChosenLane(AddressFamily.IPV4));
  }

  /** A further interface of a sandbox. */
  static AttachmentRecord extra(String container, String device, int ordinal) {
    return record(new AttachmentKey(container, device), Optional.of(key(container)), ordinal, List.of(), AttachmentRecord.State.LIVE);
  }

  static AttachmentRecord record(AttachmentKey key, Optional<AttachmentKey> first, int ordinal, List<HeldAddress> held,
      AttachmentRecord.State state) {
    return new AttachmentRecord(key, first, ordinal, "patchbay", "shop", "cart", "uid-1", "/run/netns/cni-1", "eni1", "secondary-ip@0.1.0",
        held, DatapathPlan.of(VethPair.of("eth0", "eni1", 9001), Delivery.of(IpAddress.of("10.0.0.9"), Device.named("eni1"))),
        Map.of("act", Fields.empty().with("done", true)), Fields.empty().with("arguments", Fields.empty().with("a", "b")),
        Fields.empty().with("network", "other"), state, 1_700_000_000_000L, 5_000);
  }
}
