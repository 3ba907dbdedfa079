package dev.patchbay.core.needs;

import dev.patchbay.spi.Needs;
import dev.patchbay.spi.ObjectKind;

/**
 * What the runtime needs whatever modes are chosen. What it does only for a mode's lanes and supplies (making interfaces, assigning
 * addresses) the mode declares.
 */
public final class RuntimeNeeds {
  /** The name under which the runtime stands beside the modes. */
  public static final String NAME = "patchbay";

  /** Events, in the group in which one that happens again is counted and every tool shows the count. */
  public static final ObjectKind EVENT = new ObjectKind("", "v1", "Event", "events", true);

  /** The object by which replicas agree which of them acts; in the namespace of the controller alone. */
  public static final ObjectKind LEASE = new ObjectKind("coordination.k8s.io", "v1", "Lease", "leases", true);

  private RuntimeNeeds() {}

  /**
   * {@return the needs of one side}
   * @param side the side
   */
  public static Needs of(Side side) {
    return switch (side) {
      case NODE -> Needs.none()
          // The witness of what the node has, and the limits of a type that the table lacks.
          .withNodeActions("DescribeInstanceTypes", "DescribeNetworkInterfaces")
          // The node's labels choose overrides of the configuration; its condition says whether pods can be served.
          .withNodeObjects(ObjectKind.NODE, "get", "list", "watch")
          .withNodeSubresource(ObjectKind.NODE, "status", "patch")
          // Events say what the operator should know; those of a pod carry its uid, by which tools find them.
          .withNodeObjects(EVENT, "create", "patch")
          .withNodeObjects(ObjectKind.POD, "get")
          // The fast datapath and the end of a pod's connections.
          .withKernelFeatures("conntrack", "nftables", "policy-routing");
      case CLUSTER -> Needs.none()
          // The sweep of what dead nodes have left.
          .withClusterActions("DeleteNetworkInterface", "DescribeInstances", "DescribeNetworkInterfaces")
          .withClusterObjects(ObjectKind.NODE, "get", "list", "watch")
          // Of several replicas one acts; what it finds it says about the Lease by Events.
          .withClusterObjects(LEASE, "get", "create", "patch")
          .withClusterObjects(EVENT, "create", "patch");
    };
  }
}
