package dev.patchbay.spi.view;

import dev.patchbay.spi.ImplementedByRuntime;
import dev.patchbay.spi.eni.LaneOrigin;
import dev.patchbay.spi.net.AddressFamily;
import java.util.List;
import org.apiguardian.api.API;

/**
 * A lane as it is on this node: a class of interfaces that share subnets, security groups and kind.
 */
@ImplementedByRuntime
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface LaneView {
  /**
   * {@return the name}
   */
  String name();

  /**
   * {@return what defines it: kind and name of an object, or the node itself}
   */
  LaneOrigin origin();

  /**
   * {@return its interfaces on this node, in the order in which they were attached}
   */
  List<EniView> enis();

  /**
   * {@return the addresses that pods hold}
   * @param family the family
   */
  int held(AddressFamily family);

  /**
   * {@return the addresses that could be given out now}
   * @param family the family
   */
  int free(AddressFamily family);

  /**
   * {@return the addresses that cool down}
   * @param family the family
   */
  int cooling(AddressFamily family);
}
