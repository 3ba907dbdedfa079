package dev.patchbay.simulation.cluster;

/** An invariant is violated. */
final class BrokenClusterException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ClusterInvariant invariant;

  BrokenClusterException(ClusterInvariant invariant, String what) {
    super(what);
    this.invariant = invariant;
  }

  ClusterInvariant invariant() {
    return invariant;
  }
}
