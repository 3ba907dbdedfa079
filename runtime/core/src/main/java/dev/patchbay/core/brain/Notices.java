package dev.patchbay.core.brain;

import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.object.ObjectPlan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What people see of findings in the cluster: an Event on the pod that is refused or waits long, an Event on the node for each thing
 * that the operator should know, and a condition of the node that says whether pods get their network. All carry the code that stands
 * in the CNI error, the log and the metric.
 */
final class Notices {
  /** The type of the node's condition. */
  static final String CONDITION = "PatchbayReady";
  /** A pod that waits so long is told why. */
  static final long WAIT_MILLIS = 5_000;
  /** Other programs watch nodes, so the condition does not follow every flicker. */
  static final long SHORTEST_MILLIS = 10_000;
  /** A node that starts is not complained of for so long. */
  static final long START_MILLIS = 30_000;

  private static final int LONGEST_TEXT = 2_000;

  private final Context context;
  private final ObjectRef node;
  private final long started;
  private final Set<About> told = new HashSet<>();
  private final Set<Long> waitTold = new HashSet<>();
  private Optional<Wanted> written = Optional.empty();
  private long writtenAt;
  /** What was looked at last. */
  private Optional<Seen> looked = Optional.empty();
  /** From when on there is more to say of it, the same as it is. */
  private long lookAgainAt = Long.MAX_VALUE;

  /** All that a look depends on, time apart. */
  private record Seen(Optional<Finding> trouble, boolean serving, List<Map.Entry<String, Finding>> findings) {
    boolean is(Optional<Finding> otherTrouble, Context other) {
      if (serving != other.serving || findings.size() != other.findings.size() || !trouble.equals(otherTrouble)) {
        return false;
      }
      Iterator<Map.Entry<String, Finding>> each = findings.iterator();
      for (Map.Entry<String, Finding> finding : other.findings.entrySet()) {
        if (!finding.equals(each.next())) {
          return false;
        }
      }
      return true;
    }
  }

  /** What a finding of the node is about: one Event for each, until it is over. */
  private record About(Code code, Optional<String> subject) {}

  private record Wanted(boolean status, Code code, String text) {}

  Notices(Context context) {
    this.context = context;
    this.node = new ObjectRef(ObjectKind.NODE, "", context.settings.nodeName());
    this.started = context.millis();
  }

  /** Says on the pod that its ADD was refused. */
  void refused(AttachmentRequest of, Finding reason) {
    if (!of.podName().isEmpty() && !reason.code().equals(BrainCodes.CALLER_GONE)) {
      publish(ObjectPlan.empty().withEvent(pod(of), of.podUid(), true, reason.code(), text(reason)));
    }
  }

  /** Says on pods that have waited long what they wait for. */
  void waiting(List<Job> jobs) {
    Set<Long> still = new HashSet<>();
    for (Job job : jobs) {
      long due = job.deadline - context.settings.addressWaitMillis() + WAIT_MILLIS;
      if (due > context.millis()) {
        context.wakeAt(due);
        continue;
      }
      still.add(job.request);
      if (!job.of.podName().isEmpty() && !waitTold.contains(job.request)) {
        job.waitingFor.ifPresent(why -> publish(ObjectPlan.empty().withEvent(pod(job.of), job.of.podUid(), false, why.code(),
            "It waits: " + text(why))));
      }
    }
    waitTold.clear();
    waitTold.addAll(still);
  }

  /** Says what has changed of the node since the last time. */
  void look(Optional<Finding> trouble) {
    if (node.name().isEmpty()) {
      return;
    }
    if (looked.isPresent() && context.millis() < lookAgainAt && looked.get().is(trouble, context)) {
      if (lookAgainAt < Long.MAX_VALUE) {
        context.wakeAt(lookAgainAt);
      }
      return;
    }
    List<Finding> findings = new ArrayList<>();
    context.findings.forEach((about, finding) -> {
      if (!Remarks.isOne(about)) {
        findings.add(finding);
      }
    });
    Set<About> now = new HashSet<>();
    // What keeps pods from their network is no finding as long as it is a matter of course, such as a node that is full.
    List<Finding> all = new ArrayList<>(findings);
    trouble.filter(t -> context.serving).ifPresent(all::addFirst);
    for (Finding finding : all) {
      About about = new About(finding.code(), finding.subject());
      if (now.add(about) && told.add(about)) {
        publish(onPods(ObjectPlan.empty().withEvent(node, true, finding.code(), text(finding)), finding));
      }
    }
    told.retainAll(now);
    lookAgainAt = condition(trouble, findings);
    looked = Optional.of(new Seen(trouble, context.serving, seen(context.findings)));
  }

