package dev.patchbay.core.brain;

import dev.patchbay.core.ledger.Entry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the disk was asked to write, and has not answered. A disk that stands still answers nothing: whoever waits for it for long enough is
 * told, and what was asked for stays asked for, since nobody can take it back.
 */
final class Unanswered {
  /** Container runtimes wait for minutes, and disks that are merely slow answer within seconds. */
  static final long PATIENCE_MILLIS = 10_000;

  private static final class Waiting {
    private final long until;
    private final boolean ofAttachments;
    private final Runnable late;
    private boolean told;

    private Waiting(long until, boolean ofAttachments, Runnable late) {
      this.until = until;
      this.ofAttachments = ofAttachments;
      this.late = late;
    }
  }

  private final Context context;
  private final Map<Long, Waiting> waiting = new LinkedHashMap<>();
  private int late;
  private int lateOfAttachments;
  /** When it is looked next whether one is late; a tick before that asks for another one then. */
  private long look = Long.MAX_VALUE;

  Unanswered(Context context) {
    this.context = context;
  }

  /** Something was asked for: if it takes too long, or is behind what does, something is done at a later tick. */
  void asked(long token, List<Entry> entries, Runnable whenLate) {
    boolean ofAttachments = entries.stream().anyMatch(e -> e.part() == Entry.Part.RUN);
    long until = context.millis() + (ofAttachments && standsStill() ? 0 : PATIENCE_MILLIS);
    waiting.put(token, new Waiting(until, ofAttachments, whenLate));
    lookAt(until);
  }

  void answered(long token) {
    Waiting w = waiting.remove(token);
    if (w != null && w.told) {
      late--;
      lateOfAttachments -= w.ofAttachments ? 1 : 0;
    }
  }

  /** Whether the disk that has the attachments stands still, as far as can be seen. */
  boolean standsStill() {
    return lateOfAttachments > 0;
  }

  /** Whether one of the disks does. */
  boolean anyLate() {
    return late > 0;
  }

  private void lookAt(long at) {
    if (at < look) {
      look = at;
      context.wakeAt(at);
    }
  }

  void tick() {
    boolean early = look > context.millis();
    if (early && !waiting.isEmpty() && look < Long.MAX_VALUE) {
      context.wakeAt(look);
      return;
    }
    look = Long.MAX_VALUE;
    if (early) {
      return;
    }
    for (Waiting w : List.copyOf(waiting.values())) {
      if (!w.told && w.until <= context.millis()) {
        w.told = true;
        late++;
        lateOfAttachments += w.ofAttachments ? 1 : 0;
        context.findings.put("ledger", BrainFindings.standsStill());
        w.late.run();
      }
    }
    waiting.values().stream().filter(w -> !w.told).mapToLong(w -> w.until).min().ifPresent(this::lookAt);
  }
}
