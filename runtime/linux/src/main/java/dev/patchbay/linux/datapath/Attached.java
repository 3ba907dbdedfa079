package dev.patchbay.linux.datapath;

import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.net.MacAddress;
import java.util.List;
import java.util.Optional;

/**
 * What the runtime chose while it rendered an attachment: all that a CNI result says beside the plan.
 *
 * @param interfaces the devices that were made, in the order of the plan; of a pair the node's end first
 */
public record Attached(List<Interface> interfaces) {
  /**
   * Copies the list.
   */
  public Attached {
    interfaces = List.copyOf(interfaces);
  }

  /**
   * {@return the device of a name, if one was made}
   * @param space where
   * @param name its name
   */
  public Optional<Interface> find(Space space, String name) {
    return interfaces.stream().filter(i -> i.space() == space && i.name().equals(name)).findFirst();
  }

  /**
   * One device.
   *
   * @param space where it is
   * @param name its name
   * @param index its index there
   * @param mac its hardware address; empty if the kernel chose it
   * @param mtu its MTU in bytes, 0 if the kernel chose it
   */
  public record Interface(Space space, String name, int index, Optional<MacAddress> mac, int mtu) {}
}
