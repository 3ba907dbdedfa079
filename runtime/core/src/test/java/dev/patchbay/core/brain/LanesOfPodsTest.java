package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.datapath.DatapathPlanner;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.EniPlanner;
import dev.patchbay.spi.eni.GroupChoice;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.eni.LaneOrigin;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressPlanner;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.ipam.PodClaim;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.ipam.Unit;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.EniView;
import dev.patchbay.spi.view.NodeView;
import dev.patchbay.spi.view.ObjectView;
import dev.patchbay.tck.synthetic.SyntheticModes;
import dev.patchbay.tck.view.TestObject;
import dev.patchbay.tck.view.TestPod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Lanes that are there because a pod asks for them: the node is planned again for the first pod of each. */
class LanesOfPodsTest {
  private static final String LABEL = "groups";

  /** Claims pods with a label, and plans a lane for each of its values, as long as a pod or an interface has it; but for one value. */
  private static final class ByLabel implements NetworkMode, EniPlanner, AddressPlanner, PodClaim {
    private static final String NEVER = "never";
    private final NetworkMode base = new SingleAddresses(Targets.none());

    static ModeInstance instance() {
      return new ModeInstance("by-label", "1", ModeDescriptor.of("Lanes by label.").nodeReads(ObjectKind.POD)
          .role(Role.claim(Role.WhenUnreadable.REFUSE, AddressFamily.IPV4, AddressFamily.IPV6)).build(), new ByLabel());
    }

    @Override
    public Optional<EniPlanner> eniPlanner() {
      return Optional.of(this);
    }

    @Override
    public Optional<AddressPlanner> addressPlanner() {
      return Optional.of(this);
    }

    @Override
    public Optional<DatapathPlanner> datapathPlanner() {
      return base.datapathPlanner();
    }

    @Override
    public Optional<PodClaim> podClaim() {
      return Optional.of(this);
    }

    private static AddressFamily family(String lane) {
      return lane.endsWith("six") ? AddressFamily.IPV6 : AddressFamily.IPV4;
    }

    private static Optional<String> lane(ObjectView pod) {
      return Optional.ofNullable(pod.labels().get(LABEL)).map(value -> "of." + value);
    }

    @Override
    public Answer<EniPlan> plan(NodeView node) {
      Set<String> names = new TreeSet<>();
      Stream.concat(node.objects().list(ObjectKind.POD).stream().map(ByLabel::lane), node.enis().stream().map(EniView::lane))
          .flatMap(Optional::stream).filter(name -> name.startsWith("of.") && !name.endsWith(NEVER)).forEach(names::add);
      return Answer.of(EniPlan.of(names.stream().map(name -> Lane.named(name).withOrigin(new LaneOrigin("Label", name))
          .withGroups(GroupChoice.ids(List.of("sg-" + name)))).toList()));
    }

    @Override
    public Answer<AddressPlan> plan(NodeView node, EniPlan lanes) {
      return Answer.of(AddressPlan.of(lanes.lanes().stream().map(lane -> new AddressPlan.Supply(lane.name(), family(lane.name()),
          AddressSource.stock(List.of(Unit.SINGLE), Targets.none().withWarmAddresses(0)))).toList()));
    }

    @Override
    public Answer<Set<AddressFamily>> claim(AttachmentView attachment) {
      return attachment.pod().object().flatMap(ByLabel::lane).isPresent()
          ? Answer.of(Set.of(family(attachment.pod().object().flatMap(ByLabel::lane).orElseThrow()))) : Answer.pass();
    }

