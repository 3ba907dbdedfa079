package dev.patchbay.core.brain;

import dev.patchbay.core.compose.AttachmentPlanning;
import dev.patchbay.core.compose.Circumstances;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.view.AttachmentSnapshot;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.spi.datapath.DatapathPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The way of an ADD from planner to promise. For each interface: draft, draw, plan, carry out acts, write down, make; when all are made
 * they are marked as live, and the caller is told. An interface is written down before anything outside is done for it, acts included,
 * so that whatever is cut off is undone at the next start.
 */
final class Making {
  /** What the way needs of whoever keeps the ADDs. */
  interface Keeper {
    /** An interface was drafted: it draws its addresses when its turn comes. */
    void drafted(Part part);

    /** Another interface of an ADD begins. */
    Part next(Job job, AttachmentPlanning.Extra extra);

    /** An ADD fails: all that was done for it is undone, and its caller is told. */
    void fail(Job job, Finding reason, boolean later);

    /** The disk stands still: the caller of an ADD is told that it fails, and what was done for it is undone when the disk goes on. */
    void stuck(Job job);

    /** An ADD is done, and its caller is to be told. */
    void done(Job job, AttachmentRecord first);
  }

  private final Context context;
  private final Draws draws;
  private final Keeper keeper;
  /** What waits until nothing that an earlier process left can be in the way; absent when that is so. */
  private Optional<List<Runnable>> untilTidy = Optional.of(new ArrayList<>());

  Making(Context context, Draws draws, Keeper keeper) {
    this.context = context;
    this.draws = draws;
    this.keeper = keeper;
  }

  /** Finds out what an interface should hold. */
  void draft(Part part) {
    PlanWork work = part.extra.<PlanWork>map(e -> new PlanWork.ExtraDraft(context.composition, context.plan,
        context.circumstances(), e.mode(), part.view(context))).orElseGet(() -> new PlanWork.Draft(context.composition, context.plan,
        context.circumstances(), part.view(context)));
    plan(part.job, work, outcome -> {
      switch (((PlanWork.Outcome.OfDraft) outcome).answer()) {
        case Answer.Planned<AttachmentPlanning.Draft> p -> {
          part.draft = p.value();
          context.remarks.take(Remarks.On.of(part.key, part.job.of), "draft", p.findings());
          keeper.drafted(part);
        }
        case Answer.Wait<AttachmentPlanning.Draft> w -> waitFor(part.job, w.object(), w.reason(), () -> draft(part));
        case Answer.Refuse<AttachmentPlanning.Draft> r -> refused(part.job, r.reason());
        case Answer.Pass<AttachmentPlanning.Draft> _ -> throw new IllegalStateException("a draft passes");
      }
    });
  }

  private void plan(Job job, PlanWork work, Consumer<PlanWork.Outcome> then) {
    job.stage = Job.Stage.PLANNING;
    job.object = Optional.empty();
    job.waitingFor = Optional.empty();
    job.seen = context.objects;
    context.ask(token -> new Effect.Plan(token, work), event -> {
      if (job.ended) {
        return;
      }
      switch (event) {
        case Event.Planned p -> then.accept(p.outcome());
        case Event.PlannerFailed f -> keeper.fail(job, f.reason(), true);
        default -> throw Context.unexpected(event);
      }
    });
  }

  private void waitFor(Job job, ObjectRef object, Finding reason, Runnable resume) {
    boolean changed = !job.seen.get(object).equals(context.objects.get(object))
        || job.seen.known().contains(object.kind()) != context.objects.known().contains(object.kind());
    if (changed) {
      // It changed while the planner thought.
      resume.run();
      return;
    }
    job.stage = Job.Stage.WAITING_FOR_OBJECT;
    job.object = Optional.of(object);
    job.waitingFor = Optional.of(reason);
    job.resume = resume;
    context.wakeAt(Math.min(job.deadline, context.millis() + Notices.WAIT_MILLIS));
  }

  private void refused(Job job, Finding reason) {
    keeper.fail(job, reason, reason.code().equals(Circumstances.MODE_ASIDE));
  }

  /** Does something that can't be called back; goes on if the ADD is still wanted afterwards. */
  private void act(Job job, java.util.function.LongFunction<Effect> effect, Consumer<Event> then) {
    job.stage = Job.Stage.ACTING;
    context.ask(effect, then);
  }

  private boolean unwanted(Job job) {
    if (job.unwanted()) {
      keeper.fail(job, BrainFindings.unwanted(job, context.millis()), true);
      return true;
    }
    return false;
  }

  /** An interface holds its addresses: plans its datapath, and carries out one act after the other until none is left. */
  void datapath(Part part) {
    PlanWork work = new PlanWork.Datapath(part.draft().modes(), context.circumstances(), part.view(context));
    plan(part.job, work, outcome -> {
      switch (((PlanWork.Outcome.OfDatapath) outcome).answer()) {
        case Answer.Planned<DatapathPlan> p -> {
          context.remarks.take(Remarks.On.of(part.key, part.job.of), "datapath", p.findings());
          Optional<Act> next = p.value().elements(Act.class).stream().filter(a -> !part.outcomes.containsKey(a.id())).findFirst();
          AttachmentRecord open = part.record(p.value());
          write(part, open, next.isPresent() ? () -> run(part, open, next.get())
              : () -> onceTidy(() -> {
                if (!unwanted(part.job)) {
                  make(part, open);
                }
              }));
        }
        case Answer.Wait<DatapathPlan> w -> waitFor(part.job, w.object(), w.reason(), () -> datapath(part));
        case Answer.Refuse<DatapathPlan> r -> refused(part.job, r.reason());
        case Answer.Pass<DatapathPlan> _ -> throw new IllegalStateException("a datapath passes");
      }
    });
  }

