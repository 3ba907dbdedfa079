package dev.patchbay.core.ledger;

import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the entries of the ledger add up to. Not for several threads; the brain owns it.
 *
 * <p>Every change is an entry: what {@link #apply} does with an entry now, it does again when the journal is read, so the state
 * after a restart is the state that was written.
 */
public final class Ledger {
  private static final Comparator<AttachmentRecord> BY_PLACE =
      Comparator.comparingInt(AttachmentRecord::ordinal).thenComparing(AttachmentRecord::key);

  private final NavigableMap<AttachmentKey, AttachmentRecord> attachments = new TreeMap<>();
  private final Set<AttachmentKey> told = new TreeSet<>();
  private final Map<IpAddress, AttachmentKey> holders = new HashMap<>();
  private final Map<IpAddress, Long> cooling = new TreeMap<>();
  private Fields seen = Fields.empty();
  private Fields planned = Fields.empty();

  private final Map<String, String> intended = new TreeMap<>();
  private long provenance;
  private final Map<String, Made> made = new TreeMap<>();
  private final Map<String, Set<Cidr>> units = new TreeMap<>();
  private final Map<String, Set<IpAddress>> particular = new TreeMap<>();
  private final Map<String, Set<Cidr>> leaving = new TreeMap<>();
  /** Of those that are leaving, what EC2 has taken off. */
  private final Map<String, Set<Cidr>> left = new TreeMap<>();
  private final Set<String> unsettled = new TreeSet<>();
  private final Set<String> enisLeaving = new TreeSet<>();
  private final Map<String, InstanceTypeRecord> types = new TreeMap<>();
  private final List<Entry.Unknown> unknown = new ArrayList<>();

  /** An empty ledger: nobody has anything. */
  public Ledger() {}

  /**
   * An interface that we made.
   *
   * @param token the client token that it was made with
   * @param eniId the interface
   * @param lane the lane that it is for
   */
  public record Made(String token, String eniId, String lane) {}

  /**
   * Applies an entry.
   *
   * @param entry the entry
   * @throws LedgerFormatException if it contradicts what is there: two attachments would hold one address
   */
  public void apply(Entry entry) {
    if (entry.part() == Entry.Part.LIB) {
      provenance++;
    }
    switch (entry) {
      case Entry.Attached e -> attach(e.attachment());
      case Entry.Marked e -> attachments.computeIfPresent(e.key(), (key, a) -> a.in(e.state()));
      case Entry.Told e -> {
        if (attachments.containsKey(e.key())) {
          told.add(e.key());
        }
      }
      case Entry.Ended e -> {
        told.remove(e.key());
        AttachmentRecord ended = attachments.remove(e.key());
        if (ended != null) {
          for (HeldAddress held : ended.addresses()) {
            holders.remove(held.address());
            cooling.put(held.address(), e.coolUntil());
          }
        }
      }
      case Entry.Cools e -> cooling.put(e.address(), e.coolUntil());
      case Entry.Seen e -> seen = e.facts();
      case Entry.Planned e -> planned = e.plan();
      case Entry.EniIntended e -> intended.put(e.token(), e.lane());
      case Entry.EniMade e -> {
        intended.remove(e.token());
        made.put(e.eniId(), new Made(e.token(), e.eniId(), e.lane()));
      }
      case Entry.EniGone e -> {
        intended.remove(e.token());
        made.values().stream().filter(m -> m.token().equals(e.token())).map(Made::eniId).findFirst().ifPresent(id -> {
          made.remove(id);
          units.remove(id);
          particular.remove(id);
          leaving.remove(id);
          left.remove(id);
          enisLeaving.remove(id);
          unsettled.remove(id);
        });
      }
      case Entry.UnitsIntended e -> unsettled.add(e.eniId());
      case Entry.UnitsSettled e -> unsettled.remove(e.eniId());
      case Entry.UnitsMade e -> {
        units.computeIfAbsent(e.eniId(), id -> new TreeSet<>()).addAll(e.units());
        unsettled.remove(e.eniId());
        taken(e.eniId(), e.units());
      }
      case Entry.ParticularMade e -> {
        units.computeIfAbsent(e.eniId(), id -> new TreeSet<>()).add(e.address().asCidr());
        particular.computeIfAbsent(e.eniId(), id -> new TreeSet<>()).add(e.address());
        stay(e.eniId(), List.of(e.address().asCidr()));
      }
      case Entry.UnitsGone e -> {
        units.computeIfPresent(e.eniId(), (id, set) -> {
          e.units().forEach(set::remove);
          return set.isEmpty() ? null : set;
        });
        particular.computeIfPresent(e.eniId(), (id, set) -> {
          e.units().forEach(unit -> set.remove(unit.address()));
          return set.isEmpty() ? null : set;
        });
        stay(e.eniId(), e.units());
      }
      case Entry.UnitsLeaving e -> {
        leaving.computeIfAbsent(e.eniId(), id -> new TreeSet<>()).addAll(e.units());
        // What had left before was given to us again, and is released once more.
        left.computeIfPresent(e.eniId(), (id, set) -> without(set, e.units()::contains));
      }
      case Entry.UnitsLeft e -> {
        List<Cidr> of = e.units().stream().filter(leaving(e.eniId())::contains).toList();
        if (!of.isEmpty()) {
          left.computeIfAbsent(e.eniId(), id -> new TreeSet<>()).addAll(of);
        }
      }
      case Entry.UnitsStay e -> stay(e.eniId(), e.units());
      case Entry.EniLeaving e -> enisLeaving.add(e.eniId());
      case Entry.EniStays e -> enisLeaving.remove(e.eniId());
      case Entry.TypeLearned e -> types.put(e.type().name(), e.type());
      case Entry.Unknown e -> unknown.add(e);
    }
  }

  private void stay(String eniId, List<Cidr> unitsOfIt) {
    leavesNoMore(eniId, unitsOfIt::contains);
  }

  /** They are not leaving, and nothing within them is: EC2 gives a block away only when none of it is anybody's. */
  private void taken(String eniId, List<Cidr> made) {
    leavesNoMore(eniId, unit -> made.stream().anyMatch(m -> m.contains(unit)));
  }

  private void leavesNoMore(String eniId, Predicate<Cidr> which) {
    leaving.computeIfPresent(eniId, (id, set) -> without(set, which));
    left.computeIfPresent(eniId, (id, set) -> without(set, which));
  }

  private static @Nullable Set<Cidr> without(Set<Cidr> set, Predicate<Cidr> which) {
    set.removeIf(which);
    return set.isEmpty() ? null : set;
  }

  private void attach(AttachmentRecord attachment) {
    for (HeldAddress held : attachment.addresses()) {
      AttachmentKey holder = holders.get(held.address());
      if (holder != null && !holder.equals(attachment.key())) {
        throw new LedgerFormatException(held.address() + " would be held by " + holder + " and by " + attachment.key());
      }
    }
    AttachmentRecord before = attachments.put(attachment.key(), attachment);
    if (attachment.state() == AttachmentRecord.State.OPEN) {
      told.remove(attachment.key());
    }
    if (before != null) {
      before.addresses().forEach(held -> holders.remove(held.address()));
    }
    attachment.addresses().forEach(held -> {
      holders.put(held.address(), attachment.key());
      cooling.remove(held.address());
    });
  }

  /**
   * {@return a number that is another whenever what we made and assigned may be another}
   */
  public long provenance() {
    return provenance;
  }

  /**
   * {@return an attachment}
   * @param key what tells it apart
   */
  public Optional<AttachmentRecord> attachment(AttachmentKey key) {
    return Optional.ofNullable(attachments.get(key));
  }

  /**
   * {@return whether somebody is known to have heard of an attachment}
   * @param key what tells it apart
   */
  public boolean told(AttachmentKey key) {
    return told.contains(key);
  }

  /**
   * {@return all attachments, by sandbox and interface; unmodifiable, and no copy}
   */
  public Collection<AttachmentRecord> attachments() {
    return Collections.unmodifiableCollection(attachments.values());
  }

  /**
   * {@return the further attachments of a pod, in the order in which they were made}
   * @param first the pod's first attachment
   */
  public List<AttachmentRecord> extrasOf(AttachmentKey first) {
    return ofSandbox(first.containerId()).stream().filter(a -> a.first().equals(Optional.of(first))).toList();
  }

  /**
   * {@return the attachments of a sandbox, by their place and name}
   * @param containerId the sandbox's id
   */
  public List<AttachmentRecord> ofSandbox(String containerId) {
    // The keys of one sandbox stand side by side.
    List<AttachmentRecord> those = new ArrayList<>();
    for (AttachmentRecord attachment : attachments.tailMap(new AttachmentKey(containerId, "")).values()) {
      if (!attachment.key().containerId().equals(containerId)) {
        break;
      }
      those.add(attachment);
    }
    those.sort(BY_PLACE);
    return those;
  }

  /**
   * {@return who holds an address}
   * @param address the address
   */
  public Optional<AttachmentKey> holder(IpAddress address) {
    return Optional.ofNullable(holders.get(address));
  }

  /**
   * {@return whether an address of a unit is held}
   * @param unit a single address, or a prefix of which the first 16 addresses are looked at
   */
  public boolean holds(Cidr unit) {
    for (long n = 0; n < Math.min(unit.size(), 16); n++) {
      if (holder(unit.at(n)).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /**
   * {@return until when an address cools down, in milliseconds of the monotonic clock; empty if it does not, or did and was
   * given out again}
   * @param address the address
   */
  public Optional<Long> coolUntil(IpAddress address) {
    return Optional.ofNullable(cooling.get(address));
  }

  /**
   * {@return when the next address has cooled down; empty if none cools down}
   * @param now the monotonic time in milliseconds
   */
  public OptionalLong nextCooled(long now) {
    return cooling.values().stream().mapToLong(Long::longValue).filter(until -> until > now).min();
  }

  /**
   * Forgets what has cooled down: it means nothing any more.
   *
   * @param now the monotonic time in milliseconds
   */
  public void forgetCooled(long now) {
    cooling.values().removeIf(until -> until <= now);
  }

  /**
   * {@return the addresses that cool down or did, until when; unmodifiable}
   */
  public Map<IpAddress, Long> cooling() {
    return Collections.unmodifiableMap(cooling);
  }

  /**
   * {@return what the node has last seen of itself; empty on a fresh boot}
   */
  public Fields seen() {
    return seen;
  }

  /**
   * {@return the interfaces that are being made, or whose making was cut off: lane by client token; unmodifiable}
   */
  public Map<String, String> intended() {
    return Collections.unmodifiableMap(intended);
  }

  /**
   * {@return how we made an interface; empty if we did not}
   * @param eniId the interface
   */
  public Optional<Made> made(String eniId) {
    return Optional.ofNullable(made.get(eniId));
  }

  /**
   * {@return whether we assigned an address or prefix}
   * @param eniId the interface
   * @param unit the address (as a network of one address) or prefix
   */
  public boolean ours(String eniId, Cidr unit) {
    return units.getOrDefault(eniId, Set.of()).contains(unit);
  }

  /**
   * {@return the addresses and prefixes that we assigned, by interface; unmodifiable}
   */
  public Map<String, Set<Cidr>> units() {
    return Collections.unmodifiableMap(units);
  }

  /**
   * {@return whether an address was asked for on an interface for one attachment, so that it is no stock}
   * @param eniId the interface
   * @param address the address
   */
  public boolean isParticular(String eniId, IpAddress address) {
    return particular.getOrDefault(eniId, Set.of()).contains(address);
  }

  /**
   * {@return the addresses and prefixes of an interface that are being taken off it, or were when we were cut off; unmodifiable}
   * @param eniId the interface
   */
  public Set<Cidr> leaving(String eniId) {
    return Collections.unmodifiableSet(leaving.getOrDefault(eniId, Set.of()));
  }

  /**
   * {@return those of them that EC2 has taken off, as it said to this process or to one before; unmodifiable}
   * @param eniId the interface
   */
  public Set<Cidr> left(String eniId) {
    return Collections.unmodifiableSet(left.getOrDefault(eniId, Set.of()));
  }

  /**
   * {@return the interfaces that are being given back, or were when we were cut off; unmodifiable}
   */
  public Set<String> enisLeaving() {
    return Collections.unmodifiableSet(enisLeaving);
  }

  /**
   * {@return whether addresses were asked for on an interface, and it is not known what came of it}
   * @param eniId the interface
   */
  public boolean isUnsettled(String eniId) {
    return unsettled.contains(eniId);
  }

  /**
   * {@return the interfaces that we made; unmodifiable}
   */
  public Collection<Made> made() {
    return Collections.unmodifiableCollection(made.values());
  }

  /**
   * {@return what modes planned for the node last; empty if nothing is known}
   */
  public Fields planned() {
    return planned;
  }

  /**
   * {@return what EC2 told of an instance type that is in no table}
   * @param name the type
   */
  public Optional<InstanceTypeRecord> type(String name) {
    return Optional.ofNullable(types.get(name));
  }

  /**
   * {@return the entries that a newer version wrote, in order}
   */
  public List<Entry.Unknown> unknown() {
    return Collections.unmodifiableList(unknown);
  }

  /**
   * {@return another ledger of the same state, for who looks at it while this one goes on}
   * @param now the monotonic time in milliseconds: what has cooled down before it is left out
   */
  public Ledger copy(long now) {
    Ledger copy = new Ledger();
    for (Entry.Part part : Entry.Part.values()) {
      snapshot(part, now).forEach(copy::apply);
    }
    return copy;
  }

  /**
   * The entries that add up to this state: what a snapshot of one part holds.
   *
   * @param part the part
   * @param now the monotonic time in milliseconds: what has cooled down before it is left out
   * @return the entries
   */
  public List<Entry> snapshot(Entry.Part part, long now) {
    List<Entry> entries = new ArrayList<>();
    switch (part) {
      case RUN -> {
        if (!seen.values().isEmpty()) {
          entries.add(new Entry.Seen(seen));
        }
        if (!planned.values().isEmpty()) {
          entries.add(new Entry.Planned(planned));
        }
        cooling.forEach((address, until) -> {
          if (until > now) {
            entries.add(new Entry.Cools(address, until));
          }
        });
        attachments.values().forEach(a -> entries.add(new Entry.Attached(a)));
        told.forEach(key -> entries.add(new Entry.Told(key)));
      }
      case LIB -> {
        intended.forEach((token, lane) -> entries.add(new Entry.EniIntended(token, lane)));
        made.values().forEach(m -> entries.add(new Entry.EniMade(m.token(), m.eniId(), m.lane())));
        units.forEach((eni, set) -> entries.add(new Entry.UnitsMade(eni, List.copyOf(set))));
        particular.forEach((eni, set) -> set.forEach(ip -> entries.add(new Entry.ParticularMade(eni, ip))));
        leaving.forEach((eni, set) -> entries.add(new Entry.UnitsLeaving(eni, List.copyOf(set))));
        left.forEach((eni, set) -> entries.add(new Entry.UnitsLeft(eni, List.copyOf(set))));
        unsettled.forEach(eni -> entries.add(new Entry.UnitsIntended(eni)));
        enisLeaving.forEach(eni -> entries.add(new Entry.EniLeaving(eni)));
        types.values().forEach(t -> entries.add(new Entry.TypeLearned(t)));
      }
    }
    unknown.stream().filter(u -> u.part() == part).forEach(entries::add);
    return entries;
  }
}
