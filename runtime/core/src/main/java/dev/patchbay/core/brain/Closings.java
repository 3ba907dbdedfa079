package dev.patchbay.core.brain;

import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.datapath.Act;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * DEL: mark, undo, end, cool down. Its caller is always told that it is done; what could not be undone is tried again, and its
 * addresses are held until it is.
 */
final class Closings {
  private static final long RETRY_MILLIS = 5_000;

  private final Context context;
  private final Consumer<AttachmentRecord> ended;
  private final Map<AttachmentKey, List<Runnable>> closing = new LinkedHashMap<>();
  private final Map<AttachmentKey, Long> retries = new LinkedHashMap<>();

  Closings(Context context, Consumer<AttachmentRecord> ended) {
    this.context = context;
    this.ended = ended;
  }

  /**
   * Closes an attachment, and before it, in reverse, those that extras added to it.
   *
   * @param attachment the attachment
   * @param request the request that brought the pod's namespace, if one did
   * @param done what to do once all are closed, or once they are sure to be
   */
  void close(AttachmentRecord attachment, OptionalLong request, Runnable done) {
    List<AttachmentRecord> all = new ArrayList<>(context.ledger.extrasOf(attachment.key()).reversed());
    all.add(attachment);
    List<Entry> marks = new ArrayList<>();
    for (AttachmentRecord a : all) {
      if (context.ledger.attachment(a.key()).filter(now -> now.state() != AttachmentRecord.State.CLOSING).isPresent()) {
        marks.add(new Entry.Marked(a.key(), AttachmentRecord.State.CLOSING));
      }
    }
    Runnable go = () -> closeInOrder(all, request, done);
    if (marks.isEmpty()) {
      go.run();
      return;
    }
    // If the mark can't be written the undo goes on all the same: a DEL is never refused for want of space. The next
    // start finds the attachment without its devices. A disk that stands still says nothing for a while, and something then.
    Runnable once = once(go);
    context.write(marks, once, reason -> once.run(), once);
  }

  private static Runnable once(Runnable what) {
    boolean[] done = new boolean[1];
    return () -> {
      if (!done[0]) {
        done[0] = true;
        what.run();
      }
    };
  }

  private void closeInOrder(List<AttachmentRecord> rest, OptionalLong request, Runnable done) {
    if (rest.isEmpty()) {
      done.run();
      return;
    }
    close(rest.getFirst(), request, rest.subList(1, rest.size()), done);
  }

  private void close(AttachmentRecord attachment, OptionalLong request, List<AttachmentRecord> rest, Runnable done) {
    Runnable next = () -> closeInOrder(rest, request, done);
    if (context.ledger.attachment(attachment.key()).isEmpty()) {
      // Another request has closed it meanwhile.
      next.run();
      return;
    }
    List<Runnable> others = closing.get(attachment.key());
    if (others != null && !retries.containsKey(attachment.key())) {
      others.add(next);
      return;
    }
    retries.remove(attachment.key());
    closing.computeIfAbsent(attachment.key(), key -> new ArrayList<>()).add(next);
    undo(attachment, request);
  }

  private void undo(AttachmentRecord attachment, OptionalLong request) {
    context.ask(token -> new Effect.Undo(token, request, Paths.of(context, attachment)), event -> {
      switch (event) {
        case Event.KernelDone _ -> undoActs(attachment, request, attachment.plan().elements(Act.class).reversed());
        case Event.KernelFailed f -> later(attachment, f.reason().cause());
        default -> throw Context.unexpected(event);
      }
    });
  }

  /** An act may have been carried out as soon as the ledger has it, whether or not its outcome is known. */
  private void undoActs(AttachmentRecord attachment, OptionalLong request, List<Act> rest) {
    if (rest.isEmpty()) {
      end(attachment);
      return;
    }
    Act act = rest.getFirst();
    Fields outcome = attachment.outcomes().getOrDefault(act.id(), Fields.empty());
    context.ask(token -> new Effect.UndoRun(token, request, attachment, act, outcome), event -> {
      switch (event) {
        case Event.ActDone d when d.outcome().has("error") ->
            later(attachment, act.id() + " could not be undone: " + d.outcome().text("error").orElse(""));
        case Event.ActDone _ -> undoActs(attachment, request, rest.subList(1, rest.size()));
        default -> throw Context.unexpected(event);
      }
    });
  }

  private void later(AttachmentRecord attachment, String cause) {
    context.findings.put("undo " + attachment.key(), Finding.of(BrainCodes.UNDO_PENDING,
        "The datapath of " + attachment.pod() + " could not be removed: " + cause,
        "Patchbay tries again every " + RETRY_MILLIS / 1000 + " s; its addresses stay held until then."));
    retries.put(attachment.key(), context.millis() + RETRY_MILLIS);
    context.wakeAt(context.millis() + RETRY_MILLIS);
    tell(attachment.key());
  }

  private void end(AttachmentRecord attachment) {
    long coolUntil = context.millis() + context.settings.cooldownMillis();
    context.write(List.of(new Entry.Ended(attachment.key(), coolUntil)), () -> {
      context.findings.remove("undo " + attachment.key());
      for (HeldAddress held : attachment.addresses()) {
        context.book.release(held.address(), coolUntil);
      }
      context.recent.ended(attachment, context.now.wall());
      context.stale();
      ended.accept(attachment);
      // No longer closing when they are told: one of them may be the next ADD.
      List<Runnable> told = closing.getOrDefault(attachment.key(), List.of());
      closing.remove(attachment.key());
      told.forEach(Runnable::run);
      context.book.nextThaw().ifPresent(context::wakeAt);
    }, reason -> {
      // Its end is not in the journal: were an address of it given to another, the journal would have two holders.
      context.ledger.apply(new Entry.Attached(attachment.in(AttachmentRecord.State.CLOSING)));
      later(attachment, BrainFindings.unwritable(reason).cause());
      // When it takes long, all is undone all the same, and its addresses are held until it is written.
    }, () -> tell(attachment.key()));
  }

  private void tell(AttachmentKey key) {
    List<Runnable> waiting = closing.getOrDefault(key, List.of());
    List<Runnable> told = List.copyOf(waiting);
    waiting.clear();
    told.forEach(Runnable::run);
  }

  /** Tries again what could not be undone. */
  void retry() {
    for (Map.Entry<AttachmentKey, Long> entry : List.copyOf(retries.entrySet())) {
      if (entry.getValue() <= context.millis()) {
        retries.remove(entry.getKey());
        context.ledger.attachment(entry.getKey()).ifPresent(a -> undo(a, OptionalLong.empty()));
      }
    }
    retries.values().stream().mapToLong(Long::longValue).min().ifPresent(context::wakeAt);
  }
}
