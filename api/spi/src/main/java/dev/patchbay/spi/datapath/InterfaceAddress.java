package dev.patchbay.spi.datapath;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.IpAddress;
import org.apiguardian.api.API;

/**
 * An address on a device. Without duplicate address detection: the VPC gives no address twice.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class InterfaceAddress extends PlanElement {
  static final String KIND = "address";

  InterfaceAddress(Fields fields) {
    super(KIND, fields);
  }

  /**
   * {@return an address}
   * @param space where the device is
   * @param device the device
   * @param address the address
   * @param length the prefix length in bits; the full length makes no connected route
   */
  public static InterfaceAddress of(Space space, Device device, IpAddress address, int length) {
    return new InterfaceAddress(
        Fields.empty().with("space", space.name()).with("device", device.text()).with("address", address.toString()).with("length", length));
  }

  /**
   * {@return where the device is}
   */
  public Space space() {
    return Space.valueOf(fields().required("space"));
  }

  /**
   * {@return the device}
   */
  public Device device() {
    return new Device(fields().required("device"));
  }

  /**
   * {@return the address}
   */
  public IpAddress address() {
    return IpAddress.of(fields().required("address"));
  }

  /**
   * {@return the prefix length in bits}
   */
  public int length() {
    return Math.toIntExact(fields().number("length").orElseThrow());
  }
}
