package dev.patchbay.core.compose;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.ipam.AddressPlan;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What each mode planned for the node when it was last able to. Where a mode can't say now (it waits for an object, or is set aside),
 * this holds; it stands in the ledger, so that a restarted node goes on as it was before the API server is heard. Immutable.
 *
 * @param lanes lanes and their supply, by the mode's id, and the family for a base
 * @param datapaths what was planned for the node's datapath, by the mode's id
 */
public record KeptPlan(Map<String, Lanes> lanes, Map<String, DatapathPlan> datapaths) {
  /** Nothing has been planned. */
  public static final KeptPlan EMPTY = new KeptPlan(Map.of(), Map.of());

  /**
   * Copies the maps.
   */
  public KeptPlan {
    lanes = java.util.Collections.unmodifiableMap(new TreeMap<>(lanes));
    datapaths = java.util.Collections.unmodifiableMap(new TreeMap<>(datapaths));
  }

  /**
   * Lanes and their supply.
   *
   * @param plan the lanes, after modifiers had their say
   * @param supply how they are supplied
   */
  public record Lanes(EniPlan plan, AddressPlan supply) {}

  /**
   * {@return the modes that planned something for the node's datapath, and are not among these}
   * @param chosen the modes that are chosen
   */
  public Set<String> strangers(Set<String> chosen) {
    Set<String> strangers = new java.util.TreeSet<>(datapaths.keySet());
    strangers.removeAll(chosen);
    return strangers;
  }

  /**
   * {@return this plan as fields, for the ledger}
   */
  public Fields fields() {
    Map<String, Fields> laneFields = new TreeMap<>();
    lanes.forEach((key, l) -> laneFields.put(key, PlanFields.of(l)));
    Map<String, Fields> datapathFields = new TreeMap<>();
    datapaths.forEach((key, d) -> datapathFields.put(key, d.fields()));
    return Fields.empty().with("lanes", Fields.of(laneFields)).with("datapaths", Fields.of(datapathFields));
  }

  /**
   * Reads a plan back.
   *
   * @param f the fields of {@link #fields()}; none for nothing
   * @return the plan
   * @throws IllegalArgumentException if they are no plan
   */
  public static KeptPlan of(Fields f) {
    Map<String, Lanes> lanes = new TreeMap<>();
    Fields laneFields = f.fields("lanes");
    laneFields.values().keySet().forEach(key -> lanes.put(key, PlanFields.lanes(laneFields.fields(key))));
    Map<String, DatapathPlan> datapaths = new TreeMap<>();
    Fields datapathFields = f.fields("datapaths");
    datapathFields.values().keySet().forEach(key -> datapaths.put(key, DatapathPlan.of(datapathFields.fields(key))));
    return new KeptPlan(lanes, datapaths);
  }
}
