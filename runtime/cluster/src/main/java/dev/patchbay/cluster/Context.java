package dev.patchbay.cluster;

import dev.patchbay.core.brain.Moment;
import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.view.ObjectIndex;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.object.ObjectPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.SplittableRandom;

/** What the controller's parts share: the time, what is under way, what should be known. */
final class Context {
  /** How findings are called that hold whether this replica leads or not. */
  static final String OUTSIDE = "outside ";

  final ControllerSettings settings;
  final SplittableRandom random;
  final Budgets budgets = new Budgets();
  final Tally tally = new Tally();
  final Map<String, Finding> findings = new TreeMap<>();
  private final Map<Long, Consumer<Event>> pending = new HashMap<>();
  private List<Effect> effects = new ArrayList<>();
  private long tokens;
  private long wake = Long.MAX_VALUE;
  private boolean findingsChanged;
  /** Counts what has come to stand in the way of an interface that is wanted, and what no longer does. */
  long obstacles;
  ObjectIndex objects = ObjectIndex.EMPTY;
  Moment now = new Moment(0, 0);
  /** Until when this replica acts. */
  long until = Long.MIN_VALUE;

  Context(ControllerSettings settings, SplittableRandom random) {
    this.settings = settings;
    this.random = random;
  }

  long millis() {
    return now.monotonic();
  }

  /** What was wanted since the last time. */
  List<Effect> drain() {
    if (findingsChanged) {
      findingsChanged = false;
      effects.add(new Effect.Tell(findings));
    }
    if (wake != Long.MAX_VALUE) {
      effects.add(new Effect.WakeAt(Math.max(wake, millis() + 1)));
      wake = Long.MAX_VALUE;
    }
    List<Effect> all = effects;
    effects = new ArrayList<>();
    return all;
  }

  void effect(Effect effect) {
    effects.add(effect);
  }

  void wakeAt(long monotonic) {
    wake = Math.min(wake, monotonic);
  }

  /** A token for something whose end is to be heard of. */
  long expect(Consumer<Event> then) {
    long token = token();
    pending.put(token, then);
    return token;
  }

  /** A number that nothing else has. */
  long token() {
    tokens++;
    return tokens;
  }

  /** What waits for a token's event; nothing if it was forgotten. */
  void arrived(long token, Event event) {
    Consumer<Event> then = pending.remove(token);
    if (then != null) {
      then.accept(event);
    }
  }

  /** Whatever comes of what is under way is no longer of interest, nor what was found meanwhile. */
  void forget() {
    pending.clear();
    if (findings.keySet().removeIf(about -> !about.startsWith(OUTSIDE))) {
      findingsChanged = true;
    }
  }

  /** Calls EC2; a token of its bucket must have been taken. */
  void call(CloudCall call, Consumer<CloudAnswer> then) {
    tally.calls++;
    long token = expect(event -> {
      CloudAnswer answer = event instanceof Event.Answered a ? a.answer()
          : new CloudAnswer.Failed(CloudAnswer.Kind.UNREACHABLE, "TooLate", "it was not sent, since this replica had to stop acting");
      if (answer instanceof CloudAnswer.Failed f && f.kind() == CloudAnswer.Kind.THROTTLED) {
        budgets.throttled(call.action(), millis());
        tally.throttled++;
      } else {
        over("throttle " + call.action());
      }
      then.accept(answer);
    });
    effect(new Effect.Call(token, call, until));
  }

  /** Something that the operator should know; also as an Event on the Lease when it is new. */
  void find(String about, Finding finding) {
    Finding before = findings.put(about, finding);
    if (!finding.equals(before)) {
      findingsChanged = true;
      count(about);
    }
    if (before == null || !before.code().equals(finding.code())) {
      event(true, finding.code(), finding.cause() + " " + finding.remedy());
    }
  }

  void told(String about, Finding finding) {
    if (!finding.equals(findings.put(about, finding))) {
      findingsChanged = true;
    }
  }

  void over(String about) {
    if (findings.remove(about) != null) {
      findingsChanged = true;
      count(about);
    }
  }

  private void count(String about) {
    if (about.contains(Wanted.MAKE)) {
      obstacles++;
    }
  }

  /** All findings that begin so are over. */
  void overAll(String prefix) {
    if (findings.keySet().removeIf(about -> about.startsWith(prefix))) {
      findingsChanged = true;
    }
  }

  /** An Event on the Lease, the one object that there always is to say something about. */
  void event(boolean warning, Code code, String text) {
    if (millis() < until) {
      effect(new Effect.Publish(ObjectPlan.empty().withEvent(settings.lease(), warning, code, text)));
    }
  }
}
