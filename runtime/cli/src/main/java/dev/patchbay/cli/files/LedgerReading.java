package dev.patchbay.cli.files;

import dev.patchbay.config.Configuration;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.core.ledger.LedgerFormatException;
import dev.patchbay.store.Damage;
import dev.patchbay.store.Journal;
import dev.patchbay.store.Recovery;
import dev.patchbay.store.StoreException;
import java.nio.file.Files;
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
    Ledger ledger = new Ledger();
    List<String> problems = new ArrayList<>();
    boolean there = false;
    for (Path folder : List.of(lib(state), run(state))) {
      if (Files.isDirectory(folder)) {
        there = true;
        read(folder, ledger, problems);
      }
    }
    return new LedgerReading(ledger, there, problems);
  }

  private static void read(Path folder, Ledger ledger, List<String> problems) {
    try {
      Recovery recovery = Journal.inspect(folder);
      recovery.state().forEach(bytes -> ledger.apply(Entry.of(bytes)));
      recovery.records().forEach(entry -> ledger.apply(Entry.of(entry.bytes())));
      if (recovery.isDoubtful()) {
        problems.add("The ledger in " + folder + " is damaged, and something in it may be lost: "
            + recovery.damages().stream().filter(d -> !d.healed()).map(Damage::toString).toList() + ".");
      }
    } catch (StoreException e) {
      problems.add(e.getMessage() + ".");
    } catch (LedgerFormatException | IllegalArgumentException e) {
      problems.add("The ledger in " + folder + " holds what is no ledger: " + e.getMessage() + ".");
    }
  }
}
