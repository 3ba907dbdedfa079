package dev.patchbay.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Reads a journal's files and puts together what they say. Changes nothing. */
final class Recoverer {
  static final String SEGMENT = "segment-";
  static final String SNAPSHOT = "snapshot-";

  /**
   * A file whose name says a number.
   *
   * @param name its name
   * @param number the number
   */
  record Named(String name, long number) {}

  /**
   * What was found.
   *
   * @param recovery for the journal's user
   * @param segments all, by number
   * @param snapshots all, by number
   * @param next the number of the record to be written next
   * @param appendable the segment that can be written on; empty if a new one must be begun
   */
  record Found(Recovery recovery, List<Named> segments, List<Named> snapshots, long next, Optional<Named> appendable) {}

  private final Storage storage;
  private final List<Damage> damages = new ArrayList<>();
  private final List<Recovery.Entry> records = new ArrayList<>();
  private long cut;

  private Recoverer(Storage storage) {
    this.storage = storage;
  }

  static Found recover(Storage storage) throws IOException {
    return new Recoverer(storage).run();
  }

  static String name(String kind, long number) {
    return kind + String.format("%016x", number);
  }

  static List<Named> named(List<String> names, String kind) {
    return names.stream().filter(n -> n.matches(kind + "[0-9a-f]{16}"))
        .map(n -> new Named(n, Long.parseUnsignedLong(n.substring(kind.length()), 16)))
        .sorted(Comparator.comparingLong(Named::number)).toList();
  }

  private Found run() throws IOException {
    List<String> names = storage.list();
    List<Named> snapshots = named(names, SNAPSHOT);
    List<Named> segments = named(names, SEGMENT);

    List<Damage> ofSnapshots = new ArrayList<>();
    Format.Parsed base = null;
    Format.Parsed newestDamaged = null;
    long number = 0;
    for (Named snapshot : snapshots.reversed()) {
      Format.Parsed parsed = Format.parse(snapshot.name(), storage.read(snapshot.name()));
      if (parsed.isWholeSnapshot()) {
        base = parsed;
        number = snapshot.number();
        break;
      }
      ofSnapshots.addAll(parsed.damages().isEmpty()
          ? List.of(new Damage(snapshot.name(), 0, 0, Damage.Kind.MISSING, 0, false)) : parsed.damages());
      if (newestDamaged == null) {
        newestDamaged = parsed;
      }
    }
    if (base == null && newestDamaged != null) {
      long first = snapshots.getLast().number() + 1;
      // Without a whole snapshot only the segments from the beginning would do.
      boolean fromTheBeginning = !segments.isEmpty() && segments.getFirst().number() == 1;
      base = fromTheBeginning ? null : newestDamaged;
      number = fromTheBeginning ? 0 : first - 1;
    }

    Tail tail = replay(segments, number);
    // An older snapshot and every record since are as good as the damaged one, if that has not what was refused as a record.
    boolean healed = damages.isEmpty() && base != newestDamaged
        && ofSnapshots.stream().noneMatch(d -> names.contains(SnapshotFile.beyond(d.file())));
    for (Damage d : ofSnapshots) {
      damages.addFirst(healed ? d.asHealed() : d);
    }

    long highest = Math.max(snapshots.isEmpty() ? 0 : snapshots.getLast().number(),
        records.isEmpty() ? 0 : records.getLast().number());
    // The number of a record that was altered at the end is not given to another: the gap stays visible.
    long next = Math.max(highest + (tail == Tail.ALTERED ? 2 : 1), segments.isEmpty() ? 1 : segments.getLast().number());
    List<byte[]> state = base == null ? List.of() : base.entries().stream().map(Recovery.Entry::bytes).toList();
    Recovery recovery = new Recovery(state, records, highest, damages, cut);
    boolean appendable = tail == Tail.WHOLE && !segments.isEmpty()
        && (snapshots.isEmpty() || segments.getLast().number() > snapshots.getLast().number());
    return new Found(recovery, segments, snapshots, next, appendable ? Optional.of(segments.getLast()) : Optional.empty());
  }

  /** How the last segment ends. */
  private enum Tail {
    WHOLE,
    UNFIT,
    ALTERED
  }

  /** Collects the records above a number. */
  private Tail replay(List<Named> segments, long above) throws IOException {
    long last = above;
    boolean explained = false;
    Tail tail = Tail.UNFIT;
    for (int i = 0; i < segments.size(); i++) {
      Named segment = segments.get(i);
      boolean isLast = i == segments.size() - 1;
      // What lies in a segment beyond the next one's first number was given up: its writers were told that it failed.
      long end = isLast ? Long.MAX_VALUE : segments.get(i + 1).number();
      if (end <= above + 1) {
        continue;
      }
      Format.Parsed parsed = Format.parse(segment.name(), storage.read(segment.name()));
      List<Damage> own = new ArrayList<>();
      for (Damage damage : parsed.damages()) {
        if (damage.kind() == Damage.Kind.HEADER) {
          own.add(damage.asHealed());
        } else if (lastLost(damage, parsed.entries()) > above && damage.after() + 1 < end) {
          own.add(damage);
        }
      }
      if (segment.number() > last + 1 && !explained) {
        own.addFirst(new Damage(segment.name(), 0, 0, Damage.Kind.MISSING, last, false));
      }
      last = Math.max(last, segment.number() - 1);
      for (Recovery.Entry entry : parsed.entries()) {
        if (entry.number() > last && entry.number() < end) {
          long before = last;
          if (entry.number() > before + 1 && own.stream().noneMatch(d -> d.after() == before)) {
            own.add(new Damage(segment.name(), 0, 0, Damage.Kind.MISSING, last, false));
          }
          records.add(entry);
          last = entry.number();
        }
      }
      if (isLast) {
        cut = parsed.cut();
        boolean altered = own.stream().anyMatch(d -> d.kind() == Damage.Kind.ALTERED_LAST);
        // What an earlier version began is not written on in another format.
        boolean whole = own.isEmpty() && cut == 0 && parsed.header().filter(h -> h.format() == Format.FORMAT).isPresent();
        tail = altered ? Tail.ALTERED : whole ? Tail.WHOLE : Tail.UNFIT;
      }
      explained = own.stream().anyMatch(d -> !d.healed());
      damages.addAll(own);
    }
    return tail;
  }

  /** The highest number that may be lost by a damage. */
  private static long lastLost(Damage damage, List<Recovery.Entry> entries) {
    return entries.stream().mapToLong(Recovery.Entry::number).filter(n -> n > damage.after()).findFirst()
        .orElse(damage.after() + 2) - 1;
  }
}
