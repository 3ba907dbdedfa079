package dev.patchbay.simulation.model;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceMetadata;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.cloud.NodeIdentity;
import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * EC2 and IMDS of one VPC: interfaces, addresses, prefixes, what a subnet has left, limits, client tokens, token buckets, and
 * descriptions that lag behind. It answers at once; what becomes of an answer on its way is for whoever carries it.
 */
public final class Ec2Model {
  /** The subnet in which nodes lie. */
  public static final String NODES = "subnet-0000000000000000a";
  /** Another subnet, for lanes that lie elsewhere. */
  public static final String PODS = "subnet-0000000000000000b";
  /** A third one. */
  public static final String OTHER = "subnet-00000000000000077";
  private static final String VPC = "vpc-1";
  private static final String ZONE = "test-1a";
  /** By what Patchbay knows its own interfaces. */
  private static final String TOKEN = "patchbay.dev/token";
  private static final String INSTANCE = "node.k8s.amazonaws.com/instance_id";

  private static final long NEW_MILLIS = 10_000;
  /** The group that an interface has if none is named. */
  private static final String DEFAULT_GROUP = "sg-default";
  /** What an interface may hold while no instance type limits it: the most that any type allows, its primary address included. */
  private static final int UNATTACHED_LIMIT = 64;

  /** What was asked for with a client token, and what came of it. */
  private record Tokened(CloudCall.CreateInterface asked, String eniId) {}

  private static final class Bucket {
    private double tokens;
    private long filled;

    private Bucket(double tokens) {
      this.tokens = tokens;
    }
  }

  private final InstanceTypeRecord type;
  private final int burst;
  private final Map<String, SubnetModel> subnets = new TreeMap<>();
  private final Map<String, EniModel> enis = new LinkedHashMap<>();
  private final Map<String, Tokened> madeWith = new TreeMap<>();
  private final Map<String, Map<String, String>> groups = Map.of(DEFAULT_GROUP, Map.of(), "sg-node", Map.of(), "sg-other",
      Map.of("pods", "true"));
  private final Set<String> instances = new TreeSet<>();
  private final Map<String, Bucket> buckets = new TreeMap<>();
  private int nextEni;
  private int nextAttachment;

  /**
   * A VPC.
   *
   * @param type the type of its instances
   * @param subnetLength the length of its subnets' IPv4 networks, 20 to 27
   * @param burst how many calls of one action EC2 takes at once; it takes a tenth of that in each second
   */
  public Ec2Model(InstanceTypeRecord type, int subnetLength, int burst) {
    this.type = type;
    this.burst = burst;
    subnet(NODES, "10.0.0.0", subnetLength, "2001:db8:0:1::/64", Map.of());
    subnet(PODS, "10.0.64.0", subnetLength, "2001:db8:0:2::/64", Map.of("pods", "true"));
    subnet(OTHER, "10.0.128.0", subnetLength, "2001:db8:0:3::/64", Map.of("pods", "others"));
  }

  private void subnet(String id, String first, int length, String v6, Map<String, String> tags) {
    subnets.put(id, new SubnetModel(id, ZONE, new Cidr(IpAddress.of(first), length), Cidr.of(v6), tags));
  }

  /**
   * Starts an instance.
   *
   * @param instance its id
   * @param chance what its address is drawn from
   */
  public void launch(String instance, Chance chance) {
    EniModel primary = make(NODES, "interface", List.of("sg-node"), Map.of(), "", subnetOf(NODES).take(1, chance).getFirst());
    instances.add(instance);
    put(primary, instance, 0, 0, true);
    primary.changed(Long.MIN_VALUE);
    note(Long.MIN_VALUE);
  }

  private EniModel make(String subnetId, String interfaceType, List<String> groups, Map<String, String> tags, String description,
      IpAddress primary) {
    int number = nextEni++;
    EniModel eni = new EniModel("eni-" + number, new MacAddress(0x0200_0000_0000L + number), interfaceType, subnetId,
        subnetOf(subnetId), primary, groups, tags, description);
    enis.put(eni.id, eni);
    return eni;
  }

