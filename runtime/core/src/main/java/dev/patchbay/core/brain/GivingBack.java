package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives interfaces and addresses back to EC2. That they leave is written down first, and from that moment on nobody is given any of
 * them; they are on their way until EC2 has been described without them long enough afterwards.
 */
final class GivingBack {
  private static final int MOST_DELETES = 12;
  private static final long LOOK_MILLIS = 60_000;

  private final Context context;
  private final Dealings dealings;
  private final Descriptions descriptions;
  private final KnownFacts facts;
  private final NodeWork work;
  private final Timers timers;
  /** Addresses and interfaces that EC2 was asked to take away, since when. */
  private final Map<String, Long> leftAt = new HashMap<>();
  /** What was asked for before, by this process or an earlier one, and may have been done: it can't be taken back. */
  private final Set<String> begun = new HashSet<>();

  GivingBack(Context context, Dealings dealings, Witness witness, NodeWork work) {
    this.context = context;
    this.dealings = dealings;
    this.descriptions = witness.descriptions();
    this.facts = witness.facts();
    this.timers = witness.timers();
    this.work = work;
  }

  /** Goes on with what was on its way when the daemon was cut off, or when an answer was lost. */
  boolean goOnLeaving() {
    NodeFacts now = context.facts().orElseThrow();
    for (String eni : context.ledger.enisLeaving()) {
      if (left("free " + eni)) {
        if (now.eni(eni).isPresent()) {
          begun.add("free " + eni);
          free(eni);
        } else {
          dealings.begin("give back " + eni);
          delete(eni, 0);
        }
        return true;
      }
    }
    for (NodeFacts.Eni eni : now.enis()) {
      Set<Cidr> leaving = context.ledger.leaving(eni.id());
      if (leaving.isEmpty() || !left("release " + eni.id())) {
        continue;
      }
      // What EC2 has taken off, and is there, somebody else has put there since: it is not ours.
      Set<Cidr> ended = context.ledger.left(eni.id());
      List<Cidr> gone = leaving.stream().filter(c -> ended.contains(c) || !eni.record().units(c.family()).contains(c)).toList();
      if (!gone.isEmpty()) {
        context.write(List.of(new Entry.UnitsGone(eni.id(), gone)), () -> {}, _ -> {});
        context.book.releasing(eni.id(), gone, false);
        // Somebody may wait for one of them to be gone.
        context.wakeAt(context.millis());
      }
      List<Cidr> rest = List.copyOf(context.ledger.leaving(eni.id()));
      if (rest.isEmpty()) {
        // Whatever was answered, it has been done.
        over("release " + eni.id());
      } else {
        AddressFamily family = rest.getFirst().family();
        begun.add("release " + eni.id());
        release(eni.id(), rest.stream().filter(c -> c.family() == family).toList());
        return true;
      }
    }
    return false;
  }

  /** Whether EC2 has been described long enough after it was asked to take something away, by this process or one before. */
  private boolean left(String what) {
    long since = leftAt.getOrDefault(what, descriptions.startedAt());
    if (!descriptions.describedSince(since)) {
      descriptions.lookAgain(Math.max(context.millis(), since + Descriptions.LAG_MILLIS));
      return false;
    }
    return !dealings.pauses(what);
  }

  /** Whether nothing is taken off an interface for a while, since that failed a moment ago. */
  boolean pauses(String eniId) {
    return dealings.pauses("release " + eniId);
  }

  /** Takes addresses off an interface; from the moment that it is written down nobody is given any of them. */
  void release(String eniId, List<Cidr> cidrs) {
    dealings.begin("release " + cidrs.size() + " addresses or prefixes of " + eniId);
    context.book.releasing(eniId, cidrs, true);
    context.write(List.of(new Entry.UnitsLeaving(eniId, cidrs)), () -> unassign(eniId, cidrs), reason -> {
      if (!begun.contains("release " + eniId)) {
        stay(eniId, cidrs);
      }
      dealings.pause("release " + eniId);
      dealings.end();
    });
  }

  private void over(String what) {
    dealings.succeeded(what);
    begun.remove(what);
    context.findings.remove(what);
  }

  private void stay(String eniId, List<Cidr> cidrs) {
    context.book.releasing(eniId, cidrs, false);
    context.write(List.of(new Entry.UnitsStay(eniId, cidrs)), () -> {}, _ -> {});
  }