  private void write(Part part, AttachmentRecord open, Runnable then) {
    Job job = part.job;
    boolean first = part.written.isEmpty();
    part.written = Optional.of(open);
    job.stage = Job.Stage.ACTING;
    context.write(List.of(new Entry.Attached(open)), () -> {
      draws.settle(part.held);
      if (!unwanted(job)) {
        then.run();
      }
    }, reason -> {
      if (first) {
        // It is not in the journal, so nobody holds anything.
        context.ledger.apply(new Entry.Ended(open.key(), 0));
        part.written = Optional.empty();
      }
      keeper.fail(job, BrainFindings.unwritable(reason), true);
    }, () -> keeper.stuck(job));
  }

  private void run(Part part, AttachmentRecord open, Act act) {
    act(part.job, token -> new Effect.Run(token, part.job.request, open, act), event -> {
      if (event instanceof Event.ActDone done) {
        part.outcomes.put(act.id(), done.outcome());
        if (done.outcome().has("error")) {
          // What is undone depends on how far it came.
          write(part, part.record(open.plan()), () -> datapath(part));
        } else if (!unwanted(part.job)) {
          datapath(part);
        }
      } else {
        throw Context.unexpected(event);
      }
    });
  }

  /** Leftovers are found by what is known when they are looked for: what is made meanwhile would be taken for one. */
  private void onceTidy(Runnable then) {
    untilTidy.ifPresentOrElse(waiting -> waiting.add(then), then);
  }

  /** What an earlier process left is removed, or can't be. */
  void tidy() {
    List<Runnable> waiting = untilTidy.orElse(List.of());
    untilTidy = Optional.empty();
    waiting.forEach(Runnable::run);
  }

  private void make(Part part, AttachmentRecord open) {
    act(part.job, token -> new Effect.Apply(token, part.job.request, Paths.of(context, open)), event -> {
      switch (event) {
        case Event.KernelDone done -> {
          done.mac().ifPresent(mac -> part.outcomes.put(AttachmentSnapshot.MADE, Fields.empty().with("mac", mac.toString())));
          if (!unwanted(part.job)) {
            made(part.job);
          }
        }
        case Event.KernelFailed f -> keeper.fail(part.job, f.reason(), false);
        default -> throw Context.unexpected(event);
      }
    });
  }

  private void made(Job job) {
    if (job.further.isEmpty() && job.parts.getFirst().isFirst(context) && !context.composition.with(Role.Extra.class).isEmpty()) {
      askExtras(job);
      return;
    }
    Optional<AttachmentPlanning.Extra> next = job.further.map(java.util.Deque::pollFirst);
    if (next.isEmpty()) {
      promise(job);
      return;
    }
    Part part = keeper.next(job, next.get());
    if (!job.ended) {
      draft(part);
    }
  }

  private void askExtras(Job job) {
    PlanWork work = new PlanWork.Extras(context.composition, context.circumstances(), job.part().view(context));
    plan(job, work, outcome -> {
      switch (((PlanWork.Outcome.OfExtras) outcome).answer()) {
        case Answer.Planned<List<AttachmentPlanning.Extra>> p -> {
          context.remarks.take(Remarks.On.of(job.part().key, job.of), "extras", p.findings());
          job.further(p.value());
          made(job);
        }
        case Answer.Wait<List<AttachmentPlanning.Extra>> w -> waitFor(job, w.object(), w.reason(), () -> askExtras(job));
        case Answer.Refuse<List<AttachmentPlanning.Extra>> r -> refused(job, r.reason());
        case Answer.Pass<List<AttachmentPlanning.Extra>> _ -> throw new IllegalStateException("extras pass");
      }
    });
  }

  /** Who adds interfaces tells of all that a pod has, and of their hardware addresses, also when this process is gone. */
  private Entry live(Part part) {
    if (!part.outcomes.containsKey(AttachmentSnapshot.MADE) || context.composition.with(Role.Extra.class).isEmpty()) {
      return new Entry.Marked(part.key, AttachmentRecord.State.LIVE);
    }
    AttachmentRecord whole = part.record(part.written.orElseThrow().plan());
    part.written = Optional.of(whole);
    return new Entry.Attached(whole.in(AttachmentRecord.State.LIVE));
  }

  private void promise(Job job) {
    job.stage = Job.Stage.ACTING;
    List<Entry> marks = new ArrayList<>();
    // The first comes last: if it is live, so are the others, wherever a crash cuts the entries off.
    job.parts.reversed().forEach(p -> marks.add(live(p)));
    context.write(marks, () -> {
      if (!unwanted(job)) {
        keeper.done(job, job.parts.getFirst().written.orElseThrow().in(AttachmentRecord.State.LIVE));
      }
    }, reason -> keeper.fail(job, BrainFindings.unwritable(reason), true), () -> keeper.stuck(job));
  }
}
