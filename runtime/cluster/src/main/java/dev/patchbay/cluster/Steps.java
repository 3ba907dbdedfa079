package dev.patchbay.cluster;

import dev.patchbay.cluster.view.ClusterFacts;
import dev.patchbay.cluster.view.Marks;
import dev.patchbay.cluster.view.Nodes;
import dev.patchbay.core.cloud.AssociationRecord;
import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceRecord;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.net.AddressFamily;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What is called next for something that is wanted, and what its answer means. */
final class Steps {
  /** For so long a look at one interface is good enough to delete it by. */
  private static final long VERIFIED_MILLIS = 10_000;

  private final Context context;
  private final Term term;
  private final Places places;

  Steps(Context context, Term term) {
    this.context = context;
    this.term = term;
    this.places = new Places(context);
  }

  /** What it is about, after "tried to". */
  String words(Wanted w) {
    return switch (w) {
      case Wanted.Present p -> "make the interface " + p.eni().key() + " of mode " + p.mode() + " for node " + p.eni().node();
      case Wanted.Absent a -> "delete " + a.id();
    };
  }

  /** The next call; empty if all is as it should be, or something must come first that does not depend on a call. */
  Optional<CloudCall> next(Wanted w, Work.State state, ClusterFacts facts, Nodes nodes) {
    return switch (w) {
      case Wanted.Present p -> present(p, state, facts, nodes);
      case Wanted.Absent a -> absent(a, state, facts);
    };
  }

  private Optional<CloudCall> present(Wanted.Present p, Work.State state, ClusterFacts facts, Nodes nodes) {
    Optional<InstanceRecord> instance = nodes.instance(p.eni().node()).flatMap(facts::instance).filter(i -> !i.terminated());
    if (instance.isEmpty()) {
      // It comes with the next look, or its planner hears that the node is gone.
      return Optional.empty();
    }
    Optional<EniRecord> eni = facts.madeFor(p.mode(), p.eni().key()).stream().findFirst();
    if (eni.isEmpty()) {
      Optional<EniRecord> from = p.eni().from().flatMap(facts::eni).filter(e -> Marks.ours(e) && p.mode().equals(e.tags().get(Marks.MODE)));
      return from.isPresent() ? take(p, from.get()) : make(p, state, facts, instance.get());
    }
    Optional<List<String>> groups = places.groups(p.eni().groups(), instance.get());
    if (groups.isPresent() && !Set.copyOf(groups.get()).equals(Set.copyOf(eni.get().groups()))) {
      return Optional.of(new CloudCall.SetGroups(eni.get().id(), groups.get()));
    }
    return p.eni().type().equals("branch") ? hang(p, eni.get(), facts, instance.get()) : attach(p, eni.get(), instance.get(), facts);
  }

  /** One that nobody wants under its own key any more becomes this one; its tags alone say whose it is. */
  private Optional<CloudCall> take(Wanted.Present p, EniRecord from) {
    return term.wants(p.mode(), from.tags().getOrDefault(Marks.KEY, "")) ? Optional.empty()
        : Optional.of(new CloudCall.Tag(from.id(), Map.of(Marks.KEY, p.eni().key())));
  }

