package dev.patchbay.core.brain;

import dev.patchbay.core.compose.AttachmentPlanning;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.ipam.AddressRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * ADD: draft, draw, plan, write down, make, promise. An address is drawn before it is planned with, written down before the
 * kernel has it, and the caller is told when both are done; whatever fails on the way is undone. So is what nobody was told of,
 * because the caller was gone: container runtimes take such a call for failed.
 */
final class Attachments {
  private final Context context;
  private final Draws draws;
  private final Closings closings;
  private final Notices notices;
  private final Runnable demandChanged;
  private final Map<AttachmentKey, Job> jobs = new LinkedHashMap<>();
  private final Deque<Job> queue = new ArrayDeque<>();
  /** Names that attachments under way have taken, beside those in the ledger. */
  private final Map<String, AttachmentKey> hostNames = new HashMap<>();
  /** ADDs that come while what an earlier one left is being removed, by request. */
  private final Map<Long, AttachmentKey> behindClosings = new LinkedHashMap<>();
  /** What was promised by this process, by the request that it was promised to. */
  private final Map<Long, AttachmentKey> promised = new HashMap<>();
  /** What waits until nothing that an earlier process left can be in the way; absent when that is so. */
  private Optional<List<Runnable>> untilTidy = Optional.of(new ArrayList<>());

  Attachments(Context context, Draws draws, Closings closings, Notices notices, Runnable demandChanged) {
    this.context = context;
    this.draws = draws;
    this.closings = closings;
    this.notices = notices;
    this.demandChanged = demandChanged;
    context.ledger.attachments().forEach(a -> hostNames.put(a.hostInterface(), a.key()));
  }

  void add(long request, AttachmentRequest of) {
    Optional<AttachmentRecord> existing = context.ledger.attachment(of.key());
    if (jobs.containsKey(of.key())) {
      refuse(request, of, Finding.of(BrainCodes.ATTACHMENT_BUSY, "An ADD for " + of.key() + " is under way.",
          "Wait for its answer, or send DEL first."), true);
    } else if (existing.isPresent() && existing.get().state() == AttachmentRecord.State.LIVE) {
      refuse(request, of, Finding.of(BrainCodes.ATTACHMENT_EXISTS,
          "The attachment " + of.key() + " exists since an earlier ADD, for " + existing.get().pod() + ".",
          "Send DEL before another ADD; nothing was changed."), false);
    } else if (existing.isPresent()) {
      // It is a matter of milliseconds, and nobody who was cut off should have to know that he was.
      behindClosings.put(request, of.key());
      closings.close(existing.get(), OptionalLong.empty(), () -> addBehind(request, of));
    } else if (context.facts().isEmpty()) {
      refuse(request, of, Finding.of(BrainCodes.NODE_UNKNOWN, "The node does not know its own interfaces yet: "
          + Optional.ofNullable(context.findings.get("node")).map(Finding::cause).orElse("instance metadata has not answered."),
          "kubelet tries again by itself; `patchbay status` shows what is missing."), true);
    } else {
      Job job = new Job(request, of, hostName(of), context.now.wall(),
          context.millis() + context.settings.addressWaitMillis());
      hostNames.put(job.hostInterface, of.key());
      jobs.put(of.key(), job);
      draft(job);
    }
  }

  private void addBehind(long request, AttachmentRequest of) {
    if (behindClosings.remove(request) == null) {
      return;
    }
    if (context.ledger.attachment(of.key()).filter(a -> a.state() != AttachmentRecord.State.LIVE).isPresent()) {
      refuse(request, of, Finding.of(BrainCodes.ATTACHMENT_BUSY, "What an earlier ADD for " + of.key() + " made can't be removed yet.",
          "Try again later; `patchbay status` shows what is in the way."), true);
    } else {
      add(request, of);
    }
  }

  private String hostName(AttachmentRequest of) {
    boolean first = of.key().interfaceName().equals("eth0") && !of.podName().isEmpty();
    String wanted = first ? of.podNamespace() + "." + of.podName() : of.key().toString();
    String name = HostNames.of(context.settings.vethPrefix(), wanted);
    // A pod made anew under its old name can come before its old sandbox is gone.
    return hostNames.containsKey(name) ? HostNames.of(context.settings.vethPrefix(), of.key() + "/" + wanted) : name;
  }

  private void draft(Job job) {
    job.stage = Job.Stage.DRAFTING;
    job.object = Optional.empty();
    job.waitingFor = Optional.empty();
    PlanWork work = new PlanWork.Draft(context.composition, context.plan, job.view(context));
    context.ask(token -> new Effect.Plan(token, work), event -> {
      switch (event) {
        case Event.Planned p -> drafted(job, (PlanWork.Outcome.OfDraft) p.outcome());
        case Event.PlannerFailed f -> {
          if (!gone(job)) {
            giveUp(job, f.reason(), false);
          }
        }
        default -> throw Context.unexpected(event);
      }
    });
  }

