package dev.patchbay.spi.view;

import dev.patchbay.spi.ImplementedByRuntime;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.net.IpAddress;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * An address that an attachment holds.
 */
@ImplementedByRuntime
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface HeldAddressView {
  /**
   * {@return the address}
   */
  IpAddress address();

  /**
   * {@return the interface that it lies on; empty for one of a node-local range, and for one given on an interface that is not
   * attached to the instance, a branch say: what is needed of that, the object must say that gives the address}
   */
  Optional<EniView> eni();

  /**
   * {@return the lane that it came from}
   */
  String lane();

  /**
   * {@return what was asked for}
   */
  AddressRequest request();
}
