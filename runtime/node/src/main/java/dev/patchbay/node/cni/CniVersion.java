package dev.patchbay.node.cni;

import java.util.List;
import java.util.Optional;

/**
 * The versions of the CNI specification that Patchbay speaks. They are all that were ever tagged.
 *
 * @param text the version
 */
record CniVersion(String text) {
  static final List<String> SUPPORTED = List.of("0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0");
  /** A configuration that says none: CNI specification 0.1.0 knew no {@code cniVersion}. */
  static final String ABSENT = "0.1.0";

  static Optional<CniVersion> of(String text) {
    return SUPPORTED.contains(text) ? Optional.of(new CniVersion(text)) : Optional.empty();
  }

  boolean atLeast(String other) {
    return SUPPORTED.indexOf(text) >= SUPPORTED.indexOf(other);
  }

  static boolean isWellFormed(String text) {
    return text.matches("\\d{1,9}\\.\\d{1,9}(\\.\\d{1,9})?");
  }
}
