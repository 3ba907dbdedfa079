package dev.patchbay.tck.view;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.eni.LaneOrigin;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.view.EniView;
import dev.patchbay.spi.view.InstanceTypeView;
import dev.patchbay.spi.view.LaneView;
import dev.patchbay.spi.view.NodeView;
import dev.patchbay.spi.view.ObjectView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A node.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TestNode implements NodeView {
  private InstanceTypeView instanceType = TestInstanceType.M5_LARGE;
  private String name = "node-1";
  private List<Cidr> vpcCidrs = List.of(Cidr.of("10.0.0.0/16"), Cidr.of("2001:db8::/56"));
  private List<TestEni> enis = List.of();
  private Map<String, LaneOrigin> origins = Map.of();
  private @Nullable TestObject object;
  private TestObjects objects = TestObjects.none();
  private Fields datapath = Fields.empty().with("mtu", 9001).with("vethPrefix", "eni")
      .with("egress", Fields.empty().with("translate", true).with("exceptions", List.of()).with("ports", "random-fully")
          .with("nodePorts", true));
  private int podsPerLane;

  private TestNode() {}

  private TestNode copy() {
    TestNode copy = new TestNode();
    copy.instanceType = instanceType;
    copy.name = name;
    copy.vpcCidrs = vpcCidrs;
    copy.enis = enis;
    copy.origins = origins;
    copy.object = object;
    copy.objects = objects;
    copy.datapath = datapath;
    copy.podsPerLane = podsPerLane;
    return copy;
  }

  /**
   * {@return an m5.large named {@code node-1} in a VPC of 10.0.0.0/16 and 2001:db8::/56, with its primary interface in
   * 10.0.1.0/24, no lane, a plain Node object, an MTU of 9001 and translation of what leaves the VPC}
   */
  public static TestNode create() {
    TestNode node = new TestNode();
    node.enis = List.of(TestEni.numbered(0, TestSubnet.numbered(1)).asPrimary());
    node.object = TestObject.of(dev.patchbay.spi.ObjectKind.NODE, "", "node-1");
    return node;
  }

  /**
   * {@return this node as another instance type}
   * @param type the type
   */
  public TestNode withInstanceType(InstanceTypeView type) {
    TestNode copy = copy();
    copy.instanceType = type;
    return copy;
  }

  /**
   * {@return this node with the VPC's networks, of both families}
   * @param cidrs the networks
   */
  public TestNode withVpcCidrs(Cidr... cidrs) {
    TestNode copy = copy();
    copy.vpcCidrs = List.of(cidrs);
    return copy;
  }

  /**
   * {@return this node with one more interface, or with that one instead of another of its id}
   * @param eni the interface
   */
  public TestNode withEni(TestEni eni) {
    TestNode copy = copy();
    Map<String, TestEni> all = new LinkedHashMap<>();
    enis.forEach(e -> all.put(e.id(), e));
    all.put(eni.id(), eni);
    copy.enis = List.copyOf(all.values());
    return copy;
  }

  /**
   * {@return this node with a lane; its interfaces are those that name it}
   * @param lane the lane's name
   * @param origin what defines it
   */
  public TestNode withLane(String lane, LaneOrigin origin) {
    TestNode copy = copy();
    Map<String, LaneOrigin> all = new LinkedHashMap<>(origins);
    all.put(lane, origin);
    copy.origins = all;
    return copy;
  }

  /**
   * {@return this node with pods that hold addresses; of pods that it can read, as many objects}
   * @param pods how many on each lane
   */
  public TestNode withPods(int pods) {
    TestNode copy = copy();
    copy.podsPerLane = pods;
    return copy;
  }

  /**
   * {@return this node with its Node object changed}
   * @param change the change
   */
  public TestNode withObject(UnaryOperator<TestObject> change) {
    TestNode copy = copy();
    copy.object = change.apply(object == null ? TestObject.of(dev.patchbay.spi.ObjectKind.NODE, "", name) : object);
    return copy;
  }

  /**
   * {@return this node, its object unreadable}
   */
  public TestNode withoutObject() {
    TestNode copy = copy();
    copy.object = null;
    return copy;
  }

  /**
   * {@return this node with other objects to read}
   * @param objects the objects
   */
  public TestNode withObjects(TestObjects objects) {
    TestNode copy = copy();
    copy.objects = objects;
    return copy;
  }

  /**
   * {@return this node with other settings of the datapath as a whole}
   * @param datapath the settings
   */
  public TestNode withDatapath(Fields datapath) {
    TestNode copy = copy();
    copy.datapath = datapath;
    return copy;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String instanceId() {
    return "i-00000000000000001";
  }

  @Override
  public InstanceTypeView instanceType() {
    return instanceType;
  }

  @Override
  public String zone() {
    return "eu-central-1a";
  }

  @Override
  public String region() {
    return "eu-central-1";
  }

  @Override
  public String vpcId() {
    return "vpc-00000000000000001";
  }

  @Override
  public List<Cidr> vpcCidrs(AddressFamily family) {
    return vpcCidrs.stream().filter(c -> c.family() == family).toList();
  }

  @Override
  public TestEni primaryEni() {
    return enis.stream().filter(TestEni::primary).findFirst().orElseThrow();
  }

  @Override
  public List<EniView> enis() {
    return List.copyOf(enis);
  }

  /**
   * {@return the interfaces as what they are}
   */
  public List<TestEni> interfaces() {
    return enis;
  }

  @Override
  public Optional<EniView> eni(String id) {
    return enis.stream().filter(e -> e.id().equals(id)).findFirst().map(e -> e);
  }

  @Override
  public List<LaneView> lanes() {
    List<LaneView> lanes = new ArrayList<>();
    origins.forEach((lane, origin) -> lanes.add(new TestLane(lane, origin,
        enis.stream().filter(e -> e.lane().equals(Optional.of(lane))).map(e -> (EniView) e).toList(), podsPerLane, 5, 1)));
    return lanes;
  }

  @Override
  public Optional<LaneView> lane(String lane) {
    return lanes().stream().filter(l -> l.name().equals(lane)).findFirst();
  }

  @Override
  public Optional<ObjectView> object() {
    return Optional.ofNullable(object);
  }

  @Override
  public TestObjects objects() {
    return objects;
  }

  @Override
  public Fields datapath() {
    return datapath;
  }

  @Override
  public String toString() {
    return name + " (" + instanceType.name() + ")";
  }
}
