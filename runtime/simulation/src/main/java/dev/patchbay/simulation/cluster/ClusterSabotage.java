package dev.patchbay.simulation.cluster;

import dev.patchbay.cluster.Effect;
import dev.patchbay.cluster.Event;
import java.util.Optional;

/** What is broken on purpose, so that a test sees that a violation is found. */
public interface ClusterSabotage {
  /** Nothing is. */
  ClusterSabotage NONE = new ClusterSabotage() {};

  /**
   * {@return what is carried out instead of an effect; empty for nothing}
   * @param effect what the controller wants
   */
  default Optional<Effect> wanted(Effect effect) {
    return Optional.of(effect);
  }

  /**
   * {@return what the controller hears instead of an event}
   * @param event what is so
   */
  default Event heard(Event event) {
    return event;
  }

  /**
   * {@return how fast a replica's clock runs; 1 is right}
   * @param replica the replica's number
   * @param rate how fast it would run
   */
  default double rate(int replica, double rate) {
    return rate;
  }
}
