package dev.patchbay.core.kernel;

import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import java.util.List;

/**
 * An interface of the instance as the datapath should have it. The primary interface is the operating system's: of it only
 * the numbers here are used, and its addresses, routes and MTU are left alone.
 *
 * @param id the interface's id
 * @param mac its hardware address, by which the device is found
 * @param primary whether it is the instance's primary interface
 * @param number 1 to 127, unique on the node, the same as long as the interface is attached: its packet mark
 * @param table the number of its routing table
 * @param mtu the MTU of the device in bytes
 * @param addresses its own address of each family, with the subnet's prefix length
 * @param gateways the VPC router's address of each family
 */
public record EniPath(String id, MacAddress mac, boolean primary, int number, int table, int mtu,
    List<Own> addresses, List<IpAddress> gateways) {
  /**
   * Copies the lists.
   */
  public EniPath {
    addresses = List.copyOf(addresses);
    gateways = List.copyOf(gateways);
  }

  /**
   * An interface's own address.
   *
   * @param address the address
   * @param subnet its subnet
   */
  public record Own(IpAddress address, Cidr subnet) {}
}
