package dev.patchbay.spi.datapath;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.IpAddress;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Intent: a port of the node leads to a port of the pod.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PortMapping extends PlanElement {
  static final String KIND = "port-mapping";

  PortMapping(Fields fields) {
    super(KIND, fields);
  }

  /**
   * {@return the intent}
   * @param protocol tcp, udp or sctp
   * @param hostPort the node's port, 1 to 65535
   * @param address the pod's address
   * @param podPort the pod's port, 1 to 65535
   */
  public static PortMapping of(String protocol, int hostPort, IpAddress address, int podPort) {
    return new PortMapping(
        Fields.empty().with("protocol", protocol).with("hostPort", hostPort).with("address", address.toString()).with("podPort", podPort));
  }

  /**
   * {@return this element with one address of the node only}
   * @param hostAddress the one address of the node that it is for; empty for all
   */
  public PortMapping withHostAddress(IpAddress hostAddress) {
    return new PortMapping(fields().with("hostAddress", hostAddress.toString()));
  }

  /**
   * {@return the protocol: {@code tcp}, {@code udp} or {@code sctp}}
   */
  public String protocol() {
    return fields().required("protocol");
  }

  /**
   * {@return the node's port}
   */
  public int hostPort() {
    return Math.toIntExact(fields().number("hostPort").orElseThrow());
  }

  /**
   * {@return the pod's address}
   */
  public IpAddress address() {
    return IpAddress.of(fields().required("address"));
  }

  /**
   * {@return the pod's port}
   */
  public int podPort() {
    return Math.toIntExact(fields().number("podPort").orElseThrow());
  }

  /**
   * {@return the one address of the node that it is for; empty for all}
   */
  public Optional<IpAddress> hostAddress() {
    return fields().text("hostAddress").map(IpAddress::of);
  }
}
