package dev.patchbay.spi.datapath;

import dev.patchbay.spi.Fields;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * A sysctl below {@code net}. In the node's namespace the runtime refuses at start two modes that want one to differ. Where
 * the kernel has no IPv6, keys of {@code net.ipv6} count as met.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Sysctl extends PlanElement {
  static final String KIND = "sysctl";

  Sysctl(Fields fields) {
    super(KIND, fields);
  }

  /**
   * {@return a sysctl}
   * @param space in which namespace
   * @param key the key with dots, {@code net.ipv4.ip_forward} say; {@code DEVICE} in it stands for the device's name
   * @param value the value
   */
  public static Sysctl of(Space space, String key, String value) {
    return new Sysctl(
        Fields.empty().with("space", space.name()).with("key", key).with("value", value));
  }

  /**
   * {@return this element with a device whose name stands in the key}
   * @param device the device whose name stands in the key
   */
  public Sysctl withDevice(Device device) {
    return new Sysctl(fields().with("device", device.text()));
  }

  /**
   * {@return in which namespace}
   */
  public Space space() {
    return Space.valueOf(fields().required("space"));
  }

  /**
   * {@return the key with dots; {@code DEVICE} in it stands for the device's name}
   */
  public String key() {
    return fields().required("key");
  }

  /**
   * {@return the value}
   */
  public String value() {
    return fields().required("value");
  }

  /**
   * {@return the device whose name stands in the key}
   */
  public Optional<Device> device() {
    return fields().text("device").map(Device::new);
  }
}
