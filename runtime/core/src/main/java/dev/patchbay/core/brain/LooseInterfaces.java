package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.Ledger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Interfaces of ours that a lost answer or a crash left attached to nothing. EC2 is asked for what has this node's tag: what was intended
 * and is there is ours, what is ours and loose is deleted, and what is not there although it should be long since is forgotten.
 */
final class LooseInterfaces {
  /** When it is looked whether what could not be deleted still is there. */
  private static final long AGAIN_MILLIS = 60_000;
  private static final String TOKEN = "patchbay.dev/token";

  private final Context context;
  private final Descriptions descriptions;
  private final Runnable changed;
  private final Map<String, Long> missingSince = new HashMap<>();
  /** Interfaces that EC2 described as attached to nothing, since when. */
  private final Map<String, Long> looseSince = new HashMap<>();
  private boolean looking;

  LooseInterfaces(Context context, Descriptions descriptions, Runnable changed) {
    this.context = context;
    this.descriptions = descriptions;
    this.changed = changed;
  }

  /** Looks for them, if there may be such. */
  void look() {
    Set<String> attached = new TreeSet<>();
    context.facts().orElseThrow().enis().forEach(e -> attached.add(e.id()));
    boolean loose = context.ledger.intended().keySet().stream().anyMatch(t -> !context.inFlight.contains(t))
        || context.ledger.made().stream().anyMatch(m -> !attached.contains(m.eniId()) && !context.inFlight.contains(m.token()));
    if (!loose || looking) {
      return;
    }
    looking = true;
    long asked = context.millis();
    Map<String, String> intended = new LinkedHashMap<>(context.ledger.intended());
    String instance = context.facts().orElseThrow().identity().instanceId();
    context.ask(token -> new Effect.Call(token,
        new CloudCall.DescribeTagged("node.k8s.amazonaws.com/instance_id", instance)), event -> {
          looking = false;
          if (event instanceof Event.Answered(long _, CloudAnswer.Interfaces found)) {
            clearUp(found.enis(), intended, asked);
          } else {
            descriptions.lookAgain(context.millis() + Descriptions.LAG_MILLIS);
          }
          changed.run();
        });
  }

  private void clearUp(List<EniRecord> found, Map<String, String> intended, long asked) {
    Set<String> there = new HashSet<>();
    Set<String> ids = new HashSet<>();
    looseSince.keySet().retainAll(found.stream().filter(this::isLoose).map(EniRecord::id).toList());
    for (EniRecord eni : found) {
      String token = eni.tags().getOrDefault(TOKEN, "");
      there.add(token);
      missingSince.remove(token);
      ids.add(eni.id());
      if (context.inFlight.contains(token)) {
        continue;
      }
      if (intended.containsKey(token) && context.ledger.intended().containsKey(token)) {
        context.write(List.of(new Entry.EniMade(token, eni.id(), intended.getOrDefault(token, ""))), () -> {}, _ -> {});
      }
      if (isLoose(eni)) {
        deleteOnceSure(eni.id(), token, asked);
      }
    }
    // A token that EC2 has nothing for, although it was used longer ago than EC2 lags, made nothing; an interface that EC2 does not
    // have, although it was made longer ago than that, is gone.
    for (String token : intended.keySet()) {
      if (!there.contains(token) && !context.inFlight.contains(token) && context.ledger.intended().containsKey(token)) {
        settle(token, asked);
      }
    }
    for (Ledger.Made made : List.copyOf(context.ledger.made())) {
      boolean attached = context.facts().orElseThrow().eni(made.eniId()).isPresent();
      if (!ids.contains(made.eniId()) && !attached && !context.inFlight.contains(made.token())) {
        settle(made.token(), asked);
      }
    }
  }

  /** Whether it is ours, attached to nothing, and nothing is under way with it. What is attached by now may be described as it was before. */
  private boolean isLoose(EniRecord eni) {
    Optional<Ledger.Made> made = context.ledger.made(eni.id());
    return made.map(Ledger.Made::token).equals(Optional.of(eni.tags().getOrDefault(TOKEN, "")))
        && made.filter(m -> context.inFlight.contains(m.token())).isEmpty() && !context.ledger.enisLeaving().contains(eni.id())
        && context.facts().flatMap(f -> f.eni(eni.id())).isEmpty()
        && eni.attachment().isEmpty() && eni.status().equals("available");
  }

  /** EC2 is asked again before anything is deleted: its attachment may have been asked for a moment ago, and the answer lost. */
  private void deleteOnceSure(String eniId, String token, long asked) {
    if (asked >= looseSince.computeIfAbsent(eniId, id -> context.millis()) + Descriptions.LAG_MILLIS) {
      looseSince.remove(eniId);
      deleteLoose(eniId, token);
    } else {
      descriptions.lookAgain(context.millis() + Descriptions.LAG_MILLIS);
    }
  }

  private void settle(String token, long asked) {
    if (asked >= missingSince.computeIfAbsent(token, t -> asked) + Descriptions.LAG_MILLIS) {
      missingSince.remove(token);
      context.write(List.of(new Entry.EniGone(token)), () -> {}, _ -> {});
    } else {
      descriptions.lookAgain(context.millis() + Descriptions.LAG_MILLIS);
    }
  }

  private void deleteLoose(String eniId, String token) {
    context.inFlight.add(token);
    context.ask(t -> new Effect.Call(t, new CloudCall.Delete(eniId)), event -> {
      context.inFlight.remove(token);
      // EC2 may not find yet what it has just made: if it is not there, later descriptions won't have it either.
      if (event instanceof Event.Answered a && !(a.answer() instanceof CloudAnswer.Failed)) {
        context.write(List.of(new Entry.EniGone(token)), () -> {}, _ -> {});
      } else {
        descriptions.lookAgain(context.millis() + AGAIN_MILLIS);
      }
    });
  }
}
