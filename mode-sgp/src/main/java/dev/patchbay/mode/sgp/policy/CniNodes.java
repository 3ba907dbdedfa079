package dev.patchbay.mode.sgp.policy;

import dev.patchbay.spi.Code;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.view.ObjectView;

/** The nodes' objects by which they ask the controller for a trunk, and by which it says what there is. */
public final class CniNodes {
  /** Their kind. */
  public static final ObjectKind KIND = new ObjectKind("vpcresources.k8s.aws", "v1alpha1", "CNINode", "cninodes", false);
  /** The type of the condition that says whether the node has its trunk. */
  public static final String CONDITION = "TrunkReady";
  /** Why it has none, where its pods share ordinary interfaces instead. */
  public static final Code SHARED = Code.of(361, "SharedInterfaces");

  private CniNodes() {}

  /**
   * {@return whether the controller says that pods of the node share ordinary interfaces}
   * @param cniNode the node's object
   */
  public static boolean shares(ObjectView cniNode) {
    return cniNode.content().fields("status").list("conditions").stream().anyMatch(c -> c.text("type").orElse("").equals(CONDITION)
        && c.text("status").orElse("").equals("False") && c.text("reason").orElse("").equals(SHARED.name()));
  }
}
