package dev.patchbay.core.brain;

import dev.patchbay.core.compose.AttachmentPlanning;
import dev.patchbay.core.kernel.Deviation;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.core.ledger.MadeBefore;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * The requests of container runtimes: which ADDs are under way, which of them wait and in what order, and how DEL, CHECK and a
 * caller that hangs up meet them. What is done for an ADD, {@link Making} does. What nobody was told of, because the caller was gone,
 * is undone: container runtimes take such a call for failed.
 */
final class Attachments implements Making.Keeper {
  private record Behind(AttachmentKey key, Moment began) {}

  private final Context context;
  private final Draws draws;
  private final Closings closings;
  private final Making making;
  private final Notices notices;
  private final Sayings sayings;
  private final Runnable demandChanged;
  /** The ADDs under way, by each interface that they make. */
  private final Map<AttachmentKey, Job> jobs = new LinkedHashMap<>();
  private final Set<Part> queue = new LinkedHashSet<>();
  /** Names that attachments have taken, those under way too. */
  private final Map<String, AttachmentKey> hostNames = new HashMap<>();
  /** ADDs that come while what an earlier one left is being removed, by request. */
  private final Map<Long, Behind> behindClosings = new LinkedHashMap<>();
  /** What was promised by this process, by the request that it was promised to. */
  private final Map<Long, AttachmentKey> promised = new HashMap<>();

  Attachments(Context context, Draws draws, Closings closings, Notices notices, Sayings sayings,
      Runnable demandChanged) {
    this.context = context;
    this.draws = draws;
    this.closings = closings;
    this.notices = notices;
    this.sayings = sayings;
    this.demandChanged = demandChanged;
    this.making = new Making(context, draws, this);
    context.ledger.attachments().forEach(a -> hostNames.put(a.hostInterface(), a.key()));
  }

  void add(long request, AttachmentRequest of) {
    Optional<AttachmentRecord> existing = context.ledger.attachment(of.key());
    if (jobs.containsKey(of.key())) {
      refuse(request, of, underWay(of.key()), true);
    } else if (context.unanswered.standsStill()) {
      refuse(request, of, BrainFindings.standsStill(), true);
    } else if (existing.isPresent() && existing.get().state() == AttachmentRecord.State.LIVE && heardOf(of.key())) {
      refuse(request, of, exists(existing.get()), false);
    } else if (existing.isPresent()) {
      // A matter of milliseconds; whoever was cut off, by his end or by ours, need not know that he was.
      behindClosings.put(request, new Behind(of.key(), context.now));
      closings.close(existing.get(), OptionalLong.empty(), () -> addBehind(request, of));
    } else if (context.facts().isEmpty()) {
      refuse(request, of, Finding.of(BrainCodes.NODE_UNKNOWN, "The node does not know its own interfaces yet: "
          + Optional.ofNullable(context.findings.get("node")).map(Finding::cause).orElse("instance metadata has not answered."),
          "kubelet tries again by itself; `patchbay status` shows what is missing."), true);
    } else {
      Job job = new Job(request, of, context.now, context.millis() + context.settings.addressWaitMillis());
      making.draft(begin(job, of.key(), Optional.empty()));
    }
  }

  /** Whether somebody was promised an attachment, as far as that can be known: not if the process ended before it could tell. */
  private boolean heardOf(AttachmentKey key) {
    return context.ledger.told(key) || promised.containsValue(key);
  }

  private void addBehind(long request, AttachmentRequest of) {
    if (behindClosings.remove(request) == null) {
      return;
    }
    if (context.ledger.attachment(of.key()).filter(a -> a.state() != AttachmentRecord.State.LIVE).isPresent()) {
      refuse(request, of, beingRemoved(of.key()), true);
    } else {
      add(request, of);
    }
  }

  private static Finding underWay(AttachmentKey key) {
    return Finding.of(BrainCodes.ATTACHMENT_BUSY, "An ADD for " + key + " is under way.",
        "Wait for its answer, or send DEL first.");
  }

  private static Finding exists(AttachmentRecord attachment) {
    return Finding.of(BrainCodes.ATTACHMENT_EXISTS,
        "The attachment " + attachment.key() + " exists since an earlier ADD, for " + attachment.pod() + ".",
        "Send DEL before another ADD; nothing was changed.");
  }