  private void drafted(Job job, PlanWork.Outcome.OfDraft outcome) {
    if (gone(job)) {
      return;
    }
    switch (outcome.answer()) {
      case Answer.Planned<AttachmentPlanning.Draft> p -> {
        job.draft = p.value();
        job.stage = Job.Stage.WAITING_FOR_ADDRESS;
        queue.addLast(job);
        serve();
      }
      case Answer.Wait<AttachmentPlanning.Draft> w -> waitFor(job, w.object(), w.reason());
      case Answer.Refuse<AttachmentPlanning.Draft> r -> giveUp(job, r.reason(), false);
      case Answer.Pass<AttachmentPlanning.Draft> _ -> throw new IllegalStateException("a draft passes");
    }
  }

  private void waitFor(Job job, ObjectRef object, Finding reason) {
    job.stage = Job.Stage.WAITING_FOR_OBJECT;
    job.object = Optional.of(object);
    job.waitingFor = Optional.of(reason);
    context.wakeAt(Math.min(job.deadline, context.millis() + Notices.WAIT_MILLIS));
  }

  /** An object changed: whoever waits for it is drafted again. */
  void objectChanged(ObjectRef ref) {
    for (Job job : List.copyOf(jobs.values())) {
      if (job.stage == Job.Stage.WAITING_FOR_OBJECT && job.object.equals(Optional.of(ref))) {
        draft(job);
      }
    }
  }

  /** Gives addresses to those who wait, in order; nobody overtakes another who waits for the same lane. */
  void serve() {
    List<String> dry = new ArrayList<>();
    Iterator<Job> each = List.copyOf(queue).iterator();
    while (each.hasNext()) {
      Job job = each.next();
      List<AddressRequest> requests = job.draft().requests();
      Optional<String> waitsFor = requests.stream().map(Draws::wantOf).filter(dry::contains).findFirst();
      if (waitsFor.isPresent()) {
        continue;
      }
      switch (draws.draw(job.of.key(), requests)) {
        case Draws.Outcome.Drawn d -> {
          queue.remove(job);
          job.held = d.held();
          job.waitingFor = Optional.empty();
          planDatapath(job);
        }
        case Draws.Outcome.Dry d -> {
          dry.add(d.want());
          job.waitingFor = Optional.of(d.reason());
        }
        case Draws.Outcome.Impossible i -> {
          queue.remove(job);
          giveUp(job, i.reason(), i.later());
        }
        case Draws.Outcome.Asked a -> {
          queue.remove(job);
          job.stage = Job.Stage.PLANNING;
          draws.onDemand(job.of.key(), requests, a, held -> {
            job.held = held;
            if (!gone(job)) {
              planDatapath(job);
            }
          }, reason -> {
            if (!gone(job)) {
              giveUp(job, reason, true);
            }
          });
        }
      }
    }
    if (!queue.isEmpty()) {
      context.wakeAt(Math.min(queue.stream().mapToLong(j -> j.deadline).min().orElseThrow(), context.millis() + Notices.WAIT_MILLIS));
    }
    demandChanged.run();
  }

  private void planDatapath(Job job) {
    job.stage = Job.Stage.PLANNING;
    List<ModeInstance> modes = job.draft().shares().stream().map(AttachmentPlanning.Share::mode).toList();
    PlanWork work = new PlanWork.Datapath(modes, job.view(context));
    context.ask(token -> new Effect.Plan(token, work), event -> {
      switch (event) {
        case Event.Planned p -> {
          if (!gone(job)) {
            planned(job, modes, (PlanWork.Outcome.OfDatapath) p.outcome());
          }
        }
        case Event.PlannerFailed f -> {
          if (!gone(job)) {
            giveUp(job, f.reason(), false);
          }
        }
        default -> throw Context.unexpected(event);
      }
    });
  }

  private void planned(Job job, List<ModeInstance> modes, PlanWork.Outcome.OfDatapath outcome) {
    switch (outcome.answer()) {
      case Answer.Planned<DatapathPlan> p -> {
        Optional<Act> next = p.value().elements(Act.class).stream().filter(a -> !job.outcomes.containsKey(a.id())).findFirst();
        if (next.isPresent()) {
          context.ask(token -> new Effect.Run(token, job.request, job.of.key(), next.get()), event -> {
            if (event instanceof Event.ActDone done) {
              job.outcomes.put(next.get().id(), done.outcome());
              if (!gone(job)) {
                planDatapath(job);
              }
            } else {
              throw Context.unexpected(event);
            }
          });
        } else {
          make(job, modes, p.value());
        }
      }
      case Answer.Wait<DatapathPlan> w -> giveUp(job, w.reason(), true);
      case Answer.Refuse<DatapathPlan> r -> giveUp(job, r.reason(), false);
      case Answer.Pass<DatapathPlan> _ -> throw new IllegalStateException("a datapath passes");
    }
  }