  private Optional<CloudCall> make(Wanted.Present p, Work.State state, ClusterFacts facts, InstanceRecord instance) {
    Optional<EniRecord> trunk = facts.trunk(instance.id());
    boolean branch = p.eni().type().equals("branch");
    if (branch && trunk.isEmpty()) {
      // Its trunk is wanted, too, and on its way.
      return Optional.empty();
    }
    Optional<CloudCall> question = places.question(p.eni().groups(), instance);
    if (question.isPresent()) {
      return question;
    }
    Optional<List<String>> groups = places.groups(p.eni().groups(), instance);
    Optional<String> subnet = places.subnet(p.eni().subnets(), instance, facts);
    if (groups.isEmpty() || subnet.isEmpty()) {
      context.find("place of " + p.name(), Finding.of(ControllerCodes.UNMAKEABLE, "The interface " + p.eni().key() + " for node "
          + p.eni().node() + " can't be made: there is " + (subnet.isEmpty() ? "no subnet in zone " + instance.zone() + " for "
          + p.eni().subnets() : "no security group for " + p.eni().groups()) + ".",
          "Correct the object or the settings of mode " + p.mode() + " that name it; the controller goes on looking.").about(p.eni().key()));
      return Optional.empty();
    }
    context.over("place of " + p.name());
    if (state.made) {
      // What was made with the last token is gone: the same token would only name it again.
      state.made = false;
      state.attempt++;
    }
    Map<String, String> tags = new TreeMap<>(context.settings.tags());
    tags.putAll(p.eni().tags());
    String token = Tokens.of(context.settings.cluster(), p.mode(), p.eni().key(), instance.id(), String.valueOf(state.attempt));
    tags.put(Marks.CLUSTER, context.settings.cluster());
    tags.put(Marks.INSTANCE, instance.id());
    tags.put(Marks.TOKEN, token);
    tags.put(Marks.KEY, p.eni().key());
    tags.put(Marks.MODE, p.mode());
    tags.put(Marks.NODE, p.eni().node());
    if (branch) {
      tags.put(Marks.TRUNK, trunk.get().id());
      p.eni().vlanId().ifPresent(vlan -> tags.put(Marks.VLAN, String.valueOf(vlan)));
    }
    return Optional.of(new CloudCall.CreateInterface(token, p.eni().type(), subnet.get(), groups.get(),
        "patchbay " + p.mode() + " " + p.eni().key(), tags, p.eni().ipv6() ? AddressFamily.IPV6 : AddressFamily.IPV4,
        p.eni().ipv6() ? 1 : 0, 0));
  }

  private Optional<CloudCall> hang(Wanted.Present p, EniRecord eni, ClusterFacts facts, InstanceRecord instance) {
    Optional<EniRecord> trunk = facts.trunk(instance.id());
    Optional<AssociationRecord> there = facts.association(eni.id());
    int vlan = p.eni().vlanId().orElse(0);
    if (trunk.isEmpty()) {
      return Optional.empty();
    }
    if (there.isPresent()) {
      if (there.get().vlanId() != vlan || !there.get().trunkId().equals(trunk.get().id())) {
        // A pod may be using it: what runs is not moved.
        context.find("trunk of " + p.name(), Finding.of(ControllerCodes.UNMAKEABLE, "The branch " + eni.id() + " (" + p.eni().key()
            + ") hangs on " + there.get().trunkId() + " with VLAN id " + there.get().vlanId() + ", and mode " + p.mode() + " wants it on "
            + trunk.get().id() + " with " + vlan + ".", "It stays as it is while it is in use; delete its pod to have it made anew.")
            .about(eni.id()));
      } else {
        context.over("trunk of " + p.name());
      }
      return Optional.empty();
    }
    Map<String, String> tags = Map.of(Marks.TRUNK, trunk.get().id(), Marks.VLAN, String.valueOf(vlan));
    if (!eni.tags().entrySet().containsAll(tags.entrySet())) {
      // Where EC2 does not say which VLAN id a branch hangs with, its tags do, and they must be right before it hangs.
      return Optional.of(new CloudCall.Tag(eni.id(), tags));
    }
    // A branch that was taken off and hangs again for somebody else hangs anew: the token of the first time would only name that.
    return Optional.of(new CloudCall.Associate(Tokens.of("hang", eni.id(), trunk.get().id(), String.valueOf(vlan), p.eni().key()), eni.id(),
        trunk.get().id(), vlan));
  }

