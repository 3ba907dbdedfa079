package dev.patchbay.spi.cluster;

import dev.patchbay.spi.ImplementedByRuntime;
import dev.patchbay.spi.view.EniView;
import dev.patchbay.spi.view.InstanceTypeView;
import dev.patchbay.spi.view.ObjectsView;
import dev.patchbay.spi.view.SubnetView;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * The cluster, at one moment.
 */
@ImplementedByRuntime
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface ClusterView {
  /**
   * {@return the cluster's name, as in tags}
   */
  String name();

  /**
   * {@return the time in milliseconds since 1970, as the runtime passes it}
   */
  long now();

  /**
   * {@return the objects that the mode declared to read}
   */
  ObjectsView objects();

  /**
   * {@return the interfaces that carry the cluster's tag}
   */
  List<ClusterEniView> enis();

  /**
   * {@return the interfaces of one node}
   * @param node the node's name
   */
  List<ClusterEniView> enis(String node);

  /**
   * {@return a node's instance type}
   * @param node the node's name
   */
  Optional<InstanceTypeView> instanceType(String node);

  /**
   * {@return a node's primary interface}
   * @param node the node's name
   */
  Optional<EniView> primaryEni(String node);

  /**
   * {@return a subnet}
   * @param id its id
   */
  Optional<SubnetView> subnet(String id);

  /** An interface as the cluster side sees it. */
  @ImplementedByRuntime
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  interface ClusterEniView extends EniView {
    /**
     * {@return EC2's status: {@code available}, {@code attaching}, {@code in-use}, {@code detaching}}
     */
    String status();

    /**
     * {@return the instance that it is attached to}
     */
    Optional<String> instanceId();

    /**
     * {@return the key by which a plan made it; empty if none did}
     */
    Optional<String> key();

    /**
     * {@return the trunk that it is associated with, for a branch}
     */
    Optional<String> trunk();

    /**
     * {@return the VLAN id of its association, for a branch}
     */
    Optional<Integer> vlanId();

    /**
     * {@return when it was first seen unused, in milliseconds since 1970; empty while it is used. What a plan of the mode made is used
     *     as long as a plan wants it or it is attached to an instance; anything else, as long as it is attached or hangs on a trunk. The
     *     time begins anew when another replica of the controller takes over}
     */
    Optional<Long> unusedSince();
  }
}
