package dev.patchbay.simulation.cluster;

import dev.patchbay.cluster.view.Marks;
import dev.patchbay.core.cloud.AssociationRecord;
import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceRecord;
import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** EC2 as the cluster side sees it: interfaces, instances, trunks; descriptions that lag behind, each thing for itself. */
final class CloudOfCluster {
  static final String CLUSTER = "shop";
  private static final long MOST_LAG = 25_000;

  private final ClusterWorld world;
  private final Map<String, Seen<EniRecord>> enis = new TreeMap<>();
  private final Map<String, Seen<InstanceRecord>> instances = new TreeMap<>();
  private final Map<String, AssociationRecord> associations = new TreeMap<>();
  private final Map<String, String> tokens = new HashMap<>();
  private final Map<String, AssociationRecord> associated = new HashMap<>();
  int deleted;
  private int number;

  /** Something with its past, so that a description can show how it was. */
  private static final class Seen<T> {
    private final List<Long> times = new ArrayList<>();
    private final List<Optional<T>> states = new ArrayList<>();

    void put(long at, Optional<T> state) {
      times.add(at);
      states.add(state);
    }

    Optional<T> now() {
      return states.getLast();
    }

    Optional<T> at(long time) {
      for (int i = times.size() - 1; i >= 0; i--) {
        if (times.get(i) <= time) {
          return states.get(i);
        }
      }
      return Optional.empty();
    }
  }

  CloudOfCluster(ClusterWorld world) {
    this.world = world;
  }

  Map<String, EniRecord> enis() {
    return now(enis);
  }

  Map<String, AssociationRecord> associations() {
    return associations;
  }

  Optional<InstanceRecord> instance(String id) {
    Seen<InstanceRecord> seen = instances.get(id);
    return seen == null ? Optional.empty() : seen.now();
  }

  private static <T> Map<String, T> now(Map<String, Seen<T>> all) {
    Map<String, T> now = new TreeMap<>();
    all.forEach((id, seen) -> seen.now().ifPresent(state -> now.put(id, state)));
    return now;
  }

  /** What a description shows: all of it as it was a little ago, if descriptions lag. */
  private <T> List<T> described(Map<String, Seen<T>> all) {
    List<T> shown = new ArrayList<>();
    boolean stale = world.happens(ClusterFault.STALE);
    all.values().forEach(seen -> {
      long lag = world.chance.between(0, MOST_LAG);
      seen.at(stale ? world.now - lag : world.now).ifPresent(shown::add);
    });
    return shown;
  }

  private static <T> void put(Map<String, Seen<T>> all, String id, Optional<T> state, long at) {
    all.computeIfAbsent(id, i -> new Seen<>()).put(at, state);
  }

  private void put(EniRecord e, Optional<EniRecord.Attachment> attachment, List<String> groups, String status) {
    put(enis, e.id(), Optional.of(new EniRecord(e.id(), e.mac(), e.type(), e.subnetId(), groups, e.primary(), e.addresses(), e.prefixes(),
        attachment, e.tags(), e.description(), status)), world.now);
  }

  String launch() {
    number++;
    String id = "i-%017x".formatted(number);
    EniRecord primary = new EniRecord("eni-p" + number, mac(), "interface", "subnet-1", List.of("sg-node"),
        Optional.of(IpAddress.of("10.0.0.1")), List.of(), List.of(), Optional.of(new EniRecord.Attachment("attach-p" + number, id, 0, 0, true)),
        Map.of(), "", "in-use");
    put(instances, id, Optional.of(new InstanceRecord(id, "running", "m5.large", "vpc-1", "zone-a", List.of(primary))), world.now);
    return id;
  }

  private MacAddress mac() {
    number++;
    return MacAddress.of("02:00:00:%02x:%02x:%02x".formatted(number / 65536 % 256, number / 256 % 256, number % 256));
  }

  /** Ends an instance; after an hour, nothing knows it any more. */
  void terminate(String id) {
    Optional<InstanceRecord> there = instance(id);
    if (there.isEmpty() || there.get().terminated()) {
      return;
    }
    put(instances, id, Optional.of(new InstanceRecord(id, "terminated", there.get().type(), "", there.get().zone(), List.of())), world.now);
    if (world.chance.oneIn(2)) {
      world.after(20_000, () -> put(instances, id, Optional.empty(), world.now));
    }
    for (EniRecord eni : enis().values()) {
      if (eni.attachment().filter(a -> a.instanceId().equals(id)).isPresent()) {
        if (eni.attachment().get().deleteOnTermination()) {
          put(enis, eni.id(), Optional.empty(), world.now);
          for (AssociationRecord hanging : List.copyOf(associations.values())) {
            if (hanging.trunkId().equals(eni.id())) {
              associations.remove(hanging.branchId());
              the(hanging.branchId()).ifPresent(b -> put(b, b.attachment(), b.groups(), "available"));
            }
          }
        } else {
          put(eni, Optional.empty(), eni.groups(), "available");
        }
      }
    }
  }

