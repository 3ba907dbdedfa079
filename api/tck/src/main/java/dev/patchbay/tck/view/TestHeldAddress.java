package dev.patchbay.tck.view;

import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.view.EniView;
import dev.patchbay.spi.view.HeldAddressView;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * An address that an attachment holds.
 *
 * @param address the address
 * @param eni the interface that it lies on; empty for a node-local one
 * @param lane the lane that it came from
 * @param request what was asked for
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TestHeldAddress(IpAddress address, Optional<EniView> eni, String lane, AddressRequest request)
    implements HeldAddressView {}
