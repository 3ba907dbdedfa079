package dev.patchbay.cluster;

import dev.patchbay.spi.cluster.ClusterPlan;

/** Something that should be so in EC2. */
sealed interface Wanted {
  /** How the names of what is to be there begin. */
  String MAKE = "make ";

  /** What it is called among what is wanted. */
  String name();

  /** The node or instance that it is about: work on one does not hold up work on others. */
  String place();

  /**
   * An interface that a mode wants.
   *
   * @param mode the mode
   * @param eni the interface
   */
  record Present(String mode, ClusterPlan.DesiredEni eni) implements Wanted {
    @Override
    public String name() {
      return name(mode, eni.key());
    }

    /** What a wish for a key of a mode is called. */
    static String name(String mode, String key) {
      return MAKE + mode + " " + key;
    }

    @Override
    public String place() {
      return eni.node();
    }
  }

  /**
   * An interface that should go.
   *
   * @param id its id
   * @param place the node or instance that it was made for
   * @param evidence what shows that nothing uses it, as a sentence
   * @param swept whether it is what a dead node has left
   */
  record Absent(String id, String place, String evidence, boolean swept) implements Wanted {
    @Override
    public String name() {
      return "remove " + id;
    }
  }
}
