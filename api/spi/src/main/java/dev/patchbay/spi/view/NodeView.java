package dev.patchbay.spi.view;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ImplementedByRuntime;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * The node, at one moment. Immutable, and indexed: no method takes time that grows with the pods on the node.
 */
@ImplementedByRuntime
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface NodeView {
  /**
   * {@return the node's name}
   */
  String name();

  /**
   * {@return the instance's id, {@code i-…}}
   */
  String instanceId();

  /**
   * {@return the instance's type}
   */
  InstanceTypeView instanceType();

  /**
   * {@return the availability zone}
   */
  String zone();

  /**
   * {@return the region}
   */
  String region();

  /**
   * {@return the VPC's id}
   */
  String vpcId();

  /**
   * {@return the VPC's networks of a family, as last seen}
   * @param family the family
   */
  List<Cidr> vpcCidrs(AddressFamily family);

  /**
   * {@return the primary interface}
   */
  EniView primaryEni();

  /**
   * {@return all interfaces, those that Patchbay leaves alone included, in the order of card and device index}
   */
  List<EniView> enis();

  /**
   * {@return an interface by its id}
   * @param id the id
   */
  Optional<EniView> eni(String id);

  /**
   * {@return the lanes, in order of priority}
   */
  List<LaneView> lanes();

  /**
   * {@return a lane by its name}
   * @param name the name
   */
  Optional<LaneView> lane(String name);

  /**
   * {@return the Node object; empty while the API server has not been heard}
   */
  Optional<ObjectView> object();

  /**
   * {@return the objects that the mode declared to read}
   */
  ObjectsView objects();

  /**
   * {@return what the operator set for the datapath as a whole, the same for all modes: {@code mtu} (number), {@code vethPrefix}
   * (text), {@code egress} (fields: {@code translate}, truth: pods leave the VPC as the node; {@code exceptions}, networks
   * that are not translated; {@code mainTable}, networks that are reached as the main routing table says; {@code ports}, text as {@link dev.patchbay.spi.datapath.Translation#withPorts} takes it;
   * {@code nodePorts}, truth: connections to the node's own ports are answered by the interface that they came in by). What
   * is missing stands at its default: translated, without exceptions, with random ports, node ports served}
   */
  Fields datapath();
}
