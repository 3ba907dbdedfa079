package dev.patchbay.cluster;

import dev.patchbay.cluster.view.ClusterFacts;
import dev.patchbay.cluster.view.Nodes;
import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings EC2 to what is wanted, one call at a time for each thing, several at a time for a place, many in the cluster. The next call for
 * a thing follows from what is known when its turn comes, never from a list made earlier; what starting pods need goes before what is
 * cleaned up. What fails is tried again for ever, less and less often.
 */
final class Work {
  private static final int MOST = 32;
  private static final int MOST_AT_A_PLACE = 4;
  private static final long FIRST_PAUSE = 1_000;
  private static final long LONGEST_PAUSE = 300_000;

  private final Context context;
  private final Steps steps;
  private final Term term;
  private final Map<String, State> states = new TreeMap<>();
  private final Map<String, Integer> places = new HashMap<>();
  private Map<String, Wanted> wanted = Map.of();
  /** Interfaces that something takes over now: what becomes of them else is decided once it is known what came of that. */
  private final Busy taken = new Busy();
  /** Interfaces that are being taken off their trunk or deleted: likewise. */
  private final Busy leaving = new Busy();
  private int underWay;
  /** Whether something has changed since all was gone through: most of what the controller hears changes nothing here. */
  private boolean stale = true;
  /** When the next thing may be done that had to wait. */
  private long due = Long.MAX_VALUE;

  /** How far something has come. */
  static final class State {
    final Pauses pauses;
    boolean underWay;
    long notBefore = Long.MIN_VALUE;
    /** Whether the last call was done is shown by a look that began then, and not by an earlier one. */
    long shownFrom = Long.MIN_VALUE;
    /** Which token its interface is made with: another after one made by the last is gone. */
    int attempt;
    boolean made;
    /** When it was last seen to be in a state in which it may be deleted. */
    long verifiedAt = Long.MIN_VALUE;

    State(Pauses pauses) {
      this.pauses = pauses;
    }
  }

  Work(Context context, Term term) {
    this.context = context;
    this.term = term;
    this.steps = new Steps(context, term);
  }

  /** What should be so from now on. */
  void want(List<Wanted> all) {
    Map<String, Wanted> next = new TreeMap<>();
    all.forEach(w -> next.putIfAbsent(w.name(), w));
    next.forEach((name, w) -> {
      State state = states.get(name);
      if (state != null && isElsewhere(w, wanted.get(name))) {
        // What was refused is no longer what is asked for.
        state.notBefore = Long.MIN_VALUE;
        state.pauses.reset();
      }
    });
    wanted = next;
    stale = true;
    states.entrySet().removeIf(e -> {
      // What may have been done under that name is remembered until it is shown: it may be wanted again before.
      boolean gone = !next.containsKey(e.getKey()) && !e.getValue().underWay && e.getValue().shownFrom <= term.facts().lookedAt();
      if (gone) {
        context.over(e.getKey());
      }
      return gone;
    });
  }

  private static boolean isElsewhere(Wanted now, @Nullable Wanted before) {
    return now instanceof Wanted.Present n && before instanceof Wanted.Present b
        && !(n.eni().groups().equals(b.eni().groups()) && n.eni().subnets().equals(b.eni().subnets()));
  }

  /** Whether something is wanted under a key of a mode. */
  boolean wants(String mode, String key) {
    return wanted.containsKey(Wanted.Present.name(mode, key));
  }

  /** How much waits for its turn or is under way. */
  int open() {
    return (int) wanted.values().stream().filter(w -> steps.next(w, state(w), term.facts(), term.nodes()).isPresent()).count();
  }

  private State state(Wanted w) {
    return states.computeIfAbsent(w.name(), n -> new State(new Pauses(FIRST_PAUSE, LONGEST_PAUSE, context.random)));
  }

  void advance() {
    ClusterFacts facts = term.facts();
    Nodes nodes = term.nodes();
    if (!facts.known()) {
      return;
    }
    if (stale || due <= context.millis()) {
      stale = false;
      due = Long.MAX_VALUE;
      context.tally.passes++;
      goThrough(facts, nodes);
    }
    if (due != Long.MAX_VALUE) {
      context.wakeAt(due);
    }
  }

