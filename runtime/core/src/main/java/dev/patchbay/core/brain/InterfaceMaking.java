package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.compose.LanePlan;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ipam.Unit;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes interfaces for lanes: made with a token, so that a lost answer never makes a second one, attached, and bound to the instance. */
final class InterfaceMaking {
  private final Context context;
  private final Dealings dealings;
  private final Outlook outlook;
  private final Lessons lessons;
  private final Witness witness;
  private final Descriptions descriptions;
  private final KnownFacts facts;
  private final Interfaces interfaces;

  InterfaceMaking(Context context, Dealings dealings, Outlook outlook, Lessons lessons, Witness witness) {
    this.context = context;
    this.dealings = dealings;
    this.outlook = outlook;
    this.lessons = lessons;
    this.witness = witness;
    this.descriptions = witness.descriptions();
    this.facts = witness.facts();
    this.interfaces = new Interfaces(context);
  }

  /** Makes an interface with so many units, if it is known where. */
  boolean create(LanePlan lane, AddressFamily family, Unit unit, int count, Interfaces.Room.NewInterface room,
      String want) {
    if (witness.surroundings().awaits(lane)) {
      return false;
    }
    Optional<String> subnet = interfaces.subnetFor(lane);
    Optional<List<String>> groups = witness.surroundings().groupsFor(lane);
    if (subnet.isEmpty() || groups.isEmpty()) {
      // Nobody waits for an interface that can't be made until somebody has corrected what defines the lane.
      witness.surroundings().wanted(lane, subnet.isEmpty()).ifPresent(why -> outlook.refuse(want, why));
      return false;
    }
    dealings.begin("make an interface with " + count + (unit == Unit.SINGLE ? " addresses" : " prefixes") + " for lane " + lane.name());
    String instance = context.facts().orElseThrow().identity().instanceId();
    String token = "pb-" + instance + "-" + Long.toHexString(context.random.nextLong());
    Map<String, String> tags = new TreeMap<>(context.settings.tags());
    tags.put("node.k8s.amazonaws.com/instance_id", instance);
    tags.put("patchbay.dev/token", token);
    tags.put("patchbay.dev/lane", lane.name());
    if (!context.settings.clusterName().isEmpty()) {
      tags.put("cluster.k8s.amazonaws.com/name", context.settings.clusterName());
    }
    CloudCall.CreateInterface call = new CloudCall.CreateInterface(token, lane.lane().interfaceType(),
        subnet.get(), groups.get(), "patchbay " + instance, tags, family,
        unit == Unit.SINGLE ? count : 0, unit == Unit.PREFIX ? count : 0);
    context.inFlight.add(token);
    context.write(List.of(new Entry.EniIntended(token, lane.name())), () -> make(call, room, lane, unit, want, 0), reason -> {
      context.ledger.apply(new Entry.EniGone(token));
      context.inFlight.remove(token);
      dealings.pause(want);
      dealings.end();
    });
    return true;
  }

  private void make(CloudCall.CreateInterface call, Interfaces.Room.NewInterface room, LanePlan lane, Unit unit, String want,
      int tries) {
    dealings.call(call, answer -> {
      switch (answer) {
        case CloudAnswer.Made made -> {
          List<Entry> entries = new ArrayList<>();
          entries.add(new Entry.EniMade(call.clientToken(), made.eni().id(), lane.name()));
          List<Cidr> units = made.eni().units(call.family());
          if (!units.isEmpty()) {
            entries.add(new Entry.UnitsMade(made.eni().id(), units));
          }
          Runnable next = () -> attach(made.eni(), call.clientToken(), room, lane, want);
          context.write(entries, next, _ -> next.run());
        }
        // With its token it can be asked for again, and is made once.
        case CloudAnswer.Failed f when f.kind() == CloudAnswer.Kind.UNKNOWN && tries < 3 ->
            make(call, room, lane, unit, want, tries + 1);
        // Whatever the last try says, one before may have made it: it stays intended until EC2 has been looked at.
        case CloudAnswer.Failed f when f.kind() == CloudAnswer.Kind.UNKNOWN || tries > 0 -> {
          context.inFlight.remove(call.clientToken());
          descriptions.lookAgain(context.millis() + Descriptions.LAG_MILLIS);
          lessons.failed(want, unit, Math.max(call.addresses(), call.prefixes()), f, "make an interface in " + call.subnetId(), call.subnetId());
        }
        case CloudAnswer.Failed f -> {
          context.inFlight.remove(call.clientToken());
          context.write(List.of(new Entry.EniGone(call.clientToken())), () -> {}, _ -> {});
          if (f.kind() == CloudAnswer.Kind.NOT_FOUND) {
            // What defines the lane names what is not there: nobody waits until that is corrected.
            outlook.refuse(want, Finding.of(Codes.OBJECT_INVALID, "EC2 makes no interface for lane " + lane.name() + ": " + f + ".",
                "Correct " + lane.lane().origin() + ", which defines the lane; Patchbay tries again by itself.").about(lane.name()));
          }
          lessons.failed(want, unit, Math.max(call.addresses(), call.prefixes()), f, "make an interface in " + call.subnetId(), call.subnetId());
        }
        default -> throw new IllegalStateException("a creation was answered with " + answer);
      }
    });
  }

