package dev.patchbay.mode.sgp.policy;

import dev.patchbay.spi.ObjectKind;

/** The objects that say in which subnet pods lie, where they lie elsewhere than their node. */
public final class EniConfigs {
  /** Their kind. */
  public static final ObjectKind KIND = new ObjectKind("crd.k8s.amazonaws.com", "v1alpha1", "ENIConfig", "eniconfigs", false);

  private EniConfigs() {}
}