  /** Attaches an interface; each attachment has an id of its own. */
  private EniRecord.Attachment put(EniModel eni, String instance, int index, int card, boolean goesWithInstance) {
    EniRecord.Attachment attachment =
        new EniRecord.Attachment("attach-" + nextAttachment++, instance, index, card, goesWithInstance);
    eni.attachment = Optional.of(attachment);
    eni.status = "in-use";
    return attachment;
  }

  private SubnetModel subnetOf(String id) {
    SubnetModel subnet = subnets.get(id);
    if (subnet == null) {
      throw new IllegalStateException("there is no subnet " + id);
    }
    return subnet;
  }

  private static CloudAnswer.Failed failed(CloudAnswer.Kind kind, String code, String message) {
    return new CloudAnswer.Failed(kind, code, message);
  }

  private static CloudAnswer.Failed noAttachment(String id) {
    return failed(CloudAnswer.Kind.NOT_FOUND, "InvalidAttachmentID.NotFound", "The attachment " + id + " does not exist");
  }

  private static CloudAnswer.Failed refused(String message) {
    return failed(CloudAnswer.Kind.REFUSED, "InvalidParameterValue", message);
  }

  private static CloudAnswer.Failed notFound(String id) {
    return failed(CloudAnswer.Kind.NOT_FOUND, "InvalidNetworkInterfaceID.NotFound", "The interface " + id + " does not exist");
  }

  /** What takes time has come about by now. */
  private void settle(long now) {
    for (EniModel eni : enis.values()) {
      if (eni.detachedAt <= now) {
        eni.attachment = Optional.empty();
        eni.status = "available";
        long at = eni.detachedAt;
        eni.detachedAt = Long.MAX_VALUE;
        eni.changed(at);
      }
    }
  }

