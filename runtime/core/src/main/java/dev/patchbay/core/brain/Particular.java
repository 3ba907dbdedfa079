package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Fetches particular addresses for pods that must have these and no others. That an address is one of them is written down before it
 * is asked for, so that it never becomes stock, and is given back when its pod has gone and it has cooled down.
 */
final class Particular {
  private static final int MOST_TRIES = 3;

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

  void fetch(HeldAddress held, Runnable done, Consumer<Finding> failed) {
    String eni = held.eniId().orElseThrow();
    boolean there = context.book.has(held.address());
    context.write(List.of(new Entry.ParticularMade(eni, held.address())), () -> {
      if (there) {
        context.book.keepApart(held.address());
        done.run();
      } else {
        ask(held, done, failed, 0);
      }
    }, reason -> {
      context.ledger.apply(gone(held));
      forget(held);
      failed.accept(BrainFindings.unwritable(reason));
    });
  }

  private static Entry gone(HeldAddress held) {
    return new Entry.UnitsGone(held.eniId().orElseThrow(), List.of(held.address().asCidr()));
  }

  private void ask(HeldAddress held, Runnable done, Consumer<Finding> failed, int tries) {
    String eni = held.eniId().orElseThrow();
    context.ask(token -> new Effect.Call(token, new CloudCall.AssignParticular(eni, held.address())), event -> {
      if (!(event instanceof Event.Answered a)) {
        throw Context.unexpected(event);
      }
      if (!(a.answer() instanceof CloudAnswer.Failed f)) {
        List<Cidr> unit = List.of(held.address().asCidr());
        forget(held);
        facts.unitsAdded(eni, unit);
        done.run();
      } else if (f.kind() == CloudAnswer.Kind.UNKNOWN && tries + 1 < MOST_TRIES) {
        // Asking again for the same address does it once.
        ask(held, done, failed, tries + 1);
      } else {
        forget(held);
        if (f.kind() == CloudAnswer.Kind.UNKNOWN) {
          // It may be there: then it is found, kept apart from the stock, and given back.
          descriptions.lookAgain(context.millis() + Descriptions.LAG_MILLIS);
        } else {
          context.write(List.of(gone(held)), () -> {}, _ -> {});
        }
        failed.accept(CloudFindings.of(f, "assign " + held.address() + " to " + eni));
      }
    });
  }
}
