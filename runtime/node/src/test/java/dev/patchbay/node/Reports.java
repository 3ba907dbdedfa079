package dev.patchbay.node;

import dev.patchbay.core.brain.Report;
import dev.patchbay.spi.Finding;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reports of nodes without pods. */
final class Reports {
  private Reports() {}

  static Report of(boolean serving, Finding... findings) {
    return new Report(serving, Optional.empty(), List.of(), List.of(), List.of(), List.of(), Map.of(), List.of(findings),
        Optional.empty(), Optional.empty(), List.of(), List.of(), List.of(), Map.of());
  }
}
