package dev.patchbay.core.needs;

/** The two sides of Patchbay, which have different rights. */
public enum Side {
  /** The daemon on each node. */
  NODE("node"),
  /** The controller of the cluster. */
  CLUSTER("cluster");

  private final String word;

  Side(String word) {
    this.word = word;
  }

  /**
   * {@return its name, as it stands in the names of objects}
   */
  public String word() {
    return word;
  }
}