    @Override
    public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
      String lane = attachment.pod().object().flatMap(ByLabel::lane).orElseThrow();
      return Answer.of(List.of(AddressRequest.from(lane, family(lane))));
    }
  }

  private static World world() {
    return new World(World.settings(), World.type(3, 6), SingleAddresses.with(Targets.none()), ByLabel.instance()).start();
  }

  private static long add(World world, String name, String value) {
    TestPod pod = TestPod.named(name).withLabel(LABEL, value);
    TestObject object = (TestObject) pod.object().orElseThrow();
    world.see(new TestObject(object.ref(), pod.uid(), object.resourceVersion(), object.labels(), object.annotations(), object.content()));
    return world.add(name, pod, Fields.empty());
  }

  private static List<List<String>> groups(World world) {
    return world.enis.values().stream().filter(e -> !e.id().equals("eni-0")).map(EniRecord::groups).toList();
  }

  @Test
  void theFirstPodOfALaneHasTheNodePlannedAndGetsAnAddressOfIt() {
    World world = world();
    long first = add(world, "a", "red");
    long second = add(world, "b", "red");
    assertThat(world.added(first).attachment().addresses()).singleElement().satisfies(h -> assertThat(h.lane()).isEqualTo("of.red"));
    assertThat(world.added(second).attachment().addresses().getFirst().eniId())
        .isEqualTo(world.added(first).attachment().addresses().getFirst().eniId());
    assertThat(groups(world)).containsExactly(List.of("sg-of.red"));
  }

  @Test
  void noIpv6AddressOfTheLanesInterfaceIsTheNodesOwn() {
    World world = world();
    Reply.Added added = world.added(add(world, "a", "six"));
    assertThat(added.attachment().addresses()).extracting(h -> h.address().family()).contains(AddressFamily.IPV6);
    EniPath path = world.nodePath().orElseThrow().enis().stream().filter(e -> !e.primary()).findFirst().orElseThrow();
    assertThat(path.addresses()).extracting(own -> own.address().family()).containsExactly(AddressFamily.IPV4);
    assertThat(path.gateways()).as("pods have their way out by it").extracting(IpAddress::family).contains(AddressFamily.IPV6);
  }

  @Test
  void aLaneThatNobodyPlansIsRefusedOnceTheNodeHasBeenPlanned() {
    World world = world();
    assertThat(world.failed(add(world, "a", "never")).reason().code()).isEqualTo(BrainCodes.REQUEST_IMPOSSIBLE);
  }

  @Test
  void aLaneWithoutAPlaceForAnInterfaceIsRefusedInWordsAndServedOnceOneIsGivenBack() {
    World world = world();
    add(world, "a", "red");
    add(world, "b", "blue");
    Reply.Failed refused = world.failed(add(world, "c", "green"));
    assertThat(refused.reason().code()).isEqualTo(Codes.INSTANCE_FULL);
    assertThat(refused.reason().cause()).contains("of.green", "no place", "of.red (1)", "of.blue (1)", "default (1)");
    world.del("a");
    world.give(new Event.ObjectGone(TestPod.named("a").object().orElseThrow().ref()));
    // Its address cools down, and an interface that is a minute old at least goes.
    world.pass(300_000);
    assertThat(groups(world)).containsExactly(List.of("sg-of.blue"));
    assertThat(world.report().lanes()).extracting(Report.LaneReport::lane).doesNotContain("of.red");
    assertThat(world.added(add(world, "d", "green"))).isNotNull();
  }

  @Test
  void somebodyElsesInterfaceIsOfALaneOnlyIfItHasItsGroups() {
    World world = new World(World.settings(), World.type(5, 6), World.instance(SyntheticModes.stock()),
        World.instance(SyntheticModes.lanes()), ByLabel.instance());
    world.cloud.subnet("subnet-b", "10.0.2.0/24", "2001:db8:0:2::/64", Map.of());
    world.see(TestObject.of(new ObjectKind("synthetic.patchbay.dev", "v1", "Subnets", "subnets", false), "", "pods").withContent(Fields.empty()
        .with("spec", Fields.empty().with("subnets", List.of("subnet-b")).with("securityGroups", List.of("sg-pods")))));
    world.see(TestObject.of(ObjectKind.NAMESPACE, "", "default"));
    world.start();
    assertThat(world.added(add(world, "a", "red"))).isNotNull();
    // It lies in the node's subnet, as lanes of pods do.
    world.cloud.attach("eni-77", "interface", 4, 0, Map.of());
    world.attached();
    world.pass(120_000);
    assertThat(world.eni("eni-77").groups()).doesNotContain("sg-of.red");
    assertThat(world.report().lanes()).filteredOn(l -> l.lane().equals("of.red")).singleElement()
        .satisfies(l -> assertThat(l.enis()).hasSize(1).doesNotContain("eni-77"));
  }
}
