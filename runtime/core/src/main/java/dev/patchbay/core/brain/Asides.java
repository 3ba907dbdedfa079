package dev.patchbay.core.brain;

import dev.patchbay.spi.Finding;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The modes that are set aside because a planner of theirs failed: not asked for a while, which doubles with each failure that comes
 * soon after the last. What failed may have been about one odd pod, or a machine too busy to plan in time, so no mode is given up for
 * good; while it is set aside, its pods stay as they are and others are served.
 */
final class Asides {
  private static final long FIRST_MILLIS = 5_000;
  private static final long LAST_MILLIS = 3_600_000;
  /** A mode that has behaved for so long is as good as new. */
  private static final long FORGIVEN_MILLIS = 600_000;

  private record Aside(Finding why, long until, int times) {}

  private final Map<String, Aside> failed = new TreeMap<>();

  /** Sets a mode aside; returns until when. */
  long set(String mode, Finding why, long now) {
    Aside before = failed.get(mode);
    int times = before == null || before.until() + FORGIVEN_MILLIS < now ? 0 : before.times();
    long until = now + Math.min(LAST_MILLIS, FIRST_MILLIS << Math.min(times, 20));
    failed.put(mode, new Aside(why, until, times + 1));
    return until;
  }

  /** Those whose time was over at a moment, and was not at an earlier one. */
  List<String> back(long earlier, long now) {
    return failed.entrySet().stream().filter(e -> e.getValue().until() > earlier && e.getValue().until() <= now)
        .map(Map.Entry::getKey).toList();
  }

  Map<String, Finding> reasons(long now) {
    Map<String, Finding> reasons = new TreeMap<>();
    failed.forEach((mode, a) -> {
      if (a.until() > now) {
        reasons.put(mode, a.why());
      }
    });
    return reasons;
  }
}
