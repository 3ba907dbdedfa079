package dev.patchbay.spi.datapath;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.MacAddress;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * A pair of veth devices: one end in the pod, the other on the node, both up. Indexes and hardware addresses are the runtime's;
 * {@link Neighbour#ofDevice} names the host end's.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class VethPair extends PlanElement {
  static final String KIND = "veth";

  VethPair(Fields fields) {
    super(KIND, fields);
  }

  /**
   * {@return a pair}
   * @param podName the name of the pod's end
   * @param hostName the name of the host's end, normally {@link dev.patchbay.spi.view.AttachmentView#hostInterfaceName()}
   * @param mtu the MTU of both ends in bytes, 576 to 65535
   */
  public static VethPair of(String podName, String hostName, int mtu) {
    return new VethPair(
        Fields.empty().with("podName", podName).with("hostName", hostName).with("mtu", mtu));
  }

  /**
   * {@return this element with a hardware address of its own}
   * @param podMac the hardware address of the pod's end; empty for one of the runtime's
   */
  public VethPair withPodMac(MacAddress podMac) {
    return new VethPair(fields().with("podMac", podMac.toString()));
  }

  /**
   * {@return the name of the pod's end}
   */
  public String podName() {
    return fields().required("podName");
  }

  /**
   * {@return the name of the host's end}
   */
  public String hostName() {
    return fields().required("hostName");
  }

  /**
   * {@return the MTU of both ends in bytes}
   */
  public int mtu() {
    return Math.toIntExact(fields().number("mtu").orElseThrow());
  }

  /**
   * {@return the hardware address of the pod's end; empty for one of the runtime's}
   */
  public Optional<MacAddress> podMac() {
    return fields().text("podMac").map(MacAddress::of);
  }
}
