package dev.patchbay.it.adapters;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceMetadata;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.cloud.SubnetRecord;
import java.util.Collection;
import java.util.stream.Collectors;

/** Answers as text, without what EC2 promises nothing about: the order of lists, and the words of a refusal. */
final class Words {
  private Words() {}

  static String of(CloudAnswer answer) {
    return switch (answer) {
      case CloudAnswer.Failed a -> a.kind() + " " + a.code();
      case CloudAnswer.Made a -> "made " + of(a.eni());
      case CloudAnswer.Attached a -> "attached " + a.attachmentId();
      case CloudAnswer.Assigned a -> "assigned " + sorted(a.units());
      case CloudAnswer.Interfaces a -> "interfaces" + a.enis().stream().map(Words::of).sorted().collect(Collectors.joining());
      case CloudAnswer.Subnets a -> "subnets" + a.subnets().stream().map(Words::of).sorted().collect(Collectors.joining());
      case CloudAnswer.Reservations a -> "reservations " + sorted(a.forPrefixes());
      case CloudAnswer.Groups a -> "groups " + sorted(a.ids());
      case CloudAnswer.Type a -> "type " + of(a.type());
      case CloudAnswer.Instances a -> "instances " + a.instances();
      case CloudAnswer.Associations a -> "associations " + a.associations();
      case CloudAnswer.Done _ -> "done";
    };
  }

  /** Which trunks a type can have EC2 does not say. */
  private static String of(InstanceTypeRecord t) {
    return t.name() + " " + t.interfacesPerCard() + " " + t.ipv4PerInterface() + " " + t.ipv6PerInterface() + " " + t.prefixes();
  }

  private static String of(SubnetRecord s) {
    return "\n      " + s.id() + " in " + s.zone() + " " + s.cidrs() + " free " + s.free() + " " + s.tags();
  }

  private static String of(EniRecord e) {
    return "\n      " + e.id() + " " + e.mac() + " " + e.type() + " " + e.status() + " in " + e.subnetId() + " " + sorted(e.groups()) + " "
        + e.primary() + " " + sorted(e.addresses()) + " " + sorted(e.prefixes()) + " " + e.attachment() + " " + e.tags() + " '"
        + e.description() + "'";
  }

  static String of(InstanceMetadata m) {
    return m.identity() + " " + m.vpcCidrs() + m.enis().stream().map(Words::of).sorted().collect(Collectors.joining())
        + m.subnets().stream().map(s -> "\n      " + s.id() + " " + s.cidrs() + " " + s.free() + " " + s.tags()).sorted()
            .collect(Collectors.joining());
  }

  private static String sorted(Collection<?> values) {
    return values.stream().map(Object::toString).sorted().collect(Collectors.joining(",", "[", "]"));
  }
}
