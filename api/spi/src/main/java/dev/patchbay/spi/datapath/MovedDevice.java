package dev.patchbay.spi.datapath;

import dev.patchbay.spi.Fields;
import org.apiguardian.api.API;

/**
 * A device of the node that is moved into the pod, and back when the attachment ends.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class MovedDevice extends PlanElement {
  static final String KIND = "moved-device";

  MovedDevice(Fields fields) {
    super(KIND, fields);
  }

  /**
   * {@return a device}
   * @param device the device, in the node's namespace
   * @param podName its name in the pod
   */
  public static MovedDevice of(Device device, String podName) {
    return new MovedDevice(
        Fields.empty().with("device", device.text()).with("podName", podName));
  }

  /**
   * {@return the device, in the node's namespace}
   */
  public Device device() {
    return new Device(fields().required("device"));
  }

  /**
   * {@return its name in the pod}
   */
  public String podName() {
    return fields().required("podName");
  }
}
