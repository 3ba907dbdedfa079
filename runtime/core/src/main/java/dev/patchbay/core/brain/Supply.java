package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.compose.LanePlan;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.net.AddressFamily;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * Keeps the lanes' stock at its target: assigns, releases, makes and frees interfaces, one operation at a time, each sized by
 * what waits and by the target. What EC2 refuses is tried again after a while that grows, with jitter; what it may have done is
 * looked at before anything is done again.
 */
final class Supply {
  private static final String GROUPS = "groups ";

  private final Context context;
  private final Witness witness;
  private final Dealings dealings;
  private final Needs needs;
  private final Outlook outlook;
  private final InterfaceMaking making;
  private final Growing growing;
  private final GivingBack givingBack;
  private final Shrinking shrinking;

  Supply(Context context, ToIntFunction<String> demand, Witness witness, NodeWork work, Runnable changed) {
    this.context = context;
    this.witness = witness;
    this.dealings = new Dealings(context, witness.descriptions(), changed);
    this.needs = new Needs(context, demand);
    this.outlook = new Outlook(context, dealings, needs);
    Lessons lessons = new Lessons(context, dealings, outlook, witness.descriptions());
    this.making = new InterfaceMaking(context, dealings, outlook, lessons, witness);
    this.givingBack = new GivingBack(context, dealings, witness, work);
    this.growing = new Growing(context, dealings, needs, outlook, lessons, witness.facts(), making, givingBack);
    this.shrinking = new Shrinking(context, needs, witness.facts(), givingBack);
  }

  /** What is under way. */
  Optional<String> operation() {
    return dealings.operation();
  }

  Needs needs() {
    return needs;
  }

  Outlook outlook() {
    return outlook;
  }

  /** Looks whether something should be done, and starts it. */
  void decide() {
    if (operation().isPresent() || context.facts().isEmpty() || !witness.descriptions().known()) {
      return;
    }
    growing.settle();
    for (LanePlan lane : context.plan.lanes()) {
      if (!Interfaces.isSupplied(lane)) {
        continue;
      }
      for (AddressFamily family : AddressFamily.values()) {
        if (growing.makeRoom(lane, family) || growing.grow(lane, family)) {
          return;
        }
      }
    }
    if (givingBack.goOnLeaving() || making.makeGoWithInstance()) {
      return;
    }
    List<Belonging.GroupChange> changes = witness.belonging().groupsToSet(witness.surroundings());
    context.findings.keySet().removeIf(about -> about.startsWith(GROUPS) && changes.stream().noneMatch(c -> about.equals(GROUPS + c.eniId())));
    for (Belonging.GroupChange change : changes) {
      if (!dealings.pauses(GROUPS + change.eniId())) {
        setGroups(change);
        return;
      }
    }
    shrinking.shrink();
  }

  private void setGroups(Belonging.GroupChange change) {
    dealings.begin("give " + change.eniId() + " the security groups of the primary interface");
    dealings.call(new CloudCall.SetGroups(change.eniId(), change.groups()), answer -> {
      if (answer instanceof CloudAnswer.Failed f) {
        Finding why = CloudFindings.of(f, "set the security groups of " + change.eniId()).about(change.eniId());
        context.findings.put(GROUPS + change.eniId(), why);
        dealings.pause(GROUPS + change.eniId());
      } else {
        context.findings.remove(GROUPS + change.eniId());
        dealings.succeeded(GROUPS + change.eniId());
        witness.facts().groupsSet(change.eniId(), change.groups());
      }
      dealings.end();
    });
  }
}
