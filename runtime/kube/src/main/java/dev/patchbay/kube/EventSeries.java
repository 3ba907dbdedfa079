package dev.patchbay.kube;

import dev.patchbay.core.needs.RuntimeNeeds;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.object.ObjectPlan;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Writes Events. One that happens again for the same object and reason is counted in the Event that there is, at pauses that grow, so
 * that a pod that fails every second costs the API server a request every few minutes. For one thread.
 */
final class EventSeries {
  private static final String COMPONENT = "patchbay";
  /** Events of objects without a namespace live here. */
  private static final String USUAL_NAMESPACE = "default";
  /** As validation of Events has it (k8s.io/kubernetes, pkg/apis/core/validation/events.go). */
  private static final int LONGEST_TEXT = 1_024;
  private static final int MOST = 500;
  /** The API server forgets Events after an hour, unless told otherwise ({@code --event-ttl}). */
  private static final Duration LIFETIME = Duration.ofHours(1);
  private static final Shape READ = Shape.of("metadata.uid");

  private final String host;
  private final Pace pace;
  private final Function<ObjectRef, Optional<ObjectRecord>> known;
  private final InstantSource clock;
  private final LongSupplier uptime;
  private final Map<EventWish.Key, Series> written = new LinkedHashMap<>(16, 0.75f, true) {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<EventWish.Key, Series> eldest) {
      return size() > MOST;
    }
  };

  /** The last time is that of the clock that nobody sets: a wall clock that is set back must not silence a series. */
  private record Series(String name, long last, long count, Duration pause) {}

  /**
   * Makes it.
   *
   * @param host who reports: the node's name
   * @param known objects as last seen
   */
  EventSeries(String host, Pace pace, Function<ObjectRef, Optional<ObjectRecord>> known) {
    this(host, pace, known, InstantSource.system(), System::nanoTime);
  }

  EventSeries(String host, Pace pace, Function<ObjectRef, Optional<ObjectRecord>> known, InstantSource clock, LongSupplier uptime) {
    this.host = host;
    this.pace = pace;
    this.known = known;
    this.clock = clock;
    this.uptime = uptime;
  }

  /** As {@link Wish#grant}. */
  Optional<Long> write(ApiServer api, ObjectPlan.Event event, long count) {
    EventWish.Key key = new EventWish.Key(event.object(), event.code());
    Instant now = clock.instant();
    long nanos = uptime.getAsLong();
    Series before = written.get(key);
    if (before != null && nanos - before.last < LIFETIME.toNanos()) {
      long wait = (before.pause.toNanos() - (nanos - before.last)) / 1_000_000;
      if (wait > 0) {
        return Optional.of(wait);
      }
      if (again(api, event, before, count, now)) {
        Duration longer = before.pause.multipliedBy(2);
        written.put(key, new Series(before.name, nanos, before.count + count,
            longer.compareTo(pace.longestEventPause()) < 0 ? longer : pace.longestEventPause()));
        return Optional.empty();
      }
    }
    Optional<String> uid = event.uid().isEmpty() ? uid(api, event.object()) : Optional.of(event.uid());
    if (uid.isPresent()) {
      String name = event.object().name() + "." + Long.toHexString(ThreadLocalRandom.current().nextLong());
      api.write("POST", Paths.in(RuntimeNeeds.EVENT, namespace(event.object())), "application/json", whole(event, name, uid.get(), count, now));
      written.put(key, new Series(name, nanos, count, pace.eventPause()));
    }
    return Optional.empty();
  }

  /** Whether the Event was still there to be counted in. */
  private boolean again(ApiServer api, ObjectPlan.Event event, Series before, long count, Instant now) {
    Fields patch = Fields.empty().with("count", before.count + count).with("lastTimestamp", text(now)).with("message", text(event));
    try {
      api.write("PATCH", Paths.of(new ObjectRef(RuntimeNeeds.EVENT, namespace(event.object()), before.name)), PatchWish.MERGE, patch);
      return true;
    } catch (ApiFailure e) {
      if (e.kind() == ApiFailure.Kind.MISSING) {
        return false;
      }
      throw e;
    }
  }

  /** The object's uid, by which tools find its Events; empty if the object is gone. */
  private Optional<String> uid(ApiServer api, ObjectRef ref) {
    Optional<String> uid = known.apply(ref).map(ObjectRecord::uid);
    if (uid.isPresent()) {
      return uid;
    }
    try {
      return api.get(Paths.of(ref), READ).fields("metadata").text("uid");
    } catch (ApiFailure e) {
      if (e.kind() == ApiFailure.Kind.MISSING) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Fields whole(ObjectPlan.Event event, String name, String uid, long count, Instant now) {
    ObjectRef ref = event.object();
    Fields object = Fields.empty().with("apiVersion", ref.kind().apiVersion()).with("kind", ref.kind().kind())
        .with("name", ref.name()).with("uid", uid);
    return Fields.empty().with("apiVersion", "v1").with("kind", "Event")
        .with("metadata", Fields.empty().with("name", name).with("namespace", namespace(ref)))
        .with("involvedObject", ref.namespace().isEmpty() ? object : object.with("namespace", ref.namespace()))
        .with("reason", event.code().name()).with("message", text(event)).with("type", event.warning() ? "Warning" : "Normal")
        .with("source", host.isEmpty() ? Fields.empty().with("component", COMPONENT)
            : Fields.empty().with("component", COMPONENT).with("host", host))
        .with("reportingComponent", COMPONENT).with("reportingInstance", host)
        .with("count", count).with("firstTimestamp", text(now)).with("lastTimestamp", text(now));
  }

  private static String namespace(ObjectRef ref) {
    return ref.namespace().isEmpty() ? USUAL_NAMESPACE : ref.namespace();
  }

  private static String text(ObjectPlan.Event event) {
    String text = event.text();
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT - 3) + "...";
  }

  private static String text(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
