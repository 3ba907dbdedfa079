package dev.patchbay.tck.synthetic;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.NetworkModeProvider;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.ipam.Unit;
import dev.patchbay.tck.ModeUnderTest;
import dev.patchbay.tck.view.TestAdmissionRequest;
import dev.patchbay.tck.view.TestCluster;
import dev.patchbay.tck.view.TestEni;
import dev.patchbay.tck.view.TestInstanceType;
import dev.patchbay.tck.view.TestNode;
import dev.patchbay.tck.view.TestObject;
import dev.patchbay.tck.view.TestPod;
import dev.patchbay.tck.view.TestSubnet;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Makes the synthetic modes. Codes of their own are 10,001 to 10,003; labels, annotations and kinds are of the group
 * {@code synthetic.patchbay.dev}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SyntheticModes {
  private SyntheticModes() {}

  /**
   * {@return {@code synthetic-stock}, a base for IPv4: a stock of single addresses}
   */
  public static NetworkModeProvider stock() {
    return new StockBase("stock", List.of(Unit.SINGLE), Targets.none().withWarmInterfaces(1));
  }

  /**
   * {@return {@code synthetic-prefix}, a base for IPv4: a stock of prefixes, then single addresses; refuses instance types
   * without prefixes}
   */
  public static NetworkModeProvider prefix() {
    return new StockBase("prefix", List.of(Unit.PREFIX, Unit.SINGLE), Targets.none().withWarmPrefixes(1));
  }

  /**
   * {@return {@code synthetic-delegated}, a base for IPv6: one /80 on the primary interface; refuses instance types without
   * IPv6 prefixes}
   */
  public static NetworkModeProvider delegated() {
    return new RangeBase("delegated", false);
  }

  /**
   * {@return {@code synthetic-egress}, a base for IPv6 like {@link #delegated()}: each attachment has a second, hidden address
   * from a node-local range, for egress to IPv4}
   */
  public static NetworkModeProvider egress() {
    return new RangeBase("egress", true);
  }

  /**
   * {@return {@code synthetic-given}, a claim on pods with the label {@code synthetic.patchbay.dev/branch}: waits for the
   * annotation {@code synthetic.patchbay.dev/given} (address, interface, VLAN id, hardware address, router) and refuses where it can't read; a reserve
   * for the trunk, a VLAN device, rules in the claim's band}
   */
  public static NetworkModeProvider given() {
    return new GivenClaim();
  }

  /**
   * {@return {@code synthetic-on-demand}, a claim on pods whose label {@code synthetic.patchbay.dev/address} names their
   * address; lets pods pass that it can't read}
   */
  public static NetworkModeProvider onDemand() {
    return new OnDemandClaim();
  }

  /**
   * {@return {@code synthetic-lanes}, a modifier for IPv4: the object {@code Subnets pods} names subnets and groups, and
   * namespaces with the label {@code synthetic.patchbay.dev/lane=second} get a second lane}
   */
  public static NetworkModeProvider lanes() {
    return new LanesModifier();
  }

  /**
   * {@return {@code synthetic-extra}, an extra: the annotation {@code synthetic.patchbay.dev/networks} lists {@code lane} (an
   * address of the VPC from a lane of its own) and {@code delegate} (two acts, one built on the other's outcome)}
   */
  public static NetworkModeProvider extra() {
    return new DelegateExtra();
  }

  /**
   * {@return {@code synthetic-card}, an extra: pods with the annotation {@code synthetic.patchbay.dev/card} get an interface of
   * the second network card; EFA-only interfaces are left to others}
   */
  public static NetworkModeProvider card() {
    return new CardExtra();
  }

  /**
   * {@return {@code synthetic-borrow}, an extra: pods with the annotation {@code synthetic.patchbay.dev/borrow} get an interface that
   * another plugin makes upon one of others, with an address that is assigned there}
   */
  public static NetworkModeProvider borrow() {
    return new BorrowingExtra();
  }

  /**
   * {@return {@code synthetic-elements}, an extra with the links and rules that no other uses: the annotation {@code
   * synthetic.patchbay.dev/links} lists {@code macvlan}, {@code ipvlan}, {@code dummy} and {@code moved}}
   */
  public static NetworkModeProvider elements() {
    return new ElementsExtra();
  }

  /**
   * {@return {@code synthetic-intents}, a base for IPv4 with settings of every type and intents of every kind; its live
   * attachments may be planned again}
   */
  public static NetworkModeProvider intents() {
    return new IntentsBase();
  }

  /**
   * {@return {@code synthetic-objects}, an extra that adds nothing and writes patches, Events, conditions, objects and findings}
   */
  public static NetworkModeProvider objects() {
    return new ObjectsMode();
  }

  /**
   * {@return {@code synthetic-cluster}, the cluster side alone: trunks, branches, removals after a while, and admission}
   */
  public static NetworkModeProvider cluster() {
    return new ClusterMode();
  }

  /**
   * {@return all of them, each with the pods, objects and nodes by which it comes to plan something}
   */
  public static List<ModeUnderTest> all() {
    TestPod branchPod = TestPod.named("branch").withLabel(GivenClaim.LABEL, "yes");
    TestObject subnets = TestObject.of(LanesModifier.SUBNETS, "", "pods").withContent(Fields.empty().with("spec",
        Fields.empty().with("subnets", List.of("subnet-00000000000000041"))
            .with("securityGroups", List.of("sg-00000000000000041"))));
    return List.of(
        ModeUnderTest.of(stock()),
        ModeUnderTest.of(prefix()),
        ModeUnderTest.of(delegated()),
        ModeUnderTest.of(egress()),
        ModeUnderTest.of(given())
            .withEachNode(node -> node.instanceType().trunking() ? withTrunk(node) : node)
            .withPod(branchPod.withAnnotation(GivenClaim.ANNOTATION, "10.0.9.33 eni-00000000000000101 7 02:00:00:00:01:01 10.0.9.1"))
            .withPod(TestPod.named("early").withLabel(GivenClaim.LABEL, "yes"))
            .withPod(TestPod.named("odd").withLabel(GivenClaim.LABEL, "yes").withAnnotation(GivenClaim.ANNOTATION, "{}"))
            .withPod(TestPod.named("unreadable").unreadable()),
        ModeUnderTest.of(onDemand())
            .withPod(TestPod.named("fixed").withLabel(OnDemandClaim.LABEL, "10.0.1.77"))
            .withPod(TestPod.named("wrong").withLabel(OnDemandClaim.LABEL, "10.0.1"))
            .withPod(TestPod.named("unreadable").unreadable()),
        ModeUnderTest.of(lanes()).withObject(subnets)
            .withObject(TestObject.of(ObjectKind.NAMESPACE, "", "default"))
            .withObject(TestObject.of(ObjectKind.NAMESPACE, "", "other").withLabel(LanesModifier.LABEL, "second"))
            .withPod(TestPod.named("second").inNamespace("other")),
        ModeUnderTest.of(extra())
            .withPod(TestPod.named("two").withAnnotation(DelegateExtra.ANNOTATION, "lane,delegate"))
            .withPod(TestPod.named("wrong").withAnnotation(DelegateExtra.ANNOTATION, "lane,nowhere")),
        ModeUnderTest.of(card()).withPod(TestPod.named("wide").withAnnotation(CardExtra.ANNOTATION, "")),
        ModeUnderTest.of(borrow())
            .withEachNode(node -> node.withEni(TestEni.numbered(98, TestSubnet.numbered(9)).withId("eni-00000000000000lent")
                .withDevices("eth9")))
            .withPod(TestPod.named("upon").withAnnotation(BorrowingExtra.ANNOTATION, "")),
        ModeUnderTest.of(elements())
            .withEachNode(node -> node.withEni(
                TestEni.numbered(99, TestSubnet.numbered(9)).withId("eni-0000000000000left")))
            .withPod(TestPod.named("links").withAnnotation(ElementsExtra.ANNOTATION, "macvlan,ipvlan,dummy,moved")),
        ModeUnderTest.of(intents())
            .withSettings(Fields.empty().with("hostAddress", "10.0.1.10").with("translate", false).with("most", 2)
                .with("least", 1).with("protocols", List.of()))
            .withSettings(Fields.empty().with("ports", "kernel").with("exceptions", List.of("192.0.2.0/24"))),
        ModeUnderTest.of(objects()),
        ModeUnderTest.of(cluster()).withCluster(cluster(branchPod))
            .withAdmission("mark", TestAdmissionRequest.creation("somebody", branchPod.object().orElseThrow()))
            .withAdmission("guard", TestAdmissionRequest.creation("somebody",
                TestObject.of(ObjectKind.POD, "default", "forged").withAnnotation(GivenClaim.ANNOTATION, "10.0.9.1 eni-1 1 02:00:00:00:00:01 10.0.9.2"))));
  }

  private static TestNode withTrunk(TestNode node) {
    return node.withEni(TestEni.numbered(100, TestSubnet.numbered(1)).withType("trunk").inLane("synthetic-trunk"));
  }

  private static TestCluster cluster(TestPod pod) {
    TestObject object = (TestObject) pod.object().orElseThrow();
    TestCluster cluster = TestCluster.create().withNode("a", TestNode.create())
        .withNode("b", TestNode.create().withInstanceType(TestInstanceType.T3_NANO));
    TestObject placed = object.withContent(Fields.empty().with("spec", Fields.empty().with("nodeName", "a")));
    TestObject fresh = new TestObject(TestObject.of(ObjectKind.POD, "default", "fresh").ref(), "uid-of-fresh", "1",
        placed.labels(), placed.annotations(), placed.content());
    TestCluster.Eni trunk = TestCluster.Eni.of(TestEni.numbered(1, TestSubnet.numbered(1)).withType("trunk"));
    TestEni branch = TestEni.numbered(2, TestSubnet.numbered(1)).withType("branch");
    return cluster.withObjects(cluster.objects().with(placed).with(fresh))
        .withEni("a", trunk.withKey("trunk/a"))
        .withEni("a", TestCluster.Eni.of(branch).withKey("branch/" + object.uid()).onTrunk(trunk.id(), 1))
        .withEni("a", TestCluster.Eni.of(branch.withId("eni-old")).withKey("branch/uid-of-old").onTrunk(trunk.id(), 2)
            .unusedSince(cluster.now() - 61_000))
        .withEni("a", TestCluster.Eni.of(branch.withId("eni-cooling")).withKey("branch/uid-of-cooling").onTrunk(trunk.id(), 3)
            .unusedSince(cluster.now() - 1_000));
  }
}