  private void goThrough(ClusterFacts known, Nodes nodes) {
    ClusterFacts facts = known;
    taken.lookedAt(facts.lookedAt());
    leaving.lookedAt(facts.lookedAt());
    List<Wanted> order = new ArrayList<>(wanted.values());
    order.sort(Comparator.comparing((Wanted w) -> w instanceof Wanted.Absent));
    for (Wanted w : order) {
      if (underWay >= MOST) {
        return;
      }
      State state = state(w);
      if (state.underWay || places.getOrDefault(w.place(), 0) >= MOST_AT_A_PLACE) {
        continue;
      }
      if (state.notBefore > context.millis()) {
        due = Math.min(due, state.notBefore);
        continue;
      }
      if (state.shownFrom > facts.lookedAt()) {
        term.lookAt(state.shownFrom);
        continue;
      }
      Optional<CloudCall> call = steps.next(w, state, facts, nodes);
      if (call.isEmpty()) {
        // Whatever came of the last call, all is as it should be, or waits for something else.
        state.pauses.reset();
        context.over(w.name());
        continue;
      }
      if (isBusy(w, call.get())) {
        continue;
      }
      if (!context.budgets.take(call.get().action(), context.millis())) {
        due = Math.min(due, context.budgets.ready(call.get().action(), context.millis()));
        continue;
      }
      begin(w, state, call.get());
      // What it does may be what the next one counts on.
      facts = term.facts();
    }
  }

  /** Whether it has to wait for what is done, or may have been done, to the same interface. */
  private boolean isBusy(Wanted w, CloudCall call) {
    return w instanceof Wanted.Absent a && taken.has(a.id())
        || call instanceof CloudCall.Tag tag && (taken.has(tag.eniId()) || leaving.has(tag.eniId()));
  }

  private void begin(Wanted w, State state, CloudCall call) {
    state.underWay = true;
    underWay++;
    places.merge(w.place(), 1, Integer::sum);
    if (call instanceof CloudCall.Tag tag) {
      taken.begin(tag.eniId());
    }
    if (w instanceof Wanted.Absent a) {
      leaving.begin(a.id());
    }
    context.call(call, answer -> {
      stale = true;
      state.underWay = false;
      if (call instanceof CloudCall.Tag tag) {
        taken.end(tag.eniId());
      }
      if (w instanceof Wanted.Absent a) {
        leaving.end(a.id());
      }
      underWay--;
      places.merge(w.place(), -1, Integer::sum);
      if (answer instanceof CloudAnswer.Failed f && !steps.isAsGood(w, call, f)) {
        failed(w, state, call, f);
      } else {
        if (!(call instanceof CloudCall.DescribeInterface)) {
          state.pauses.reset();
          context.over(w.name());
        }
        steps.done(w, state, call, answer);
      }
      term.worked();
    });
  }

  private void failed(Wanted w, State state, CloudCall call, CloudAnswer.Failed f) {
    state.notBefore = context.millis() + state.pauses.next();
    state.verifiedAt = Long.MIN_VALUE;
    switch (f.kind()) {
      // The bucket slows down; what is throttled is no fault of this one thing.
      case THROTTLED -> context.find("throttle " + call.action(), CallFindings.of(f, steps.words(w)).about(call.action()));
      case UNKNOWN -> {
        if (!hasToken(call)) {
          // Whether it was done is known beyond the lag of descriptions; only what has a token may be asked again before.
          state.shownFrom = context.millis() + Term.LAG;
          term.lookAt(state.shownFrom);
          if (call instanceof CloudCall.Tag tag) {
            taken.unknownUntil(tag.eniId(), state.shownFrom);
          }
        }
        if (w instanceof Wanted.Absent a && !(call instanceof CloudCall.DescribeInterface)) {
          leaving.unknownUntil(a.id(), context.millis() + Term.LAG);
          term.lookAt(context.millis() + Term.LAG);
        }
        context.find(w.name(), CallFindings.of(f, steps.words(w)).about(subject(w)));
      }
      case NOT_FOUND, STATE, REFUSED, LIMIT, SUBNET_FULL, SUBNET_FRAGMENTED, DENIED, UNREACHABLE -> {
        if (f.code().equals("IdempotentParameterMismatch")) {
          // The token was used for something else; whether that is still there is known beyond the lag of descriptions.
          state.attempt++;
          state.shownFrom = context.millis() + Term.LAG;
        }
        if (f.kind() != CloudAnswer.Kind.UNREACHABLE && f.kind() != CloudAnswer.Kind.DENIED) {
          term.lookAt(context.millis() + 1_000);
        }
        context.find(w.name(), CallFindings.of(f, steps.words(w)).about(subject(w)));
      }
    }
  }

  private static boolean hasToken(CloudCall call) {
    return call instanceof CloudCall.CreateInterface || call instanceof CloudCall.Associate || call instanceof CloudCall.Disassociate
        || call.action().startsWith("Describe");
  }

  private static String subject(Wanted w) {
    return switch (w) {
      case Wanted.Present p -> p.eni().key();
      case Wanted.Absent a -> a.id();
    };
  }
}
