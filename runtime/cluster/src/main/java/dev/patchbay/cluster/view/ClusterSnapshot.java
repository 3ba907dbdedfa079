package dev.patchbay.cluster.view;

import dev.patchbay.core.cloud.AssociationRecord;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.core.view.SubnetSnapshot;
import dev.patchbay.core.view.TypeSnapshot;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.cluster.ClusterView;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import dev.patchbay.spi.view.EniView;
import dev.patchbay.spi.view.InstanceTypeView;
import dev.patchbay.spi.view.ObjectView;
import dev.patchbay.spi.view.ObjectsView;
import dev.patchbay.spi.view.SubnetView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The cluster as one mode's planner sees it. Immutable, so that a planner on another thread reads what was so when it was asked;
 * interfaces are indexed by their node.
 */
public final class ClusterSnapshot implements ClusterView {
  private final Source source;
  private final List<ClusterEniView> enis = new ArrayList<>();
  private final Map<String, List<ClusterEniView>> byNode = new TreeMap<>();
  private final Map<String, String> nodesByInstance = new HashMap<>();
  private final Map<String, List<ObjectView>> pods;

  /**
   * What a snapshot is made of.
   *
   * @param name the cluster's name
   * @param now the time in milliseconds since 1970
   * @param mode the mode that it is for
   * @param objects the objects that the mode declared to read
   * @param facts what EC2 has said
   * @param nodes which node is which instance
   * @param unusedSince when interfaces were first seen unused, in milliseconds since 1970
   * @param types the limits of instance types
   * @param reads the kinds of objects that the mode declared to read
   * @param obstacles what stands in the way of interfaces that the mode wants, by their keys
   */
  public record Source(String name, long now, String mode, ObjectsView objects, ClusterFacts facts, Nodes nodes,
      Map<String, Long> unusedSince, Function<String, Optional<InstanceTypeRecord>> types, List<ObjectKind> reads,
      Map<String, Finding> obstacles) {
    /**
     * Copies the collections.
     */
    public Source {
      unusedSince = Map.copyOf(unusedSince);
      reads = List.copyOf(reads);
      obstacles = Map.copyOf(obstacles);
    }
  }

  /**
   * Makes a snapshot.
   *
   * @param source what it is made of
   */
  public ClusterSnapshot(Source source) {
    this.source = source;
    source.nodes().instances().forEach((node, instance) -> nodesByInstance.put(instance, node));
    this.pods = source.reads().contains(ObjectKind.POD) ? source.objects().list(ObjectKind.POD).stream()
        .filter(pod -> pod.content().fields("spec").text("nodeName").isPresent())
        .collect(Collectors.groupingBy(pod -> pod.content().fields("spec").required("nodeName"))) : Map.of();
    for (EniRecord record : source.facts().enis().values()) {
      Eni eni = new Eni(record);
      enis.add(eni);
      node(record).ifPresent(node -> byNode.computeIfAbsent(node, n -> new ArrayList<>()).add(eni));
    }
  }

  /**
   * {@return an interface as this snapshot shows it}
   * @param id its id
   */
  public Optional<EniRecord> record(String id) {
    return source.facts().eni(id);
  }

  /** By where it is attached, or else by what it was made for. */
  private Optional<String> node(EniRecord eni) {
    return eni.attachment().flatMap(a -> Optional.ofNullable(nodesByInstance.get(a.instanceId())))
        .or(() -> Optional.ofNullable(eni.tags().get(Marks.NODE)))
        .or(() -> Marks.instance(eni).flatMap(i -> Optional.ofNullable(nodesByInstance.get(i))));
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public long now() {
    return source.now();
  }

  @Override
  public ObjectsView objects() {
    return source.objects();
  }

  @Override
  public List<ClusterEniView> enis() {
    return List.copyOf(enis);
  }

  @Override
  public List<ClusterEniView> enis(String node) {
    return List.copyOf(byNode.getOrDefault(node, List.of()));
  }

  @Override
  public Optional<InstanceTypeView> instanceType(String node) {
    return source.nodes().instance(node).flatMap(source.facts()::instance).flatMap(i -> source.types().apply(i.type()))
        .map(TypeSnapshot::new);
  }

  @Override
  public Optional<EniView> primaryEni(String node) {
    return source.nodes().instance(node).flatMap(source.facts()::instance).flatMap(i -> i.enis().stream().findFirst())
        .filter(eni -> eni.attachment().filter(a -> a.deviceIndex() == 0).isPresent()).map(Eni::new);
  }

  @Override
  public Optional<SubnetView> subnet(String id) {
    return Optional.ofNullable(source.facts().subnets().get(id)).map(SubnetSnapshot::new);
  }

  @Override
  public List<ObjectView> pods(String node) {
    if (!source.reads().contains(ObjectKind.POD)) {
      throw new IllegalArgumentException("the mode " + source.mode() + " did not declare to read pods");
    }
    return List.copyOf(pods.getOrDefault(node, List.of()));
  }

  @Override
  public Optional<Finding> obstacle(String key) {
    return Optional.ofNullable(source.obstacles().get(key));
  }

  private final class Eni implements ClusterEniView {
    private final EniRecord record;

    private Eni(EniRecord record) {
      this.record = record;
    }

    private Optional<AssociationRecord> association() {
      return source.facts().association(record.id());
    }

    private Optional<String> tag(String key) {
      return Optional.ofNullable(record.tags().get(key));
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
      return record.attachment().filter(a -> a.deviceIndex() == 0 && a.networkCard() == 0).isPresent();
    }

    @Override
    public String type() {
      return record.type();
    }

    @Override
    public int deviceIndex() {
      return record.attachment().map(EniRecord.Attachment::deviceIndex).orElse(0);
    }

    @Override
    public int networkCard() {
      return record.attachment().map(EniRecord.Attachment::networkCard).orElse(0);
    }

    @Override
    public SubnetView subnet() {
      return ClusterSnapshot.this.subnet(record.subnetId()).orElseGet(
          () -> new SubnetSnapshot(new SubnetRecord(record.subnetId(), "", List.of(), OptionalInt.empty(), Map.of())));
    }

    @Override
    public List<String> devices() {
      return List.of();
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
      return tag("patchbay.dev/lane");
    }

    @Override
    public String status() {
      return record.status();
    }

    @Override
    public Optional<String> instanceId() {
      return record.attachment().map(EniRecord.Attachment::instanceId);
    }

    @Override
    public Optional<String> key() {
      return tag(Marks.MODE).equals(Optional.of(source.mode())) ? tag(Marks.KEY) : Optional.empty();
    }

    @Override
    public Optional<String> node() {
      return ClusterSnapshot.this.node(record);
    }

    @Override
    public Optional<String> associationId() {
      return association().map(AssociationRecord::id).filter(id -> !id.isEmpty());
    }

    @Override
    public Optional<String> trunk() {
      return association().map(AssociationRecord::trunkId);
    }

    @Override
    public Optional<Integer> vlanId() {
      // What it was made for holds before it hangs on the trunk and after: no other branch may have it meanwhile.
      return association().map(AssociationRecord::vlanId)
          .or(() -> tag(Marks.VLAN).filter(text -> text.matches("[0-9]{1,4}")).map(Integer::valueOf));
    }

    @Override
    public Optional<Long> unusedSince() {
      return Optional.ofNullable(source.unusedSince().get(record.id()));
    }

    @Override
    public String toString() {
      return record.id();
    }
  }
}
