package dev.patchbay.node.engine;

import dev.patchbay.core.brain.Effect;
import dev.patchbay.core.brain.Event;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.core.ledger.LedgerFormatException;
import dev.patchbay.store.Journal;
import dev.patchbay.store.JournalStatistics;
import dev.patchbay.store.Recovery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The ledger on disk: one journal for each part. Any thread may write.
 */
public final class LedgerFiles implements AutoCloseable {
  /** After so many entries a journal is replaced by a snapshot. */
  private static final long COMPACT_AFTER = 20_000;

  private final Journal run;
  private final Journal lib;
  private final Path runFolder;
  private final Path libFolder;
  private final Ledger recovered;
  private long runSince;
  private long libSince;

  private LedgerFiles(Journal run, Path runFolder, Journal lib, Path libFolder, Ledger recovered) {
    this.run = run;
    this.runFolder = runFolder;
    this.lib = lib;
    this.libFolder = libFolder;
    this.recovered = recovered;
  }

  /**
   * Opens both journals, and recovers what they hold.
   *
   * @param runFolder the folder of the part that ends with a boot
   * @param libFolder the folder of the part that survives boots
   * @return the files
   * @throws dev.patchbay.store.StoreException if they can't be read, or another daemon has them
   * @throws LedgerFormatException if they hold what is no ledger, or are damaged in a way that would need guessing
   */
  public static LedgerFiles open(Path runFolder, Path libFolder) {
    Ledger ledger = new Ledger();
    Journal.Opened lib = Journal.open(libFolder);
    try {
      recover(lib.recovery(), ledger, libFolder);
      Journal.Opened run = Journal.open(runFolder);
      try {
        recover(run.recovery(), ledger, runFolder);
        return new LedgerFiles(run.journal(), runFolder, lib.journal(), libFolder, ledger);
      } catch (RuntimeException e) {
        run.journal().close();
        throw e;
      }
    } catch (RuntimeException e) {
      lib.journal().close();
      throw e;
    }
  }

  private static void recover(Recovery recovery, Ledger ledger, Path folder) {
    if (recovery.isDoubtful()) {
      throw new LedgerDamagedException(folder, recovery.damages().toString());
    }
    recovery.state().forEach(bytes -> ledger.apply(Entry.of(bytes)));
    recovery.records().forEach(entry -> ledger.apply(Entry.of(entry.bytes())));
  }

  /**
   * {@return what was recovered; the brain takes it over}
   */
  public Ledger recovered() {
    return recovered;
  }

  /**
   * Carries out a write.
   *
   * @param write the effect
   * @param engine who is told when it is durable
   */
  public void write(Effect.Write write, Engine engine) {
    List<CompletableFuture<Long>> parts = new ArrayList<>();
    for (Entry entry : write.entries()) {
      boolean ofRun = entry.part() == Entry.Part.RUN;
      parts.add((ofRun ? run : lib).appendLater(entry.bytes()));
      if (ofRun) {
        runSince++;
      } else {
        libSince++;
      }
    }
    CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new)).whenComplete((done, failure) -> {
      if (failure == null) {
        engine.send(new Event.Written(write.token()));
      } else {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        engine.send(new Event.WriteFailed(write.token(), String.valueOf(cause.getMessage())));
      }
    });
    if (runSince > COMPACT_AFTER) {
      runSince = 0;
      engine.snapshot(Entry.Part.RUN, entries -> run.compact(entries.stream().map(Entry::bytes).toList()));
    }
    if (libSince > COMPACT_AFTER) {
      libSince = 0;
      engine.snapshot(Entry.Part.LIB, entries -> lib.compact(entries.stream().map(Entry::bytes).toList()));
    }
  }

  /**
   * Reads both parts as they are on the disk now, beside what is being written.
   *
   * @return what they add up to
   * @throws dev.patchbay.store.StoreException if they can't be read
   * @throws LedgerFormatException if they hold what is no ledger
   */
  public Ledger read() {
    Ledger ledger = new Ledger();
    for (Path folder : List.of(libFolder, runFolder)) {
      Recovery recovery = Journal.inspect(folder);
      recovery.state().forEach(bytes -> ledger.apply(Entry.of(bytes)));
      recovery.records().forEach(entry -> ledger.apply(Entry.of(entry.bytes())));
    }
    return ledger;
  }

  /**
   * {@return what a part has written since it was opened}
   * @param part the part
   */
  public JournalStatistics written(Entry.Part part) {
    return (part == Entry.Part.RUN ? run : lib).statistics();
  }

  /**
   * {@return how many bytes the files of a part have}
   * @param part the part
   */
  public long bytes(Entry.Part part) {
    try (Stream<Path> files = Files.list(part == Entry.Part.RUN ? runFolder : libFolder)) {
      return files.mapToLong(LedgerFiles::size).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file that was replaced meanwhile has no size any more. */
  private static long size(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public void close() {
    run.close();
    lib.close();
  }
}
