package dev.patchbay.simulation.cluster;

/** What must always hold on the cluster side, or once faults have ended. */
public enum ClusterInvariant {
  /** Of several replicas one acts. */
  ONE_ACTS("no call is sent by one replica while another may act"),
  /** What is in use stays. */
  NOTHING_IN_USE_DELETED("no interface is deleted that its node, its pod or somebody else may still want"),
  /** No VLAN id twice. */
  ONE_VLAN_ID("no VLAN id of a trunk is given to two branches"),
  /** One branch per pod. */
  ONE_BRANCH("no pod is told of two branches"),
  /** All is done in the end. */
  ALL_DONE("after faults have ended, every node has its trunk and every pod its branch"),
  /** Nothing is left in the end. */
  NOTHING_LEAKED("after faults have ended, nothing of dead nodes and pods that are gone is left");

  private final String words;

  ClusterInvariant(String words) {
    this.words = words;
  }

  /**
   * {@return what it says}
   */
  public String words() {
    return words;
  }
}
