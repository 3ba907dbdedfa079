package dev.patchbay.cli.files;

import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.LedgerFormatException;
import dev.patchbay.store.Damage;
import dev.patchbay.store.Journal;
import dev.patchbay.store.Recovery;
import dev.patchbay.store.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One part of the ledger as it lies on the disk, entry by entry. Read beside a daemon, if one runs, and changed in nothing.
 *
 * @param part the part
 * @param folder its folder
 * @param there whether there is such a folder
 * @param state the entries of the snapshot that it begins with
 * @param records the entries since then
 * @param damages where bytes are not what was written
 * @param cut how many bytes at the end were being written when it was read, or when the daemon ended
 * @param problems what could not be read, and what is no entry, as sentences
 */
public record PartReading(Entry.Part part, Path folder, boolean there, List<Numbered> state, List<Numbered> records, List<Damage> damages,
    long cut, List<String> problems) {
  /**
   * Copies the lists.
   */
  public PartReading {
    state = List.copyOf(state);
    records = List.copyOf(records);
    damages = List.copyOf(damages);
    problems = List.copyOf(problems);
  }

  /**
   * An entry and its place.
   *
   * @param number the number of its record; 0 for one of the snapshot
   * @param entry the entry
   */
  public record Numbered(long number, Entry entry) {}

  /**
   * Reads a part.
   *
   * @param part the part
   * @param folder its folder
   * @return what it holds
   */
  public static PartReading of(Entry.Part part, Path folder) {
    List<String> problems = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      if (Files.exists(folder)) {
        problems.add(folder + " is no folder, so it can't be a ledger.");
      }
      return new PartReading(part, folder, false, List.of(), List.of(), List.of(), 0, problems);
    }
    try {
      Recovery recovery = Journal.inspect(folder);
      List<Numbered> state = new ArrayList<>();
      List<Numbered> records = new ArrayList<>();
      recovery.state().forEach(bytes -> add(state, 0, bytes, folder, problems));
      recovery.records().forEach(record -> add(records, record.number(), record.bytes(), folder, problems));
      if (recovery.isDoubtful()) {
        problems.add("The ledger in " + folder + " is damaged, and something in it may be lost: "
            + recovery.damages().stream().filter(d -> !d.healed()).map(Damage::toString).toList() + ".");
      }
      return new PartReading(part, folder, true, state, records, recovery.damages(), recovery.cut(), problems);
    } catch (StoreException e) {
      problems.add(e.getMessage() + ".");
      return new PartReading(part, folder, true, List.of(), List.of(), List.of(), 0, problems);
    }
  }

  private static void add(List<Numbered> to, long number, byte[] bytes, Path folder, List<String> problems) {
    try {
      to.add(new Numbered(number, Entry.of(bytes)));
    } catch (LedgerFormatException e) {
      problems.add("Record " + number + " in " + folder + " is no entry of a ledger: " + e.getMessage() + ".");
    }
  }

  /**
   * {@return all entries, in the order in which they were written}
   */
  public Stream<Numbered> entries() {
    return Stream.concat(state.stream(), records.stream());
  }

  /**
   * {@return how many bytes its files have}
   */
  public long bytes() {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum();
    } catch (java.io.IOException e) {
      return 0;
    }
  }
}
