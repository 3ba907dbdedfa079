package dev.patchbay.it.adapters;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceMetadata;
import dev.patchbay.core.cloud.NodeIdentity;
import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What things are called in the model and in the lab: ids, hardware addresses, and the IPv6 addresses and prefixes that each side chose.
 * IPv4 addresses are the same on both sides, since both give out the lowest.
 */
final class Names {
  private static final int IPV6_PREFIX = 80;

  private final Map<String, String> toLab = new HashMap<>();
  private final Map<String, String> toModel = new HashMap<>();
  private final Map<Cidr, Cidr> unitsToLab = new HashMap<>();
  private final Map<Cidr, Cidr> unitsToModel = new HashMap<>();
  private final Map<MacAddress, MacAddress> macs = new HashMap<>();

  void pair(String model, String lab) {
    toLab.put(model, lab);
    toModel.put(lab, model);
  }

  void pair(EniRecord model, String labId, String labMac, String labAttachment) {
    pair(model.id(), labId);
    macs.put(MacAddress.of(labMac), model.mac());
    pair(model.attachment().orElseThrow().id(), labAttachment);
  }

  private void pairUnits(List<Cidr> model, List<Cidr> lab) {
    for (int n = 0; n < Math.min(model.size(), lab.size()); n++) {
      if (model.get(n).family() == AddressFamily.IPV6) {
        unitsToLab.put(model.get(n), lab.get(n));
        unitsToModel.put(lab.get(n), model.get(n));
      }
    }
  }

  /** What both sides made by one call is the same thing. */
  void learn(CloudAnswer model, CloudAnswer lab) {
    if (model instanceof CloudAnswer.Made(EniRecord one) && lab instanceof CloudAnswer.Made(EniRecord other)) {
      if (!toLab.containsKey(one.id()) && !toModel.containsKey(other.id())) {
        pair(one.id(), other.id());
        macs.put(other.mac(), one.mac());
      }
      pairUnits(one.units(AddressFamily.IPV6), other.units(AddressFamily.IPV6));
    } else if (model instanceof CloudAnswer.Attached(String one) && lab instanceof CloudAnswer.Attached(String other)) {
      pair(one, other);
    } else if (model instanceof CloudAnswer.Assigned(List<Cidr> one) && lab instanceof CloudAnswer.Assigned(List<Cidr> other)) {
      pairUnits(one, other);
    }
  }

  /** What the lab does not know has a name there that looks like its own. */
  private String lab(String name) {
    String known = toLab.get(name);
    if (known != null) {
      return known;
    }
    for (String kind : List.of("eni-attach", "eni", "subnet", "sg", "i", "vpc")) {
      String mine = kind.equals("eni-attach") ? "attach" : kind;
      if (name.startsWith(mine + "-")) {
        return kind + "-" + "0123456789abcdef0".substring(0, 15) + "%02x".formatted(name.hashCode() & 0xff);
      }
    }
    return name;
  }

  private Cidr lab(Cidr unit) {
    Cidr known = unitsToLab.get(unit);
    if (known == null && unit.family() == AddressFamily.IPV6 && (unit.address().low() & 0xffff_ffff_ffffL) == 0) {
      // The first address of a prefix is the first one there, too.
      Cidr prefix = unitsToLab.get(new Cidr(unit.address(), IPV6_PREFIX));
      return prefix == null ? unit : prefix.address().asCidr();
    }
    return known == null ? unit : known;
  }

