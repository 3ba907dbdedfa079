package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fetches particular addresses for pods that must have these and no others. That an address is one of them is written down before it
 * is asked for, so that it never becomes stock, and is given back when its pod has gone and it has cooled down.
 */
final class Particular {
  private final Context context;
  private final Interfaces interfaces;
  private final KnownFacts facts;
  private final Descriptions descriptions;
  /** Addresses that room is kept for, and where. */
  private final Map<IpAddress, String> reserved = new HashMap<>();

  Particular(Context context, Witness witness) {
    this.context = context;
    this.interfaces = new Interfaces(context);
    this.facts = witness.facts();
    this.descriptions = witness.descriptions();
  }

  /** The first interface of a lane that is ready and has room for one more. */
  Optional<String> slot(String lane, AddressFamily family) {
    return context.book.enis(lane).stream().filter(e -> context.book.isReady(e.id()) && !e.draining() && !e.stale())
        .map(AddressBook.Eni::id).filter(id -> interfaces.freeUnits(id, family) > 0).findFirst();
  }

  /** Keeps room for an address that is about to be fetched. */
  void reserve(HeldAddress held) {
    String eni = held.eniId().orElseThrow();
    reserved.put(held.address(), eni);
    context.reserved.merge(eni, 1, Integer::sum);
  }

  /** The room is taken, or not needed any more. */
  void forget(HeldAddress held) {
    String eni = reserved.remove(held.address());
    if (eni != null) {
      context.reserved.computeIfPresent(eni, (id, n) -> n > 1 ? n - 1 : null);
    }
  }

  /**
   * Why an address that is on none of the node's interfaces, as far as is known, can't be asked for at the moment: a call that nobody
   * answered, or that a process before this one made, may have put it there.
   */
  Optional<Finding> notYet(IpAddress address) {
    if (!descriptions.known()) {
      return Optional.of(waiting("EC2 has not described the node's interfaces since the start of the daemon."));
    }
    boolean asked = context.facts().orElseThrow().enis().stream().anyMatch(e -> context.ledger.isParticular(e.id(), address));
    return asked ? Optional.of(waiting("whether EC2 has assigned " + address + " is not known yet; its description will tell."))
        : Optional.empty();
  }

  private static Finding waiting(String cause) {
    return Finding.of(Codes.ADDRESS_WAIT_EXPIRED, cause, "Wait; it is looked at again within half a minute.");
  }

  /** What came of fetching one. */
  interface Fetched {
    /** It is there. */
    void done();

    /** It is not, and why. */
    void failed(Finding reason);

    /** Nobody knows until EC2 is described. */
    void unsure();

    /** It takes long, and something else follows when it is over: the disk stands still. */
    void stuck();
  }

  void fetch(HeldAddress held, Fetched then) {
    String eni = held.eniId().orElseThrow();
    boolean there = !reserved.containsKey(held.address());
    context.write(List.of(new Entry.ParticularMade(eni, held.address())), () -> {
      if (there) {
        context.book.keepApart(held.address());
        then.done();
      } else {
        ask(held, then);
      }
    }, reason -> {
      context.ledger.apply(gone(held));
      if (there) {
        // It was ours before, and stock.
        context.ledger.apply(new Entry.UnitsMade(eni, List.of(held.address().asCidr())));
      }
      forget(held);
      then.failed(BrainFindings.unwritable(reason));
    }, then::stuck);
  }

  private static Entry gone(HeldAddress held) {
    return new Entry.UnitsGone(held.eniId().orElseThrow(), List.of(held.address().asCidr()));
  }

  /** Asks once: EC2 refuses an address that is assigned, and no more could be told from that than from the answer that was lost. */
  private void ask(HeldAddress held, Fetched then) {
    String eni = held.eniId().orElseThrow();
    Cidr unit = held.address().asCidr();
    context.ask(token -> new Effect.Call(token, new CloudCall.AssignParticular(eni, held.address())), event -> {
      if (!(event instanceof Event.Answered a)) {
        throw Context.unexpected(event);
      }
      forget(held);
      if (!(a.answer() instanceof CloudAnswer.Failed f)) {
        facts.unitsAdded(eni, List.of(unit));
        then.done();
      } else if (f.kind() == CloudAnswer.Kind.UNKNOWN) {
        facts.doubtful(unit);
        descriptions.lookAgain(context.millis() + Descriptions.LAG_MILLIS);
        then.unsure();
      } else {
        context.write(List.of(gone(held)), () -> {}, _ -> {});
        then.failed(CloudFindings.of(f, "assign " + held.address() + " to " + eni));
      }
    });
  }
}
