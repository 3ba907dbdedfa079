package dev.patchbay.spi.eni;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The lanes that a node should have. How many interfaces each gets follows from the address plan. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class EniPlan {
  private final List<Lane> lanes;

  private EniPlan(List<Lane> lanes) {
    Set<String> names = new HashSet<>();
    for (Lane lane : lanes) {
      if (!names.add(lane.name())) {
        throw new IllegalArgumentException("two lanes are named " + lane.name());
      }
    }
    this.lanes = List.copyOf(lanes);
  }

  /**
   * {@return a plan of lanes}
   * @param lanes the lanes, each with a name of its own
   */
  public static EniPlan of(Lane... lanes) {
    return new EniPlan(List.of(lanes));
  }

  /**
   * {@return a plan of lanes}
   * @param lanes the lanes, each with a name of its own
   */
  public static EniPlan of(List<Lane> lanes) {
    return new EniPlan(lanes);
  }

  /**
   * {@return the lanes}
   */
  public List<Lane> lanes() {
    return lanes;
  }

  /**
   * {@return a lane by its name}
   * @param name the name
   */
  public Optional<Lane> lane(String name) {
    return lanes.stream().filter(l -> l.name().equals(name)).findFirst();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EniPlan plan && plan.lanes.equals(lanes);
  }

  @Override
  public int hashCode() {
    return lanes.hashCode();
  }

  @Override
  public String toString() {
    return lanes.toString();
  }
}
