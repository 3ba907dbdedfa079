package dev.patchbay.spi.view;

import dev.patchbay.spi.ImplementedByRuntime;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * An interface that is attached to the instance; in the view of a cluster, any interface that is Patchbay's, branches of trunks too.
 */
@ImplementedByRuntime
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface EniView {
  /**
   * {@return the id, {@code eni-…}}
   */
  String id();

  /**
   * {@return the hardware address}
   */
  MacAddress mac();

  /**
   * {@return whether this is the instance's primary interface}
   */
  boolean primary();

  /**
   * {@return EC2's interface type: {@code interface}, {@code trunk}, {@code branch}, {@code efa}, {@code efa-only}, others}
   */
  String type();

  /**
   * {@return the index of the device on its network card}
   */
  int deviceIndex();

  /**
   * {@return the index of the network card}
   */
  int networkCard();

  /**
   * {@return the names of the node's devices that have its hardware address, in their order: its own, and those made upon it;
   * none in the view of a cluster}
   */
  List<String> devices();

  /**
   * {@return the subnet}
   */
  SubnetView subnet();

  /**
   * {@return the ids of the security groups, in EC2's order}
   */
  List<String> groups();

  /**
   * {@return the interface's own first address of a family; pods never get the IPv4 one}
   * @param family the family
   */
  Optional<IpAddress> primaryAddress(AddressFamily family);

  /**
   * {@return the prefixes on the interface}
   * @param family the family
   */
  List<Cidr> prefixes(AddressFamily family);

  /**
   * {@return the tags; empty if EC2 was never asked}
   */
  Map<String, String> tags();

  /**
   * {@return the name of the lane that it belongs to, or that it belonged to while pods still have addresses of it; empty for an
   * interface that Patchbay leaves alone, be it one that a lane borrows}
   */
  Optional<String> lane();
}
