package dev.patchbay.core.brain;

import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.PlanElement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Plans live attachments again when the node's plan has changed, where all their modes declare that safe; one at a time, behind the work
 * on pods. While the kernel is changed the ledger has both plans in one, so that whatever is cut off is taken out with the attachment.
 */
final class Replans {
  private final Context context;
  private final Deque<AttachmentKey> queue = new ArrayDeque<>();
  private boolean busy;

  Replans(Context context) {
    this.context = context;
  }

  /** The node's plan has changed. */
  void all() {
    queue.clear();
    context.ledger.attachments().forEach(a -> queue.add(a.key()));
    next();
  }

  private Optional<AttachmentRecord> live(AttachmentKey key) {
    return context.ledger.attachment(key).filter(a -> a.state() == AttachmentRecord.State.LIVE);
  }

  private void next() {
    while (!busy && !queue.isEmpty()) {
      live(queue.removeFirst()).ifPresent(this::replan);
    }
  }

  private void replan(AttachmentRecord attachment) {
    List<Optional<ModeInstance>> modes = attachment.modeIds().stream().map(context.composition::mode).toList();
    boolean able = !modes.isEmpty() && modes.stream().allMatch(m -> m.flatMap(i -> i.mode().datapathPlanner()).isPresent());
    // What a version before this one wrote does not say what the caller asked for.
    if (!able || !attachment.asked().has("capabilities") || context.facts().isEmpty()) {
      return;
    }
    busy = true;
    PlanWork work = new PlanWork.Again(modes.stream().flatMap(Optional::stream).toList(), context.circumstances(),
        Views.of(context, attachment));
    context.ask(token -> new Effect.Plan(token, work), event -> {
      busy = false;
      if (event instanceof Event.Planned p
          && ((PlanWork.Outcome.OfDatapath) p.outcome()).answer() instanceof Answer.Planned<DatapathPlan> planned) {
        Optional<AttachmentRecord> same = live(attachment.key()).filter(attachment::equals);
        same.ifPresent(now -> context.remarks.take(Remarks.On.of(now), "datapath", planned.findings()));
        same.filter(now -> !now.plan().equals(planned.value())).ifPresent(now -> change(now, planned.value()));
      }
      next();
    });
  }

  private void change(AttachmentRecord before, DatapathPlan plan) {
    busy = true;
    Set<PlanElement> elements = new LinkedHashSet<>(before.plan().elements());
    elements.addAll(plan.elements());
    AttachmentRecord both = before.with(DatapathPlan.of(new ArrayList<>(elements)));
    AttachmentRecord after = before.with(plan);
    context.write(List.of(new Entry.Attached(both)), () -> {
      if (live(before.key()).isEmpty()) {
        done();
        return;
      }
      context.ask(token -> new Effect.Change(token, Paths.of(context, before), Paths.of(context, after)), event -> {
        switch (event) {
          case Event.KernelDone _ -> {
            context.findings.remove("replan " + before.key());
            settle(after);
          }
          case Event.KernelFailed f -> {
            context.findings.put("replan " + before.key(), Finding.of(f.reason().code(), "The network of " + before.pod()
                + " could not be brought to what it should be now, and is as it was: " + f.reason().cause(), f.reason().remedy()));
            settle(before);
          }
          default -> throw Context.unexpected(event);
        }
      });
    }, reason -> {
      context.ledger.apply(new Entry.Attached(before));
      done();
    });
  }

  /** An attachment that is being closed by now is taken out with both plans. */
  private void settle(AttachmentRecord attachment) {
    if (live(attachment.key()).isPresent()) {
      context.write(List.of(new Entry.Attached(attachment)), this::done, reason -> done());
    } else {
      done();
    }
  }

  private void done() {
    busy = false;
    next();
  }
}
