package dev.patchbay.store;

import java.util.concurrent.atomic.AtomicReference;

/**
 * What a journal did since it was opened.
 *
 * @param records records made durable
 * @param bytes bytes written for them
 * @param writes writes, each with one fdatasync; records / writes is how many shared one
 * @param writeNanos time of all writes in nanoseconds
 * @param worstWriteNanos time of the longest write in nanoseconds
 * @param refused records refused because the storage failed
 */
public record JournalStatistics(long records, long bytes, long writes, long writeNanos, long worstWriteNanos, long refused) {
  /** Counts; written by the journal's writer, read by anybody. */
  static final class Counters {
    private final AtomicReference<JournalStatistics> now = new AtomicReference<>(new JournalStatistics(0, 0, 0, 0, 0, 0));

    void wrote(int records, int bytes, long nanos) {
      now.updateAndGet(s -> new JournalStatistics(s.records + records, s.bytes + bytes, s.writes + 1, s.writeNanos + nanos,
          Math.max(s.worstWriteNanos, nanos), s.refused));
    }

    void failed(int records) {
      now.updateAndGet(s -> new JournalStatistics(s.records, s.bytes, s.writes, s.writeNanos, s.worstWriteNanos, s.refused + records));
    }

    JournalStatistics snapshot() {
      return now.get();
    }
  }
}
