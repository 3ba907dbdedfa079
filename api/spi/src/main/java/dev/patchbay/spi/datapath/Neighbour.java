package dev.patchbay.spi.datapath;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * A permanent neighbour: no question is asked for its hardware address.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Neighbour extends PlanElement {
  static final String KIND = "neighbour";

  Neighbour(Fields fields) {
    super(KIND, fields);
  }

  /**
   * {@return a neighbour of known hardware address}
   * @param space where the device is
   * @param device the device
   * @param address the address
   * @param mac its hardware address
   */
  public static Neighbour of(Space space, Device device, IpAddress address, MacAddress mac) {
    return new Neighbour(
        Fields.empty().with("space", space.name()).with("device", device.text()).with("address", address.toString()).with("mac", mac.toString()));
  }

  /**
   * {@return a neighbour whose hardware address is that of a device that the same plan makes}
   * @param space where the device is
   * @param device the device
   * @param address the address
   * @param peer the other device, in the other namespace
   */
  public static Neighbour ofDevice(Space space, Device device, IpAddress address, Device peer) {
    return new Neighbour(
        Fields.empty().with("space", space.name()).with("device", device.text()).with("address", address.toString()).with("peer", peer.text()));
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
   * {@return its hardware address; empty if it is a device's}
   */
  public Optional<MacAddress> mac() {
    return fields().text("mac").map(MacAddress::of);
  }

  /**
   * {@return the device in the other namespace whose hardware address it is}
   */
  public Optional<Device> peer() {
    return fields().text("peer").map(Device::new);
  }
}
