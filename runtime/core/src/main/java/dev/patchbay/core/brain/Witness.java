package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.view.NodeFacts;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the node knows of itself. IMDS and EC2 are witnesses with delays, neither of which owns what it reports: {@link Metadata} hears
 * the one, {@link Descriptions} asks the other, and {@link Reconciliation} makes of it what is known.
 */
final class Witness {
  private final Context context;
  private final Surroundings surroundings;
  private final Descriptions descriptions;
  private final Belonging belonging;
  private final KnownFacts facts;
  private final Metadata metadata;
  private final Reconciliation reconciliation;
  private final LooseInterfaces loose;
  private final Timers timers;
  private final Runnable changed;

  Witness(Context context, Function<String, Optional<InstanceTypeRecord>> types, NodeWork work, Runnable changed) {
    this.context = context;
    this.changed = changed;
    this.timers = new Timers(context);
    this.descriptions = new Descriptions(context);
    this.belonging = new Belonging(context, descriptions);
    this.facts = new KnownFacts(context, descriptions, belonging, work);
    Witness self = this;
    this.metadata = new Metadata(context, types, facts, descriptions, () -> self.tick(), changed);
    this.reconciliation = new Reconciliation(context, facts, descriptions);
    this.loose = new LooseInterfaces(context, descriptions, changed);
    this.surroundings = new Surroundings(context, learned -> {
      self.facts.take(learned);
      changed.run();
    });
  }

  Surroundings surroundings() {
    return surroundings;
  }

  Descriptions descriptions() {
    return descriptions;
  }

  Belonging belonging() {
    return belonging;
  }

  KnownFacts facts() {
    return facts;
  }

  Timers timers() {
    return timers;
  }

  void start() {
    facts.start();
    metadata.start();
    descriptions.start();
    tick();
  }

  void tick() {
    timers.tick();
    metadata.tick();
    if (context.facts().isPresent() && descriptions.due()) {
      describe(context.facts().get());
    }
    surroundings.tick();
    long now = context.millis();
    context.wakeAt(Math.min(metadata.next() > now ? metadata.next() : Long.MAX_VALUE,
        descriptions.next() > now ? descriptions.next() : Long.MAX_VALUE));
    timers.wake();
  }

  private void describe(NodeFacts node) {
    descriptions.ask(node.identity().instanceId(), node.primary().id(), (enis, asked) -> {
      reconciliation.with(enis, asked);
      loose.look();
    }, () -> {
      tick();
      changed.run();
    });
  }

  /** Lanes changed: interfaces may belong to others now. */
  void lanesChanged() {
    facts.lanesChanged();
    surroundings.tick();
  }
}