  private void unassign(String eniId, List<Cidr> cidrs) {
    dealings.call(new CloudCall.Unassign(eniId, cidrs), answer -> {
      switch (answer) {
        case CloudAnswer.Done _ -> {
          over("release " + eniId);
          // Descriptions may have them for a while yet: they are leaving until one does not.
          leftAt.put("release " + eniId, context.millis());
          facts.unitsRemoved(eniId, cidrs);
          dealings.end();
        }
        case CloudAnswer.Failed f -> {
          context.findings.put("release " + eniId, CloudFindings.of(f, "release addresses of " + eniId).about(eniId));
          boolean nothingDone = f.kind() == CloudAnswer.Kind.THROTTLED || f.kind() == CloudAnswer.Kind.DENIED
              || f.kind() == CloudAnswer.Kind.UNREACHABLE;
          if (nothingDone && !begun.contains("release " + eniId)) {
            stay(eniId, cidrs);
          } else {
            // They may be gone, each or all: they stay out of use until EC2 has been looked at.
            leftAt.put("release " + eniId, context.millis());
          }
          dealings.pause("release " + eniId);
          dealings.end();
        }
        default -> throw new IllegalStateException("a release was answered with " + answer);
      }
    });
  }

  /** Gives an interface back; from the moment that it is written down nobody is given an address of it. */
  void free(String eniId) {
    dealings.begin("give back " + eniId);
    context.book.drain(eniId, true);
    NodeFacts.Eni fact = context.facts().orElseThrow().eni(eniId).orElseThrow();
    String attachment = fact.record().attachment().map(EniRecord.Attachment::id).orElse("");
    context.write(List.of(new Entry.EniLeaving(eniId)),
        () -> work.apply(() -> detach(eniId, attachment)), reason -> {
          if (!begun.contains("free " + eniId)) {
            remains(eniId);
          }
          dealings.pause("free " + eniId);
          dealings.end();
        });
  }

  private void remains(String eniId) {
    context.book.drain(eniId, false);
    context.write(List.of(new Entry.EniStays(eniId)), () -> {}, _ -> {});
    work.apply(() -> {});
  }

  private void detach(String eniId, String attachment) {
    dealings.call(new CloudCall.Detach(eniId, attachment), answer -> {
      if (answer instanceof CloudAnswer.Failed f && f.kind() != CloudAnswer.Kind.NOT_FOUND) {
        context.findings.put("free " + eniId, CloudFindings.of(f, "detach " + eniId).about(eniId));
        leftAt.put("free " + eniId, context.millis());
        if (f.kind() != CloudAnswer.Kind.UNKNOWN && f.kind() != CloudAnswer.Kind.STATE && !begun.contains("free " + eniId)) {
          remains(eniId);
        }
        dealings.pause("free " + eniId);
        dealings.end();
      } else {
        begun.remove("free " + eniId);
        facts.interfaceRemoved(eniId);
        delete(eniId, 0);
      }
    });
  }

  /** A detachment takes seconds; until it is over the interface can't be deleted. */
  private void delete(String eniId, int tries) {
    dealings.call(new CloudCall.Delete(eniId), answer -> {
      boolean missing = answer instanceof CloudAnswer.Failed f && f.kind() == CloudAnswer.Kind.NOT_FOUND;
      if (missing && context.ledger.made(eniId).isPresent()) {
        // EC2 may not find yet what was made a moment ago. It stays on its way until descriptions have left it out long enough.
        leftAt.put("free " + eniId, context.millis());
        dealings.pause("free " + eniId);
        descriptions.lookAgain(context.millis() + Descriptions.LAG_MILLIS);
        dealings.end();
      } else if (missing || !(answer instanceof CloudAnswer.Failed)) {
        context.findings.remove("free " + eniId);
        dealings.succeeded("free " + eniId);
        context.ledger.made(eniId).ifPresent(m -> context.write(List.of(new Entry.EniGone(m.token())), () -> {}, _ -> {}));
        if (context.ledger.enisLeaving().contains(eniId)) {
          context.write(List.of(new Entry.EniStays(eniId)), () -> {}, _ -> {});
        }
        dealings.end();
      } else if (tries < MOST_DELETES) {
        long at = context.millis() + Dealings.wait(Math.min(tries, 6));
        timers.at(at, () -> delete(eniId, tries + 1));
      } else {
        context.findings.put("free " + eniId, CloudFindings.of((CloudAnswer.Failed) answer, "delete " + eniId).about(eniId));
        descriptions.lookAgain(context.millis() + LOOK_MILLIS);
        dealings.pause("free " + eniId);
        dealings.end();
      }
    });
  }
}