  private static Finding beingRemoved(AttachmentKey key) {
    return Finding.of(BrainCodes.ATTACHMENT_BUSY, "What an earlier ADD for " + key + " made can't be removed yet.",
        "Try again later; `patchbay status` shows what is in the way.");
  }

  private Part begin(Job job, AttachmentKey key, Optional<AttachmentPlanning.Extra> extra) {
    Part part = new Part(job, key, hostName(job.of, key, extra.isEmpty()), extra);
    job.parts.add(part);
    hostNames.put(part.hostInterface, key);
    jobs.put(key, job);
    return part;
  }

  private String hostName(AttachmentRequest of, AttachmentKey key, boolean isFirst) {
    boolean ofPod = isFirst && key.interfaceName().equals("eth0") && !of.podName().isEmpty();
    String wanted = ofPod ? of.podNamespace() + "." + of.podName() : key.toString();
    String name = HostNames.of(context.settings.vethPrefix(), wanted);
    // A pod made anew under its old name can come before its old sandbox is gone.
    return hostNames.containsKey(name) ? HostNames.of(context.settings.vethPrefix(), key + "/" + wanted) : name;
  }

  @Override
  public Part next(Job job, AttachmentPlanning.Extra extra) {
    AttachmentKey key = new AttachmentKey(job.of.key().containerId(), extra.attachment().interfaceName());
    Optional<AttachmentRecord> there = context.ledger.attachment(key);
    if (jobs.containsKey(key) || there.isPresent()) {
      fail(job, there.map(a -> a.state() == AttachmentRecord.State.LIVE ? exists(a) : beingRemoved(key))
          .orElseGet(() -> underWay(key)), true);
      return job.part();
    }
    return begin(job, key, Optional.of(extra));
  }

  @Override
  public void drafted(Part part) {
    part.job.stage = Job.Stage.WAITING_FOR_ADDRESS;
    queue.add(part);
    serve();
  }

  /** An object changed: whoever waits for it is asked again. */
  void objectChanged(ObjectRef ref) {
    resume(job -> job.object.equals(Optional.of(ref)));
  }

  /** All objects of a kind have been heard: whoever waits for one of them, or for that, is asked again. */
  void heard(ObjectKind kind) {
    resume(job -> job.object.filter(o -> o.kind().equals(kind)).isPresent());
  }

  private void resume(java.util.function.Predicate<Job> who) {
    for (Job job : underWay()) {
      if (job.stage == Job.Stage.WAITING_FOR_OBJECT && who.test(job)) {
        job.resume.run();
      }
    }
  }

  /** What an earlier process left is removed, or can't be. */
  void tidy() {
    making.tidy();
  }

  private List<Job> underWay() {
    return List.copyOf(new LinkedHashSet<>(jobs.values()));
  }

  /** Gives addresses to those who wait, in order; nobody overtakes another who waits for the same lane. */
  void serve() {
    Map<String, Finding> dry = new TreeMap<>();
    for (Part part : List.copyOf(queue)) {
      // Whoever is served or gives up may change for others what is there.
      if (!queue.contains(part)) {
        continue;
      }
      Optional<String> behind = draws.wants(part).stream().filter(dry::containsKey).findFirst();
      if (behind.isPresent()) {
        part.job.waitingFor = Optional.ofNullable(dry.get(behind.get()));
        continue;
      }
      switch (draws.draw(part)) {
        case Draws.Outcome.Drawn d -> {
          queue.remove(part);
          part.held = d.held();
          if (queue.stream().noneMatch(other -> other.job == part.job)) {
            part.job.waitingFor = Optional.empty();
          }
          making.datapath(part);
        }
        case Draws.Outcome.Dry d -> {
          dry.put(d.want(), d.reason());
          part.job.waitingFor = Optional.of(d.reason());
        }
        case Draws.Outcome.Impossible i -> fail(part.job, i.reason(), i.later());
        case Draws.Outcome.Asked a -> {
          queue.remove(part);
          part.job.stage = Job.Stage.ACTING;
          ask(part, a);
        }
      }
    }
    if (!queue.isEmpty()) {
      context.wakeAt(Math.min(queue.stream().mapToLong(p -> p.job.deadline).min().orElseThrow(), context.millis() + Notices.WAIT_MILLIS));
    }
    demandChanged.run();
  }