  private void attach(EniRecord eni, String token, Interfaces.Room.NewInterface room, LanePlan lane, String want) {
    String instance = context.facts().orElseThrow().identity().instanceId();
    dealings.call(new CloudCall.AttachInterface(eni.id(), instance, room.deviceIndex(), room.networkCard()), answer -> {
      switch (answer) {
        case CloudAnswer.Attached a -> {
          context.inFlight.remove(token);
          lessons.succeeded(want, eni.prefixes().isEmpty() ? Unit.SINGLE : Unit.PREFIX, eni.subnetId());
          EniRecord attached = eni.withAttachment(new EniRecord.Attachment(a.attachmentId(), instance, room.deviceIndex(),
              room.networkCard(), false), "in-use");
          facts.interfaceAdded(attached, lane.name());
          goWithInstance(attached);
        }
        case CloudAnswer.Failed f when f.kind() == CloudAnswer.Kind.UNKNOWN -> {
          context.inFlight.remove(token);
          lessons.failed(want, Unit.SINGLE, 1, f, "attach " + eni.id(), eni.subnetId());
        }
        case CloudAnswer.Failed f -> dealings.call(new CloudCall.Delete(eni.id()), deleted -> {
          context.inFlight.remove(token);
          // EC2 may not find yet what it has just made: only that it did delete it says that it is gone.
          if (!(deleted instanceof CloudAnswer.Failed)) {
            context.write(List.of(new Entry.EniGone(token)), () -> {}, _ -> {});
          }
          descriptions.lookAgain(context.millis());
          lessons.failed(want, Unit.SINGLE, 1, f, "attach " + eni.id(), eni.subnetId());
        });
        default -> throw new IllegalStateException("an attachment was answered with " + answer);
      }
    });
  }

  /** An interface of ours that would stay when the instance is terminated: an attachment was cut off, or what follows it failed. */
  boolean makeGoWithInstance() {
    for (NodeFacts.Eni eni : context.facts().orElseThrow().enis()) {
      boolean ours = context.ledger.made(eni.id()).isPresent() && !context.ledger.enisLeaving().contains(eni.id());
      boolean stays = eni.record().attachment().filter(a -> !a.deleteOnTermination() && !a.id().isEmpty()).isPresent();
      if (ours && stays && !dealings.pauses("delete-with-instance " + eni.id())) {
        dealings.begin("let " + eni.id() + " go with its instance");
        goWithInstance(eni.record());
        return true;
      }
    }
    return false;
  }

  private void goWithInstance(EniRecord eni) {
    String what = "delete-with-instance " + eni.id();
    dealings.call(new CloudCall.DeleteWithInstance(eni.id(), eni.attachment().map(EniRecord.Attachment::id).orElse("")), done -> {
      if (done instanceof CloudAnswer.Failed f) {
        context.findings.put(what, CloudFindings.of(f, "let " + eni.id() + " go with its instance").about(eni.id()));
        dealings.pause(what);
      } else {
        context.findings.remove(what);
        dealings.succeeded(what);
        facts.goesWithInstance(eni.id());
      }
      dealings.end();
    });
  }
}