  private void make(Job job, List<ModeInstance> modes, DatapathPlan plan) {
    job.stage = Job.Stage.MAKING;
    AttachmentRequest of = job.of;
    AttachmentRecord open = new AttachmentRecord(of.key(), of.network(), of.podNamespace(), of.podName(), of.podUid(), of.netns(),
        job.hostInterface, String.join(",", modes.stream().map(ModeInstance::label).toList()), job.held, plan, job.outcomes,
        Fields.empty(), AttachmentRecord.State.OPEN, job.since);
    context.write(List.of(new Entry.Attached(open)), () -> onceTidy(() -> apply(job, open)), reason -> {
      context.ledger.apply(new Entry.Ended(of.key(), 0));
      giveUp(job, context.findings.getOrDefault("ledger",
          Finding.of(BrainCodes.LEDGER_UNWRITABLE, reason, "Repair the file system of the state directories.")), true);
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

  private void apply(Job job, AttachmentRecord open) {
    job.held.forEach(h -> context.ranges.settle(h.address()));
    context.ask(token -> new Effect.Apply(token, job.request, Paths.of(context, open)), event -> {
      switch (event) {
        case Event.KernelDone _ -> {
          if (job.unwanted()) {
            abandon(job, open, whyUnwanted(job));
          } else {
            promise(job, open);
          }
        }
        case Event.KernelFailed f -> abandon(job, open, f.reason());
        default -> throw Context.unexpected(event);
      }
    });
  }

  private void promise(Job job, AttachmentRecord open) {
    context.write(List.of(new Entry.Marked(open.key(), AttachmentRecord.State.LIVE)), () -> {
      AttachmentRecord live = open.in(AttachmentRecord.State.LIVE);
      if (job.unwanted()) {
        abandon(job, live, whyUnwanted(job));
        return;
      }
      jobs.remove(open.key());
      promised.put(job.request, open.key());
      context.emit(new Effect.Answer(job.request, new Reply.Added(live, context.settings.mtu())));
    }, reason -> abandon(job, open, Finding.of(BrainCodes.LEDGER_UNWRITABLE, "The ledger can't be written: " + reason + ".",
        "Free space or repair the file system that holds the state directories.")));
  }

  private static Finding whyUnwanted(Job job) {
    return job.deletions.isEmpty()
        ? Finding.of(BrainCodes.CALLER_GONE, "The container runtime hung up.", "Nothing; what was made is removed.")
        : Finding.of(BrainCodes.ATTACHMENT_DELETED, "The attachment was deleted while it was being made.", "Nothing; it is gone.");
  }

  /** Undoes what is written down: the addresses go through cooldown, since packets may have been sent from them. */
  private void abandon(Job job, AttachmentRecord open, Finding reason) {
    jobs.remove(open.key());
    closings.close(open, OptionalLong.of(job.request), () -> {
      refuse(job.request, job.of, reason, false);
      job.deletions.forEach(request -> context.emit(new Effect.Answer(request, new Reply.Done())));
    });
  }

  /** Gives up what is not written down: its addresses were never used. */
  private void giveUp(Job job, Finding reason, boolean later) {
    jobs.remove(job.of.key());
    queue.remove(job);
    hostNames.remove(job.hostInterface);
    boolean held = !job.held.isEmpty();
    putBack(job);
    refuse(job.request, job.of, reason, later);
    job.deletions.forEach(request -> context.emit(new Effect.Answer(request, new Reply.Done())));
    if (held) {
      serve();
    } else {
      demandChanged.run();
    }
  }

  /** Once only: the address may be another pod's by the time that a late answer comes. */
  private void putBack(Job job) {
    List<HeldAddress> held = job.held;
    job.held = List.of();
    draws.putBack(held);
  }

  /** Whether a job was given up while something was asked for it; its addresses go back then. */
  private boolean gone(Job job) {
    if (jobs.get(job.of.key()) == job) {
      return false;
    }
    putBack(job);
    return true;
  }

  void del(long request, AttachmentKey key) {
    List.copyOf(behindClosings.entrySet()).stream().filter(e -> e.getValue().equals(key)).forEach(e -> {
      behindClosings.remove(e.getKey());
      fail(e.getKey(), Finding.of(BrainCodes.ATTACHMENT_DELETED, "The attachment was deleted before it was made.",
          "Nothing; it is gone."), false);
    });
    Job job = jobs.get(key);
    if (job != null) {
      job.deletions.add(request);
      if (job.stage != Job.Stage.MAKING) {
        giveUp(job, Finding.of(BrainCodes.ATTACHMENT_DELETED, "The attachment was deleted while it was being made.",
            "Nothing; it is gone."), false);
      }
      return;
    }
    Optional<AttachmentRecord> attachment = context.ledger.attachment(key);
    if (attachment.isEmpty()) {
      // DEL for what is not there succeeds: CNI specification, "DEL".
      context.emit(new Effect.Answer(request, new Reply.Done()));
    } else {
      closings.close(attachment.get(), OptionalLong.of(request), done(request));
    }
  }

  private Runnable done(long request) {
    return () -> context.emit(new Effect.Answer(request, new Reply.Done()));
  }

  /** An attachment ended: its name may be used again, and its addresses cool down. */
  void ended(AttachmentRecord attachment) {
    hostNames.remove(attachment.hostInterface(), attachment.key());
    promised.values().remove(attachment.key());
  }

  void check(long request, AttachmentKey key) {
    Optional<AttachmentRecord> attachment =
        context.ledger.attachment(key).filter(a -> a.state() == AttachmentRecord.State.LIVE);
    if (attachment.isEmpty()) {
      fail(request, Finding.of(BrainCodes.ATTACHMENT_UNKNOWN, "There is no attachment " + key + ".",
          "Delete the pod so that it is made anew; `patchbay status` lists what there is."), false);
      return;
    }
    context.ask(token -> new Effect.Compare(token, request, Paths.of(context, attachment.get())), event -> {
      switch (event) {
        case Event.Checked c ->
            context.emit(new Effect.Answer(request, new Reply.Compared(attachment.get(), c.deviations())));
        case Event.KernelFailed f -> fail(request, f.reason(), true);
        default -> throw Context.unexpected(event);
      }
    });
  }

  /** Whoever asked is gone, and was told nothing: before the answer, or with it in his hands and unread. */
  void callerGone(long request) {
    if (behindClosings.remove(request) != null) {
      fail(request, Finding.of(BrainCodes.CALLER_GONE, "The container runtime hung up while what an earlier ADD left was removed.",
          "Nothing; it is given up, and the runtime tries again by itself."), true);
    }
    for (Job job : List.copyOf(jobs.values())) {
      if (job.request == request && job.stage == Job.Stage.MAKING) {
        job.callerGone = true;
      } else if (job.request == request) {
        giveUp(job, Finding.of(BrainCodes.CALLER_GONE,
            "The container runtime hung up after " + (context.now.wall() - job.since) / 1000 + " s"
                + job.waitingFor.map(w -> " while the pod waited: " + w.cause()).orElse("."),
            job.waitingFor.map(Finding::remedy).orElse("Nothing; it is given up, and the runtime tries again by itself.")), true);
      }
    }
    Optional.ofNullable(promised.get(request)).flatMap(context.ledger::attachment)
        .ifPresent(a -> closings.close(a, OptionalLong.empty(), () -> {}));
  }

  /** Gives up those who have waited long enough. */
  void expire() {
    for (Job job : List.copyOf(jobs.values())) {
      boolean waits = job.stage == Job.Stage.WAITING_FOR_ADDRESS || job.stage == Job.Stage.WAITING_FOR_OBJECT;
      if (waits && job.deadline <= context.millis()) {
        Finding why = job.waitingFor.orElseThrow();
        if (job.stage == Job.Stage.WAITING_FOR_ADDRESS) {
          why = Finding.of(Codes.ADDRESS_WAIT_EXPIRED, "No address came within "
              + context.settings.addressWaitMillis() / 1000 + " s: " + why.cause(), why.remedy());
        }
        giveUp(job, why, true);
      }
    }
    waiting().stream().mapToLong(j -> j.deadline).min().ifPresent(context::wakeAt);
  }

  List<Job> waiting() {
    return jobs.values().stream().filter(
        j -> j.stage == Job.Stage.WAITING_FOR_ADDRESS || j.stage == Job.Stage.WAITING_FOR_OBJECT).toList();
  }

  boolean busy(AttachmentKey key) {
    return jobs.containsKey(key);
  }

  /** How many wait for addresses of a lane and family. */
  int demand(String want) {
    return (int) queue.stream().flatMap(j -> j.draft().requests().stream()).filter(r -> Draws.wantOf(r).equals(want)).count();
  }

  /** Refuses an ADD, and remembers it for who asks about the pod. One that was deleted meanwhile nobody asks about. */
  private void refuse(long request, AttachmentRequest of, Finding reason, boolean later) {
    if (!reason.code().equals(BrainCodes.ATTACHMENT_DELETED)) {
      context.recent.refused(of, reason, later, context.now.wall());
      notices.refused(of, reason);
    }
    fail(request, reason, later);
  }

  private void fail(long request, Finding reason, boolean later) {
    context.emit(new Effect.Answer(request, new Reply.Failed(reason, later)));
  }
}
