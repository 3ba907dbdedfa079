package dev.patchbay.mode.sgp.policy;

import dev.patchbay.spi.ObjectKind;

/** The nodes' objects by which they ask the controller for a trunk. */
public final class CniNodes {
  /** Their kind. */
  public static final ObjectKind KIND = new ObjectKind("vpcresources.k8s.aws", "v1alpha1", "CNINode", "cninodes", false);

  private CniNodes() {}
}