  /** Whether EC2 takes one more call of an action now. */
  private boolean takes(String action, long now) {
    Bucket bucket = buckets.computeIfAbsent(action, a -> new Bucket(burst));
    bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.filled) / 1000.0 * burst / 10);
    bucket.filled = now;
    if (bucket.tokens < 1) {
      return false;
    }
    bucket.tokens--;
    return true;
  }

  /**
   * Carries out a call.
   *
   * @param call the call
   * @param now the time in milliseconds
   * @param detachMillis how long a detachment takes
   * @param lag by how much the description of each interface lags behind, in milliseconds, less than a minute
   * @param chance what EC2 chooses with
   * @return the answer
   */
  public CloudAnswer call(CloudCall call, long now, long detachMillis, LongSupplier lag, Chance chance) {
    settle(now);
    if (!takes(call.action(), now)) {
      return failed(CloudAnswer.Kind.THROTTLED, "RequestLimitExceeded", "Request limit exceeded.");
    }
    note(now);
    CloudAnswer answer = carryOut(call, now, detachMillis, lag, chance);
    note(now);
    return answer;
  }

  /** What subnets have left, for those who see it later. */
  private void note(long now) {
    for (SubnetModel subnet : subnets.values()) {
      subnet.noted(now);
    }
  }

  private CloudAnswer carryOut(CloudCall call, long now, long detachMillis, LongSupplier lag, Chance chance) {
    return switch (call) {
      case CloudCall.CreateInterface c -> create(c, now, chance);
      case CloudCall.AttachInterface c -> attach(c, now);
      case CloudCall.AssignAddresses c -> withEni(c.eniId(), eni -> assign(eni, c, now, chance));
      case CloudCall.AssignParticular c -> withEni(c.eniId(), eni -> particular(eni, c.address(), now));
      case CloudCall.Unassign c -> withEni(c.eniId(), eni -> unassign(eni, c, now));
      case CloudCall.Detach c -> detach(c.attachmentId(), now, detachMillis);
      case CloudCall.Delete c -> withEni(c.eniId(), eni -> {
        if (eni.attachment.isPresent()) {
          return failed(CloudAnswer.Kind.STATE, "InvalidParameterValue", "The interface " + eni.id + " is in use");
        }
        delete(eni, now);
        return new CloudAnswer.Done();
      });
      case CloudCall.SetGroups c when c.groups().isEmpty() ->
          failed(CloudAnswer.Kind.REFUSED, "MissingParameter", "There must be at least one group");
      case CloudCall.SetGroups c -> withEni(c.eniId(), eni -> {
        if (!groups.keySet().containsAll(c.groups())) {
          return noGroup();
        }
        eni.groups = c.groups();
        eni.changed(now);
        return new CloudAnswer.Done();
      });
      case CloudCall.DeleteWithInstance c -> withEni(c.eniId(), eni -> {
        if (eni.attachment.filter(a -> a.id().equals(c.attachmentId())).isEmpty()) {
          return noAttachment(c.attachmentId());
        }
        eni.attachment = eni.attachment.map(
            a -> new EniRecord.Attachment(a.id(), a.instanceId(), a.deviceIndex(), a.networkCard(), true));
        eni.changed(now);
        return new CloudAnswer.Done();
      });
      case CloudCall.Tag c -> withEni(c.eniId(), eni -> {
        Map<String, String> tags = new TreeMap<>(eni.tags);
        tags.putAll(c.tags());
        eni.tags = tags;
        eni.changed(now);
        return new CloudAnswer.Done();
      });
      case CloudCall.DescribeAttached c -> new CloudAnswer.Interfaces(lagging(now, lag).filter(
          e -> e.attachment().filter(a -> a.instanceId().equals(c.instanceId())).isPresent()).toList());
      case CloudCall.DescribeTagged c -> new CloudAnswer.Interfaces(
          lagging(now, lag).filter(e -> c.value().equals(e.tags().get(c.key()))).toList());
      case CloudCall.DescribeInterface c -> new CloudAnswer.Interfaces(lagging(now, lag).filter(e -> e.id().equals(c.eniId())).toList());
      case CloudCall.DescribeSubnets c -> {
        long seen = now - lag.getAsLong();
        yield new CloudAnswer.Subnets(c.vpcId().equals(VPC) && c.zone().equals(ZONE)
            ? subnets.values().stream().map(s -> s.record(seen)).toList() : List.of());
      }
      case CloudCall.DescribeReservations c -> subnets.containsKey(c.subnetId()) ? new CloudAnswer.Reservations(List.of())
          : failed(CloudAnswer.Kind.NOT_FOUND, "InvalidSubnetID.NotFound", "The subnet ID '" + c.subnetId() + "' does not exist");
      case CloudCall.DescribeGroups c -> new CloudAnswer.Groups(groups.entrySet().stream()
          .filter(g -> c.vpcId().equals(VPC) && c.tags().entrySet().stream().allMatch(t -> carries(g.getValue(), t))).map(Map.Entry::getKey)
          .toList());
      case CloudCall.DescribeType c -> c.name().equals(type.name()) ? new CloudAnswer.Type(type)
          : failed(CloudAnswer.Kind.NOT_FOUND, "InvalidInstanceType", "There is no instance type " + c.name());
      case CloudCall.OfCluster c -> throw new IllegalArgumentException("no node asks for " + c);
    };
  }

  /** An empty value stands for any. */
  private static boolean carries(Map<String, String> tags, Map.Entry<String, String> wanted) {
    String value = tags.get(wanted.getKey());
    return value != null && (wanted.getValue().isEmpty() || value.equals(wanted.getValue()));
  }

  private static CloudAnswer.Failed noGroup() {
    return failed(CloudAnswer.Kind.NOT_FOUND, "InvalidGroup.NotFound", "The security group does not exist");
  }

  private CloudAnswer detach(String attachmentId, long now, long millis) {
    for (EniModel eni : enis.values()) {
      EniRecord.Attachment at = eni.attachment.orElse(null);
      if (at != null && at.id().equals(attachmentId)) {
        if (at.deviceIndex() == 0 && at.networkCard() == 0) {
          return failed(CloudAnswer.Kind.REFUSED, "OperationNotPermitted", "The primary interface cannot be detached");
        }
        if (eni.detachedAt != Long.MAX_VALUE) {
          return failed(CloudAnswer.Kind.STATE, "IncorrectState", "The attachment " + attachmentId + " is not attached");
        }
        eni.status = "detaching";
        eni.detachedAt = now + millis;
        eni.changed(now);
        settle(now);
        return new CloudAnswer.Done();
      }
    }
    return noAttachment(attachmentId);
  }

  private Stream<EniRecord> lagging(long now, LongSupplier lag) {
    return enis.values().stream().flatMap(e -> e.at(now - lag.getAsLong()).stream());
  }

  private interface OnEni {
    CloudAnswer apply(EniModel eni);
  }

  private CloudAnswer withEni(String id, OnEni what) {
    EniModel eni = enis.get(id);
    return eni == null || eni.deleted ? notFound(id) : what.apply(eni);
  }

  private CloudAnswer create(CloudCall.CreateInterface c, long now, Chance chance) {
    Tokened before = madeWith.get(c.clientToken());
    if (before != null) {
      EniModel eni = enis.get(before.eniId());
      return eni == null || eni.deleted || !before.asked().equals(c)
          ? failed(CloudAnswer.Kind.REFUSED, "IdempotentParameterMismatch", "The client token was used for something else")
          : new CloudAnswer.Made(pending(eni));
    }
    SubnetModel subnet = subnets.get(c.subnetId());
    if (subnet == null) {
      return failed(CloudAnswer.Kind.NOT_FOUND, "InvalidSubnetID.NotFound", "The subnet does not exist");
    }
    if (!groups.keySet().containsAll(c.groups())) {
      return noGroup();
    }
    boolean v4 = c.family() == AddressFamily.IPV4;
    if (subnet.free() < 1) {
      return full();
    }
    if (c.addresses() + c.prefixes() > most(Optional.empty(), c.family())) {
      return limit();
    }
    if (v4 && subnet.free() < 1 + c.addresses()) {
      return full();
    }
    IpAddress primary = subnet.take(1, chance).getFirst();
    List<Cidr> prefixes = v4 ? subnet.takeBlocks(c.prefixes(), chance) : subnet.takeV6Blocks(c.prefixes());
    if (prefixes.size() < c.prefixes()) {
      subnet.free(primary.asCidr());
      return fragmented();
    }
    EniModel eni = make(c.subnetId(), c.type(), c.groups().isEmpty() ? List.of(DEFAULT_GROUP) : c.groups(), c.tags(), c.description(),
        primary);
    eni.addresses.addAll(v4 ? subnet.take(c.addresses(), chance) : subnet.takeV6(c.addresses()));
    eni.prefixes.addAll(prefixes);
    madeWith.put(c.clientToken(), new Tokened(c, eni.id));
    eni.madeAt = now;
    eni.changed(now);
    return new CloudAnswer.Made(pending(eni));
  }

  /** EC2 answers "pending", and describes "available" a moment later. */
  private static EniRecord pending(EniModel eni) {
    EniRecord e = eni.now().orElseThrow();
    return new EniRecord(e.id(), e.mac(), e.type(), e.subnetId(), e.groups(), e.primary(), e.addresses(), e.prefixes(), e.attachment(),
        e.tags(), e.description(), "pending");
  }

  private static CloudAnswer limit() {
    return failed(CloudAnswer.Kind.LIMIT, "PrivateIpAddressLimitExceeded", "Number of addresses would exceed the limit");
  }

  private static CloudAnswer full() {
    return failed(CloudAnswer.Kind.SUBNET_FULL, "InsufficientFreeAddressesInSubnet", "The subnet has not enough free addresses");
  }

  private static CloudAnswer fragmented() {
    return failed(CloudAnswer.Kind.SUBNET_FRAGMENTED, "InsufficientCidrBlocks", "The subnet has not enough contiguous blocks");
  }

  /** How many units an interface can have beside its primary address. */
  private int most(Optional<EniRecord.Attachment> attachment, AddressFamily family) {
    return family == AddressFamily.IPV4 ? (attachment.isPresent() ? type.ipv4PerInterface() : UNATTACHED_LIMIT) - 1
        : attachment.isPresent() ? type.ipv6PerInterface() : UNATTACHED_LIMIT;
  }

  private Stream<EniModel> of(String instance) {
    return enis.values().stream().filter(e -> e.attachment.filter(a -> a.instanceId().equals(instance)).isPresent());
  }

  private CloudAnswer attach(CloudCall.AttachInterface c, long now) {
    return withEni(c.eniId(), eni -> {
      if (!instances.contains(c.instanceId())) {
        return failed(CloudAnswer.Kind.NOT_FOUND, "InvalidInstanceID.NotFound", "The instance does not exist");
      }
      if (eni.attachment.isPresent()) {
        return failed(CloudAnswer.Kind.STATE, "InvalidNetworkInterface.InUse", "The interface " + eni.id + " is in use");
      }
      if (c.networkCard() >= type.interfacesPerCard().size()) {
        return refused("There is no network card " + c.networkCard());
      }
      if (of(c.instanceId()).anyMatch(e -> e.attachment.orElseThrow().deviceIndex() == c.deviceIndex()
          && e.attachment.orElseThrow().networkCard() == c.networkCard())) {
        return failed(CloudAnswer.Kind.STATE, "InvalidParameterValue", "There is a device at index " + c.deviceIndex());
      }
      long there = of(c.instanceId()).filter(e -> e.attachment.orElseThrow().networkCard() == c.networkCard()).count();
      if (there >= type.interfacesPerCard().get(c.networkCard())) {
        return failed(CloudAnswer.Kind.LIMIT, "AttachmentLimitExceeded", "The instance has as many interfaces as it can have");
      }
      if (eni.units(AddressFamily.IPV4) > type.ipv4PerInterface() - 1 || eni.units(AddressFamily.IPV6) > type.ipv6PerInterface()) {
        return limit();
      }
      if (!eni.prefixes.isEmpty() && !type.prefixes() || eni.type.equals("trunk") && !type.trunking()) {
        return failed(CloudAnswer.Kind.REFUSED, "InvalidParameterCombination", "The instance type can't have such an interface");
      }
      EniRecord.Attachment made = put(eni, c.instanceId(), c.deviceIndex(), c.networkCard(), false);
      eni.changed(now);
      return new CloudAnswer.Attached(made.id());
    });
  }

  private CloudAnswer assign(EniModel eni, CloudCall.AssignAddresses c, long now, Chance chance) {
    boolean v4 = c.family() == AddressFamily.IPV4;
    if (eni.units(c.family()) + c.addresses() + c.prefixes() > most(eni.attachment, c.family())) {
      return limit();
    }
    if (c.prefixes() > 0 && eni.attachment.isPresent() && !type.prefixes()) {
      return failed(CloudAnswer.Kind.REFUSED, "InvalidParameterCombination", "The instance type has no prefixes");
    }
    if (v4 && eni.subnet.free() < c.addresses()) {
      return full();
    }
    List<Cidr> prefixes = v4 ? eni.subnet.takeBlocks(c.prefixes(), chance) : eni.subnet.takeV6Blocks(c.prefixes());
    if (prefixes.size() < c.prefixes()) {
      return fragmented();
    }
    List<IpAddress> addresses = v4 ? eni.subnet.take(c.addresses(), chance) : eni.subnet.takeV6(c.addresses());
    eni.prefixes.addAll(prefixes);
    eni.addresses.addAll(addresses);
    eni.changed(now);
    return new CloudAnswer.Assigned(Stream.concat(addresses.stream().map(IpAddress::asCidr), prefixes.stream()).toList());
  }

  /** One particular address, which must be free, or on the interface already if it is an IPv4 address. */
  private CloudAnswer particular(EniModel eni, IpAddress address, long now) {
    boolean v4 = address.family() == AddressFamily.IPV4;
    if (!eni.subnet.gives(address)) {
      return refused("The address " + address + " is not one that the subnet gives");
    }
    if (v4 && (eni.primary.equals(address) || eni.addresses.contains(address))) {
      return new CloudAnswer.Assigned(List.of());
    }
    boolean taken = v4 ? eni.subnet.isTaken(address)
        : enis.values().stream().anyMatch(e -> !e.deleted && e.carries(address));
    if (taken) {
      return v4 ? refused("The address " + address + " is in use")
          : failed(CloudAnswer.Kind.STATE, "InvalidIPAddress.InUse", "The address " + address + " is in use");
    }
    if (eni.units(address.family()) + 1 > most(eni.attachment, address.family())) {
      return limit();
    }
    eni.subnet.take(address);
    eni.addresses.add(address);
    eni.changed(now);
    return new CloudAnswer.Assigned(List.of(address.asCidr()));
  }

  private CloudAnswer unassign(EniModel eni, CloudCall.Unassign c, long now) {
    if (c.units().contains(eni.primary.asCidr())) {
      return refused("The primary address of " + eni.id + " cannot be unassigned");
    }
    if (!c.units().stream().allMatch(eni::has)) {
      return failed(CloudAnswer.Kind.NOT_FOUND, "InvalidParameterValue", "Some of the addresses are not assigned to " + eni.id);
    }
    c.units().forEach(unit -> {
      eni.addresses.remove(unit.address());
      eni.prefixes.remove(unit);
      eni.subnet.free(unit);
    });
    eni.changed(now);
    return new CloudAnswer.Done();
  }

  private void delete(EniModel eni, long now) {
    eni.deleted = true;
    eni.subnet.free(eni.primary.asCidr());
    eni.addresses.forEach(a -> eni.subnet.free(a.asCidr()));
    eni.prefixes.forEach(eni.subnet::free);
    eni.addresses.clear();
    eni.prefixes.clear();
    eni.changed(now);
  }

  /**
   * What IMDS says.
   *
   * @param instance the instance that asks
   * @param now the time
   * @param lagMillis by how much it lags behind, less than a minute
   * @return what it says
   */
  public InstanceMetadata metadata(String instance, long now, long lagMillis) {
    settle(now);
    List<EniRecord> attached = new ArrayList<>();
    Set<String> ids = new TreeSet<>();
    Optional<MacAddress> primary = Optional.empty();
    for (EniModel eni : enis.values()) {
      Optional<EniRecord> then = eni.at(now - lagMillis);
      Optional<EniRecord.Attachment> at = then.flatMap(EniRecord::attachment).filter(a -> a.instanceId().equals(instance));
      // A device that is being taken away is shown no more.
      if (then.isPresent() && at.isPresent() && then.get().status().equals("in-use")) {
        attached.add(asMetadata(then.get(), at.get()));
        ids.add(eni.subnetId);
        if (at.get().deviceIndex() == 0 && at.get().networkCard() == 0) {
          primary = Optional.of(eni.mac);
        }
      }
    }
    List<SubnetRecord> known = ids.stream().map(id -> subnetOf(id).asMetadata()).toList();
    return new InstanceMetadata(new NodeIdentity(instance, type.name(), "test-1", ZONE, VPC, primary.orElseThrow()), attached, known,
        List.of(Cidr.of("10.0.0.0/16"), Cidr.of("2001:db8::/56")));
  }

  private static EniRecord asMetadata(EniRecord e, EniRecord.Attachment at) {
    return new EniRecord(e.id(), e.mac(), "interface", e.subnetId(), e.groups(), e.primary(), e.addresses(), e.prefixes(),
        Optional.of(new EniRecord.Attachment("", at.instanceId(), at.deviceIndex(), at.networkCard(), false)), Map.of(), "", "in-use");
  }

  /**
   * {@return the interfaces that are attached to an instance, as they are}
   * @param instance the instance
   * @param now the time
   */
  public List<EniRecord> attached(String instance, long now) {
    settle(now);
    return of(instance).flatMap(e -> e.now().stream()).toList();
  }

  /**
   * {@return an interface as it is; empty if there is none of that id}
   * @param id its id
   */
  public Optional<EniRecord> eni(String id) {
    return Optional.ofNullable(enis.get(id)).flatMap(EniModel::now);
  }

  /**
   * {@return whether an interface is attached to an instance and carries an address}
   * @param instance the instance
   * @param address the address
   */
  public boolean carries(String instance, IpAddress address) {
    return of(instance).anyMatch(e -> e.status.equals("in-use") && e.carries(address));
  }

  /**
   * {@return whether an interface was made so short a time ago that EC2 may not find it everywhere}
   * @param eniId the interface
   * @param now the time
   */
  public boolean isNew(String eniId, long now) {
    EniModel eni = enis.get(eniId);
    return eni != null && now - eni.madeAt < NEW_MILLIS;
  }

  /**
   * {@return whether a unit was put on an interface by hand}
   * @param eniId the interface
   * @param unit the unit
   */
  public boolean isByHand(String eniId, Cidr unit) {
    EniModel eni = enis.get(eniId);
    return eni != null && eni.byHand.contains(unit);
  }

  /**
   * {@return whether an interface was made by a node, with a token}
   * @param eniId the interface
   */
  public boolean isByNode(String eniId) {
    EniModel eni = enis.get(eniId);
    return eni != null && eni.tags.containsKey(TOKEN);
  }

  /**
   * {@return the interfaces whose tags say that an instance made them, as they are}
   * @param instance the instance
   */
  public List<EniRecord> tagged(String instance) {
    return enis.values().stream().filter(e -> instance.equals(e.tags.get(INSTANCE))).flatMap(e -> e.now().stream()).toList();
  }

  /**
   * {@return the devices that an instance's kernel has}
   * @param instance the instance
   */
  public Set<MacAddress> devices(String instance) {
    Set<MacAddress> macs = new TreeSet<>();
    of(instance).filter(e -> e.detachedAt == Long.MAX_VALUE).forEach(e -> macs.add(e.mac));
    return macs;
  }

  /**
   * {@return how many addresses a subnet has left}
   * @param subnetId the subnet
   */
  public int free(String subnetId) {
    return subnetOf(subnetId).free();
  }

  /**
   * {@return whether a subnet has a whole block of 16 left}
   * @param subnetId the subnet
   */
  public boolean hasBlock(String subnetId) {
    return subnetOf(subnetId).hasBlock();
  }

  /**
   * Others fill the subnets.
   *
   * @param left how many addresses they leave
   * @param chance what they choose with
   */
  public void fill(int left, Chance chance) {
    subnets.values().forEach(s -> s.fill(left, chance));
  }

  /** Others take one address of each free block of the subnets. */
  public void fragment() {
    subnets.values().forEach(SubnetModel::fragment);
  }

  /** Others give back what they took. */
  public void empty() {
    subnets.values().forEach(SubnetModel::empty);
  }

  /**
   * Somebody puts an address on an interface by hand.
   *
   * @param instance the instance whose interface it is
   * @param now the time
   * @param chance what is chosen with
   * @return what was done, for the story; empty if there is no room
   */
  public Optional<String> putByHand(String instance, long now, Chance chance) {
    settle(now);
    List<EniModel> open = of(instance).filter(e -> e.detachedAt == Long.MAX_VALUE && e.units(AddressFamily.IPV4) < most(e.attachment, AddressFamily.IPV4)
        && e.subnet.free() > 0).toList();
    if (open.isEmpty()) {
      return Optional.empty();
    }
    EniModel eni = chance.of(open);
    IpAddress address = eni.subnet.take(1, chance).getFirst();
    eni.addresses.add(address);
    eni.byHand.add(address.asCidr());
    eni.changed(now);
    return Optional.of(address + " on " + eni.id);
  }

  /**
   * Somebody else takes an address from an instance, and keeps it.
   *
   * @param instance the instance whose interface has it
   * @param address the address
   * @param now the time
   * @return whether an interface had it
   */
  public boolean take(String instance, IpAddress address, long now) {
    settle(now);
    Optional<EniModel> eni = of(instance).filter(e -> e.addresses.contains(address)).findFirst();
    eni.ifPresent(e -> {
      e.addresses.remove(address);
      e.changed(now);
    });
    return eni.isPresent();
  }

  /**
   * Somebody attaches an interface by hand.
   *
   * @param instance the instance
   * @param now the time
   * @param chance what is chosen with
   * @return which, for the story; empty if there is no room
   */
  public Optional<String> attachByHand(String instance, long now, Chance chance) {
    settle(now);
    Set<Integer> used = new TreeSet<>();
    of(instance).forEach(e -> used.add(e.attachment.orElseThrow().deviceIndex()));
    if (used.size() >= type.interfacesPerCard().getFirst() || subnetOf(NODES).free() < 2) {
      return Optional.empty();
    }
    EniModel eni = make(NODES, "interface", List.of("sg-other"), chance.oneIn(2) ? Map.of()
        : Map.of("node.k8s.amazonaws.com/no_manage", "true"), "by hand", subnetOf(NODES).take(1, chance).getFirst());
    int index = Stream.iterate(1, i -> i + 1).filter(i -> !used.contains(i)).findFirst().orElseThrow();
    put(eni, instance, index, 0, false);
    eni.addresses.addAll(eni.subnet.take(1, chance));
    eni.byHand.add(eni.addresses.getFirst().asCidr());
    eni.changed(now);
    return Optional.of(eni.id + (eni.tags.isEmpty() ? "" : ", kept for others"));
  }
}
