package dev.patchbay.cluster;

import dev.patchbay.cluster.lease.Election;
import dev.patchbay.core.brain.Moment;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.view.ObjectIndex;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The cluster side of Patchbay as one state machine: events in, effects out, the time passed in as a value. It takes part in the election
 * all the time, and acts only while it leads: looks at EC2, asks planners, calls. When it leads no longer, what it knew and wanted is
 * forgotten at once, and what comes of calls that are under way is not heard.
 *
 * <p>For one thread.
 */
public final class Controller {
  private static final String LEASE = Context.OUTSIDE + "lease";

  private final Context context;
  private final Election election;
  private final List<ModeInstance> planners;
  private @Nullable Term term;
  private long termNumber;
  /** Of what was asked of the API server last; an answer to anything else is not heard. */
  private long leaseToken;
  private boolean leaving;
  private boolean ended;

  /**
   * Makes it.
   *
   * @param settings what it is told
   * @param modes the modes chosen; those that plan for the cluster are asked
   * @param seed spreads what replicas and clusters do; given the seed, nothing in here is random
   */
  public Controller(ControllerSettings settings, List<ModeInstance> modes, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    this.context = new Context(settings, random);
    this.election = new Election(settings.election(), random);
    this.planners = modes.stream().filter(m -> m.mode().clusterPlanner().isPresent()).toList();
  }

  /**
   * Takes an event.
   *
   * @param event the event
   * @param now the time, not before that of the last event
   * @return what is to be done, in this order
   */
  public List<Effect> on(Event event, Moment now) {
    context.now = now;
    // Before anything else: whoever was away for a while must not go on as if nothing had happened.
    mind();
    switch (event) {
      case Event.Tick _ -> { }
      case Event.LeaseRead e -> heard(e.token(), e);
      case Event.LeaseWritten e -> heard(e.token(), e);
      case Event.LeaseFailed e -> heard(e.token(), e);
      case Event.Answered e -> context.arrived(e.token(), e);
      case Event.TooLate e -> context.arrived(e.token(), e);
      case Event.Keyed e -> context.arrived(e.token(), e);
      case Event.Planned e -> context.arrived(e.token(), e);
      case Event.PlannerFailed e -> context.arrived(e.token(), e);
      case Event.ObjectSeen e -> {
        context.objects = context.objects.with(e.object());
        changed(e.object().ref().kind());
      }
      case Event.ObjectGone e -> {
        context.objects = context.objects.without(e.ref());
        changed(e.ref().kind());
      }
      case Event.ObjectsHeard e -> {
        context.objects = context.objects.heard(e.kind(), e.heard());
        changed(e.kind());
      }
      case Event.Told e -> e.finding().ifPresentOrElse(f -> context.told(Context.OUTSIDE + e.about(), f),
          () -> context.over(Context.OUTSIDE + e.about()));
      case Event.Leave _ -> leave();
    }
    mind();
    elect();
    if (term != null) {
      term.advance();
    }
    if (leaving && !ended && election.over()) {
      ended = true;
      context.effect(new Effect.Ended());
    }
    return context.drain();
  }

  private void changed(ObjectKind kind) {
    if (term != null) {
      term.objectsChanged(kind);
    }
  }

  /** Begins a term, or ends one. */
  private void mind() {
    boolean leads = election.leads(context.millis()) && !leaving;
    if (term != null && (!leads || election.terms() != termNumber)) {
      term = null;
      context.until = Long.MIN_VALUE;
      context.forget();
      context.effect(new Effect.Withdraw());
    }
    if (leads) {
      context.until = election.until();
      if (term == null) {
        termNumber = election.terms();
        context.tally.terms++;
        term = new Term(context, planners);
        context.event(false, ControllerCodes.LEADS, context.settings.election().identity() + " acts for the cluster "
            + context.settings.cluster() + " now.");
      }
      context.wakeAt(election.until());
    }
  }

  private void elect() {
    Optional<Election.Request> request = election.next(context.now);
    request.ifPresent(this::ask);
    long due = election.due();
    if (due != Long.MAX_VALUE) {
      context.wakeAt(due);
    }
  }

  private void ask(Election.Request request) {
    leaseToken = context.token();
    long token = leaseToken;
    context.effect(switch (request) {
      case Election.Request.Read _ -> new Effect.ReadLease(token, context.settings.lease());
      case Election.Request.Write w -> new Effect.WriteLease(token, context.settings.lease(), w.version(), w.lease().content());
    });
  }

  private void heard(long token, Event event) {
    if (token != leaseToken) {
      return;
    }
    switch (event) {
      case Event.LeaseRead e -> {
        context.over(LEASE);
        election.read(e.lease(), context.now).ifPresent(this::ask);
      }
      case Event.LeaseWritten e -> {
        context.over(LEASE);
        election.written(e.lease(), context.now);
      }
      case Event.LeaseFailed e -> {
        election.failed(context.now);
        context.told(LEASE, Finding.of(ControllerCodes.LEASE_UNREACHABLE, e.why(), "While no replica can hold the Lease nobody acts for the"
            + " cluster; nodes go on serving pods. If it lasts, see whether the API server runs, and that the controller's service account has"
            + " what `patchbay permissions --rbac --side cluster` prints. It goes on trying."));
      }
      default -> throw new IllegalStateException("the Lease was answered with " + event);
    }
  }

  private void leave() {
    if (!leaving) {
      leaving = true;
      mind();
      election.leave(context.now);
    }
  }

  /**
   * {@return whether this replica may act at a moment}
   * @param now the moment
   */
  public boolean leads(Moment now) {
    return term != null && election.leads(now.monotonic());
  }

  /**
   * {@return the objects as last seen}
   */
  public ObjectIndex objects() {
    return context.objects;
  }

  /** How often it went through all that is wanted in EC2. */
  long passes() {
    return context.tally.passes;
  }

  /**
   * {@return how it stands}
   * @param now the time
   */
  public ControllerReport report(Moment now) {
    context.now = now;
    Term t = term;
    return new ControllerReport(context.settings.election().identity(), election.holder(), leads(now), context.tally.terms,
        context.objects.complete(ObjectKind.NODE) ? context.objects.list(ObjectKind.NODE).size() : 0,
        t == null ? 0 : t.facts().enis().size(), t == null ? 0 : t.found().waiting() + t.found().removals().size(),
        t == null ? 0 : t.found().unproven().size(), t == null ? 0 : t.open(), context.tally.looks, context.tally.calls,
        context.tally.throttled, context.tally.swept, context.tally.made, context.tally.removed, context.findings);
  }
}
