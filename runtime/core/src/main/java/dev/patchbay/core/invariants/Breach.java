package dev.patchbay.core.invariants;

/**
 * Something that an invariant does not allow.
 *
 * @param invariant the name of the invariant
 * @param subject what it is about: an address, an attachment, an interface; the same in a later look, as long as it lasts
 * @param differs who says what, as a sentence
 */
public record Breach(String invariant, String subject, String differs) {
  @Override
  public String toString() {
    return invariant + ": " + subject + ": " + differs;
  }
}
