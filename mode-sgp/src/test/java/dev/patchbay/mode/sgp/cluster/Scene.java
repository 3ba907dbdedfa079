package dev.patchbay.mode.sgp.cluster;

import dev.patchbay.mode.sgp.SgpProvider;
import dev.patchbay.mode.sgp.policy.CniNodes;
import dev.patchbay.mode.sgp.policy.Policies;
import dev.patchbay.mode.sgp.policy.Requests;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.cluster.ClusterPlan;
import dev.patchbay.spi.object.ObjectPlan;
import dev.patchbay.tck.ModeUnderTest;
import dev.patchbay.tck.view.TestCluster;
import dev.patchbay.tck.view.TestEni;
import dev.patchbay.tck.view.TestInstanceType;
import dev.patchbay.tck.view.TestNode;
import dev.patchbay.tck.view.TestObject;
import dev.patchbay.tck.view.TestSubnet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A cluster of one node that asks for a trunk, and what is planned for it. Immutable. */
public record Scene(TestCluster cluster, Fields settings) {
  /** The node. */
  public static final String NODE = "node-1";
  /** The id of the node's trunk. */
  public static final String TRUNK = "eni-0000000000000000f";
  /** The moment at which it is planned. */
  public static final long NOW = 1_750_000_000_000L;
  static final TestSubnet SUBNET = TestSubnet.numbered(1);

  /** A node of a type that carries nine branches. */
  public static Scene begin() {
    return on(TestInstanceType.M5_LARGE);
  }

  static Scene on(TestInstanceType type) {
    return new Scene(TestCluster.create().at(NOW).withNode(NODE, TestNode.create().withInstanceType(type)), Fields.empty())
        .change(c -> c.withObjects(c.objects().declaring(SgpCluster.reads())))
        .with(cniNode(List.of(Fields.empty().with("name", "SecurityGroupsForPods").with("value", ""))));
  }

  static TestObject cniNode(List<Fields> features) {
    return TestObject.of(CniNodes.KIND, "", NODE).withContent(Fields.empty().with("spec", Fields.empty().with("features", features)));
  }

  /** A policy that means pods whose label "app" is its name. */
  public static TestObject policy(String name, String... groups) {
    return policy(name, Fields.empty().with("podSelector", Fields.empty().with("matchLabels", Fields.empty().with("app", name))), groups);
  }

  static TestObject policy(String name, Fields selectors, String... groups) {
    return TestObject.of(Policies.KIND, "default", name).withContent(Fields.empty().with("spec", selectors
        .with("securityGroups", Fields.empty().with("groupIds", List.of(groups)))));
  }

  /** A pod of the node that asks for a branch. */
  public static TestObject pod(String name, String app) {
    return TestObject.of(ObjectKind.POD, "default", name).withLabel("app", app).withContent(Fields.empty().with("spec", Fields.empty()
        .with("nodeName", NODE).with("containers", List.of(Fields.empty().with("name", "first").with("resources", Fields.empty()
            .with("requests", Fields.empty().with(Requests.KEY, "1")))))));
  }

  static TestObject ended(TestObject pod) {
    return pod.withContent(pod.content().with("status", Fields.empty().with("phase", "Succeeded")));
  }

  /** With one more object. */
  public Scene with(TestObject object) {
    return new Scene(cluster.withObjects(cluster.objects().with(object)), settings);
  }

  Scene set(Fields some) {
    return new Scene(cluster, some);
  }

  Scene change(UnaryOperator<TestCluster> change) {
    return new Scene(change.apply(cluster), settings);
  }

  /** With its trunk. */
  public Scene withTrunk() {
    return change(c -> c.withEni(NODE, TestCluster.Eni.of(TestEni.numbered(15, SUBNET).withId(TRUNK).withType("trunk")
        .withGroups("sg-00000000000000041")).withKey("trunk/" + NODE)));
  }

  static TestCluster.Eni branch(int number, String pod, String... groups) {
    return TestCluster.Eni.of(TestEni.numbered(number, SUBNET).withType("branch").withGroups(groups)).withKey("branch/" + uid(pod));
  }

  static String uid(String pod) {
    return pod("" + pod, "any").uid();
  }

  /** With a branch that was made for a pod and hangs on the trunk. */
  public Scene withBranch(int number, String pod, int vlan, String... groups) {
    return change(c -> c.withEni(NODE, branch(number, pod, groups).onTrunk(TRUNK, vlan)));
  }

  /** With a branch whose pod is gone. */
  public Scene withFree(int number, String pod, int vlan, long unusedFor, String... groups) {
    return change(c -> c.withEni(NODE, branch(number, pod, groups).onTrunk(TRUNK, vlan).unusedSince(NOW - unusedFor)));
  }

  ClusterPlan plan() {
    Answer<ClusterPlan> answer = new SgpCluster(ModeUnderTest.of(new SgpProvider()).complete(settings)).plan(cluster, NODE);
    return answer.plan().orElseThrow();
  }

  Optional<ClusterPlan.DesiredEni> wanted(String pod) {
    return plan().enis().stream().filter(e -> e.key().equals("branch/" + uid(pod))).findFirst();
  }

  Map<String, Integer> vlans() {
    return plan().enis().stream().filter(e -> e.type().equals("branch"))
        .collect(java.util.stream.Collectors.toMap(ClusterPlan.DesiredEni::key, e -> e.vlanId().orElseThrow()));
  }

  Optional<String> annotation(String pod) {
    return plan().objects().patches().stream().filter(p -> p.object().equals(pod(pod, "any").ref()))
        .flatMap(p -> p.content().fields("metadata").fields("annotations").text(Requests.KEY).stream()).findFirst();
  }

  List<ObjectPlan.Event> events(String reason) {
    return plan().objects().events().stream().filter(e -> e.code().name().equals(reason)).toList();
  }
}
