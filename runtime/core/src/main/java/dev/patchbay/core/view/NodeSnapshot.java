package dev.patchbay.core.view;

import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.eni.LaneOrigin;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import dev.patchbay.spi.view.EniView;
import dev.patchbay.spi.view.InstanceTypeView;
import dev.patchbay.spi.view.LaneView;
import dev.patchbay.spi.view.NodeView;
import dev.patchbay.spi.view.ObjectView;
import dev.patchbay.spi.view.ObjectsView;
import dev.patchbay.spi.view.SubnetView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The node at one moment, as modes see it. Made once per change of the node and shared by all attachments that are planned
 * meanwhile. Immutable.
 */
public final class NodeSnapshot implements NodeView {
  /** How many addresses of a lane are in which state. */
  @FunctionalInterface
  public interface Counts {
    /**
     * {@return held, free and cooling addresses, in this order}
     * @param lane the lane
     * @param family the family
     */
    int[] of(String lane, AddressFamily family);
  }

  private final String name;
  private final NodeFacts facts;
  private final Fields datapath;
  private final Map<MacAddress, List<String>> devices;
  /** The lanes that borrow interfaces, by these. */
  private final Map<String, String> borrowed;
  private final ObjectsView objects;
  private final Optional<ObjectView> object;
  private final Map<String, SubnetView> subnets;
  private final Map<String, EniView> enis;
  private final List<LaneView> lanes;

  /**
   * Takes a snapshot.
   *
   * @param name the node's name
   * @param facts what is known of it
   * @param planned its lanes, in order of priority
   * @param counts the counts at this moment
   * @param object the Node object
   * @param objects the objects that modes read
   * @param datapath the operator's settings of the datapath
   */
  public NodeSnapshot(String name, NodeFacts facts, List<Lane> planned, Counts counts, Optional<ObjectView> object,
      ObjectsView objects, Fields datapath) {
    this(name, facts, planned, counts, object, objects, datapath, Map.of());
  }

  /**
   * Takes a snapshot of a node whose devices are known.
   *
   * @param name the node's name
   * @param facts what is known of it
   * @param planned its lanes, in order of priority
   * @param counts the counts at this moment
   * @param object the Node object
   * @param objects the objects that modes read
   * @param datapath the operator's settings of the datapath
   * @param devices the names of its devices
   */
  public NodeSnapshot(String name, NodeFacts facts, List<Lane> planned, Counts counts, Optional<ObjectView> object,
      ObjectsView objects, Fields datapath, Map<MacAddress, List<String>> devices) {
    this.devices = devices;
    this.borrowed = new HashMap<>();
    planned.forEach(lane -> lane.borrowed().forEach(eni -> borrowed.put(eni, lane.name())));
    this.name = name;
    this.facts = facts;
    this.object = object;
    this.objects = objects;
    this.datapath = datapath;
    this.subnets = new LinkedHashMap<>();
    this.enis = new LinkedHashMap<>();
    this.lanes = new ArrayList<>();
    facts.subnets().forEach(s -> subnets.put(s.id(), new SubnetSnapshot(s)));
    facts.enis().forEach(e -> enis.put(e.id(), new Eni(e)));
    for (Lane lane : planned) {
      List<EniView> of = facts.enis().stream().filter(e -> e.lane().equals(Optional.of(lane.name()))).map(e -> eni(e.id()).orElseThrow())
          .toList();
      lanes.add(new LaneAt(lane.name(), lane.origin(), of, counts.of(lane.name(), AddressFamily.IPV4),
          counts.of(lane.name(), AddressFamily.IPV6)));
    }
  }

  private NodeSnapshot(NodeSnapshot of, ObjectsView objects) {
    this.name = of.name;
    this.facts = of.facts;
    this.devices = of.devices;
    this.borrowed = of.borrowed;
    this.object = of.object;
    this.objects = objects;
    this.datapath = of.datapath;
    this.subnets = of.subnets;
    this.enis = of.enis;
    this.lanes = of.lanes;
  }

