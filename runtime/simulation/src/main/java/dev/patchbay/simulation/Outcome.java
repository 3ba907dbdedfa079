package dev.patchbay.simulation;

import dev.patchbay.simulation.model.Fault;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came of a history.
 *
 * @param profile what its seed expanded to
 * @param digest a number that tells apart what happened
 * @param steps how many steps were taken
 * @param events how many events the daemons heard
 * @param faults how often faults happened
 * @param states the states that were reached, by their signatures
 * @param violation what did not hold; empty if all did
 * @param lines the story, if it was wished for
 */
public record Outcome(Profile profile, long digest, int steps, long events, Map<Fault, Integer> faults, BitSet states,
    Optional<Violation> violation, List<String> lines) {}
