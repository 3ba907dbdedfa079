package dev.patchbay.core.compose;

import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.net.AddressFamily;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A lane of the node with the ways in which it is supplied, after all modes had their say.
 *
 * @param lane the lane
 * @param mode the id of the mode that planned it first
 * @param sources where its addresses come from, by family
 */
public record LanePlan(Lane lane, String mode, Map<AddressFamily, AddressSource> sources) {
  /**
   * Copies the map.
   */
  public LanePlan {
    sources = java.util.Collections.unmodifiableMap(new TreeMap<>(sources));
  }

  /**
   * {@return the lane's name}
   */
  public String name() {
    return lane.name();
  }

  /**
   * {@return the stock that it holds of a family}
   * @param family the family
   */
  public Optional<AddressSource.Stock> stock(AddressFamily family) {
    return sources.get(family) instanceof AddressSource.Stock stock ? Optional.of(stock) : Optional.empty();
  }
}
