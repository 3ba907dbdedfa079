package dev.patchbay.aws;

import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceRecord;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.AttachmentStatus;
import software.amazon.awssdk.services.ec2.model.GroupIdentifier;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceNetworkInterface;
import software.amazon.awssdk.services.ec2.model.InstanceTypeHypervisor;
import software.amazon.awssdk.services.ec2.model.InstanceTypeInfo;
import software.amazon.awssdk.services.ec2.model.NetworkCardInfo;
import software.amazon.awssdk.services.ec2.model.NetworkInfo;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceAttachment;
import software.amazon.awssdk.services.ec2.model.NetworkInterfacePrivateIpAddress;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.Tag;

/**
 * Values of the SDK as values of core.
 */
final class Records {
  private Records() {}

  /**
   * Takes over an interface.
   *
   * @param eni the SDK's
   * @return ours
   */
  static EniRecord eni(NetworkInterface eni) {
    Optional<IpAddress> primary = Optional.ofNullable(eni.privateIpAddress()).map(IpAddress::of);
    List<IpAddress> addresses = new ArrayList<>();
    for (NetworkInterfacePrivateIpAddress a : eni.privateIpAddresses()) {
      if (!Boolean.TRUE.equals(a.primary())) {
        addresses.add(IpAddress.of(a.privateIpAddress()));
      }
    }
    eni.ipv6Addresses().forEach(a -> addresses.add(IpAddress.of(a.ipv6Address())));
    List<Cidr> prefixes = new ArrayList<>();
    eni.ipv4Prefixes().forEach(p -> prefixes.add(Cidr.of(p.ipv4Prefix())));
    eni.ipv6Prefixes().forEach(p -> prefixes.add(Cidr.of(p.ipv6Prefix())));
    return new EniRecord(eni.networkInterfaceId(), MacAddress.of(eni.macAddress()), text(eni.interfaceTypeAsString()),
        text(eni.subnetId()), eni.groups().stream().map(GroupIdentifier::groupId).toList(), primary, addresses, prefixes,
        attachment(eni.attachment()), tags(eni.tagSet()), text(eni.description()), text(eni.statusAsString()));
  }

  private static Optional<EniRecord.Attachment> attachment(@Nullable NetworkInterfaceAttachment attachment) {
    return Optional.ofNullable(attachment).filter(a -> a.attachmentId() != null && a.status() != AttachmentStatus.DETACHED)
        .map(a -> new EniRecord.Attachment(a.attachmentId(), text(a.instanceId()), number(a.deviceIndex()),
            number(a.networkCardIndex()), Boolean.TRUE.equals(a.deleteOnTermination())));
  }

  /**
   * Takes over an instance with its interfaces, which are described there without their tags.
   *
   * @param instance the SDK's
   * @return ours
   */
  static InstanceRecord instance(Instance instance) {
    List<EniRecord> enis = instance.networkInterfaces().stream().map(eni -> eni(instance.instanceId(), eni))
        .sorted(Comparator.comparing((EniRecord e) -> !isPrimary(e)).thenComparing(EniRecord::id)).toList();
    return new InstanceRecord(instance.instanceId(), instance.state() == null ? "" : text(instance.state().nameAsString()),
        text(instance.instanceTypeAsString()), text(instance.vpcId()),
        instance.placement() == null ? "" : text(instance.placement().availabilityZone()), enis);
  }

  private static boolean isPrimary(EniRecord eni) {
    return eni.attachment().filter(a -> a.deviceIndex() == 0 && a.networkCard() == 0).isPresent();
  }

  private static EniRecord eni(String instanceId, InstanceNetworkInterface eni) {
    Optional<IpAddress> primary = Optional.ofNullable(eni.privateIpAddress()).map(IpAddress::of);
    List<IpAddress> addresses = new ArrayList<>();
    eni.privateIpAddresses().stream().filter(a -> !Boolean.TRUE.equals(a.primary()))
        .forEach(a -> addresses.add(IpAddress.of(a.privateIpAddress())));
    eni.ipv6Addresses().forEach(a -> addresses.add(IpAddress.of(a.ipv6Address())));
    List<Cidr> prefixes = new ArrayList<>();
    eni.ipv4Prefixes().forEach(p -> prefixes.add(Cidr.of(p.ipv4Prefix())));
    eni.ipv6Prefixes().forEach(p -> prefixes.add(Cidr.of(p.ipv6Prefix())));
    Optional<EniRecord.Attachment> attachment = Optional.ofNullable(eni.attachment())
        .filter(a -> a.attachmentId() != null && a.status() != AttachmentStatus.DETACHED)
        .map(a -> new EniRecord.Attachment(a.attachmentId(), instanceId, number(a.deviceIndex()), number(a.networkCardIndex()),
            Boolean.TRUE.equals(a.deleteOnTermination())));
    return new EniRecord(eni.networkInterfaceId(), MacAddress.of(eni.macAddress()), text(eni.interfaceType()), text(eni.subnetId()),
        eni.groups().stream().map(GroupIdentifier::groupId).toList(), primary, addresses, prefixes, attachment, Map.of(),
        text(eni.description()), text(eni.statusAsString()));
  }

  /**
   * Takes over a subnet.
   *
   * @param subnet the SDK's
   * @return ours
   */
  static SubnetRecord subnet(Subnet subnet) {
    List<Cidr> cidrs = new ArrayList<>();
    if (subnet.cidrBlock() != null) {
      cidrs.add(Cidr.of(subnet.cidrBlock()));
    }
    subnet.ipv6CidrBlockAssociationSet().stream()
        // A block that is being taken away is still listed.
        .filter(a -> a.ipv6CidrBlockState() == null || "associated".equals(a.ipv6CidrBlockState().stateAsString()))
        .forEach(a -> cidrs.add(Cidr.of(a.ipv6CidrBlock())));
    Integer free = subnet.availableIpAddressCount();
    return new SubnetRecord(subnet.subnetId(), text(subnet.availabilityZone()), cidrs,
        free == null ? OptionalInt.empty() : OptionalInt.of(free), tags(subnet.tags()));
  }

  /**
   * Takes over an instance type. EC2 does not say how many branches a trunk of it carries, so it counts as having none.
   *
   * @param type the SDK's
   * @return ours
   */
  static InstanceTypeRecord type(InstanceTypeInfo type) {
    NetworkInfo network = type.networkInfo();
    List<Integer> cards = network.networkCards().stream()
        .sorted(Comparator.comparingInt(c -> number(c.networkCardIndex())))
        .map(NetworkCardInfo::maximumNetworkInterfaces).toList();
    boolean prefixes = type.hypervisor() == InstanceTypeHypervisor.NITRO || Boolean.TRUE.equals(type.bareMetal());
    int vcpus = type.vCpuInfo() == null ? 0 : number(type.vCpuInfo().defaultVCpus());
    return new InstanceTypeRecord(type.instanceTypeAsString(),
        cards.isEmpty() ? List.of(network.maximumNetworkInterfaces()) : cards, network.ipv4AddressesPerInterface(),
        number(network.ipv6AddressesPerInterface()), prefixes, false, 0, vcpus);
  }

  private static Map<String, String> tags(List<Tag> tags) {
    Map<String, String> map = new TreeMap<>();
    tags.forEach(t -> map.put(t.key(), text(t.value())));
    return map;
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static int number(@Nullable Integer number) {
    return number == null ? 0 : number;
  }
}
