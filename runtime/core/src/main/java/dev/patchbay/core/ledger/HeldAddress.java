package dev.patchbay.core.ledger;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.net.IpAddress;
import java.util.Optional;

/**
 * An address that an attachment holds.
 *
 * @param address the address
 * @param lane the lane that it came from
 * @param eniId the interface that it lies on; empty for one of a node-local range
 * @param mode the id of the mode that asked for it
 * @param request what was asked for
 */
public record HeldAddress(IpAddress address, String lane, Optional<String> eniId, String mode, AddressRequest request) {
  Fields fields() {
    Fields fields = Fields.empty().with("address", address.toString()).with("lane", lane).with("mode", mode)
        .with("request", request.fields());
    return eniId.map(id -> fields.with("eni", id)).orElse(fields);
  }

  static HeldAddress of(Fields fields) {
    return new HeldAddress(IpAddress.of(fields.required("address")), fields.required("lane"), fields.text("eni"),
        fields.text("mode").orElse(""), AddressRequest.of(fields.fields("request")));
  }
}
