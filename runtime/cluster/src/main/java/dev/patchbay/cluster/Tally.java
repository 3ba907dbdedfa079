package dev.patchbay.cluster;

/** What was done since the start. */
final class Tally {
  long terms;
  long calls;
  long throttled;
  long looks;
  long swept;
  long made;
  long removed;
  /** How often all that is wanted was gone through. */
  long passes;
}
