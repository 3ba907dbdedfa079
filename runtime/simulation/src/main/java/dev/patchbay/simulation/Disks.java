package dev.patchbay.simulation;

import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.core.salvage.KernelWitness;
import dev.patchbay.core.salvage.Salvage;
import dev.patchbay.simulation.model.DiskModel;
import dev.patchbay.simulation.model.Fault;
import dev.patchbay.spi.Fields;
import dev.patchbay.store.Recovery;
import dev.patchbay.store.SerialJournal;
import dev.patchbay.store.StoreException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A node's two journals on their disks, and what they must add up to. */
final class Disks {
  private final World world;
  private final String node;
  private DiskModel run = new DiskModel();
  private final DiskModel lib = new DiskModel();
  private @Nullable SerialJournal runJournal;
  private @Nullable SerialJournal libJournal;
  /** What was acknowledged. */
  private Ledger durable = new Ledger();
  /** What was on its way when the daemon was killed: any first part of it may be there. */
  private List<Entry> doubtful = List.of();
  private boolean salvaged;
  /** Whether what a bit was inverted in has not been replaced by a snapshot: a full disk has no room for one. */
  private boolean damaged;

  Disks(World world, String node) {
    this.world = world;
    this.node = node;
  }

  Ledger durable() {
    return durable;
  }

  void full(boolean now) {
    run.full(now);
    lib.full(now);
  }

  private SerialJournal journal(Entry.Part part) {
    SerialJournal journal = part == Entry.Part.RUN ? runJournal : libJournal;
    if (journal == null) {
      throw new IllegalStateException("the journals are closed");
    }
    return journal;
  }

