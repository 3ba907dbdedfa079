package dev.patchbay.node.preflight;

import dev.patchbay.spi.Finding;
import java.util.Optional;

/** Tells the operator. Any thread calls it; it must not block. */
@FunctionalInterface
public interface Teller {
  /**
   * Something should be known, or is over.
   *
   * @param about what it is about; at most one finding holds for each
   * @param finding what it is; empty if it is over
   */
  void tell(String about, Optional<Finding> finding);
}
