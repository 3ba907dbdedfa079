package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;

/** An EC2 that does what it is asked for at once, within the limits of the instance type and of subnet-a. */
final class WorldCloud {
  final Map<String, EniRecord> enis = new LinkedHashMap<>();
  final Map<String, SubnetRecord> subnets = new TreeMap<>();
  /** What subnets reserve for prefixes. */
  final Map<String, List<Cidr>> reservations = new TreeMap<>();
  /** The ids of security groups, by a tag that they have. */
  final Map<Map<String, String>, List<String>> taggedGroups = new LinkedHashMap<>();
  private final InstanceTypeRecord type;
  private final Map<String, Integer> next = new TreeMap<>();
  private int nextEni = 1;
  int subnetFree = 200;
  boolean fragmented;

  WorldCloud(InstanceTypeRecord type, List<String> groups) {
    this.type = type;
    subnet("subnet-a", "10.0.0.0/24", "2001:db8:0:1::/64", Map.of());
    enis.put("eni-0", new EniRecord("eni-0", MacAddress.of("02:00:00:00:00:00"), "interface", "subnet-a", groups,
        Optional.of(IpAddress.of("10.0.0.5")), List.of(), List.of(),
        Optional.of(new EniRecord.Attachment("attach-0", "i-1", 0, 0, true)), Map.of(), "", "in-use"));
  }

  void subnet(String id, String v4, String v6, Map<String, String> tags) {
    subnet(id, v4, v6, tags, 200);
  }

  void subnet(String id, String v4, String v6, Map<String, String> tags, int free) {
    subnets.put(id, new SubnetRecord(id, "test-1a", List.of(Cidr.of(v4), Cidr.of(v6)), OptionalInt.of(free), tags));
  }

  EniRecord eni(String id) {
    return Objects.requireNonNull(enis.get(id), id + " is not there");
  }

  /** An interface that somebody else attaches. */
  void attach(String id, String interfaceType, int device, int card, Map<String, String> tags) {
    MacAddress mac = new MacAddress(0x0200_0000_ff00L + device + card * 16);
    enis.put(id, new EniRecord(id, mac, interfaceType, "subnet-a", List.of("sg-other"), Optional.of(fresh("subnet-a", 1).getFirst()),
        List.of(), List.of(), Optional.of(new EniRecord.Attachment("attach-" + id, "i-1", device, card, true)), tags, "", "in-use"));
  }

  private SubnetRecord subnet(String id) {
    return Objects.requireNonNull(subnets.get(id), id + " is not there");
  }

