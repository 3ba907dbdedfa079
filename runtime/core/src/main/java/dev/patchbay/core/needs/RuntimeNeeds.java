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

  private static final ObjectKind EVENT = new ObjectKind("events.k8s.io", "v1", "Event", "events", true);

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
          // The node's labels choose overrides of the configuration; Events say what the operator should know.
          .withNodeObjects(ObjectKind.NODE, "get", "list", "watch")
          .withNodeObjects(EVENT, "create", "patch")
          // The fast datapath and the end of a pod's connections.
          .withKernelFeatures("conntrack", "nftables");
      case CLUSTER -> Needs.none();
    };
  }
}
