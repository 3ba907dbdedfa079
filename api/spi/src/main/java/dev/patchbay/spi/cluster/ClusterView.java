package dev.patchbay.spi.cluster;

import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ImplementedByRuntime;
import dev.patchbay.spi.view.EniView;
import dev.patchbay.spi.view.InstanceTypeView;
import dev.patchbay.spi.view.ObjectView;
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

  /**
   * The pods that are bound to a node; those that have ended are among them. Only for a mode that declared to read pods.
   *
   * @param node the node's name
   * @return the pods, by namespace and name
   */
  List<ObjectView> pods(String node);

  /**
   * {@return why the interface of a key is not as a plan wants it: what EC2 or the runtime found when it was tried last; empty if
   *     nothing stands in its way, or it was not tried yet}
   * @param key the key of an interface that a plan of the mode wants
   */
  Optional<Finding> obstacle(String key);

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
     * {@return the name of the node that it was made for, or is attached to}
     */
    Optional<String> node();

    /**
     * {@return the trunk that it is associated with, for a branch}
     */
    Optional<String> trunk();

    /**
     * {@return the id of its association with the trunk; empty for none, or where EC2 does not let the controller see it}
     */
    Optional<String> associationId();

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