  private static List<Map.Entry<String, Finding>> seen(Map<String, Finding> findings) {
    List<Map.Entry<String, Finding>> seen = new ArrayList<>(findings.size());
    findings.forEach((about, finding) -> seen.add(Map.entry(about, finding)));
    return seen;
  }

  /** A plan and an Event on each pod that a finding of the node is about. */
  private ObjectPlan onPods(ObjectPlan plan, Finding finding) {
    if (!finding.code().equals(BrainCodes.ADDRESS_VANISHED) || finding.subject().isEmpty()) {
      return plan;
    }
    String subject = finding.subject().get();
    ObjectPlan all = plan;
    for (AttachmentRecord attachment : context.ledger.attachments()) {
      boolean concerned = attachment.addresses().stream()
          .anyMatch(h -> h.address().asCidr().toString().equals(subject) || h.eniId().equals(Optional.of(subject)));
      if (concerned && !attachment.podName().isEmpty()) {
        all = all.withEvent(new ObjectRef(ObjectKind.POD, attachment.podNamespace(), attachment.podName()), attachment.podUid(), true,
            finding.code(), text(finding));
      }
    }
    return all;
  }

  /** Brings the condition up to date; returns when that can go on. */
  private long condition(Optional<Finding> trouble, Collection<Finding> findings) {
    Wanted wanted = wanted(trouble, findings);
    if (written.equals(Optional.of(wanted))) {
      return Long.MAX_VALUE;
    }
    boolean starting = written.isEmpty() && trouble.isPresent() && findings.isEmpty();
    long due = starting ? started + START_MILLIS : written.isEmpty() ? context.millis() : writtenAt + SHORTEST_MILLIS;
    if (due > context.millis()) {
      context.wakeAt(due);
      return due;
    }
    write(wanted);
    return Long.MAX_VALUE;
  }

  /** The node's object was seen: somebody may have taken the condition away, or made the object anew. */
  void seen(ObjectRecord object) {
    if (object.ref().equals(node) && written.isPresent()) {
      Wanted wanted = written.get();
      boolean there = object.content().fields("status").list("conditions").stream().anyMatch(c -> says(c, wanted));
      // Soon after a write, what is seen is what was there before it.
      if (!there && writtenAt + SHORTEST_MILLIS <= context.millis()) {
        write(wanted);
      }
    }
  }

  private static boolean says(Fields condition, Wanted wanted) {
    return condition.text("type").equals(Optional.of(CONDITION))
        && condition.text("status").equals(Optional.of(wanted.status ? "True" : "False"))
        && condition.text("reason").equals(Optional.of(wanted.code.name()))
        && condition.text("message").equals(Optional.of(wanted.text));
  }

  private void write(Wanted wanted) {
    written = Optional.of(wanted);
    writtenAt = context.millis();
    looked = Optional.empty();
    publish(ObjectPlan.empty().withCondition(node, CONDITION, wanted.status, wanted.code, wanted.text));
  }

  private static Wanted wanted(Optional<Finding> trouble, Collection<Finding> findings) {
    Set<Finding> all = Stream.concat(trouble.stream(), findings.stream()).collect(Collectors.toCollection(LinkedHashSet::new));
    if (all.isEmpty()) {
      return new Wanted(true, BrainCodes.SERVING, "Pods get their network.");
    }
    Finding first = all.iterator().next();
    String text = (trouble.isPresent() ? "" : "Pods get their network, but: ") + text(first)
        + all.stream().skip(1).map(f -> " " + f.code().name() + ": " + text(f)).collect(Collectors.joining());
    return new Wanted(trouble.isEmpty(), first.code(),
        text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT - 3) + "...");
  }

  private void publish(ObjectPlan plan) {
    context.emit(new Effect.Publish(plan));
  }

  private static ObjectRef pod(AttachmentRequest of) {
    return new ObjectRef(ObjectKind.POD, of.podNamespace(), of.podName());
  }

  private static String text(Finding finding) {
    return finding.cause() + " " + finding.remedy();
  }
}
