package dev.patchbay.cluster;

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

/** An EC2 that does at once what it is asked, and knows the rules that the controller counts on. */
final class FakeCloud {
  final Map<String, EniRecord> enis = new TreeMap<>();
  final Map<String, InstanceRecord> instances = new TreeMap<>();
  final Map<String, AssociationRecord> associations = new TreeMap<>();
  final List<CloudCall> calls = new ArrayList<>();
  private final Map<String, String> tokens = new HashMap<>();
  private final Map<String, AssociationRecord> associated = new HashMap<>();
  private int number;

  /** Launches an instance with its primary interface. */
  String launch(int n) {
    String id = "i-%017x".formatted(n);
    EniRecord primary = new EniRecord("eni-p" + n, mac(), "interface", "subnet-1", List.of("sg-node"), Optional.of(IpAddress.of("10.0.0." + n)),
        List.of(), List.of(), Optional.of(new EniRecord.Attachment("attach-p" + n, id, 0, 0, true)), Map.of(), "", "in-use");
    instances.put(id, new InstanceRecord(id, "running", "m5.large", "vpc-1", "zone-a", List.of(primary)));
    return id;
  }

  /** Terminates an instance: what goes with it goes, what does not is left. */
  void terminate(String id) {
    instances.computeIfPresent(id, (i, r) -> new InstanceRecord(i, "terminated", r.type(), "", r.zone(), List.of()));
    for (EniRecord eni : List.copyOf(enis.values())) {
      if (eni.attachment().filter(a -> a.instanceId().equals(id)).isPresent()) {
        if (eni.attachment().get().deleteOnTermination()) {
          enis.remove(eni.id());
          associations.values().removeIf(a -> a.trunkId().equals(eni.id()));
        } else {
          put(eni, Optional.empty(), eni.groups(), "available");
        }
      }
    }
  }

  EniRecord leave(Map<String, String> tags) {
    number++;
    EniRecord eni = new EniRecord("eni-left" + number, mac(), "interface", "subnet-1", List.of("sg-node"), Optional.empty(), List.of(),
        List.of(), Optional.empty(), tags, "", "available");
    enis.put(eni.id(), eni);
    return eni;
  }

  private MacAddress mac() {
    number++;
    return MacAddress.of("02:00:00:00:%02x:%02x".formatted(number / 256, number % 256));
  }

  private void put(EniRecord e, Optional<EniRecord.Attachment> attachment, List<String> groups, String status) {
    enis.put(e.id(), new EniRecord(e.id(), e.mac(), e.type(), e.subnetId(), groups, e.primary(), e.addresses(), e.prefixes(), attachment,
        e.tags(), e.description(), status));
  }

  private EniRecord the(String id) {
    return java.util.Objects.requireNonNull(enis.get(id));
  }

  private static CloudAnswer.Failed failed(CloudAnswer.Kind kind, String code) {
    return new CloudAnswer.Failed(kind, code, "the fake says so");
  }

