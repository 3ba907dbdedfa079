package dev.patchbay.core.compose;

import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.net.AddressFamily;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

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
    Map<AddressFamily, AddressSource> copy = new EnumMap<>(AddressFamily.class);
    copy.putAll(sources);
    sources = Collections.unmodifiableMap(copy);
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