  private void ask(Part part, Draws.Outcome.Asked asked) {
    draws.onDemand(asked, new Draws.Asking() {
      @Override
      public void done(List<HeldAddress> held) {
        part.held = held;
        if (!giveUpIfUnwanted(part.job)) {
          making.datapath(part);
        }
      }

      @Override
      public void failed(Finding reason) {
        fail(part.job, reason, true);
      }

      @Override
      public void unsure() {
        if (!giveUpIfUnwanted(part.job)) {
          drafted(part);
        }
      }

      @Override
      public void stuck() {
        Attachments.this.stuck(part.job);
      }
    });
  }

  private boolean giveUpIfUnwanted(Job job) {
    if (job.unwanted()) {
      fail(job, BrainFindings.unwanted(job, context.millis()), true);
      return true;
    }
    return false;
  }

  @Override
  public void done(Job job, AttachmentRecord first) {
    finish(job);
    promised.put(job.request, first.key());
    job.parts.forEach(p -> context.ledger.attachment(p.key).ifPresent(sayings::complete));
    context.emit(new Effect.Answer(job.request, new Reply.Added(first, context.settings.mtu())));
  }

  @Override
  public void stuck(Job job) {
    if (job.ended || job.answered) {
      return;
    }
    job.answered = true;
    // As if the caller were gone: whatever the disk answers in the end, it is undone.
    job.callerGone = true;
    refuse(job.request, job.of, BrainFindings.standsStill(), true);
    job.deletions.forEach(request -> done(request).run());
    job.deletions.clear();
  }

  private void finish(Job job) {
    job.ended = true;
    job.parts.forEach(p -> {
      jobs.remove(p.key, job);
      queue.remove(p);
    });
  }

  /**
   * What is written down is closed, in reverse: its addresses go through cooldown, since packets may have been sent from them. What is
   * not was never used.
   */
  @Override
  public void fail(Job job, Finding reason, boolean later) {
    if (job.ended) {
      return;
    }
    finish(job);
    boolean held = false;
    for (Part part : job.parts) {
      if (part.written.isEmpty()) {
        hostNames.remove(part.hostInterface, part.key);
        context.remarks.over(part.key);
        held |= !part.held.isEmpty();
        draws.putBack(part.held);
        part.held = List.of();
      }
    }
    Runnable tell = () -> {
      if (!job.answered) {
        refuse(job.request, job.of, reason, later);
      }
      job.deletions.forEach(request -> context.emit(new Effect.Answer(request, new Reply.Done())));
    };
    // An extra is never written down before its first, and goes with it.
    job.parts.getFirst().written.ifPresentOrElse(first -> closings.close(first, OptionalLong.of(job.request), tell), tell);
    if (held) {
      serve();
    } else {
      demandChanged.run();
    }
  }

  void del(long request, AttachmentKey key, MadeBefore madeBefore) {
    for (Map.Entry<Long, Behind> behind : List.copyOf(behindClosings.entrySet())) {
      if (behind.getValue().key().equals(key) && isBefore(behind.getValue().began(), madeBefore)) {
        behindClosings.remove(behind.getKey());
        fail(behind.getKey(), Finding.of(BrainCodes.ATTACHMENT_DELETED, "The attachment was deleted before it was made.",
            "Nothing; it is gone."), false);
      }
    }
    Job job = jobs.get(key);
    if (job != null && (job.answered || !isBefore(job.began, madeBefore))) {
      // It is not meant, or is undone as soon as the disk goes on.
      done(request).run();
      return;
    }
    if (job != null) {
      job.deletions.add(request);
      if (job.stage != Job.Stage.ACTING) {
        fail(job, BrainFindings.deleted(), false);
      }
      return;
    }
    Optional<AttachmentRecord> attachment = context.ledger.attachment(key).filter(madeBefore::includes);
    if (attachment.isEmpty()) {
      // DEL for what is not there succeeds: CNI specification, "DEL".
      context.emit(new Effect.Answer(request, new Reply.Done()));
    } else {
      closings.close(attachment.get(), OptionalLong.of(request), done(request));
    }
  }

  private static boolean isBefore(Moment began, MadeBefore madeBefore) {
    return madeBefore.includes(began.monotonic(), began.wall());
  }

