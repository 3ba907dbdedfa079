package dev.patchbay.cli.files;

import dev.patchbay.config.Configuration;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.core.ledger.LedgerFormatException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The ledger as it lies on the disk. Read beside a daemon, if one runs, and changed in nothing.
 *
 * @param ledger what could be read
 * @param there whether there is a ledger at all
 * @param problems what could not be read, as sentences
 */
public record LedgerReading(Ledger ledger, boolean there, List<String> problems) {
  /**
   * Copies the list.
   */
  public LedgerReading {
    problems = List.copyOf(problems);
  }

  /**
   * {@return the folder of the part that ends with a boot}
   * @param state the section state of the configuration
   */
  public static Path run(Configuration.State state) {
    return state.run().resolve("ledger");
  }

  /**
   * {@return the folder of the part that survives boots}
   * @param state the section state of the configuration
   */
  public static Path lib(Configuration.State state) {
    return state.lib().resolve("ledger");
  }

  /**
   * Reads both parts.
   *
   * @param state the section state of the configuration
   * @return the ledger
   */
  public static LedgerReading of(Configuration.State state) {
    return of(List.of(PartReading.of(Entry.Part.LIB, lib(state)), PartReading.of(Entry.Part.RUN, run(state))));
  }

  /**
   * Puts parts together.
   *
   * @param parts the parts
   * @return what they add up to
   */
  public static LedgerReading of(List<PartReading> parts) {
    Ledger ledger = new Ledger();
    List<String> problems = new ArrayList<>();
    for (PartReading part : parts) {
      problems.addAll(part.problems());
      part.entries().forEach(numbered -> {
        try {
          ledger.apply(numbered.entry());
        } catch (LedgerFormatException e) {
          problems.add("Record " + numbered.number() + " in " + part.folder() + " contradicts those before it: " + e.getMessage() + ".");
        }
      });
    }
    return new LedgerReading(ledger, parts.stream().anyMatch(PartReading::there), problems);
  }
}
