package dev.patchbay.mode.sgp.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.mode.sgp.SgpProvider;
import dev.patchbay.mode.sgp.policy.CniNodes;
import dev.patchbay.mode.sgp.policy.EniConfigs;
import dev.patchbay.mode.sgp.policy.Requests;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.cluster.ClusterPlan;
import dev.patchbay.spi.object.ObjectPlan;
import dev.patchbay.tck.ModeUnderTest;
import dev.patchbay.tck.view.TestCluster;
import dev.patchbay.tck.view.TestEni;
import dev.patchbay.tck.view.TestInstanceType;
import dev.patchbay.tck.view.TestObject;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SgpClusterTest {
  private static final String RED = "sg-0000000000000000a";
  private static final String BLUE = "sg-0000000000000000b";
  private static final Fields COLD = Fields.empty().with("warmBranches", 0);

  private static Scene ready() {
    return Scene.begin().withTrunk().with(Scene.policy("red", RED)).with(Scene.policy("blue", BLUE));
  }

  @Test
  void aNodeThatAsksGetsATrunkAndNoOther() {
    assertThat(Scene.begin().plan().enis()).singleElement().satisfies(eni -> {
      assertThat(eni.type()).isEqualTo("trunk");
      assertThat(eni.node()).isEqualTo(Scene.NODE);
      assertThat(eni.subnets().ids()).containsExactly(Scene.SUBNET.id());
    });
    Scene without = Scene.begin().with(Scene.cniNode(List.of()));
    assertThat(without.plan()).isEqualTo(ClusterPlan.empty());
    assertThat(without.with(TestObject.of(ObjectKind.NODE, "", Scene.NODE).withLabel("vpc.amazonaws.com/has-trunk-attached", "false")).plan()
        .enis()).as("as older versions of aws-node ask").hasSize(1);
    assertThat(Scene.begin().with(TestObject.of(ObjectKind.NODE, "", Scene.NODE).withLabel("eks.amazonaws.com/compute-type", "auto")).plan()
        .enis()).isEmpty();
  }

  @Test
  void theTrunksRoomIsTheNodesCapacityAndItsStateIsTold() {
    assertThat(ready().plan().objects().patches()).singleElement().satisfies(patch -> {
      assertThat(patch.subresource()).isEqualTo("status");
      assertThat(patch.content().fields("status").fields("capacity").text(Requests.KEY)).contains("9");
    });
    assertThat(ready().plan().objects().conditions()).singleElement().satisfies(condition -> {
      assertThat(condition.object().kind()).isEqualTo(CniNodes.KIND);
      assertThat(condition.status()).isTrue();
    });
    TestObject told = TestObject.of(ObjectKind.NODE, "", Scene.NODE).withContent(Fields.empty().with("status",
        Fields.empty().with("capacity", Fields.empty().with(Requests.KEY, "9"))));
    assertThat(ready().with(told).plan().objects().patches()).as("what is so is not written again").isEmpty();
    assertThat(Scene.begin().plan().objects().patches()).as("no capacity before there is a trunk").isEmpty();
  }

  @Test
  void aTypeWithoutTrunkingIsToldOnTheNodeAndOnItsPods() {
    Scene scene = Scene.on(TestInstanceType.T3_NANO).with(Scene.pod("web", "red"));
    assertThat(scene.plan().enis()).isEmpty();
    assertThat(scene.plan().objects().conditions()).singleElement().satisfies(c -> {
      assertThat(c.status()).isFalse();
      assertThat(c.text()).contains("t3.nano");
    });
    assertThat(scene.events("Unsupported")).extracting(e -> e.object().kind()).containsExactlyInAnyOrder(ObjectKind.NODE, ObjectKind.POD);
  }

  @Test
  void whatKeepsEc2FromMakingATrunkIsTold() {
    Scene scene = Scene.begin().with(Scene.pod("web", "red")).change(c -> c.withObstacle("trunk/" + Scene.NODE,
        Finding.of(Codes.CLOUD_DENIED, "EC2 does not let the controller make it.", "Give it the right.")));
    assertThat(scene.plan().enis()).as("it goes on trying").hasSize(1);
    assertThat(scene.plan().objects().conditions()).singleElement().satisfies(c -> {
      assertThat(c.status()).isFalse();
      assertThat(c.text()).contains("CloudDenied", "Give it the right.");
    });
    assertThat(scene.events("TrunkENICreationFailed")).hasSize(2);
    assertThat(Scene.begin().with(Scene.cniNode(List.of())).with(Scene.pod("web", "red")).events("NodeWithoutTrunk")).hasSize(1);
  }

  @Test
  void aPodThatAskedGetsABranchWithTheGroupsOfItsPoliciesAndIsTold() {
    Scene asked = ready().with(Scene.pod("web", "red"));
    assertThat(asked.wanted("web")).hasValueSatisfying(eni -> {
      assertThat(eni.type()).isEqualTo("branch");
      assertThat(eni.vlanId()).contains(1);
      assertThat(eni.groups().ids()).containsExactly(RED);
      assertThat(eni.from()).isEmpty();
    });
    assertThat(asked.annotation("web")).as("not before it hangs on the trunk").isEmpty();
    assertThat(ready().with(Scene.pod("web", "red")).change(c -> c.withEni(Scene.NODE, Scene.branch(7, "web", RED))).annotation("web"))
        .isEmpty();
    Scene made = asked.withBranch(7, "web", 3, RED);
    assertThat(made.annotation("web")).contains("[{\"eniId\":\"eni-00000000000000007\",\"ifAddress\":\"02:00:00:00:00:07\",\"privateIp\":\"10.0.1.17\","
        + "\"ipv6Addr\":\"2001:db8:0:1::11\",\"vlanId\":3,\"subnetCidr\":\"10.0.1.0/24\",\"subnetV6Cidr\":\"2001:db8:0:1::/64\","
        + "\"associationID\":\"trunk-assoc-00000000000000007\"}]");
    assertThat(made.plan().objects().patches()).filteredOn(p -> p.object().kind().equals(ObjectKind.POD)).singleElement()
        .satisfies(p -> assertThat(p.content().fields("metadata").text("uid")).contains(Scene.uid("web")));
    assertThat(made.events("ResourceAllocated")).hasSize(1);
    assertThat(made.withBranch(8, "other", 4, BLUE).with(Scene.pod("web", "red").withAnnotation(Requests.KEY,
        made.annotation("web").orElseThrow())).annotation("web")).as("once").isEmpty();
  }

  @Test
  void aBranchWithOtherGroupsIsNotToldBeforeItHasTheRightOnes() {
    Scene scene = ready().with(Scene.pod("web", "red")).withBranch(7, "web", 3, BLUE);
    assertThat(scene.annotation("web")).isEmpty();
    assertThat(scene.wanted("web")).hasValueSatisfying(eni -> assertThat(eni.groups().ids()).containsExactly(RED));
  }

  @Test
  void policiesAddUpAndNoneMatchingIsSaid() {
    Fields all = Fields.empty().with("podSelector", Fields.empty());
    Scene both = ready().with(Scene.policy("all", all, BLUE, RED)).with(Scene.pod("web", "red"));
    assertThat(both.wanted("web")).hasValueSatisfying(eni -> assertThat(eni.groups().ids()).containsExactly(BLUE, RED));
    Scene none = ready().with(Scene.pod("web", "green"));
    assertThat(none.wanted("web")).as("its node's groups would be a way round those that are to come").isEmpty();
    assertThat(none.withBranch(7, "web", 1, RED).annotation("web")).isEmpty();
    assertThat(none.events("SecurityGroupRequested")).singleElement().satisfies(e -> assertThat(e.warning()).isTrue());
  }

  @Test
  void serviceAccountsSelectToo() {
    Fields team = Fields.empty().with("serviceAccountSelector", Fields.empty().with("matchLabels", Fields.empty().with("team", "t")));
    Scene scene = Scene.begin().withTrunk().with(Scene.policy("team", team, BLUE)).with(Scene.pod("web", "red"));
    assertThat(scene.wanted("web")).as("it is not known what groups it gets").isEmpty();
    assertThat(scene.events("BranchAllocationFailed")).singleElement().satisfies(e -> assertThat(e.text()).contains("Service account default"));
    TestObject account = TestObject.of(ObjectKind.SERVICE_ACCOUNT, "default", "default");
    assertThat(scene.with(account).events("SecurityGroupRequested")).hasSize(1);
    assertThat(scene.with(account.withLabel("team", "t")).wanted("web"))
        .hasValueSatisfying(eni -> assertThat(eni.groups().ids()).containsExactly(BLUE));
  }

  @Test
  void policiesThatMeanNothingAreToldOnThemselves() {
    Fields odd = Fields.empty().with("podSelector", Fields.empty().with("matchExpressions",
        List.of(Fields.empty().with("key", "app").with("operator", "Like"))));
    Scene scene = Scene.begin().with(Scene.policy("groupless")).with(Scene.policy("bare", Fields.empty(), RED)).with(Scene.policy("odd", odd, RED))
        .with(Scene.policy("misspelt", "web-servers")).with(Scene.policy("fine", RED));
    SgpCluster planner = new SgpCluster(ModeUnderTest.of(new SgpProvider()).complete(Fields.empty()));
    assertThat(planner.keys(scene.cluster())).containsExactly(Scene.NODE, "policies/default");
    assertThat(planner.plan(scene.cluster(), "policies/default").plan().orElseThrow().objects().events())
        .allSatisfy(e -> assertThat(e.code().name()).isEqualTo("SecurityGroupPolicyInvalid")).extracting(e -> e.object().name())
        .containsExactlyInAnyOrder("groupless", "bare", "odd", "misspelt");
    assertThat(scene.withTrunk().with(Scene.pod("web", "any")).events("BranchAllocationFailed")).as("a selector that can't be read might mean it")
        .singleElement().satisfies(e -> assertThat(e.text()).contains("odd", "Like"));
  }

  @Test
  void aBranchStaysItsPodsAndOthersGetTheLowestVlanIdsThatNothingHas() {
    Scene scene = ready().with(Scene.pod("a", "red")).with(Scene.pod("b", "red")).with(Scene.pod("c", "red")).withBranch(7, "b", 2, RED)
        .withFree(8, "gone", 1, 1_000, RED);
    assertThat(scene.vlans()).containsEntry("branch/" + Scene.uid("b"), 2);
    assertThat(scene.vlans().values()).as("1 cools down").containsExactlyInAnyOrder(2, 3, 4);
  }

  @Test
  void twoBranchesOfOneVlanIdThatDontHangYetGetTwo() {
    Scene scene = ready().with(Scene.pod("a", "red")).with(Scene.pod("b", "red"));
    Scene both = scene.change(c -> c.withEni(Scene.NODE, Scene.branch(7, "a", RED).madeFor(5)).withEni(Scene.NODE,
        Scene.branch(8, "b", RED).madeFor(5)));
    assertThat(both.vlans()).containsEntry("branch/" + Scene.uid("a"), 5);
    assertThat(new HashSet<>(both.vlans().values())).hasSize(2);
  }

  @Test
  void aBranchThatNoPodHasCoolsDownAndGoes() {
    Scene cooling = ready().set(COLD).withFree(7, "gone", 1, 59_000, RED);
    assertThat(cooling.plan().removals()).isEmpty();
    assertThat(cooling.plan().again()).contains(Scene.NOW + 1_000);
    assertThat(ready().set(COLD).withFree(7, "gone", 1, 60_000, RED).plan().removals()).singleElement()
        .satisfies(r -> assertThat(r.id()).isEqualTo("eni-00000000000000007"));
    Scene ended = ready().set(COLD).with(Scene.ended(Scene.pod("gone", "red"))).withFree(7, "gone", 1, 60_000, RED);
    assertThat(ended.plan().removals()).as("its pod has ended").hasSize(1);
    assertThat(ready().set(COLD.with("branchCooldown", 30_000)).withFree(7, "gone", 1, 30_000, RED).plan().removals()).hasSize(1);
  }

  @Test
  void aFewThatHaveCooledDownAreKeptForAWhileForEachSetOfGroups() {
    Scene scene = ready().withFree(1, "a", 1, 100_000, RED).withFree(2, "b", 2, 90_000, RED).withFree(3, "c", 3, 80_000, RED)
        .withFree(4, "d", 4, 70_000, BLUE);
    assertThat(scene.plan().removals()).as("the longest unused of three").extracting(ClusterPlan.Removal::id)
        .containsExactly("eni-00000000000000001");
    assertThat(scene.plan().again()).isPresent();
    assertThat(ready().withFree(1, "a", 1, 600_000, RED).plan().removals()).hasSize(1);
  }

  @Test
  void aRolloutReusesWhatHasCooledDownAndFits() {
    Scene scene = ready().with(Scene.pod("new", "red")).withFree(1, "a", 1, 70_000, BLUE).withFree(2, "b", 2, 70_000, RED);
    assertThat(scene.wanted("new")).hasValueSatisfying(eni -> {
      assertThat(eni.from()).contains("eni-00000000000000002");
      assertThat(eni.vlanId()).contains(2);
    });
    assertThat(scene.plan().removals()).isEmpty();
    Scene hot = ready().with(Scene.pod("new", "red")).withFree(2, "b", 2, 10_000, RED);
    assertThat(hot.wanted("new")).hasValueSatisfying(eni -> assertThat(eni.from()).as("it has not cooled down").isEmpty());
    Scene two = scene.with(Scene.pod("newer", "red"));
    assertThat(two.plan().enis().stream().flatMap(e -> e.from().stream())).as("one branch, one pod").doesNotHaveDuplicates();
    assertThat(scene.annotation("new")).as("not before it is the pod's by its key").isEmpty();
  }

  @Test
  void aFullNodeTakesWhatIsKeptForOthersAndSaysWhenNothingIsFree() {
    Scene full = ready();
    for (int i = 1; i <= 8; i++) {
      full = full.with(Scene.pod("p" + i, "red")).withBranch(i, "p" + i, i, RED);
    }
    Scene kept = full.with(Scene.pod("web", "red")).withFree(9, "gone", 9, 70_000, BLUE);
    assertThat(kept.wanted("web")).hasValueSatisfying(eni -> {
      assertThat(eni.from()).contains("eni-00000000000000009");
      assertThat(eni.groups().ids()).containsExactly(RED);
    });
    Scene cooling = full.with(Scene.pod("web", "red")).withFree(9, "gone", 9, 10_000, RED);
    assertThat(cooling.wanted("web")).isEmpty();
    assertThat(cooling.events("BranchLimitReached")).singleElement().satisfies(e -> assertThat(e.text()).contains("m5.large", "9"));
    assertThat(cooling.plan().again()).contains(Scene.NOW + 50_000);
  }

  @Test
  void anAnnotationCountsMoreThanAKeyAndNoBranchHasTwoOwners() {
    String text = ready().with(Scene.pod("a", "red")).withBranch(7, "a", 3, RED).annotation("a").orElseThrow();
    // A call that came late has given b's key to the branch that a runs with.
    Scene scene = ready().with(Scene.pod("a", "red").withAnnotation(Requests.KEY, text)).with(Scene.pod("b", "red")).withBranch(7, "b", 3, RED);
    assertThat(scene.wanted("a")).hasValueSatisfying(eni -> assertThat(eni.from()).contains("eni-00000000000000007"));
    assertThat(scene.wanted("b")).hasValueSatisfying(eni -> assertThat(eni.vlanId()).contains(1));
    assertThat(scene.annotation("b")).isEmpty();
    Scene forged = ready().with(Scene.pod("a", "red").withAnnotation(Requests.KEY, text)).with(Scene.pod("b", "red")
        .withAnnotation(Requests.KEY, text)).withBranch(7, "b", 3, RED);
    assertThat(forged.events("BranchVanished")).singleElement().satisfies(e -> assertThat(e.object().name()).isEqualTo("a"));
    assertThat(ready().with(Scene.pod("a", "red").withAnnotation(Requests.KEY, text)).events("BranchVanished")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"InvalidGroup.NotFound: no such group, see in the policy", "SecurityGroupsPerInterfaceLimitExceeded: 6, fewer groups"})
  void whatEc2RefusesIsToldOnThePodWithThePolicyToCorrect(String cause, String remedy) {
    Scene scene = ready().with(Scene.pod("web", "red")).change(c -> c.withObstacle("branch/" + Scene.uid("web"),
        Finding.of(Codes.CLOUD_REFUSED, "EC2 refused: " + cause + ".", "Wait.")));
    assertThat(scene.wanted("web")).isPresent();
    assertThat(scene.events("BranchAllocationFailed")).singleElement()
        .satisfies(e -> assertThat(e.text()).contains("CloudRefused", cause, RED, "red", remedy));
    assertThat(scene.events("SecurityGroupPolicyInvalid")).singleElement().satisfies(e -> {
      assertThat(e.object().name()).isEqualTo("red");
      assertThat(e.text()).contains(RED, "web");
    });
  }

  @Test
  void aFullSubnetIsToldOnThePodAlone() {
    Scene scene = ready().with(Scene.pod("web", "red")).change(c -> c.withObstacle("branch/" + Scene.uid("web"),
        Finding.of(Codes.SUBNET_FULL, "The subnet has no free address.", "Wait.")));
    assertThat(scene.events("BranchAllocationFailed")).singleElement()
        .satisfies(e -> assertThat(e.text()).contains("SubnetFull", "Free addresses", Scene.NODE));
    assertThat(scene.events("SecurityGroupPolicyInvalid")).isEmpty();
  }

  @Test
  void anEniConfigSaysWhereBranchesLie() {
    Fields custom = Fields.empty().with("name", "CustomNetworking").with("value", "pods");
    Fields trunk = Fields.empty().with("name", "SecurityGroupsForPods");
    Scene scene = ready().with(Scene.cniNode(List.of(custom, trunk))).with(Scene.pod("web", "red"));
    assertThat(scene.wanted("web")).isEmpty();
    assertThat(scene.plan().enis()).as("the trunk stays wanted").hasSize(1);
    assertThat(scene.plan().objects().events()).extracting(ObjectPlan.Event::text).allSatisfy(t -> assertThat(t).contains("pods"));
    Scene there = scene.with(TestObject.of(EniConfigs.KIND, "", "pods").withContent(Fields.empty().with("spec", Fields.empty()
        .with("subnet", "subnet-00000000000000077").with("securityGroups", List.of(BLUE)))));
    assertThat(there.wanted("web")).hasValueSatisfying(eni -> {
      assertThat(eni.subnets().ids()).containsExactly("subnet-00000000000000077");
      assertThat(eni.groups().ids()).as("those of the policy, not of the ENIConfig").containsExactly(RED);
    });
    Scene nameless = Scene.begin().with(Scene.cniNode(List.of(custom.with("value", ""), trunk)));
    assertThat(nameless.events("EniConfigNameNotFound")).hasSize(1);
  }

  @Test
  void runningPodsFollowTheirPoliciesOnlyIfThatIsWanted() {
    String text = ready().with(Scene.pod("a", "red")).withBranch(7, "a", 3, RED).annotation("a").orElseThrow();
    Scene changed = ready().with(Scene.policy("red", RED, BLUE)).with(Scene.pod("a", "red").withAnnotation(Requests.KEY, text))
        .withBranch(7, "a", 3, RED);
    assertThat(changed.wanted("a")).hasValueSatisfying(eni -> assertThat(eni.groups().ids()).containsExactly(RED));
    assertThat(changed.set(Fields.empty().with("followPolicies", true)).wanted("a"))
        .hasValueSatisfying(eni -> assertThat(eni.groups().ids()).containsExactly(RED, BLUE));
  }

  @Test
  void aNodeThatIsGoneKeepsBranchesOfPodsThatAreThereAndNoOthers() {
    Scene scene = ready().set(COLD).with(Scene.pod("a", "red")).withBranch(7, "a", 3, RED).withFree(8, "gone", 4, 70_000, RED);
    Scene gone = scene.change(c -> c.withObjects(dev.patchbay.tck.view.TestObjects.none().with(Scene.pod("a", "red"))
        .declaring(SgpCluster.reads())));
    assertThat(new SgpCluster(ModeUnderTest.of(new SgpProvider()).complete(COLD)).keys(gone.cluster())).contains(Scene.NODE);
    assertThat(gone.wanted("a")).isPresent();
    assertThat(gone.plan().removals()).hasSize(1);
    assertThat(Optional.of(gone.plan().objects().patches())).isPresent();
  }

  @Test
  void aTrunkOfAnotherInstanceOfTheSameNameIsNotTheNodes() {
    TestObject anew = TestObject.of(ObjectKind.NODE, "", Scene.NODE).withContent(Fields.empty().with("spec",
        Fields.empty().with("providerID", "aws:///zone-a/i-0000000000000000b")));
    Scene scene = ready().set(COLD).with(anew).with(Scene.pod("a", "red")).withBranch(7, "gone", 1, RED);
    assertThat(scene.plan().enis()).as("its own comes first").singleElement().satisfies(eni -> {
      assertThat(eni.key()).isEqualTo("trunk/i-0000000000000000b");
      assertThat(eni.type()).isEqualTo("trunk");
    });
    Scene there = scene.change(c -> c.withEni(Scene.NODE, TestCluster.Eni.of(TestEni.numbered(16, Scene.SUBNET).withType("trunk"))
        .withKey("trunk/i-0000000000000000b")));
    assertThat(there.wanted("a")).hasValueSatisfying(eni -> assertThat(eni.vlanId()).as("what hangs elsewhere takes none").contains(1));
  }

  @Test
  void underEksControllerThereIsNoPlanner() {
    ModeUnderTest mode = ModeUnderTest.of(new SgpProvider());
    assertThat(new SgpProvider().create(ModeUnderTest.context(mode.complete(Fields.empty().with("controller", "eks")))).clusterPlanner()).isEmpty();
    assertThat(new SgpProvider().create(ModeUnderTest.context(mode.complete(Fields.empty()))).clusterPlanner()).isPresent();
  }

  private static final Fields SHARING = Fields.empty().with("withoutTrunk", "shared-eni").with("sharedInterfaces", 2);

  private static Optional<String> capacity(Scene scene) {
    return scene.plan().objects().patches().stream().filter(p -> p.object().kind().equals(ObjectKind.NODE))
        .flatMap(p -> p.content().fields("status").fields("capacity").text(Requests.KEY).stream()).findFirst();
  }

  private static List<String> conditions(Scene scene) {
    return scene.plan().objects().conditions().stream().map(c -> c.type() + " " + c.status() + " " + c.code().name()).toList();
  }

  @Test
  void whereTheTypeCarriesNoTrunkPodsMayShareAndTheNodeHasRoomForThem() {
    Scene scene = Scene.on(TestInstanceType.T2_MEDIUM).with(Scene.policy("red", RED)).with(Scene.pod("web", "red"));
    assertThat(capacity(scene)).isEmpty();
    assertThat(conditions(scene)).containsExactly("TrunkReady false Unsupported");
    Scene sharing = scene.set(SHARING);
    assertThat(capacity(sharing)).as("two interfaces of five addresses").contains("10");
    assertThat(conditions(sharing)).containsExactly("TrunkReady false SharedInterfaces");
    assertThat(sharing.plan().enis()).isEmpty();
    assertThat(sharing.plan().objects().events()).as("nothing is in the pod's way").noneMatch(e -> e.warning());
    // What was there is taken back when it is not allowed any more.
    TestObject roomy = sharing.cluster().objects().get(new ObjectRef(ObjectKind.NODE, "", Scene.NODE)).map(n -> (TestObject) n).orElseThrow();
    Fields status = roomy.content().fields("status").with("capacity", Fields.empty().with(Requests.KEY, "10"));
    assertThat(capacity(sharing.with(roomy.withContent(roomy.content().with("status", status))))).as("told once").isEmpty();
    assertThat(capacity(scene.with(roomy.withContent(roomy.content().with("status", status))))).contains("0");
  }

  @Test
  void whereEc2RefusesTheTrunkPodsMayShareUntilThereIsOne() {
    Scene asked = Scene.begin().set(SHARING).with(Scene.policy("red", RED)).with(Scene.pod("web", "red"));
    Scene slow = asked.change(c -> c.withObstacle("trunk/" + Scene.NODE, Finding.of(Codes.CLOUD_THROTTLED, "EC2 throttles.", "Wait.")));
    assertThat(conditions(slow)).containsExactly("TrunkReady false TrunkENICreationFailed");
    Scene refused = asked.change(c -> c.withObstacle("trunk/" + Scene.NODE, Finding.of(Codes.CLOUD_DENIED, "EC2 says no.", "Ask for it.")));
    assertThat(conditions(refused)).containsExactly("TrunkReady false SharedInterfaces");
    assertThat(refused.plan().enis()).as("it is asked for all the same").extracting(e -> e.type()).containsExactly("trunk");
    assertThat(capacity(refused)).contains("18");
    assertThat(conditions(refused.set(Fields.empty()))).containsExactly("TrunkReady false TrunkENICreationFailed");
    TestObject web = Scene.pod("web", "red");
    Scene running = asked.withTrunk().with(web.withContent(web.content().with("status", Fields.empty().with("podIP", "10.0.1.9"))));
    assertThat(running.wanted("web")).as("it runs without one").isEmpty();
    assertThat(asked.withTrunk().wanted("web")).isPresent();
  }
}
