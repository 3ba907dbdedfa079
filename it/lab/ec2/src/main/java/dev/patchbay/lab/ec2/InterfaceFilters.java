package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Attachment;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.VpcState;
import java.util.Optional;
import java.util.function.Function;

/** The filters of DescribeNetworkInterfaces (EC2 API reference), but for those of what is not modelled. */
final class InterfaceFilters {
  private InterfaceFilters() {}

  static Filters<NetworkInterface> of(VpcState state, Shapes shapes) {
    return new Filters<>(NetworkInterface::tags)
        .many("addresses.private-ip-address", i -> i.ipv4Addresses().stream().map(Object::toString))
        .many(
            "addresses.primary",
            i -> i.ipv4Addresses().stream().map(a -> String.valueOf(i.primary().filter(a::equals).isPresent())))
        .maybe("association.public-ip", i -> i.publicAddress().map(Object::toString))
        .maybe("addresses.association.public-ip", i -> i.publicAddress().map(Object::toString))
        .maybe("association.ip-owner-id", i -> i.publicAddress().map(a -> "amazon"))
        .maybe("addresses.association.owner-id", i -> i.publicAddress().map(a -> "amazon"))
        .maybe("association.public-dns-name", i -> i.publicAddress().map(shapes::publicName))
        .maybe("association.allocation-id", i -> Optional.empty())
        .maybe("association.association-id", i -> Optional.empty())
        .maybe("operator.principal", i -> Optional.empty())
        .maybe("requester-id", i -> i.requesterManaged() ? Optional.of(Shapes.REQUESTER) : Optional.empty())
        .maybe("attachment.attach-time", attachment(a -> a.attachTime().toString()))
        .maybe("attachment.attachment-id", attachment(Attachment::id))
        .maybe("attachment.delete-on-termination", attachment(a -> String.valueOf(a.deleteOnTermination())))
        .maybe("attachment.device-index", attachment(a -> String.valueOf(a.deviceIndex())))
        .maybe("attachment.instance-id", attachment(Attachment::instanceId))
        .maybe("attachment.instance-owner-id", i -> Shapes.attachedToOthers(i) ? Optional.of(Shapes.REQUESTER)
            : i.attachment().map(a -> shapes.account()))
        .maybe("attachment.network-card-index", attachment(a -> String.valueOf(a.networkCard())))
        .maybe("attachment.status", i -> Shapes.attachedToOthers(i) ? Optional.of("attached")
            : i.attachment().map(Shapes::attachmentStatus))
        .one("availability-zone", NetworkInterface::zone)
        .one("availability-zone-id", i -> Shapes.zoneId(i.zone()))
        .one("description", NetworkInterface::description)
        .many("group-id", i -> i.groups().stream())
        .many("group-name", i -> Shapes.groups(state, i.groups()).stream().map(g -> g.groupName()))
        .many("ipv6-addresses.ipv6-address", i -> i.ipv6Addresses().stream().map(Object::toString))
        .one("interface-type", i -> i.kind().wire())
        .one("mac-address", NetworkInterface::mac)
        .one("network-interface-id", NetworkInterface::id)
        .one("operator.managed", i -> "false")
        .one("owner-id", i -> shapes.account())
        .maybe("private-dns-name", i -> i.primary().map(shapes::privateName))
        .many("private-ip-address", i -> i.ipv4Addresses().stream().map(Object::toString))
        .one("requester-managed", i -> String.valueOf(i.requesterManaged()))
        .one("source-dest-check", i -> String.valueOf(i.sourceDestCheck()))
        .one("status", i -> Shapes.status(state, i))
        .one("subnet-id", NetworkInterface::subnetId)
        .one("vpc-id", NetworkInterface::vpcId);
  }

  private static Function<NetworkInterface, Optional<String>> attachment(Function<Attachment, String> value) {
    return each -> each.attachment().map(value);
  }
}
