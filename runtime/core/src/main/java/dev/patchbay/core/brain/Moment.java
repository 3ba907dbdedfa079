package dev.patchbay.core.brain;

/**
 * The time, passed into the brain as a value.
 *
 * @param monotonic milliseconds of a clock that never steps and runs on over a daemon's restart, until the next boot
 *     (CLOCK_MONOTONIC)
 * @param wall milliseconds since 1970, for people to read; nothing is decided by it
 */
public record Moment(long monotonic, long wall) {}
