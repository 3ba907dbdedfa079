package dev.patchbay.node.engine;

import dev.patchbay.core.brain.Effect;
import dev.patchbay.core.brain.Event;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.core.ledger.LedgerFormatException;
import dev.patchbay.core.salvage.KernelWitness;
import dev.patchbay.core.salvage.Salvage;
import dev.patchbay.store.Damage;
import dev.patchbay.store.Journal;
import dev.patchbay.store.JournalStatistics;
import dev.patchbay.store.Recovery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger on disk: one journal for each part. Any thread may write.
 *
 * <p>The entries of one write are found again all or none, for each part. What was refused while the disk was full or read-only is in the
 * brain's ledger all the same, where it is true: as soon as the disk takes writes again, a snapshot makes it durable.
 */
public final class LedgerFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerFiles.class);
  /** After so many entries a journal is replaced by a snapshot. */
  private static final long COMPACT_AFTER = 20_000;
  private static final long HEAL_MILLIS = 2_000;
  /** Says which boot the part that ends with a boot is of. */
  private static final String BOOT = "boot";

  /**
   * Where the ledger is, and what is to be known if something of it is lost.
   *
   * @param run the folder of the part that ends with a boot
   * @param lib the folder of the part that survives boots
   * @param boot what tells this boot from others
   * @param witness reads what the kernel shows of attachments
   * @param circumstances what is to be known beside
   */
  public record Place(Path run, Path lib, String boot, Supplier<List<KernelWitness>> witness, Salvage.Circumstances circumstances) {}

  /** One part. */
  private static final class File {
    private final Path folder;
    private final Journal journal;
    private final AtomicBoolean healing = new AtomicBoolean();
    private long since;

    File(Path folder, Journal journal) {
      this.folder = folder;
      this.journal = journal;
    }
  }

  private final Map<Entry.Part, File> files;
  private final Ledger recovered;
  private final List<String> salvaged;
  private volatile boolean closed;

  private LedgerFiles(Map<Entry.Part, File> files, Ledger recovered, List<String> salvaged) {
    this.files = files;
    this.recovered = recovered;
    this.salvaged = List.copyOf(salvaged);
  }

  /**
   * Opens both journals, and recovers what they hold. What was lost is rebuilt from witnesses, and the damaged files are kept beside.
   *
   * @param place where they are
   * @return the files
   * @throws dev.patchbay.store.StoreException if they can't be read, or another daemon has them
   * @throws LedgerFormatException if they hold what is no ledger
   * @throws LedgerDamagedException if they are damaged in a way that would need guessing
   */
  public static LedgerFiles open(Place place) {
    long began = System.nanoTime();
    LedgerFiles files = recover(place);
    LOG.info("The ledger has {} attachments; read in {} ms.", files.recovered.attachments().size(), (System.nanoTime() - began) / 100_000 / 10.0);
    return files;
  }

  private static LedgerFiles recover(Place place) {
    Map<Entry.Part, File> files = new EnumMap<>(Entry.Part.class);
    try {
      List<Entry> entries = new ArrayList<>();
      Set<Entry.Part> damaged = EnumSet.noneOf(Entry.Part.class);
      List<String> words = new ArrayList<>();
      for (Entry.Part part : List.of(Entry.Part.LIB, Entry.Part.RUN)) {
        // Where the one can't be written nothing is made of the other.
        if (part == Entry.Part.RUN) {
          endOfBoot(place);
        }
        Path folder = part == Entry.Part.RUN ? place.run() : place.lib();
        Journal.Opened opened = Journal.open(folder);
        files.put(part, new File(folder, opened.journal()));
        entries.addAll(entries(opened.recovery()));
        if (opened.recovery().isDoubtful()) {
          damaged.add(part);
          words.add("The ledger in " + folder + " was damaged: " + words(opened.recovery()) + ".");
        } else if (!opened.recovery().damages().isEmpty()) {
          LOG.warn("The ledger in {} was damaged, and nothing is lost: {}.", folder, words(opened.recovery()));
        }
      }
      List<KernelWitness> kernel = place.witness().get();
      if (damaged.isEmpty()) {
        Ledger ledger = new Ledger();
        entries.forEach(ledger::apply);
        List<String> strangers = kernel.stream().filter(k -> !k.addresses().isEmpty() && ledger.attachment(k.key()).isEmpty())
            .map(k -> k.key().toString()).toList();
        if (strangers.isEmpty()) {
          return new LedgerFiles(files, ledger, words);
        }
        // Nothing gets into the kernel that is not written before, and nothing is forgotten that is still there. A device of a pod is there
        // only as long as the pod's namespace is.
        damaged.add(Entry.Part.RUN);
        words.add("The ledger in " + place.run() + " lacks what the kernel has: " + String.join(", ", strangers) + ".");
      }
      return salvage(place, files, entries, kernel, damaged, words);
    } catch (RuntimeException e) {
      files.values().forEach(f -> f.journal.close());
      throw e;
    }
  }

  private static LedgerFiles salvage(Place place, Map<Entry.Part, File> files, List<Entry> entries, List<KernelWitness> kernel,
      Set<Entry.Part> damaged, List<String> words) {
    String damages = String.join(" ", words);
    Salvage.Outcome outcome = Salvage.of(entries, damaged, kernel, place.circumstances());
    if (!outcome.hopeless().isEmpty()) {
      throw new LedgerDamagedException(damages, outcome.hopeless());
    }
    words.addAll(outcome.words());
    for (Entry.Part part : damaged) {
      File file = files.get(part);
      if (file != null) {
        words.add("Its files as they were lie in " + keep(file.folder) + ".");
        // The gap closes with a snapshot. Without one nothing is lost either: the next start does the same again.
        file.journal.compact(bytes(outcome.ledger().snapshot(part, place.circumstances().now()))).exceptionally(failure -> {
          LOG.warn("What was rebuilt of the ledger can't be written yet: {}", failure.getMessage());
          return 0L;
        }).join();
      }
    }
    words.forEach(w -> LOG.warn("{}", w));
    return new LedgerFiles(files, outcome.ledger(), words);
  }

  /** No pod survives a boot, wherever the files lie. */
  private static void endOfBoot(Place place) {
    Path mark = place.run().resolve(BOOT);
    try {
      Files.createDirectories(place.run());
      if (Files.exists(mark) && !Files.readString(mark).strip().equals(place.boot())) {
        LOG.info("The attachments in {} are of an earlier boot, and ended with it.", place.run());
        try (Stream<Path> old = Files.list(place.run())) {
          for (Path file : old.filter(f -> f.getFileName().toString().matches("(segment|snapshot)-.*")).toList()) {
            Files.delete(file);
          }
        }
        Files.delete(mark);
      }
      if (!Files.exists(mark)) {
        Files.writeString(mark, place.boot() + "\n");
      }
    } catch (IOException e) {
      // A disk that is full or read-only: the journal says so in its own words, or works all the same.
      LOG.debug("The mark of the boot can't be kept.", e);
    }
  }

  /** Keeps a copy of what was damaged, for who looks for the cause. */
  private static String keep(Path folder) {
    Path to = folder.resolveSibling(folder.getFileName() + "-damaged-" + System.currentTimeMillis());
    try (Stream<Path> all = Files.list(folder)) {
      Files.createDirectories(to);
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
      return to.toString();
    } catch (IOException e) {
      return "no other place, since they can't be copied (" + e.getMessage() + ")";
    }
  }

  private static List<Entry> entries(Recovery recovery) {
    List<Entry> entries = new ArrayList<>();
    recovery.state().forEach(bytes -> entries.add(Entry.of(bytes)));
    recovery.records().forEach(entry -> entries.add(Entry.of(entry.bytes())));
    return entries;
  }

  private static String words(Recovery recovery) {
    return String.join("; ", recovery.damages().stream().map(Damage::toString).toList());
  }

  private static List<byte[]> bytes(List<Entry> entries) {
    return entries.stream().map(Entry::bytes).toList();
  }

  /**
   * {@return what was recovered; the brain takes it over}
   */
  public Ledger recovered() {
    return recovered;
  }

  /**
   * {@return what was lost and rebuilt, as sentences; empty if nothing was}
   */
  public List<String> salvaged() {
    return salvaged;
  }

  private File file(Entry.Part part) {
    return java.util.Objects.requireNonNull(files.get(part));
  }

  /**
   * Carries out a write.
   *
   * @param write the effect
   * @param engine who is told when it is durable
   */
  public void write(Effect.Write write, Engine engine) {
    List<CompletableFuture<Long>> parts = new ArrayList<>();
    for (Entry.Part part : Entry.Part.values()) {
      List<byte[]> group = bytes(write.entries().stream().filter(e -> e.part() == part).toList());
      if (!group.isEmpty()) {
        File file = file(part);
        file.since += group.size();
        parts.add(file.journal.appendLater(group).whenComplete((number, failure) -> {
          if (failure != null) {
            heal(part, engine);
          }
        }));
      }
    }
    CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new)).whenComplete((done, failure) -> {
      if (failure == null) {
        engine.send(new Event.Written(write.token()));
      } else {
        engine.send(new Event.WriteFailed(write.token(), String.valueOf(cause(failure).getMessage())));
      }
    });
    for (Entry.Part part : Entry.Part.values()) {
      File file = file(part);
      if (file.since > COMPACT_AFTER) {
        file.since = 0;
        engine.snapshot(part, entries -> file.journal.compact(bytes(entries)));
      }
    }
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
  }

  /** Tries a snapshot, again and again, until the disk takes it. */
  private void heal(Entry.Part part, Engine engine) {
    if (file(part).healing.compareAndSet(false, true)) {
      healLater(part, engine);
    }
  }

  private void healLater(Entry.Part part, Engine engine) {
    CompletableFuture.delayedExecutor(HEAL_MILLIS, TimeUnit.MILLISECONDS).execute(() -> {
      if (!closed) {
        engine.snapshot(part, entries -> file(part).journal.compact(bytes(entries)).whenComplete((number, failure) -> {
          if (failure != null) {
            healLater(part, engine);
          } else {
            file(part).healing.set(false);
            engine.send(new Event.Written(0));
          }
        }));
      }
    });
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
    for (Entry.Part part : List.of(Entry.Part.LIB, Entry.Part.RUN)) {
      entries(Journal.inspect(file(part).folder)).forEach(ledger::apply);
    }
    return ledger;
  }

  /**
   * {@return what a part has written since it was opened}
   * @param part the part
   */
  public JournalStatistics written(Entry.Part part) {
    return file(part).journal.statistics();
  }

  /**
   * {@return how many bytes the files of a part have}
   * @param part the part
   */
  public long bytes(Entry.Part part) {
    try (Stream<Path> all = Files.list(file(part).folder)) {
      return all.mapToLong(LedgerFiles::size).sum();
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
    closed = true;
    file(Entry.Part.RUN).journal.close();
    file(Entry.Part.LIB).journal.close();
  }
}