  /**
   * {@return this snapshot as a mode sees it that reads only some kinds of objects}
   * @param kinds the kinds
   */
  public NodeSnapshot seenBy(List<ObjectKind> kinds) {
    return new NodeSnapshot(this, new DeclaredObjects(objects, kinds));
  }

  /**
   * {@return the facts that it shows}
   */
  public NodeFacts facts() {
    return facts;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String instanceId() {
    return facts.identity().instanceId();
  }

  @Override
  public InstanceTypeView instanceType() {
    return new TypeSnapshot(facts.type());
  }

  @Override
  public String zone() {
    return facts.identity().zone();
  }

  @Override
  public String region() {
    return facts.identity().region();
  }

  @Override
  public String vpcId() {
    return facts.identity().vpcId();
  }

  @Override
  public List<Cidr> vpcCidrs(AddressFamily family) {
    return facts.vpcCidrs(family);
  }

  @Override
  public EniView primaryEni() {
    return eni(facts.primary().id()).orElseThrow();
  }

  @Override
  public List<EniView> enis() {
    return List.copyOf(enis.values());
  }

  @Override
  public Optional<EniView> eni(String id) {
    return Optional.ofNullable(enis.get(id));
  }

  @Override
  public List<LaneView> lanes() {
    return List.copyOf(lanes);
  }

  @Override
  public Optional<LaneView> lane(String lane) {
    return lanes.stream().filter(l -> l.name().equals(lane)).findFirst();
  }

  @Override
  public Optional<ObjectView> object() {
    return object;
  }

  @Override
  public ObjectsView objects() {
    return objects;
  }

  @Override
  public Fields datapath() {
    return datapath;
  }

  private SubnetView subnet(String id) {
    return subnets.getOrDefault(id, new SubnetSnapshot(new SubnetRecord(id, "", List.of(), OptionalInt.empty(), Map.of())));
  }

  private record LaneAt(String name, LaneOrigin origin, List<EniView> enis, int[] ipv4, int[] ipv6) implements LaneView {
    private int[] counts(AddressFamily family) {
      return family == AddressFamily.IPV4 ? ipv4 : ipv6;
    }

    @Override
    public int held(AddressFamily family) {
      return counts(family)[0];
    }

    @Override
    public int free(AddressFamily family) {
      return counts(family)[1];
    }

    @Override
    public int cooling(AddressFamily family) {
      return counts(family)[2];
    }
  }

  private final class Eni implements EniView {
    private final NodeFacts.Eni eni;
    private final EniRecord record;

    private Eni(NodeFacts.Eni eni) {
      this.eni = eni;
      this.record = eni.record();
    }

    @Override
    public String id() {
      return record.id();
    }

    @Override
    public MacAddress mac() {
      return record.mac();
    }

    @Override
    public boolean primary() {
      return record.mac().equals(facts.identity().primaryMac());
    }

    @Override
    public String type() {
      return record.type();
    }

    @Override
    public int deviceIndex() {
      return eni.device();
    }

    @Override
    public int networkCard() {
      return eni.card();
    }

    @Override
    public List<String> devices() {
      return devices.getOrDefault(record.mac(), List.of());
    }

    @Override
    public SubnetView subnet() {
      return NodeSnapshot.this.subnet(record.subnetId());
    }

    @Override
    public List<String> groups() {
      return record.groups();
    }

    @Override
    public Optional<IpAddress> primaryAddress(AddressFamily family) {
      return family == AddressFamily.IPV4 ? record.primary()
          : record.addresses().stream().filter(a -> a.family() == family).findFirst();
    }

    @Override
    public List<Cidr> prefixes(AddressFamily family) {
      return record.prefixes().stream().filter(p -> p.family() == family).toList();
    }

    @Override
    public Map<String, String> tags() {
      return record.tags();
    }

    @Override
    public Optional<String> lane() {
      return eni.lane().filter(lane -> !lane.equals(borrowed.get(eni.id())));
    }

    @Override
    public String toString() {
      return record.id();
    }
  }
}