  CloudAnswer call(CloudCall call) {
    calls.add(call);
    return switch (call) {
      case CloudCall.DescribeOwned c -> new CloudAnswer.Interfaces(
          enis.values().stream().filter(e -> c.value().equals(e.tags().get(c.key()))).toList());
      case CloudCall.DescribeInterface c -> new CloudAnswer.Interfaces(
          enis.values().stream().filter(e -> e.id().equals(c.eniId())).toList());
      case CloudCall.DescribeInstances c -> new CloudAnswer.Instances(
          instances.values().stream().filter(i -> c.ids().contains(i.id())).toList());
      case CloudCall.DescribeSubnets c -> new CloudAnswer.Subnets(List.of(new SubnetRecord("subnet-1", c.zone(),
          List.of(Cidr.of("10.0.0.0/24")), OptionalInt.of(100), Map.of())));
      case CloudCall.DescribeAssociations c -> new CloudAnswer.Associations(
          associations.values().stream().filter(a -> c.trunks().contains(a.trunkId())).toList());
      case CloudCall.CreateInterface c -> create(c);
      case CloudCall.AttachInterface c -> {
        EniRecord eni = enis.get(c.eniId());
        if (eni == null || eni.attachment().isPresent()) {
          yield failed(CloudAnswer.Kind.STATE, "InvalidNetworkInterface.InUse");
        }
        put(eni, Optional.of(new EniRecord.Attachment("attach-" + c.eniId(), c.instanceId(), c.deviceIndex(), 0, false)), eni.groups(),
            "in-use");
        yield new CloudAnswer.Attached("attach-" + c.eniId());
      }
      case CloudCall.DeleteWithInstance c -> {
        EniRecord eni = the(c.eniId());
        EniRecord.Attachment a = eni.attachment().orElseThrow();
        put(eni, Optional.of(new EniRecord.Attachment(a.id(), a.instanceId(), a.deviceIndex(), 0, true)), eni.groups(), "in-use");
        yield new CloudAnswer.Done();
      }
      case CloudCall.SetGroups c -> {
        EniRecord eni = the(c.eniId());
        put(eni, eni.attachment(), c.groups(), eni.status());
        yield new CloudAnswer.Done();
      }
      case CloudCall.Tag c -> {
        EniRecord e = the(c.eniId());
        Map<String, String> tags = new HashMap<>(e.tags());
        tags.putAll(c.tags());
        enis.put(e.id(), new EniRecord(e.id(), e.mac(), e.type(), e.subnetId(), e.groups(), e.primary(), e.addresses(), e.prefixes(),
            e.attachment(), tags, e.description(), e.status()));
        yield new CloudAnswer.Done();
      }
      case CloudCall.Associate c -> {
        AssociationRecord before = associations.get(c.branchId());
        AssociationRecord once = associated.get(c.clientToken());
        if (once != null) {
          // What came of it then, whatever has come of that since.
          yield new CloudAnswer.Associations(List.of(once));
        }
        if (before != null) {
          yield failed(CloudAnswer.Kind.STATE, "InvalidState");
        }
        if (associations.values().stream().anyMatch(a -> a.trunkId().equals(c.trunkId()) && a.vlanId() == c.vlanId())) {
          yield failed(CloudAnswer.Kind.STATE, "InvalidState");
        }
        AssociationRecord made = new AssociationRecord("assoc-" + c.branchId(), c.branchId(), c.trunkId(), c.vlanId());
        associations.put(c.branchId(), made);
        associated.put(c.clientToken(), made);
        EniRecord eni = the(c.branchId());
        put(eni, eni.attachment(), eni.groups(), "in-use");
        yield new CloudAnswer.Associations(List.of(made));
      }
      case CloudCall.Disassociate c -> {
        associations.values().stream().filter(a -> a.id().equals(c.associationId())).map(AssociationRecord::branchId).toList()
            .forEach(branch -> {
              associations.remove(branch);
              EniRecord eni = the(branch);
              put(eni, eni.attachment(), eni.groups(), "available");
            });
        yield new CloudAnswer.Done();
      }
      case CloudCall.Delete c -> {
        EniRecord eni = enis.get(c.eniId());
        if (eni == null) {
          yield failed(CloudAnswer.Kind.NOT_FOUND, "InvalidNetworkInterfaceID.NotFound");
        }
        if (!eni.status().equals("available")) {
          yield failed(CloudAnswer.Kind.STATE, "InvalidNetworkInterface.InUse");
        }
        enis.remove(c.eniId());
        yield new CloudAnswer.Done();
      }
      default -> throw new IllegalArgumentException("the controller does not ask for " + call);
    };
  }

  private CloudAnswer create(CloudCall.CreateInterface c) {
    String before = tokens.get(c.clientToken());
    if (before == null) {
      number++;
      before = "eni-" + number;
      tokens.put(c.clientToken(), before);
      enis.put(before, new EniRecord(before, mac(), c.type(), c.subnetId(), c.groups(), Optional.of(IpAddress.of("10.0.1." + number)),
          List.of(), List.of(), Optional.empty(), c.tags(), c.description(), "available"));
    }
    EniRecord made = enis.get(before);
    return made == null ? failed(CloudAnswer.Kind.REFUSED, "IdempotentParameterMismatch") : new CloudAnswer.Made(made);
  }
}