  /** The same call in the lab's names. */
  CloudCall toLab(CloudCall call) {
    return switch (call) {
      case CloudCall.CreateInterface c -> new CloudCall.CreateInterface(c.clientToken(), c.type(), lab(c.subnetId()),
          c.groups().stream().map(this::lab).toList(), c.description(), c.tags(), c.family(), c.addresses(), c.prefixes());
      case CloudCall.AttachInterface c ->
          new CloudCall.AttachInterface(lab(c.eniId()), lab(c.instanceId()), c.deviceIndex(), c.networkCard());
      case CloudCall.DeleteWithInstance c -> new CloudCall.DeleteWithInstance(lab(c.eniId()), lab(c.attachmentId()));
      case CloudCall.SetGroups c -> new CloudCall.SetGroups(lab(c.eniId()), c.groups().stream().map(this::lab).toList());
      case CloudCall.AssignAddresses c -> new CloudCall.AssignAddresses(lab(c.eniId()), c.family(), c.addresses(), c.prefixes());
      case CloudCall.AssignParticular c ->
          new CloudCall.AssignParticular(lab(c.eniId()), lab(c.address().asCidr()).address());
      case CloudCall.Unassign c -> new CloudCall.Unassign(lab(c.eniId()), c.units().stream().map(this::lab).toList());
      case CloudCall.Detach c -> new CloudCall.Detach(lab(c.eniId()), lab(c.attachmentId()));
      case CloudCall.Delete c -> new CloudCall.Delete(lab(c.eniId()));
      case CloudCall.Tag c -> new CloudCall.Tag(lab(c.eniId()), c.tags());
      case CloudCall.DescribeAttached c -> new CloudCall.DescribeAttached(lab(c.instanceId()));
      case CloudCall.DescribeTagged c -> c;
      case CloudCall.DescribeInterface c -> new CloudCall.DescribeInterface(lab(c.eniId()));
      case CloudCall.DescribeSubnets c -> new CloudCall.DescribeSubnets(lab(c.vpcId()), lab(c.zone()));
      case CloudCall.DescribeReservations c -> new CloudCall.DescribeReservations(lab(c.subnetId()));
      case CloudCall.DescribeGroups c -> new CloudCall.DescribeGroups(lab(c.vpcId()), c.tags());
      case CloudCall.DescribeType c -> c;
      case CloudCall.OfCluster c -> c;
    };
  }

  private String model(String name) {
    return toModel.getOrDefault(name, name);
  }

  private Cidr model(Cidr unit) {
    return unitsToModel.getOrDefault(unit, unit);
  }

  private IpAddress model(IpAddress address) {
    return model(address.asCidr()).address();
  }

  private EniRecord model(EniRecord e) {
    return new EniRecord(model(e.id()), macs.getOrDefault(e.mac(), e.mac()), e.type(), model(e.subnetId()),
        e.groups().stream().map(this::model).toList(), e.primary(), e.addresses().stream().map(this::model).toList(),
        e.prefixes().stream().map(this::model).toList(), e.attachment().map(this::model), e.tags(), e.description(), e.status());
  }

  private EniRecord.Attachment model(EniRecord.Attachment a) {
    return new EniRecord.Attachment(model(a.id()), model(a.instanceId()), a.deviceIndex(), a.networkCard(), a.deleteOnTermination());
  }

  private SubnetRecord model(SubnetRecord s) {
    return new SubnetRecord(model(s.id()), model(s.zone()), s.cidrs(), s.free(), s.tags());
  }

  /** The same answer in the model's names. */
  CloudAnswer toModel(CloudAnswer answer) {
    return switch (answer) {
      case CloudAnswer.Made a -> new CloudAnswer.Made(model(a.eni()));
      case CloudAnswer.Attached a -> new CloudAnswer.Attached(model(a.attachmentId()));
      case CloudAnswer.Assigned a -> new CloudAnswer.Assigned(a.units().stream().map(this::model).toList());
      case CloudAnswer.Interfaces a -> new CloudAnswer.Interfaces(a.enis().stream().map(this::model).toList());
      case CloudAnswer.Subnets a -> new CloudAnswer.Subnets(a.subnets().stream().map(this::model).toList());
      case CloudAnswer.Groups a -> new CloudAnswer.Groups(a.ids().stream().map(this::model).toList());
      case CloudAnswer.Reservations a -> a;
      // No node asks for these.
      case CloudAnswer.Instances a -> a;
      case CloudAnswer.Associations a -> a;
      case CloudAnswer.Done a -> a;
      case CloudAnswer.Type a -> a;
      case CloudAnswer.Failed a -> a;
    };
  }

  /** The same metadata in the model's names. */
  InstanceMetadata toModel(InstanceMetadata m) {
    NodeIdentity i = m.identity();
    MacAddress mac = Optional.ofNullable(macs.get(i.primaryMac())).orElse(i.primaryMac());
    return new InstanceMetadata(
        new NodeIdentity(model(i.instanceId()), i.instanceType(), model(i.region()), model(i.zone()), model(i.vpcId()), mac),
        m.enis().stream().map(this::model).toList(), m.subnets().stream().map(this::model).toList(), m.vpcCidrs());
  }
}