  private static List<byte[]> bytes(List<Entry> entries, Entry.Part part) {
    List<byte[]> bytes = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      if (entry.part() == part) {
        bytes.add(entry.bytes());
      }
    }
    return bytes;
  }

  /** Makes entries durable; says why not, if that fails. */
  Optional<String> write(List<Entry> entries) {
    List<Entry> reach = world.sabotage.written(entries);
    try {
      for (Entry.Part part : Entry.Part.values()) {
        List<byte[]> bytes = bytes(world.sabotage.kept(reach), part);
        if (!bytes.isEmpty()) {
          journal(part).append(bytes);
        }
      }
    } catch (StoreException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    reach.forEach(durable::apply);
    world.judge.wrote(reach);
    world.story.mix(run.digest());
    world.story.mix(lib.digest());
    return Optional.empty();
  }

  /** Replaces what a journal holds by a state, and says whether it could. */
  boolean compact(Entry.Part part, List<Entry> state) {
    try {
      journal(part).compact(bytes(state, part));
    } catch (StoreException e) {
      return false;
    }
    Ledger next = new Ledger();
    for (Entry.Part each : Entry.Part.values()) {
      (each == part ? state : durable.snapshot(each, 0)).forEach(next::apply);
    }
    durable = next;
    damaged &= part != Entry.Part.RUN;
    return true;
  }

  /** The daemon is killed while it writes: some of what waits gets to the disk, the last perhaps in part. */
  void killed(List<Entry> waiting, boolean torn) {
    List<Entry> doubt = new ArrayList<>();
    int whole = waiting.isEmpty() ? 0 : world.chance.below(waiting.size() + 1);
    if (!run.isFull()) {
      for (Entry entry : world.sabotage.written(waiting.subList(0, whole))) {
        journal(entry.part()).append(List.of(entry.bytes()));
        doubt.add(entry);
      }
      if (torn && whole < waiting.size()) {
        Entry entry = waiting.get(whole);
        byte[] bytes = entry.bytes();
        DiskModel disk = entry.part() == Entry.Part.RUN ? run : lib;
        disk.cutAfter(world.chance.below(bytes.length + 40), () -> journal(entry.part()).append(List.of(bytes)));
        doubt.add(entry);
      }
    }
    doubtful = doubt;
    runJournal = null;
    libJournal = null;
  }

  /** What is under /run is gone. */
  void rebooted() {
    run = new DiskModel();
    salvaged = false;
    damaged = false;
    Ledger next = new Ledger();
    durable.snapshot(Entry.Part.LIB, 0).forEach(next::apply);
    durable = next;
    doubtful = doubtful.stream().filter(e -> e.part() == Entry.Part.LIB).toList();
  }

  /** Opens the journals as the daemon does, and sees that they have what was acknowledged, and nothing that was not written. */
  Optional<Ledger> open(Node of) {
    boolean before = damaged;
    if (world.happens(Fault.DISK_FLIPPED)) {
      damaged = true;
      String file = run.flip(world.chance.next());
      of.say(() -> "a bit of " + file + " is inverted");
    }
    SerialJournal.Opened libOpened = SerialJournal.open(lib);
    SerialJournal.Opened runOpened = SerialJournal.open(run);
    libJournal = libOpened.journal();
    runJournal = runOpened.journal();
    List<Entry> entries = new ArrayList<>(entries(libOpened.recovery(), false));
    entries.addAll(entries(runOpened.recovery(), damaged));
    if (world.happens(Fault.NEWER_ENTRIES)) {
      newer(Entry.Part.RUN, entries);
      newer(Entry.Part.LIB, entries);
    }
    List<KernelWitness> kernel = world.sabotage.witnessed(of.kernel.witnesses());
    if (damaged && (runOpened.recovery().isDoubtful() || lacks(replayed(entries), kernel))) {
      return salvage(of, entries, kernel);
    }
    damaged = false;
    if (before) {
      // What was rebuilt never came to the disk, and nothing shows any more that something was missing.
      durable = replayed(entries);
      doubtful = List.of();
    }
    // The snapshot before a damaged one may have what had cooled down since, and was left out of the damaged one.
    Ledger found = replayed(entries);
    compare(found, runOpened.recovery().damages().isEmpty() ? 0 : of.monotonic());
    List<Entry> told = world.sabotage.recovered(entries);
    return Optional.of(told == entries ? found : replayed(told));
  }

  /** What a newer version left stays, whatever this one makes of the rest. */
  private void newer(Entry.Part part, List<Entry> entries) {
    Entry entry = new Entry.Unknown(Fields.empty().with("entry", "of-the-future").with("part", part.name()).with("number", entries.size()));
    try {
      journal(part).append(List.of(entry.bytes()));
    } catch (StoreException e) {
      return;
    }
    entries.add(entry);
    durable.apply(entry);
  }

  private static boolean lacks(Ledger ledger, List<KernelWitness> kernel) {
    return kernel.stream().anyMatch(k -> !k.addresses().isEmpty() && ledger.attachment(k.key()).isEmpty());
  }

  /** As the daemon does: what was lost is rebuilt from what is left and from the kernel; empty if that would be guessing. */
  private Optional<Ledger> salvage(Node of, List<Entry> entries, List<KernelWitness> kernel) {
    Salvage.Outcome outcome = Salvage.of(entries, EnumSet.of(Entry.Part.RUN), kernel,
        new Salvage.Circumstances(Node.NETWORK, of.monotonic(), world.profile.cooldownMillis()));
    of.say(() -> "the ledger is rebuilt: " + outcome.words() + outcome.hopeless());
    if (!outcome.hopeless().isEmpty()) {
      return Optional.empty();
    }
    for (Sandbox sandbox : of.sandboxes.values()) {
      boolean kept = outcome.ledger().attachment(sandbox.key).filter(a -> a.state() == AttachmentRecord.State.LIVE).isPresent();
      if (sandbox.entitled && !sandbox.altered && !kept) {
        throw new BrokenException(Way.RECOVERED, node, sandbox.key + " runs, and the ledger that was rebuilt lacks it");
      }
    }
    salvaged = true;
    doubtful = List.of();
    durable = outcome.ledger().copy(0);
    compact(Entry.Part.RUN, outcome.ledger().snapshot(Entry.Part.RUN, of.monotonic()));
    return Optional.of(outcome.ledger());
  }

  /** Whether attachments were rebuilt. */
  boolean salvaged() {
    return salvaged;
  }

  private List<Entry> entries(Recovery recovery, boolean altered) {
    List<Entry> entries = new ArrayList<>();
    if (recovery.isDoubtful() && !altered) {
      throw new BrokenException(Way.RECOVERED, node, "a journal is damaged by a kill: " + recovery.damages());
    }
    recovery.state().forEach(b -> entries.add(Entry.of(b)));
    recovery.records().forEach(r -> entries.add(Entry.of(r.bytes())));
    return entries;
  }

  private static Ledger replayed(List<Entry> entries) {
    Ledger ledger = new Ledger();
    entries.forEach(ledger::apply);
    return ledger;
  }

  private void compare(Ledger found, long now) {
    for (int n = 0; n <= doubtful.size(); n++) {
      if (n > 0) {
        durable.apply(doubtful.get(n - 1));
      }
      if (same(found, now)) {
        doubtful = List.of();
        return;
      }
    }
    throw new BrokenException(Way.RECOVERED, node, "what was recovered is not what was written: " + difference(found));
  }

  private boolean same(Ledger found, long now) {
    return found.snapshot(Entry.Part.RUN, now).equals(durable.snapshot(Entry.Part.RUN, now))
        && found.snapshot(Entry.Part.LIB, 0).equals(durable.snapshot(Entry.Part.LIB, 0));
  }

  private String difference(Ledger found) {
    List<Entry> lost = new ArrayList<>();
    List<Entry> more = new ArrayList<>();
    for (Entry.Part part : Entry.Part.values()) {
      List<Entry> those = found.snapshot(part, 0);
      List<Entry> these = durable.snapshot(part, 0);
      these.stream().filter(e -> !those.contains(e)).forEach(lost::add);
      those.stream().filter(e -> !these.contains(e)).forEach(more::add);
    }
    return "lost " + lost + ", more " + more;
  }
}