  private Optional<CloudCall> attach(Wanted.Present p, EniRecord eni, InstanceRecord instance, ClusterFacts facts) {
    Optional<EniRecord.Attachment> there = eni.attachment();
    if (there.isPresent()) {
      boolean stays = there.get().instanceId().equals(instance.id()) && !there.get().deleteOnTermination()
          && eni.status().equals("in-use");
      return stays ? Optional.of(new CloudCall.DeleteWithInstance(eni.id(), there.get().id())) : Optional.empty();
    }
    if (!eni.status().equals("available")) {
      return Optional.empty();
    }
    Optional<Integer> device = device(instance, facts);
    if (device.isEmpty()) {
      context.find("slot of " + p.name(), Finding.of(Codes.INSTANCE_FULL, "Node " + p.eni().node() + " (" + instance.type()
          + ") has no slot left for the interface " + p.eni().key() + " of mode " + p.mode() + ".",
          "Use a larger type, or let the node hold fewer interfaces; the controller goes on looking.").about(p.eni().node()));
      return Optional.empty();
    }
    context.over("slot of " + p.name());
    return Optional.of(new CloudCall.AttachInterface(eni.id(), instance.id(), device.get(), 0));
  }

  /** The highest free index: nodes fill them from below. */
  private Optional<Integer> device(InstanceRecord instance, ClusterFacts facts) {
    Set<Integer> used = new HashSet<>();
    instance.enis().forEach(e -> e.attachment().filter(a -> a.networkCard() == 0).ifPresent(a -> used.add(a.deviceIndex())));
    facts.enis().values().forEach(e -> e.attachment().filter(a -> a.instanceId().equals(instance.id()) && a.networkCard() == 0)
        .ifPresent(a -> used.add(a.deviceIndex())));
    int most = context.settings.types().apply(instance.type()).map(t -> t.interfacesPerCard().getFirst()).orElse(0);
    for (int device = most - 1; device > 0; device--) {
      if (!used.contains(device)) {
        return Optional.of(device);
      }
    }
    return Optional.empty();
  }

  private Optional<CloudCall> absent(Wanted.Absent a, Work.State state, ClusterFacts facts) {
    Optional<EniRecord> eni = facts.eni(a.id());
    if (eni.isEmpty()) {
      return Optional.empty();
    }
    if (eni.get().attachment().isPresent()) {
      context.find("use of " + a.name(), Finding.of(ControllerCodes.STILL_USED, "The interface " + a.id()
          + " is attached to " + eni.get().attachment().get().instanceId() + ", and something wants it deleted: " + a.evidence(),
          "It stays as long as it is attached; it goes with its instance.").about(a.id()));
      return Optional.empty();
    }
    context.over("use of " + a.name());
    Optional<AssociationRecord> association = facts.association(a.id());
    if (association.isPresent() && !association.get().id().isEmpty()) {
      return Optional.of(new CloudCall.Disassociate(Tokens.of("unhang", association.get().id()), association.get().id()));
    }
    if (facts.associations().values().stream().anyMatch(hanging -> hanging.trunkId().equals(a.id()))) {
      // What hangs on it goes first.
      return Optional.empty();
    }
    return Optional.of(context.millis() - VERIFIED_MILLIS < state.verifiedAt ? new CloudCall.Delete(a.id())
        : new CloudCall.DescribeInterface(a.id()));
  }

  /** Whether a failure says that all is as it was wanted. */
  boolean isAsGood(Wanted w, CloudCall call, CloudAnswer.Failed f) {
    return f.kind() == CloudAnswer.Kind.NOT_FOUND && (call instanceof CloudCall.Delete || call instanceof CloudCall.Disassociate);
  }

