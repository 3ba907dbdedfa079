package dev.patchbay.spi.datapath;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.IpAddress;
import org.apiguardian.api.API;

/**
 * Intent: what comes to the node for this address goes to that device.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Delivery extends PlanElement {
  static final String KIND = "delivery";

  Delivery(Fields fields) {
    super(KIND, fields);
  }

  /**
   * {@return the intent}
   * @param address the address
   * @param device the device, in the node's namespace
   */
  public static Delivery of(IpAddress address, Device device) {
    return new Delivery(
        Fields.empty().with("address", address.toString()).with("device", device.text()));
  }

  /**
   * {@return the address}
   */
  public IpAddress address() {
    return IpAddress.of(fields().required("address"));
  }

  /**
   * {@return the device, in the node's namespace}
   */
  public Device device() {
    return new Device(fields().required("device"));
  }
}
