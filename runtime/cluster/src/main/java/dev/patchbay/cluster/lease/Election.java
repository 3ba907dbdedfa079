package dev.patchbay.cluster.lease;

import dev.patchbay.core.brain.Moment;
import dev.patchbay.core.objects.ObjectRecord;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Takes part in an election by a Lease, by the rules of client-go's leader election: a Lease is taken only when its holder has given it
 * up, or when nobody has changed it for its whole duration by this replica's own clock; each change names the version that it was made
 * of, so of two that try at once one fails. Clocks of different machines are never compared.
 *
 * <p>The holder counts from the moment at which it sent the renewal that succeeded, not from the answer, and not from when it was
 * asked; whatever happens to answers, it acts for the deadline after that and no longer.
 */
public final class Election {
  /** What the API server is to be asked. */
  public sealed interface Request {
    /** Read the Lease. */
    record Read() implements Request {}

    /**
     * Write the Lease.
     *
     * @param version the version that it is made of; empty to make it
     * @param lease what it says then
     */
    record Write(String version, Lease lease) implements Request {}
  }

  private record Observed(String version, Lease lease, long at) {}

  private final ElectionSettings settings;
  private final SplittableRandom random;
  private @Nullable Observed observed;
  private boolean reread = true;
  private @Nullable Request underWay;
  private long sentAt;
  private long due;
  private long renewed = Long.MIN_VALUE;
  private boolean leading;
  private boolean leaving;
  private long terms;

  /**
   * Makes it. It takes part from the first {@link #next} on.
   *
   * @param settings how it takes part
   * @param random spreads the attempts of replicas
   */
  public Election(ElectionSettings settings, SplittableRandom random) {
    this.settings = settings;
    this.random = random;
  }

  /**
   * {@return whether this replica may act at a moment}
   * @param now the moment
   */
  public boolean leads(long now) {
    return leading && now < until();
  }

  /**
   * {@return until when this replica may act, if it may act now}
   */
  public long until() {
    return renewed == Long.MIN_VALUE ? Long.MIN_VALUE : renewed + settings.deadlineMillis();
  }

  /**
   * {@return how often this replica has come to lead: whoever finds another number has not led all the time since}
   */
  public long terms() {
    return terms;
  }

  /**
   * {@return who holds the Lease, as last seen; empty if nobody does or it was never seen}
   */
  public String holder() {
    return observed == null ? "" : observed.lease().holder();
  }

  /**
   * {@return when there is something to do next}
   */
  public long due() {
    long attempt = underWay == null && !left() ? due : Long.MAX_VALUE;
    return leading ? Math.min(attempt, until()) : attempt;
  }

  private boolean left() {
    return leaving && !leading;
  }

  /**
   * What to ask now. The caller must then call {@link #read}, {@link #written} or {@link #failed}.
   *
   * @param now the time
   * @return the request; empty if it is not time, or one is under way
   */
  public Optional<Request> next(Moment now) {
    expire(now.monotonic());
    if (underWay != null || left() || now.monotonic() < due) {
      return Optional.empty();
    }
    Observed seen = observed;
    Request request = seen == null || reread || !leading ? new Request.Read() : new Request.Write(seen.version(), renewal(seen, now));
    return Optional.of(send(request, now));
  }

  private Request send(Request request, Moment now) {
    underWay = request;
    sentAt = now.monotonic();
    return request;
  }

  private Lease renewal(Observed seen, Moment now) {
    return new Lease(leaving ? "" : settings.identity(), leaving ? 1 : Math.max(1, settings.durationMillis() / 1000),
        seen.lease().acquired(), text(now), seen.lease().transitions());
  }

  private static String text(Moment now) {
    // Of a MicroTime the API server wants six digits of the fraction.
    String text = Instant.ofEpochMilli(now.wall()).toString();
    String seconds = text.substring(0, 19);
    return seconds + "." + String.format(java.util.Locale.ROOT, "%03d", Math.floorMod(now.wall(), 1000)) + "000Z";
  }

  private void expire(long now) {
    if (leading && now >= until()) {
      leading = false;
    }
  }

  /**
   * The Lease was read.
   *
   * @param found the Lease; empty if there is none
   * @param now the time
   * @return what to ask at once
   */
  public Optional<Request> read(Optional<ObjectRecord> found, Moment now) {
    underWay = null;
    expire(now.monotonic());
    if (found.isEmpty()) {
      leading = false;
      observed = null;
      if (leaving) {
        return Optional.empty();
      }
      return Optional.of(send(new Request.Write("", taken(0, now)), now));
    }
    observe(found.get(), now.monotonic());
    reread = false;
    Observed seen = java.util.Objects.requireNonNull(observed);
    boolean mine = seen.lease().holder().equals(settings.identity());
    if (leading && !mine) {
      leading = false;
    }
    if (left()) {
      return Optional.empty();
    }
    if (leading) {
      return Optional.of(send(new Request.Write(seen.version(), renewal(seen, now)), now));
    }
    long duration = seen.lease().durationSeconds() * 1000;
    if (mine || seen.lease().holder().isEmpty() || now.monotonic() - seen.at() >= duration) {
      return Optional.of(send(new Request.Write(seen.version(), taken(seen.lease().transitions() + (mine ? 0 : 1), now)), now));
    }
    later(now);
    return Optional.empty();
  }

  private Lease taken(long transitions, Moment now) {
    return new Lease(settings.identity(), Math.max(1, settings.durationMillis() / 1000), text(now), text(now), transitions);
  }

  private void observe(ObjectRecord record, long at) {
    Observed before = observed;
    Lease lease = Lease.of(record.content());
    if (before == null || !before.version().equals(record.resourceVersion()) || !before.lease().equals(lease)) {
      observed = new Observed(record.resourceVersion(), lease, at);
    }
  }

  /**
   * The Lease was written, or not: somebody else was faster.
   *
   * @param as the Lease as it is then; empty if it was not written
   * @param now the time
   */
  public void written(Optional<ObjectRecord> as, Moment now) {
    underWay = null;
    if (as.isEmpty()) {
      // Whoever was faster has it: it may still be this replica, by an answer that was lost.
      reread = true;
      later(now);
      if (leading) {
        due = now.monotonic();
      }
      return;
    }
    observe(as.get(), now.monotonic());
    reread = false;
    expire(now.monotonic());
    boolean mine = holder().equals(settings.identity());
    if (mine) {
      renewed = sentAt;
      if (!leading && now.monotonic() < until()) {
        leading = true;
        terms++;
      }
    } else {
      leading = false;
    }
    later(now);
  }

  /**
   * The API server could not be asked, or the answer was lost.
   *
   * @param now the time
   */
  public void failed(Moment now) {
    underWay = null;
    reread = true;
    later(now);
  }

  private void later(Moment now) {
    due = now.monotonic() + settings.retryMillis() + random.nextLong(Math.max(1, settings.retryMillis() / 5));
  }

  /**
   * This replica ends: it gives the Lease up if it holds it, and takes it no more. Nothing may be under way that it acts by.
   *
   * @param now the time
   */
  public void leave(Moment now) {
    leaving = true;
    due = now.monotonic();
  }

  /**
   * {@return whether a replica that leaves has nothing more to do}
   */
  public boolean over() {
    return left() && underWay == null;
  }
}
