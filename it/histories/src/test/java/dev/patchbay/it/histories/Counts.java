package dev.patchbay.it.histories;

/**
 * What came of histories.
 *
 * @param histories how many there were
 * @param steps how many steps they took
 * @param violations how often an invariant was violated
 * @param words all that was counted, for people
 */
record Counts(long histories, long steps, long violations, String words) {}
