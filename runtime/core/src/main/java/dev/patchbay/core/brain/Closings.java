package dev.patchbay.core.brain;

import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.spi.Finding;
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
   * Closes an attachment.
   *
   * @param attachment the attachment
   * @param request the request that brought the pod's namespace, if one did
   * @param done what to do once it is closed, or once it is sure to be
   */
  void close(AttachmentRecord attachment, OptionalLong request, Runnable done) {
    List<Runnable> others = closing.get(attachment.key());
    if (others != null && !retries.containsKey(attachment.key())) {
      others.add(done);
      return;
    }
    retries.remove(attachment.key());
    closing.computeIfAbsent(attachment.key(), key -> new ArrayList<>()).add(done);
    if (attachment.state() == AttachmentRecord.State.CLOSING) {
      undo(attachment, request);
      return;
    }
    // If the mark can't be written the undo goes on all the same: a DEL is never refused for want of space. The next
    // start finds the attachment without its devices.
    context.write(List.of(new Entry.Marked(attachment.key(), AttachmentRecord.State.CLOSING)),
        () -> undo(attachment, request), reason -> undo(attachment, request));
  }

  private void undo(AttachmentRecord attachment, OptionalLong request) {
    context.ask(token -> new Effect.Undo(token, request, Paths.of(context, attachment)), event -> {
      switch (event) {
        case Event.KernelDone _ -> end(attachment);
        case Event.KernelFailed f -> {
          context.findings.put("undo " + attachment.key(), Finding.of(BrainCodes.UNDO_PENDING,
              "The datapath of " + attachment.pod() + " could not be removed: " + f.reason().cause(),
              "Patchbay tries again every " + RETRY_MILLIS / 1000 + " s; its addresses stay held until then."));
          retries.put(attachment.key(), context.millis() + RETRY_MILLIS);
          context.wakeAt(context.millis() + RETRY_MILLIS);
          tell(attachment.key());
        }
        default -> throw Context.unexpected(event);
      }
    });
  }

  private void end(AttachmentRecord attachment) {
    long coolUntil = context.millis() + context.settings.cooldownMillis();
    Runnable over = () -> {
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
    };
    context.write(List.of(new Entry.Ended(attachment.key(), coolUntil)), over, reason -> over.run());
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
