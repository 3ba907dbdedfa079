package dev.patchbay.node.preflight;

import dev.patchbay.spi.Finding;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What one check has found: tells what is new and what is over, and nothing twice. For any thread. */
final class Board {
  private final String name;
  private final Teller teller;
  private final Map<String, Finding> there = new HashMap<>();

  /**
   * Makes it.
   *
   * @param name the check's name, a word
   */
  Board(String name, Teller teller) {
    this.name = name;
    this.teller = teller;
  }

  /** Replaces what was found before by what is found now, each by what it is about. */
  synchronized void show(Map<String, Finding> now) {
    Set<String> over = new HashSet<>(there.keySet());
    over.removeAll(now.keySet());
    for (String about : over) {
      there.remove(about);
      teller.tell(name + " " + about, Optional.empty());
    }
    now.forEach((about, finding) -> {
      if (!finding.equals(there.put(about, finding))) {
        teller.tell(name + " " + about, Optional.of(finding));
      }
    });
  }
}
