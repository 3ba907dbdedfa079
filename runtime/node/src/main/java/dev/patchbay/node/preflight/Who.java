package dev.patchbay.node.preflight;

import java.util.Collection;

/** Names of those who need something, in a sentence. */
final class Who {
  private Who() {}

  /** {@code secondary-ip needs}, {@code patchbay and secondary-ip need}; of a need that nobody declared, Patchbay has it. */
  static String needs(Collection<String> who) {
    if (who.isEmpty()) {
      return "patchbay needs";
    }
    return String.join(" and ", who) + (who.size() == 1 ? " needs" : " need");
  }
}
