package dev.patchbay.core.invariants;

import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a brain makes of it: the state of each address, and of its stock.
 *
 * @param facts what is known of the node's interfaces; empty before a witness or the ledger told
 * @param places every address of the lanes' interfaces, but for blocks too large to count out
 * @param drawn addresses that are drawn for an attachment that is not written yet
 * @param lanes the stock
 * @param busy whether EC2 is asked for something, pods wait, or interfaces are on their way
 */
public record NodeLook(Optional<NodeFacts> facts, Map<IpAddress, Place> places, Map<IpAddress, AttachmentKey> drawn, List<Stock> lanes,
    boolean busy) {
  /** The states of an address. */
  public enum State {
    /** It can be given out. */
    FREE,
    /** A pod has it, or an ADD that is under way. */
    HELD,
    /** A pod had it a moment ago. */
    COOLING
  }

  /**
   * Copies the collections.
   */
  public NodeLook {
    places = java.util.Collections.unmodifiableMap(new TreeMap<>(places));
    drawn = java.util.Collections.unmodifiableMap(new TreeMap<>(drawn));
    lanes = List.copyOf(lanes);
  }

  /**
   * Where an address is.
   *
   * @param eniId the interface
   * @param lane the lane
   * @param state its state
   * @param leaving whether it is being taken off the interface, or the interface given back
   */
  public record Place(String eniId, String lane, State state, boolean leaving) {}

  /**
   * The stock of a lane and family.
   *
   * @param lane the lane
   * @param family the family
   * @param free how many addresses can be given out
   * @param target how many should be
   * @param lacking how many more should be asked for, what cools down and what waits being counted
   * @param hindrance why there are not more; empty if nothing hinders
   */
  public record Stock(String lane, AddressFamily family, int free, int target, int lacking, Optional<String> hindrance) {}
}