  Optional<EniRecord> the(String id) {
    Seen<EniRecord> seen = enis.get(id);
    return seen == null ? Optional.empty() : seen.now();
  }

  /** Made by a node, or by somebody else; as yet attached to nothing. */
  String make(Map<String, String> tags) {
    number++;
    String id = "eni-%05d".formatted(number);
    put(enis, id, Optional.of(new EniRecord(id, mac(), "interface", "subnet-1", List.of("sg-node"), Optional.empty(), List.of(), List.of(),
        Optional.empty(), tags, "", "available")), world.now);
    return id;
  }

  void attach(String id, String instance, int device, boolean goes) {
    the(id).filter(e -> instance(instance).filter(i -> !i.terminated()).isPresent() && e.attachment().isEmpty()).ifPresent(e -> put(e,
        Optional.of(new EniRecord.Attachment("attach-" + id, instance, device, 0, goes)), e.groups(), "in-use"));
  }

  void detach(String id) {
    the(id).ifPresent(e -> put(e, Optional.empty(), e.groups(), "available"));
  }

  private static CloudAnswer.Failed failed(CloudAnswer.Kind kind, String code) {
    return new CloudAnswer.Failed(kind, code, "the model says so");
  }

  private CloudAnswer with(String id, Function<EniRecord, CloudAnswer> what) {
    return the(id).map(what).orElseGet(() -> failed(CloudAnswer.Kind.NOT_FOUND, "InvalidNetworkInterfaceID.NotFound"));
  }

  /** Does what it is asked, now. */
  CloudAnswer call(CloudCall call, Judge judge) {
    return switch (call) {
      case CloudCall.DescribeOwned c -> new CloudAnswer.Interfaces(
          described(enis).stream().filter(e -> c.value().equals(e.tags().get(c.key()))).toList());
      case CloudCall.DescribeInterface c -> new CloudAnswer.Interfaces(
          described(enis).stream().filter(e -> e.id().equals(c.eniId())).toList());
      case CloudCall.DescribeInstances c -> new CloudAnswer.Instances(
          described(instances).stream().filter(i -> c.ids().contains(i.id())).toList());
      case CloudCall.DescribeSubnets c -> new CloudAnswer.Subnets(List.of(new SubnetRecord("subnet-1", c.zone(),
          List.of(Cidr.of("10.0.0.0/16")), OptionalInt.of(1000), Map.of())));
      case CloudCall.DescribeAssociations c -> new CloudAnswer.Associations(
          associations.values().stream().filter(a -> c.trunks().contains(a.trunkId())).toList());
      case CloudCall.CreateInterface c -> create(c);
      case CloudCall.AttachInterface c -> with(c.eniId(), eni -> {
        if (instance(c.instanceId()).filter(i -> !i.terminated()).isEmpty()) {
          return failed(CloudAnswer.Kind.NOT_FOUND, "InvalidInstanceID.NotFound");
        }
        boolean taken = enis().values().stream().anyMatch(e -> e.attachment()
            .filter(a -> a.instanceId().equals(c.instanceId()) && a.deviceIndex() == c.deviceIndex()).isPresent());
        if (eni.attachment().isPresent() || taken) {
          return failed(CloudAnswer.Kind.STATE, "InvalidNetworkInterface.InUse");
        }
        attach(eni.id(), c.instanceId(), c.deviceIndex(), false);
        return new CloudAnswer.Attached("attach-" + eni.id());
      });
      case CloudCall.DeleteWithInstance c -> with(c.eniId(), eni -> {
        if (eni.attachment().isEmpty()) {
          return failed(CloudAnswer.Kind.STATE, "IncorrectState");
        }
        EniRecord.Attachment a = eni.attachment().get();
        put(eni, Optional.of(new EniRecord.Attachment(a.id(), a.instanceId(), a.deviceIndex(), 0, true)), eni.groups(), "in-use");
        return new CloudAnswer.Done();
      });
      case CloudCall.SetGroups c -> with(c.eniId(), eni -> {
        put(eni, eni.attachment(), c.groups(), eni.status());
        return new CloudAnswer.Done();
      });
      case CloudCall.Tag c -> with(c.eniId(), eni -> {
        Map<String, String> tags = new TreeMap<>(eni.tags());
        tags.putAll(c.tags());
        put(enis, eni.id(), Optional.of(new EniRecord(eni.id(), eni.mac(), eni.type(), eni.subnetId(), eni.groups(), eni.primary(),
            eni.addresses(), eni.prefixes(), eni.attachment(), tags, eni.description(), eni.status())), world.now);
        return new CloudAnswer.Done();
      });
      case CloudCall.Associate c -> with(c.branchId(), eni -> associate(c, eni));
      case CloudCall.Disassociate c -> {
        Optional<AssociationRecord> there = associations.values().stream().filter(a -> a.id().equals(c.associationId())).findFirst();
        if (there.isEmpty()) {
          yield failed(CloudAnswer.Kind.NOT_FOUND, "InvalidAssociationID.NotFound");
        }
        String branch = there.get().branchId();
        the(branch).ifPresent(judge::released);
        associations.remove(branch);
        the(branch).ifPresent(e -> put(e, e.attachment(), e.groups(), "available"));
        yield new CloudAnswer.Done();
      }
      case CloudCall.Delete c -> with(c.eniId(), eni -> {
        if (!eni.status().equals("available") || associations.values().stream().anyMatch(a -> a.trunkId().equals(eni.id()))) {
          return failed(CloudAnswer.Kind.STATE, "InvalidNetworkInterface.InUse");
        }
        judge.deleted(eni);
        put(enis, eni.id(), Optional.empty(), world.now);
        deleted++;
        return new CloudAnswer.Done();
      });
      default -> throw new IllegalArgumentException("the controller does not ask for " + call);
    };
  }