  /** A call is over, and well. */
  void done(Wanted w, Work.State state, CloudCall call, CloudAnswer answer) {
    switch (call) {
      case CloudCall.CreateInterface c -> {
        if (answer instanceof CloudAnswer.Made made) {
          state.made = true;
          context.tally.made++;
          term.changed(made.eni().id(), Optional.of(tagged(made.eni(), c)));
        }
      }
      case CloudCall.AttachInterface c -> {
        if (answer instanceof CloudAnswer.Attached attached) {
          term.changed(c.eniId(), facts(c.eniId()).map(e -> with(e, Optional.of(new EniRecord.Attachment(attached.attachmentId(),
              c.instanceId(), c.deviceIndex(), c.networkCard(), false)), e.groups(), "in-use")));
        }
      }
      case CloudCall.DeleteWithInstance c -> term.changed(c.eniId(), facts(c.eniId()).map(e -> with(e, e.attachment().map(
          a -> new EniRecord.Attachment(a.id(), a.instanceId(), a.deviceIndex(), a.networkCard(), true)), e.groups(), e.status())));
      case CloudCall.SetGroups c ->
          term.changed(c.eniId(), facts(c.eniId()).map(e -> with(e, e.attachment(), c.groups(), e.status())));
      case CloudCall.Associate c -> {
        if (answer instanceof CloudAnswer.Associations found && !found.associations().isEmpty()) {
          term.associated(c.branchId(), Optional.of(found.associations().getFirst()));
        }
      }
      case CloudCall.Tag c -> term.changed(c.eniId(), facts(c.eniId()).map(e -> retagged(e, c.tags())));
      case CloudCall.Disassociate _ -> term.associated(((Wanted.Absent) w).id(), Optional.empty());
      case CloudCall.DescribeInterface c -> verify((Wanted.Absent) w, state, c.eniId(), (CloudAnswer.Interfaces) answer);
      case CloudCall.Delete c -> gone((Wanted.Absent) w, c.eniId());
      case CloudCall.DescribeGroups c -> places.heard(c, (CloudAnswer.Groups) answer);
      default -> throw new IllegalStateException(call + " was answered with " + answer);
    }
  }

  private Optional<EniRecord> facts(String id) {
    return term.facts().eni(id);
  }

  /** EC2 may describe what it has just made without its tags. */
  private static EniRecord tagged(EniRecord e, CloudCall.CreateInterface call) {
    return new EniRecord(e.id(), e.mac(), e.type().isEmpty() ? call.type() : e.type(), e.subnetId(), e.groups(), e.primary(), e.addresses(),
        e.prefixes(), e.attachment(), call.tags(), e.description(), "available");
  }

  private static EniRecord retagged(EniRecord e, Map<String, String> more) {
    Map<String, String> tags = new TreeMap<>(e.tags());
    tags.putAll(more);
    return new EniRecord(e.id(), e.mac(), e.type(), e.subnetId(), e.groups(), e.primary(), e.addresses(), e.prefixes(), e.attachment(),
        tags, e.description(), e.status());
  }

  private static EniRecord with(EniRecord e, Optional<EniRecord.Attachment> attachment, List<String> groups, String status) {
    return new EniRecord(e.id(), e.mac(), e.type(), e.subnetId(), groups, e.primary(), e.addresses(), e.prefixes(), attachment, e.tags(),
        e.description(), status);
  }

  /** The last look before a deletion: it must be what it was found to be. */
  private void verify(Wanted.Absent a, Work.State state, String id, CloudAnswer.Interfaces found) {
    Optional<EniRecord> now = found.enis().stream().filter(e -> e.id().equals(id)).findFirst();
    if (now.isEmpty()) {
      // Gone, or EC2 describes it late: a later look tells.
      state.shownFrom = context.millis() + Term.LAG;
      term.lookAt(state.shownFrom);
      return;
    }
    Optional<EniRecord> before = facts(id);
    boolean same = before.isPresent() && before.get().tags().equals(now.get().tags()) && now.get().attachment().isEmpty()
        && now.get().status().equals("available");
    if (same) {
      state.verifiedAt = context.millis();
    } else {
      // By another look it may be found otherwise: what is wanted is then wanted anew, or no longer.
      state.notBefore = context.millis() + state.pauses.next();
      term.changed(id, now);
      term.lookAt(context.millis());
    }
  }

  private void gone(Wanted.Absent a, String id) {
    term.changed(id, Optional.empty());
    if (a.swept()) {
      context.tally.swept++;
      context.event(false, ControllerCodes.SWEPT, "Deleted the interface " + id + ", which a dead node has left. " + a.evidence()
          + " It is number " + context.tally.swept + " since this replica's start.");
    } else {
      context.tally.removed++;
    }
  }
}
