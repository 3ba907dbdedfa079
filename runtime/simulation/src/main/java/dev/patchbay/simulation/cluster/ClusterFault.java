package dev.patchbay.simulation.cluster;

/** What can go wrong around the controller. */
public enum ClusterFault {
  /** Done, answer lost. */
  ANSWER_LOST("EC2 did what it was asked, and the answer was lost"),
  /** Not done, answer lost. */
  CALL_LOST("a call to EC2 was lost, and nobody can tell"),
  /** Late. */
  CALL_LATE("a call reached EC2 seconds after it was sent"),
  /** Throttled. */
  THROTTLED("EC2 asked to slow down"),
  /** Refused for no reason that lasts. */
  REFUSED("EC2 refused for once"),
  /** No connection. */
  UNREACHABLE("no connection to EC2 for once"),
  /** Descriptions lag. */
  STALE("descriptions of EC2 lag behind, each interface and instance for itself"),
  /** The API server is away. */
  API_AWAY("the API server is not heard by a replica for a while"),
  /** A request about the Lease was lost. */
  LEASE_LOST("a request about the Lease, or its answer, was lost"),
  /** A write was lost. */
  WRITE_LOST("a write to an object, or its answer, was lost"),
  /** Watches lag. */
  WATCH_LATE("what changes is heard half a minute later"),
  /** A replica is killed. */
  KILLED("a replica is killed"),
  /** A replica stands still. */
  FROZEN("a replica stands still for up to two minutes, and goes on as if nothing had been"),
  /** Clocks run at different rates. */
  CLOCK_RATE("the clocks of replicas run at different rates"),
  /** A planner fails. */
  PLANNER_FAILED("a planner fails for once");

  private final String words;

  ClusterFault(String words) {
    this.words = words;
  }

  /**
   * {@return what it is, as a clause}
   */
  public String words() {
    return words;
  }
}
