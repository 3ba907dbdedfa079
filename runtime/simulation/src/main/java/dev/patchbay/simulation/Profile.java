package dev.patchbay.simulation;

import dev.patchbay.simulation.model.Chance;
import dev.patchbay.simulation.model.Fault;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a seed expands to before the first step: how large the world is, and which faults it has how often. Each history has some faults
 * and not others, since one that has them all never gets far.
 *
 * @param seed the seed
 * @param nodes how many nodes
 * @param interfaces how many interfaces an instance can have
 * @param addresses how many IPv4 addresses an interface can have
 * @param subnetLength the length of subnets' networks
 * @param burst how many calls of one action EC2 takes at once
 * @param cooldownMillis how long addresses rest
 * @param waitMillis how long an ADD waits for an address
 * @param choice the number of the modes at the start
 * @param rates how often faults happen, in thousandths, where they may; a fault that is not there never does
 */
public record Profile(long seed, int nodes, int interfaces, int addresses, int subnetLength, int burst, long cooldownMillis,
    long waitMillis, int choice, Map<Fault, Integer> rates) {
  /** The number of the step whose chance a profile is drawn from. */
  private static final long STEP = -1;
  private static final int[] RATES = {10, 40, 150, 400};

  /**
   * {@return what a seed expands to}
   * @param seed the seed
   * @param choices how many choices of modes there are
   * @param faults the faults that may happen at all
   */
  public static Profile of(long seed, int choices, Set<Fault> faults) {
    Chance chance = Chance.of(seed, STEP);
    int nodes = chance.oneIn(8) ? 2 + chance.below(2) : 1;
    int interfaces = 2 + chance.below(3);
    int addresses = 3 + chance.below(6);
    int subnetLength = 23 + chance.below(4);
    int burst = chance.oneIn(4) ? 10 : 100;
    long cooldown = chance.oneIn(3) ? chance.between(1_000, 120_000) : 30_000;
    long wait = chance.oneIn(3) ? chance.between(5_000, 30_000) : 60_000;
    int choice = chance.below(choices);
    Map<Fault, Integer> rates = new EnumMap<>(Fault.class);
    int share = 1 + chance.below(3);
    for (Fault fault : Fault.values()) {
      boolean on = chance.below(4) < share;
      int rate = RATES[chance.below(RATES.length)];
      if (on && faults.contains(fault)) {
        rates.put(fault, rate);
      }
    }
    return new Profile(seed, nodes, interfaces, addresses, subnetLength, burst, cooldown, wait, choice, rates);
  }

  /** Whether a fault happens now. The same numbers are drawn whether it can or not. */
  boolean happens(Fault fault, Chance chance) {
    int drawn = chance.below(1000);
    return drawn < rates.getOrDefault(fault, 0);
  }

  boolean has(Fault fault) {
    return rates.containsKey(fault);
  }

  @Override
  public String toString() {
    return "seed " + seed + ": " + nodes + (nodes == 1 ? " node" : " nodes") + " of " + interfaces + " interfaces with " + addresses
        + " addresses, subnets of /" + subnetLength + ", EC2 takes " + burst + " calls at once, cooldown " + cooldownMillis
        + " ms, ADD waits " + waitMillis + " ms; faults: " + (rates.isEmpty() ? "none"
            : rates.entrySet().stream().map(e -> e.getKey().id() + " " + e.getValue() / 10.0 + " %").collect(Collectors.joining(", ")));
  }
}
