package dev.patchbay.spi.datapath;

import dev.patchbay.spi.Fields;
import org.apiguardian.api.API;

/**
 * Intent: traffic to or from a pod does not exceed a rate.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RateLimit extends PlanElement {
  static final String KIND = "rate-limit";

  RateLimit(Fields fields) {
    super(KIND, fields);
  }

  /**
   * {@return the intent for what the pod receives}
   * @param device the pod's device in the node's namespace
   * @param rate the rate in bits per second
   * @param burst the burst in bits
   */
  public static RateLimit toPod(Device device, long rate, long burst) {
    return new RateLimit(
        Fields.empty().with("direction", "to-pod").with("device", device.text()).with("rate", rate).with("burst", burst));
  }

  /**
   * {@return the intent for what the pod sends}
   * @param device the pod's device in the node's namespace
   * @param rate the rate in bits per second
   * @param burst the burst in bits
   */
  public static RateLimit fromPod(Device device, long rate, long burst) {
    return new RateLimit(
        Fields.empty().with("direction", "from-pod").with("device", device.text()).with("rate", rate).with("burst", burst));
  }

  /**
   * {@return {@code to-pod} or {@code from-pod}}
   */
  public String direction() {
    return fields().required("direction");
  }

  /**
   * {@return the pod's device in the node's namespace}
   */
  public Device device() {
    return new Device(fields().required("device"));
  }

  /**
   * {@return the rate in bits per second}
   */
  public long rate() {
    return fields().number("rate").orElseThrow();
  }

  /**
   * {@return the burst in bits}
   */
  public long burst() {
    return fields().number("burst").orElseThrow();
  }
}
