package dev.patchbay.core.cloud;

import dev.patchbay.spi.net.Cidr;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * A subnet, as EC2 or IMDS described it at one moment.
 *
 * @param id its id
 * @param zone its availability zone; empty if the witness has none (IMDS, for a secondary interface)
 * @param cidrs its networks, IPv4 first
 * @param free its free IPv4 addresses; empty if the witness has none (IMDS)
 * @param tags its tags; empty if the witness has none
 */
public record SubnetRecord(String id, String zone, List<Cidr> cidrs, OptionalInt free, Map<String, String> tags) {
  /**
   * Copies the collections.
   */
  public SubnetRecord {
    cidrs = List.copyOf(cidrs);
    tags = java.util.Collections.unmodifiableMap(new TreeMap<>(tags));
  }
}