  private List<IpAddress> fresh(String subnet, int n) {
    List<IpAddress> list = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      list.add(subnet(subnet).cidrs().getFirst().address().plus(next.merge(subnet, 1, Integer::sum) + 9L));
    }
    if (subnet.equals("subnet-a")) {
      subnetFree -= n;
    }
    return list;
  }

  private List<IpAddress> freshV6(String subnet, int n) {
    List<IpAddress> list = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      list.add(subnet(subnet).cidrs().getLast().address().plus(0x1000L + next.merge(subnet + " v6", 1, Integer::sum)));
    }
    return list;
  }

  private List<Cidr> freshPrefixes(String subnet, AddressFamily family, int n) {
    List<Cidr> list = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      int number = next.merge(subnet + " prefix " + family, 1, Integer::sum);
      list.add(family == AddressFamily.IPV4 ? Cidr.of("10.0." + (1 + (number - 1) / 16) + "." + (number - 1) % 16 * 16 + "/28")
          : Cidr.of("2001:db8:0:1:" + Integer.toHexString(number) + "::/80"));
    }
    if (subnet.equals("subnet-a") && family == AddressFamily.IPV4) {
      subnetFree -= 16 * n;
    }
    return list;
  }

  private static CloudAnswer.Failed failed(CloudAnswer.Kind kind, String code) {
    return new CloudAnswer.Failed(kind, code, "as the test wants it");
  }

  /** The interface that a call is about. */
  private static Optional<String> about(CloudCall call) {
    return switch (call) {
      case CloudCall.AttachInterface a -> Optional.of(a.eniId());
      case CloudCall.AssignAddresses a -> Optional.of(a.eniId());
      case CloudCall.AssignParticular a -> Optional.of(a.eniId());
      case CloudCall.Unassign u -> Optional.of(u.eniId());
      case CloudCall.Detach d -> Optional.of(d.eniId());
      case CloudCall.SetGroups s -> Optional.of(s.eniId());
      case CloudCall.DeleteWithInstance d -> Optional.of(d.eniId());
      default -> Optional.empty();
    };
  }

  CloudAnswer answer(CloudCall call) {
    if (about(call).filter(id -> !enis.containsKey(id)).isPresent()) {
      return failed(CloudAnswer.Kind.NOT_FOUND, "InvalidNetworkInterfaceID.NotFound");
    }
    return switch (call) {
      case CloudCall.CreateInterface c -> create(c);
      case CloudCall.AttachInterface a -> {
        EniRecord e = eni(a.eniId());
        boolean taken = enis.values().stream().flatMap(o -> o.attachment().stream())
            .anyMatch(o -> o.deviceIndex() == a.deviceIndex() && o.networkCard() == a.networkCard());
        if (taken) {
          yield failed(CloudAnswer.Kind.STATE, "InvalidParameterValue");
        }
        put(e, Optional.of(new EniRecord.Attachment("attach-" + e.id(), "i-1", a.deviceIndex(), a.networkCard(), false)),
            e.addresses(), e.prefixes());
        yield new CloudAnswer.Attached("attach-" + e.id());
      }
      case CloudCall.AssignAddresses a -> assign(a);
      case CloudCall.AssignParticular a -> {
        if (enis.values().stream().anyMatch(e -> e.addresses().contains(a.address()))) {
          yield failed(CloudAnswer.Kind.REFUSED, "InvalidParameterValue");
        }
        EniRecord e = eni(a.eniId());
        if (units(e, a.address().family()) + 1 > most(a.address().family())) {
          yield failed(CloudAnswer.Kind.LIMIT, "PrivateIpAddressLimitExceeded");
        }
        put(e, e.attachment(), plus(e.addresses(), List.of(a.address())), e.prefixes());
        yield new CloudAnswer.Done();
      }
      case CloudCall.Unassign u -> {
        EniRecord e = eni(u.eniId());
        List<Cidr> there = Stream.concat(e.addresses().stream().map(IpAddress::asCidr), e.prefixes().stream()).toList();
        if (!there.containsAll(u.units())) {
          yield failed(CloudAnswer.Kind.REFUSED, "InvalidParameterValue");
        }
        put(e, e.attachment(), e.addresses().stream().filter(i -> !u.units().contains(i.asCidr())).toList(),
            e.prefixes().stream().filter(p -> !u.units().contains(p)).toList());
        yield new CloudAnswer.Done();
      }
      case CloudCall.Detach d -> {
        EniRecord e = eni(d.eniId());
        put(e, Optional.empty(), e.addresses(), e.prefixes());
        yield new CloudAnswer.Done();
      }
      case CloudCall.Delete d -> enis.remove(d.eniId()) == null ? failed(CloudAnswer.Kind.NOT_FOUND, "InvalidNetworkInterfaceID.NotFound")
          : new CloudAnswer.Done();
      case CloudCall.SetGroups s -> {
        EniRecord e = eni(s.eniId());
        enis.put(e.id(), new EniRecord(e.id(), e.mac(), e.type(), e.subnetId(), s.groups(), e.primary(), e.addresses(), e.prefixes(),
            e.attachment(), e.tags(), e.description(), e.status()));
        yield new CloudAnswer.Done();
      }
      case CloudCall.DeleteWithInstance d -> {
        EniRecord e = eni(d.eniId());
        put(e, e.attachment().map(a -> new EniRecord.Attachment(a.id(), a.instanceId(), a.deviceIndex(), a.networkCard(), true)),
            e.addresses(), e.prefixes());
        yield new CloudAnswer.Done();
      }
      case CloudCall.DescribeAttached _ ->
          new CloudAnswer.Interfaces(enis.values().stream().filter(e -> e.attachment().isPresent()).toList());
      case CloudCall.DescribeTagged t -> new CloudAnswer.Interfaces(
          enis.values().stream().filter(e -> t.value().equals(e.tags().get(t.key()))).toList());
      case CloudCall.DescribeInterface d -> new CloudAnswer.Interfaces(Optional.ofNullable(enis.get(d.eniId())).stream().toList());
      case CloudCall.DescribeType _ -> new CloudAnswer.Type(type);
      case CloudCall.OfCluster c -> throw new IllegalArgumentException("no node asks for " + c);
      case CloudCall.DescribeSubnets _ -> new CloudAnswer.Subnets(List.copyOf(subnets.values()));
      case CloudCall.DescribeReservations r -> new CloudAnswer.Reservations(reservations.getOrDefault(r.subnetId(), List.of()));
      case CloudCall.DescribeGroups g -> new CloudAnswer.Groups(taggedGroups.getOrDefault(g.tags(), List.of()));
      case CloudCall.Tag _ -> new CloudAnswer.Done();
    };
  }

  private CloudAnswer create(CloudCall.CreateInterface c) {
    Optional<EniRecord> before =
        enis.values().stream().filter(e -> c.clientToken().equals(e.tags().get("patchbay.dev/token"))).findFirst();
    if (before.isPresent()) {
      return new CloudAnswer.Made(before.get());
    }
    if (!subnets.containsKey(c.subnetId())) {
      return failed(CloudAnswer.Kind.NOT_FOUND, "InvalidSubnetID.NotFound");
    }
    if (c.subnetId().equals("subnet-a") && subnetFree < c.addresses() + 16 * c.prefixes() + 1) {
      return failed(CloudAnswer.Kind.SUBNET_FULL, "InsufficientFreeAddressesInSubnet");
    }
    if (fragmented && c.prefixes() > 0) {
      return failed(CloudAnswer.Kind.SUBNET_FRAGMENTED, "InsufficientCidrBlocks");
    }
    String id = "eni-" + nextEni++;
    EniRecord eni = new EniRecord(id, new MacAddress(0x0200_0000_0000L + nextEni), c.type(), c.subnetId(), c.groups(),
        Optional.of(fresh(c.subnetId(), 1).getFirst()),
        c.family() == AddressFamily.IPV4 ? fresh(c.subnetId(), c.addresses()) : freshV6(c.subnetId(), c.addresses()),
        freshPrefixes(c.subnetId(), c.family(), c.prefixes()), Optional.empty(), c.tags(), c.description(), "available");
    enis.put(id, eni);
    return new CloudAnswer.Made(eni);
  }

  private int most(AddressFamily family) {
    return family == AddressFamily.IPV4 ? type.ipv4PerInterface() - 1 : type.ipv6PerInterface();
  }

  private static int units(EniRecord e, AddressFamily family) {
    return e.units(family).size();
  }

  private CloudAnswer assign(CloudCall.AssignAddresses a) {
    EniRecord e = eni(a.eniId());
    boolean v4 = a.family() == AddressFamily.IPV4;
    if (v4 && e.subnetId().equals("subnet-a") && subnetFree < a.addresses() + 16 * a.prefixes()) {
      return failed(CloudAnswer.Kind.SUBNET_FULL, "InsufficientFreeAddressesInSubnet");
    }
    if (fragmented && a.prefixes() > 0) {
      return failed(CloudAnswer.Kind.SUBNET_FRAGMENTED, "InsufficientCidrBlocks");
    }
    if (units(e, a.family()) + a.addresses() + a.prefixes() > most(a.family())) {
      return failed(CloudAnswer.Kind.LIMIT, "PrivateIpAddressLimitExceeded");
    }
    List<IpAddress> addresses = v4 ? fresh(e.subnetId(), a.addresses()) : freshV6(e.subnetId(), a.addresses());
    List<Cidr> prefixes = freshPrefixes(e.subnetId(), a.family(), a.prefixes());
    put(e, e.attachment(), plus(e.addresses(), addresses), plus(e.prefixes(), prefixes));
    return new CloudAnswer.Assigned(Stream.concat(addresses.stream().map(IpAddress::asCidr), prefixes.stream()).toList());
  }

  private static <T> List<T> plus(List<T> list, List<T> more) {
    return Stream.concat(list.stream(), more.stream()).toList();
  }

  private void put(EniRecord e, Optional<EniRecord.Attachment> attachment, List<IpAddress> addresses, List<Cidr> prefixes) {
    enis.put(e.id(), new EniRecord(e.id(), e.mac(), e.type(), e.subnetId(), e.groups(), e.primary(), addresses, prefixes, attachment,
        e.tags(), e.description(), attachment.isPresent() ? "in-use" : "available"));
  }
}