  private Runnable done(long request) {
    return () -> context.emit(new Effect.Answer(request, new Reply.Done()));
  }

  /** An attachment ended: its name may be used again, and its addresses cool down. */
  void ended(AttachmentRecord attachment) {
    hostNames.remove(attachment.hostInterface(), attachment.key());
    context.remarks.over(attachment.key());
    context.findings.remove("replan " + attachment.key());
    promised.values().remove(attachment.key());
  }

  void check(long request, AttachmentKey key) {
    Optional<AttachmentRecord> first = context.ledger.attachment(key).filter(a -> a.state() == AttachmentRecord.State.LIVE);
    if (first.isEmpty()) {
      fail(request, Finding.of(BrainCodes.ATTACHMENT_UNKNOWN, "There is no attachment " + key + ".",
          "Delete the pod so that it is made anew; `patchbay status` lists what there is."), false);
      return;
    }
    Deque<AttachmentRecord> rest = new ArrayDeque<>(context.ledger.extrasOf(key));
    rest.addFirst(first.get());
    compare(request, first.get(), rest, new ArrayList<>());
  }

  private void compare(long request, AttachmentRecord first, Deque<AttachmentRecord> rest, List<Deviation> found) {
    AttachmentRecord next = rest.pollFirst();
    if (next == null) {
      context.emit(new Effect.Answer(request, new Reply.Compared(first, found)));
      return;
    }
    context.ask(token -> new Effect.Compare(token, request, Paths.of(context, next), Optional.of(next)), event -> {
      switch (event) {
        case Event.Checked c -> {
          found.addAll(c.deviations());
          compare(request, first, rest, found);
        }
        case Event.KernelFailed f -> fail(request, f.reason(), true);
        default -> throw Context.unexpected(event);
      }
    });
  }

  /** Whoever asked has read the answer. It is remembered, off the path: a process that ends before takes the promise for unheard. */
  void answerRead(long request) {
    Optional.ofNullable(promised.get(request)).ifPresent(
        key -> context.write(List.of(new Entry.Told(key)), () -> {}, reason -> {}));
  }

  /** Whoever asked is gone, and was told nothing: before the answer, or with it in his hands and unread. */
  void callerGone(long request) {
    if (behindClosings.remove(request) != null) {
      fail(request, Finding.of(BrainCodes.CALLER_GONE, "The container runtime hung up while what an earlier ADD left was removed.",
          "Nothing; it is given up, and the runtime tries again by itself."), true);
    }
    for (Job job : underWay()) {
      if (job.request == request) {
        job.callerGone = true;
        if (job.stage != Job.Stage.ACTING) {
          fail(job, BrainFindings.unwanted(job, context.millis()), true);
        }
      }
    }
    Optional.ofNullable(promised.get(request)).flatMap(context.ledger::attachment)
        .ifPresent(a -> closings.close(a, OptionalLong.empty(), () -> {}));
  }

  /** Gives up those who have waited long enough. */
  void expire() {
    for (Job job : waiting()) {
      if (job.deadline <= context.millis()) {
        Finding why = job.waitingFor.orElseThrow();
        if (job.stage == Job.Stage.WAITING_FOR_ADDRESS) {
          why = Finding.of(Codes.ADDRESS_WAIT_EXPIRED, "No address came within "
              + context.settings.addressWaitMillis() / 1000 + " s: " + why.cause(), why.remedy());
        }
        fail(job, why, true);
      }
    }
    waiting().stream().mapToLong(j -> j.deadline).min().ifPresent(context::wakeAt);
  }

  List<Job> waiting() {
    Set<Job> waiting = new LinkedHashSet<>();
    for (Job job : jobs.values()) {
      if (job.stage == Job.Stage.WAITING_FOR_ADDRESS || job.stage == Job.Stage.WAITING_FOR_OBJECT) {
        waiting.add(job);
      }
    }
    return List.copyOf(waiting);
  }

  boolean busy(AttachmentKey key) {
    return jobs.containsKey(key);
  }

  /** How many wait for addresses of a lane and family. */
  int demand(String want) {
    int demand = 0;
    for (Part part : queue) {
      if (!part.job.ended) {
        demand += Collections.frequency(draws.wants(part), want);
      }
    }
    return demand;
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
