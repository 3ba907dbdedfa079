package dev.patchbay.core.brain;

import dev.patchbay.core.compose.Circumstances;
import dev.patchbay.core.compose.Composition;
import dev.patchbay.core.compose.LanePlan;
import dev.patchbay.core.compose.NodePlan;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.core.view.NodeSnapshot;
import dev.patchbay.core.view.ObjectIndex;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** What the parts of the brain share: the state, the time of the event at hand, and the effects that it has so far. */
final class Context {
  final BrainSettings settings;
  final Composition composition;
  final Ledger ledger;
  final AddressBook book = new AddressBook();
  final RangeBook ranges;
  final Asides asides = new Asides();
  /** Addresses that are drawn for an interface, and that no ledger knows of yet. */
  final Map<IpAddress, AttachmentKey> drawn = new HashMap<>();
  /** How many units of an interface are kept for particular addresses that are being fetched. */
  final Map<String, Integer> reserved = new HashMap<>();
  /** The tokens of interfaces that are being made, attached or deleted at the moment. */
  final Set<String> inFlight = new HashSet<>();
  /** Subnets that had no address left, until when they are not asked again. */
  final Map<String, Long> fullSubnets = new HashMap<>();
  /** Subnets that had no block of the size of a prefix left, until when none is asked for. */
  final Map<String, Long> fragmentedSubnets = new HashMap<>();
  /** Of subnets, whether a range of theirs is reserved for prefixes; those that EC2 was not asked about are missing. */
  final Map<String, Boolean> reservesPrefixes = new HashMap<>();
  final SplittableRandom random;
  /** What the operator should know, by what it is about. */
  final Map<String, Finding> findings = new LinkedHashMap<>();
  final Recent recent = new Recent();
  final Remarks remarks = new Remarks(this);
  final Unanswered unanswered = new Unanswered(this);

  ObjectIndex objects = ObjectIndex.EMPTY;
  NodePlan plan = NodePlan.EMPTY;
  /** The names of the node's devices. */
  Map<MacAddress, List<String>> devices = Map.of();
  Moment now;
  boolean serving;
  private Optional<NodeFacts> facts = Optional.empty();
  private @Nullable NodeSnapshot snapshot;
  private List<Effect> effects = new ArrayList<>();
  private Map<String, Finding> told = Map.of();
  private long tokens;
  private final Map<Long, Consumer<Event>> answers = new HashMap<>();

  Context(BrainSettings settings, Composition composition, Ledger ledger, Moment now) {
    this.settings = settings;
    this.composition = composition;
    this.ledger = ledger;
    this.now = now;
    this.random = new SplittableRandom(settings.seed());
    this.ranges = new RangeBook(random.split());
  }

  long millis() {
    return now.monotonic();
  }

  void emit(Effect effect) {
    effects.add(effect);
  }

  List<Effect> taken() {
    if (!findings.equals(told)) {
      Effect.Tell tell = new Effect.Tell(findings);
      told = tell.now();
      emit(tell);
    }
    List<Effect> taken = effects;
    effects = new ArrayList<>();
    return taken;
  }

  /** Emits an effect that is answered, and remembers what to do with the answer. */
  void ask(LongFunction<Effect> effect, Consumer<Event> then) {
    long token = ++tokens;
    answers.put(token, then);
    emit(effect.apply(token));
  }

  /** Hands an answer to whoever asked; passes it over if nobody does any more. */
  void answer(long token, Event event) {
    Consumer<Event> then = answers.remove(token);
    if (then != null) {
      then.accept(event);
    }
  }

  /**
   * Applies entries to the ledger and makes them durable. What depends on them being durable goes into {@code written}.
   */
  void write(List<Entry> entries, Runnable written, Consumer<String> failed) {
    write(entries, written, failed, () -> {});
  }

  /**
   * The same for what somebody waits for.
   *
   * @param late what to do when the disk has not answered for long; it may answer afterwards all the same
   */
  void write(List<Entry> entries, Runnable written, Consumer<String> failed, Runnable late) {
    entries.forEach(ledger::apply);
    long token = ++tokens;
    answers.put(token, event -> {
      unanswered.answered(token);
      switch (event) {
        case Event.Written _ -> {
          takesWrites();
          written.run();
        }
        case Event.WriteFailed f -> {
          findings.put("ledger", BrainFindings.unwritable(f.reason()));
          failed.accept(f.reason());
        }
        default -> throw unexpected(event);
      }
    });
    emit(new Effect.Write(token, entries));
    unanswered.asked(token, entries, late);
  }

  /** Something was written: nothing is wrong with the disk, unless another one stands still. */
  void takesWrites() {
    if (!unanswered.anyLate()) {
      findings.remove("ledger");
    }
  }

  static IllegalStateException unexpected(Event event) {
    return new IllegalStateException("an effect was answered with " + event);
  }

  Optional<NodeFacts> facts() {
    return facts;
  }

  void facts(NodeFacts next) {
    facts = Optional.of(next);
    stale();
  }

  /** The view of the node must be made anew. */
  void stale() {
    snapshot = null;
  }

  /** The node as modes see it; facts must be known. */
  NodeSnapshot snapshot() {
    NodeSnapshot s = snapshot;
    if (s == null) {
      s = new NodeSnapshot(settings.nodeName(), shown(facts.orElseThrow()), plan.lanes().stream().map(LanePlan::lane).toList(), (lane, family) -> {
        AddressBook.Counts c = book.counts(lane, family);
        return new int[] {c.held(), c.free(), c.cooling()};
      }, objects.get(new ObjectRef(ObjectKind.NODE, "", settings.nodeName())), objects, settings.datapath(), devices);
      snapshot = s;
    }
    return s;
  }

  /** The lane of an interface may be gone from the plan, and pods still have addresses of it: they keep their way out. */
  private NodeFacts shown(NodeFacts known) {
    if (known.enis().stream().noneMatch(e -> e.lane().isEmpty() && ledger.made(e.id()).isPresent())) {
      return known;
    }
    Set<String> used = new HashSet<>();
    ledger.attachments().forEach(a -> a.addresses().forEach(held -> held.eniId().ifPresent(used::add)));
    return known.withEnis(known.enis().stream().map(e -> e.lane().isEmpty() && used.contains(e.id())
        ? new NodeFacts.Eni(e.record(), e.number(), ledger.made(e.id()).map(Ledger.Made::lane)) : e).toList());
  }

  /** Whom there is to ask, and what they could see. */
  Circumstances circumstances() {
    return new Circumstances(asides.reasons(millis()), objects.known());
  }

  void wakeAt(long monotonic) {
    emit(new Effect.WakeAt(Math.max(monotonic, millis() + 1)));
  }
}