  private @Nullable String made(String token) {
    return tokens.get(token);
  }

  private CloudAnswer create(CloudCall.CreateInterface c) {
    String before = made(c.clientToken());
    if (before == null) {
      number++;
      before = "eni-%05d".formatted(number);
      tokens.put(c.clientToken(), before);
      put(enis, before, Optional.of(new EniRecord(before, mac(), c.type(), c.subnetId(), c.groups(), Optional.of(IpAddress.of("10.0.1.1")),
          List.of(), List.of(), Optional.empty(), c.tags(), c.description(), "available")), world.now);
    }
    return the(before).<CloudAnswer>map(CloudAnswer.Made::new)
        .orElseGet(() -> failed(CloudAnswer.Kind.REFUSED, "IdempotentParameterMismatch"));
  }

  private CloudAnswer associate(CloudCall.Associate c, EniRecord branch) {
    AssociationRecord there = associations.get(branch.id());
    if (there != null) {
      return there.equals(associated.get(c.clientToken())) ? new CloudAnswer.Associations(List.of(there))
          : failed(CloudAnswer.Kind.STATE, "InvalidState");
    }
    AssociationRecord before = associated.get(c.clientToken());
    if (before != null) {
      // A token that was used says what came of it then, whatever has come of that since.
      return new CloudAnswer.Associations(List.of(before));
    }
    boolean taken = associations.values().stream().anyMatch(a -> a.trunkId().equals(c.trunkId()) && a.vlanId() == c.vlanId());
    if (taken || the(c.trunkId()).isEmpty()) {
      return failed(CloudAnswer.Kind.STATE, "InvalidState");
    }
    number++;
    AssociationRecord association = new AssociationRecord("assoc-%05d".formatted(number), branch.id(), c.trunkId(), c.vlanId());
    associations.put(branch.id(), association);
    associated.put(c.clientToken(), association);
    put(branch, branch.attachment(), branch.groups(), "in-use");
    return new CloudAnswer.Associations(List.of(association));
  }

  /** The tags that a node gives to what it makes. */
  Map<String, String> tagsOfNode(String instance) {
    number++;
    return new TreeMap<>(Map.of(Marks.CLUSTER, CLUSTER, Marks.INSTANCE, instance, Marks.TOKEN, "pb-" + number));
  }

  /** Judges what is done to interfaces. */
  interface Judge {
    /** One is about to be deleted. */
    void deleted(EniRecord eni);

    /** A branch is about to be taken off its trunk. */
    void released(EniRecord eni);
  }
}
