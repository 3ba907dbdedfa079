package dev.patchbay.tck.view;

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
import dev.patchbay.spi.view.SubnetView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A cluster.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TestCluster implements ClusterView {
  private long now = 1_750_000_000_000L;
  private Map<String, TestNode> nodes = new LinkedHashMap<>();
  private List<Eni> enis = List.of();
  private TestObjects objects = TestObjects.none();
  private Map<String, Finding> obstacles = Map.of();

  private TestCluster() {}

  private TestCluster copy() {
    TestCluster copy = new TestCluster();
    copy.now = now;
    copy.nodes = nodes;
    copy.enis = enis;
    copy.objects = objects;
    copy.obstacles = obstacles;
    return copy;
  }

  /**
   * {@return a cluster named {@code test} without nodes and interfaces}
   */
  public static TestCluster create() {
    return new TestCluster();
  }

  /**
   * {@return this cluster with one more node; the node's object is among the objects}
   * @param name the node's name
   * @param node what it is
   */
  public TestCluster withNode(String name, TestNode node) {
    TestCluster copy = copy();
    copy.nodes = new LinkedHashMap<>(nodes);
    copy.nodes.put(name, node);
    copy.objects = objects.with(TestObject.of(ObjectKind.NODE, "", name));
    return copy;
  }

  /**
   * {@return this cluster with one more interface that carries its tag}
   * @param node the name of the node that it is for
   * @param eni the interface
   */
  public TestCluster withEni(String node, Eni eni) {
    TestCluster copy = copy();
    List<Eni> all = new ArrayList<>(enis);
    all.add(eni.forNode(node));
    copy.enis = List.copyOf(all);
    return copy;
  }

  /**
   * {@return this cluster with other objects}
   * @param objects the objects
   */
  public TestCluster withObjects(TestObjects objects) {
    TestCluster copy = copy();
    copy.objects = objects;
    return copy;
  }

  /**
   * {@return this cluster at another time}
   * @param now the time in milliseconds since 1970
   */
  public TestCluster at(long now) {
    TestCluster copy = copy();
    copy.now = now;
    return copy;
  }

  /**
   * {@return this cluster, with something in the way of an interface}
   * @param key the interface's key
   * @param why what is in its way
   */
  public TestCluster withObstacle(String key, Finding why) {
    TestCluster copy = copy();
    copy.obstacles = new LinkedHashMap<>(obstacles);
    copy.obstacles.put(key, why);
    return copy;
  }

  @Override
  public String name() {
    return "test";
  }

  @Override
  public long now() {
    return now;
  }

  @Override
  public TestObjects objects() {
    return objects;
  }

  @Override
  public List<ClusterEniView> enis() {
    return List.copyOf(enis);
  }

  @Override
  public List<ClusterEniView> enis(String node) {
    return enis.stream().filter(e -> node.equals(e.node)).map(e -> (ClusterEniView) e).toList();
  }

  @Override
  public Optional<InstanceTypeView> instanceType(String node) {
    return Optional.ofNullable(nodes.get(node)).map(TestNode::instanceType);
  }

  @Override
  public Optional<EniView> primaryEni(String node) {
    return Optional.ofNullable(nodes.get(node)).map(TestNode::primaryEni);
  }

  @Override
  public Optional<SubnetView> subnet(String id) {
    return nodes.values().stream().flatMap(n -> n.interfaces().stream()).<SubnetView>map(TestEni::subnet)
        .filter(s -> s.id().equals(id)).findFirst();
  }

  @Override
  public List<ObjectView> pods(String node) {
    return objects.list(ObjectKind.POD).stream()
        .filter(pod -> pod.content().fields("spec").text("nodeName").equals(Optional.of(node))).toList();
  }

  @Override
  public Optional<Finding> obstacle(String key) {
    return Optional.ofNullable(obstacles.get(key));
  }

  /**
   * An interface as the cluster side sees it.
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public static final class Eni implements ClusterEniView {
    private final TestEni eni;
    private String status = "in-use";
    private @Nullable String node;
    private @Nullable String key;
    private @Nullable String trunk;
    private @Nullable Integer vlanId;
    private @Nullable Long unusedSince;

    private Eni(TestEni eni) {
      this.eni = eni;
    }

    private Eni copy() {
      Eni copy = new Eni(eni);
      copy.status = status;
      copy.node = node;
      copy.key = key;
      copy.trunk = trunk;
      copy.vlanId = vlanId;
      copy.unusedSince = unusedSince;
      return copy;
    }

    private Eni forNode(String node) {
      Eni copy = copy();
      copy.node = node;
      return copy;
    }

    /**
     * {@return an interface in use}
     * @param eni the interface
     */
    public static Eni of(TestEni eni) {
      return new Eni(eni);
    }

    /**
     * {@return this interface as the plan with that key made it}
     * @param key the key
     */
    public Eni withKey(String key) {
      Eni copy = copy();
      copy.key = key;
      return copy;
    }

    /**
     * {@return this interface as a branch}
     * @param trunk its trunk's id
     * @param vlanId its VLAN id
     */
    public Eni onTrunk(String trunk, int vlanId) {
      Eni copy = copy();
      copy.trunk = trunk;
      copy.vlanId = vlanId;
      return copy;
    }

    /**
     * {@return this interface as a branch that does not hang on its trunk yet}
     * @param vlan the VLAN id that it was made for
     */
    public Eni madeFor(int vlan) {
      Eni copy = copy();
      copy.trunk = null;
      copy.vlanId = vlan;
      return copy;
    }

    /**
     * {@return this interface, unused}
     * @param time when that was first seen, in milliseconds since 1970
     */
    public Eni unusedSince(long time) {
      Eni copy = copy();
      copy.status = "available";
      copy.unusedSince = time;
      return copy;
    }

    @Override
    public String status() {
      return status;
    }

    @Override
    public Optional<String> instanceId() {
      return unusedSince == null ? Optional.of("i-00000000000000001") : Optional.empty();
    }

    @Override
    public Optional<String> key() {
      return Optional.ofNullable(key);
    }

    @Override
    public Optional<String> node() {
      return Optional.ofNullable(node);
    }

    @Override
    public Optional<String> associationId() {
      return trunk().map(t -> "trunk-assoc-" + eni.id().substring("eni-".length()));
    }

    @Override
    public Optional<String> trunk() {
      return Optional.ofNullable(trunk);
    }

    @Override
    public Optional<Integer> vlanId() {
      return Optional.ofNullable(vlanId);
    }

    @Override
    public Optional<Long> unusedSince() {
      return Optional.ofNullable(unusedSince);
    }

    @Override
    public String id() {
      return eni.id();
    }

    @Override
    public MacAddress mac() {
      return eni.mac();
    }

    @Override
    public boolean primary() {
      return eni.primary();
    }

    @Override
    public String type() {
      return eni.type();
    }

    @Override
    public int deviceIndex() {
      return eni.deviceIndex();
    }

    @Override
    public int networkCard() {
      return eni.networkCard();
    }

    @Override
    public SubnetView subnet() {
      return eni.subnet();
    }

    @Override
    public List<String> devices() {
      return List.of();
    }

    @Override
    public List<String> groups() {
      return eni.groups();
    }

    @Override
    public Optional<IpAddress> primaryAddress(AddressFamily family) {
      return eni.primaryAddress(family);
    }

    @Override
    public List<Cidr> prefixes(AddressFamily family) {
      return eni.prefixes(family);
    }

    @Override
    public Map<String, String> tags() {
      return eni.tags();
    }

    @Override
    public Optional<String> lane() {
      return eni.lane();
    }

    @Override
    public String toString() {
      return eni.toString();
    }
  }
}
