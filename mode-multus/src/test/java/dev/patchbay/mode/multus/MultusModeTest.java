package dev.patchbay.mode.multus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.PortMapping;
import dev.patchbay.spi.datapath.RateLimit;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.ExtraAttachment;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import dev.patchbay.spi.object.ObjectPlan;
import dev.patchbay.tck.ModeUnderTest;
import dev.patchbay.tck.view.TestAttachment;
import dev.patchbay.tck.view.TestEni;
import dev.patchbay.tck.view.TestNode;
import dev.patchbay.tck.view.TestObject;
import dev.patchbay.tck.view.TestPod;
import dev.patchbay.tck.view.TestSubnet;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MultusModeTest {
  private static final TestNode NODE = Nets.node(Nets.macvlan("fast"), Nets.lane("vpc"), Nets.of("other", "far", Nets.MACVLAN));

  private static MultusMode mode(Fields settings) {
    return new MultusMode(ModeUnderTest.of(new MultusProvider()).complete(settings));
  }

  private static TestPod pod(String networks) {
    return TestPod.named("wide").withAnnotation(Annotation.NETWORKS, networks.replace('\'', '"'));
  }

  private static TestAttachment first(TestNode node, TestPod pod) {
    return TestAttachment.of(node, pod).withAddress("10.0.1.17", node.primaryEni());
  }

  private static Answer<List<ExtraAttachment>> extras(Fields settings, TestNode node, TestPod pod) {
    return mode(settings).extras(first(node, pod));
  }

  private static List<ExtraAttachment> extras(String networks) {
    return extras(Fields.empty(), NODE, pod(networks)).plan().orElseThrow();
  }

  private static Finding refusal(Answer<?> answer) {
    assertThat(answer).isInstanceOf(Answer.Refuse.class);
    return ((Answer.Refuse<?>) answer).reason();
  }

  private static void assertRefused(String networks, Code code, String... words) {
    Finding reason = refusal(extras(Fields.empty(), NODE, pod(networks)));
    assertThat(reason.code()).isEqualTo(code);
    assertThat(reason.cause()).contains(words);
  }

  private static TestAttachment next(TestAttachment before, ExtraAttachment extra) {
    return before.next(extra.interfaceName(), extra.request());
  }

  private static DatapathPlan plan(TestAttachment attachment) {
    return mode(Fields.empty()).attachment(attachment).plan().orElseThrow();
  }

  @Test
  void aPodThatNamesNoNetworkGetsNoneAndTheSameTwiceIsTwo() {
    assertThat(extras(Fields.empty(), NODE, TestPod.named("plain"))).isInstanceOf(Answer.Pass.class);
    assertThat(extras("fast,vpc@lane0,fast")).extracting(ExtraAttachment::interfaceName).containsExactly("net1", "lane0", "net3");
  }

  @Test
  void thePluginGetsItsWholeConfigurationAndWhatThePodAsksFor() {
    ExtraAttachment extra = extras("[{'name':'fast','ips':['10.1.1.7/24'],'cni-args':{'colour':'red'}}]").getFirst();
    TestAttachment attachment = next(first(NODE, pod("fast")).withArguments(Map.of("K8S_POD_NAME", "wide", "Z", "9", "A", "1",
        "K8S_POD_NAMESPACE", "default", "IgnoreUnknown", "1")), extra);
    Act act = plan(attachment).elements(Act.class).getFirst();
    assertThat(act.interfaceName()).contains("net1");
    assertThat(act.configuration().orElseThrow()).contains("\"name\":\"fast\"", "\"unknown\":{\"kept\":[1.50,null]}",
        "\"args\":{\"cni\":{\"colour\":\"red\"}}");
    assertThat(act.arguments().fields("capabilities").texts("ips")).containsExactly("10.1.1.7/24");
    assertThat(act.arguments().text("args").orElseThrow()).startsWith("IgnoreUnknown=true;K8S_POD_NAMESPACE=default;K8S_POD_NAME=wide;")
        .endsWith("A=1;Z=9");
  }

  @Test
  void argumentsAreLaidOverThoseOfEveryPluginOfAList() throws Refusal {
    Configuration list = Configuration.of("default/list", "list", "{\"cniVersion\":\"1.0.0\",\"name\":\"mine\",\"plugins\":["
        + "{\"type\":\"bridge\",\"args\":{\"cni\":{\"colour\":\"blue\",\"size\":1}}},{\"type\":\"tuning\",\"capabilities\":{\"mac\":true,\"ips\":false}}]}");
    assertThat(list.capabilities()).containsExactly("mac");
    assertThat(list.withArguments(Map.of("colour", "red")).withDevice("d0").text()).isEqualTo(
        "{\"cniVersion\":\"1.0.0\",\"name\":\"mine\",\"plugins\":[{\"type\":\"bridge\",\"args\":{\"cni\":{\"colour\":\"red\",\"size\":1}},"
            + "\"deviceID\":\"d0\",\"pciBusID\":\"d0\"},{\"type\":\"tuning\",\"capabilities\":{\"mac\":true,\"ips\":false},"
            + "\"args\":{\"cni\":{\"colour\":\"red\"}},\"deviceID\":\"d0\",\"pciBusID\":\"d0\"}]}");
  }

  @Test
  void whatNoPluginCanDoIsRefused() {
    assertRefused("[{'name':'fast','bandwidth':{'ingressRate':1}}]", Refusal.NETWORK_INCAPABLE, "default/fast", "bandwidth");
    assertRefused("[{'name':'vpc','mac':'02:00:00:00:00:01'}]", Refusal.NETWORK_INCAPABLE, "default/vpc", "mac");
  }

  @Test
  void networksThatAreNotThereOrWrongAreRefusedByName() {
    assertRefused("nowhere", Refusal.NO_NETWORK, "default/nowhere");
    assertRefused("fast@net7,vpc@net7", Codes.POD_INVALID, "net7", "default/vpc");
    assertRefused("fast@eth0", Codes.POD_INVALID, "eth0");
    for (String config : List.of("", "{", "[]", "{\"cniVersion\":\"1.0.0\"}", "{\"plugins\":[]}", "{\"plugins\":[{}]}", "{\"type\":7}",
        "{\"type\":\"../../bin/sh\"}", "{\"name\":\"a b\",\"type\":\"x\"}", "{\"type\":\"multus\"}",
        "{\"plugins\":[{\"type\":\"patchbay-cni\"}]}", "{\"type\":\"patchbay-cni\",\"subnet\":\"typo\"}",
        "{\"type\":\"patchbay-cni\",\"subnets\":\"subnet-1\"}", "{\"type\":\"patchbay-cni\",\"families\":[\"IPv5\"]}",
        "{\"type\":\"patchbay-cni\",\"routes\":[{\"dst\":\"x\"}]}", "{\"type\":\"patchbay-cni\",\"interfaces\":0}",
        "{\"type\":\"patchbay-cni\",\"subnets\":[\"subnet-1\"],\"subnetTags\":{\"a\":\"b\"}}")) {
      Finding reason = refusal(extras(Fields.empty(), Nets.node(Nets.of("odd", config)), pod("odd")));
      assertThat(reason.code()).as(config).isEqualTo(Refusal.NETWORK_INVALID);
      assertThat(reason.cause()).as(config).contains("default/odd");
    }
  }

  @Test
  void whereTheObjectHasNoConfigurationAFileOfItsNameHasIt() {
    TestNode node = Nets.node(Nets.of("filed", ""), Nets.of("lane", " "), Nets.file("05-broken.conf", "{"),
        Nets.file("10-first.conf", "{\"cniVersion\":\"1.0.0\",\"name\":\"filed\",\"type\":\"bridge\"}"),
        Nets.file("20-second.conf", "{\"cniVersion\":\"1.0.0\",\"name\":\"filed\",\"type\":\"ptp\"}"),
        Nets.file("30-lane.conflist", Nets.LANE.replace("{\"cni", "{\"name\":\"lane\",\"cni")));
    List<ExtraAttachment> extras = extras(Fields.empty(), node, pod("filed")).plan().orElseThrow();
    assertThat(plan(next(first(node, pod("filed")), extras.getFirst())).elements(Act.class).getFirst().configuration().orElseThrow())
        .contains("\"type\":\"bridge\"");
    assertThat(mode(Fields.empty()).plan(node).plan().orElseThrow().lanes()).extracting(Lane::name).containsExactly("multus.default.lane");
    Finding reason = refusal(extras(Fields.empty(), Nets.node(Nets.of("filed", "")), pod("filed")));
    assertThat(reason.cause()).contains("default/filed");
    assertThat(reason.remedy()).contains("cni.networkDir");
  }

  @Test
  void aPodIsKeptToItsNamespaceOnlyWhereThatIsSet() {
    assertThat(extras("other/far")).hasSize(1);
    Fields isolated = Fields.empty().with("namespaceIsolation", true);
    assertThat(refusal(extras(isolated, NODE, pod("other/far"))).code()).isEqualTo(Refusal.NETWORK_FORBIDDEN);
    assertThat(extras(isolated, NODE, pod("fast")).plan()).isPresent();
    assertThat(extras(isolated, NODE, pod("default/fast").inNamespace("third")).plan()).isPresent();
    assertThat(extras(isolated.with("globalNamespaces", List.of("other")), NODE, pod("other/far")).plan()).isPresent();
    assertThat(refusal(extras(isolated.with("globalNamespaces", List.of("other")), NODE, pod("default/fast").inNamespace("third"))).code())
        .isEqualTo(Refusal.NETWORK_FORBIDDEN);
  }

  @Test
  void defaultNetworksComeFirstAndNotToSystemPods() {
    Fields settings = Fields.empty().with("defaultNetworks", List.of("other/far", "default/vpc@lane0"));
    assertThat(extras(settings, NODE, pod("fast")).plan().orElseThrow()).extracting(ExtraAttachment::interfaceName)
        .containsExactly("net1", "lane0", "net3");
    assertThat(extras(settings, NODE, TestPod.named("dns").inNamespace("kube-system"))).isInstanceOf(Answer.Pass.class);
  }

  @Test
  void theNodeIsReadyWhenThePluginsAreThatEveryPodNeeds() {
    Fields settings = Fields.empty().with("defaultNetworks", List.of("other/far", "default/vpc", "default/nowhere"));
    assertThat(mode(settings).node(NODE).plan().orElseThrow().elements()).singleElement().isInstanceOfSatisfying(Act.class, act -> {
      assertThat(act.id()).isEqualTo("other/far");
      assertThat(act.configuration().orElseThrow()).contains("\"name\":\"far\"", "\"type\":\"macvlan\"");
    });
    assertThat(mode(Fields.empty()).node(NODE).plan().orElseThrow().elements()).isEmpty();
  }

  @Test
  void devicesAreDealtOutInOrder() {
    TestObject card = Nets.of("card", Nets.MACVLAN).withAnnotation(Definitions.RESOURCE, "example.com/card");
    List<ExtraAttachment> two = extras(Fields.empty(), Nets.node(card), pod("card,card")).plan().orElseThrow();
    TestAttachment second = next(next(first(Nets.node(card), pod("card,card")), two.get(0)), two.get(1));
    assertThat(plan(second).elements(Act.class)).singleElement().satisfies(a -> assertThat(a.resource()).contains("example.com/card"));
    Act act = plan(second.withOutcome("device", Fields.empty().with("ids", List.of("a", "b")))).elements(Act.class).getLast();
    assertThat(act.configuration().orElseThrow()).contains("\"deviceID\":\"b\"", "\"pciBusID\":\"b\"");
    assertThat(act.arguments().fields("capabilities").text("deviceID")).contains("b");
    Fields info = Fields.empty().with("type", "pci").with("version", "1.1.0").with("pci", Fields.empty().with("pci-address", "0000:3b:00.1"));
    assertThat(NetworkStatus.text(List.of(second.withOutcome("device", Fields.empty().with("ids", List.of("a", "b"))
        .with("info", List.of(Fields.empty(), info))).withOutcome(Plugins.ACT, Nets.outcome("net2", "10.1.1.8/24", "")))))
        .contains("\"device-info\":{\"pci\":{\"pci-address\":\"0000:3b:00.1\"},\"type\":\"pci\",\"version\":\"1.1.0\"}");
    // Where there are fewer than networks, those that come later are without, as with Multus.
    assertThat(plan(second.withOutcome("device", Fields.empty().with("ids", List.of("a")))).elements(Act.class).getLast()
        .configuration().orElseThrow()).doesNotContain("deviceID");
    Answer<DatapathPlan> unknown = mode(Fields.empty()).attachment(second.withOutcome("device", Fields.empty().with("error", "no file.")));
    assertThat(refusal(unknown).cause()).contains("default/card", "example.com/card", "no file");
  }

  @Test
  void aPluginThatFailsIsARefusalInItsWords() {
    TestAttachment attachment = next(first(NODE, pod("fast")), extras("fast").getFirst())
        .withOutcome(Plugins.ACT, Fields.empty().with("error", "macvlan failed (ADD): no master"));
    Finding reason = refusal(mode(Fields.empty()).attachment(attachment));
    assertThat(reason.code()).isEqualTo(Refusal.DELEGATE_FAILED);
    assertThat(reason.cause()).contains("default/fast", "macvlan failed (ADD): no master");
  }

  @Test
  void theDefaultRouteGoesWhereThePodSaysWhenAllInterfacesAreThere() {
    List<ExtraAttachment> extras = extras("[{'name':'fast','default-route':['10.1.1.254']},{'name':'vpc'}]");
    TestAttachment fast = next(first(NODE, pod("fast")), extras.get(0)).withOutcome(Plugins.ACT, Nets.outcome("net1", "10.1.1.7/24", ""));
    assertThat(plan(fast).elements(Route.class)).isEmpty();
    TestAttachment last = next(fast, extras.get(1)).withAddress("10.0.77.9", eni());
    assertThat(plan(last).elements(Route.class)).filteredOn(Route::isAlone).singleElement().satisfies(route -> {
      assertThat(route.destination()).hasToString("0.0.0.0/0");
      assertThat(route.via()).contains(IpAddress.of("10.1.1.254"));
      assertThat(route.device().orElseThrow().name()).contains("net1");
    });
  }

  @Test
  void anEmptyDefaultRouteKeepsThePluginsOwnOrTheRouterOfTheVpc() {
    ExtraAttachment extra = extras("[{'name':'fast','default-route':[]}]").getFirst();
    TestAttachment fast = next(first(NODE, pod("fast")), extra);
    assertThat(plan(fast.withOutcome(Plugins.ACT, Nets.outcome("net1", "10.1.1.7/24", "10.1.1.1"))).elements(Route.class))
        .singleElement().satisfies(r -> assertThat(r.via()).contains(IpAddress.of("10.1.1.1")));
    assertThat(plan(fast.withOutcome(Plugins.ACT, Nets.outcome("net1", "10.1.1.7/24", ""))).elements(Route.class)).isEmpty();
    ExtraAttachment lane = extras("[{'name':'vpc','default-route':['10.0.77.1']}]").getFirst();
    assertThat(plan(next(first(NODE, pod("vpc")), lane).withAddress("10.0.77.9", eni())).elements(Route.class)).filteredOn(Route::isAlone)
        .singleElement().satisfies(r -> assertThat(r.via()).contains(IpAddress.of("169.254.1.2")));
    assertRefused("[{'name':'fast','default-route':['10.1.1.1']},{'name':'vpc','default-route':['10.1.1.2']}]", Codes.POD_INVALID,
        "default-route");
    assertRefused("[{'name':'fast','default-route':[]},{'name':'vpc','default-route':['10.1.1.2']}]", Codes.POD_INVALID, "default-route");
    assertThat(extras("[{'name':'fast','default-route':['10.1.1.1']},{'name':'vpc','default-route':['fd00::1']}]")).hasSize(2);
  }

  private static TestEni eni() {
    return TestEni.numbered(7, TestSubnet.numbered(7));
  }

  @Test
  void aLaneComesFromEachNetworkOfOurTypeAndWrongOnesAreTold() {
    TestNode node = Nets.node(Nets.macvlan("fast"), Nets.lane("vpc"), Nets.of("odd", "{\"type\":\"patchbay-cni\",\"typo\":1}"),
        Nets.of("broken", "{"));
    Answer<dev.patchbay.spi.eni.EniPlan> answer = mode(Fields.empty()).plan(node);
    Lane lane = answer.plan().orElseThrow().lanes().getFirst();
    assertThat(answer.plan().orElseThrow().lanes()).hasSize(1);
    assertThat(lane.origin()).hasToString("NetworkAttachmentDefinition default/vpc");
    assertThat(lane.subnets().ids()).containsExactly("subnet-00000000000000077");
    assertThat(lane.groups().ids()).containsExactly("sg-00000000000000041");
    assertThat(((Answer.Planned<?>) answer).findings()).singleElement()
        .satisfies(f -> assertThat(f.subject()).contains("default/odd"));
    assertThat(mode(Fields.empty()).plan(node, answer.plan().orElseThrow()).plan().orElseThrow().supplies()).hasSize(1);
  }

  @Test
  void aNameOfAnyLengthGivesALaneOfItsOwn() throws Refusal {
    String name = "n".repeat(63);
    Lane one = LaneNetwork.of(Definitions.read(NODE, Nets.of("a".repeat(63), name, Nets.LANE))).lane();
    Lane two = LaneNetwork.of(Definitions.read(NODE, Nets.of("a".repeat(62) + "b", name, Nets.LANE))).lane();
    assertThat(one.name()).hasSizeLessThanOrEqualTo(63).isNotEqualTo(two.name());
  }

  @Test
  void anInterfaceInALaneHasWhatThePodAsksItForAndNotWhatTheRuntimeAsks() {
    String networks = "[{'name':'vpc','portMappings':[{'hostPort':8081,'containerPort':81}],'bandwidth':{'ingressRate':1000}}]";
    TestPod pod = pod(networks).withCapabilities(Fields.empty().with("portMappings", List.of(
        Fields.empty().with("hostPort", 8080).with("containerPort", 80).with("protocol", "tcp"))));
    ExtraAttachment extra = extras(networks).getFirst();
    TestAttachment bare = next(first(NODE, pod), extra);
    assertThat(mode(Fields.empty()).addresses(bare).plan().orElseThrow())
        .containsExactly(AddressRequest.from("multus.default.vpc", AddressFamily.IPV4));
    DatapathPlan plan = plan(bare.withAddress("10.0.77.9", eni()));
    assertThat(plan.elements(PortMapping.class)).extracting(PortMapping::hostPort).containsExactly(8081);
    assertThat(plan.elements(RateLimit.class)).singleElement().satisfies(limit -> assertThat(limit.rate()).isEqualTo(1000));
    assertThat(plan.elements(Route.class)).extracting(r -> r.destination().toString()).contains("10.9.0.0/16").doesNotContain("0.0.0.0/0");
  }

  @Test
  void aSubnetThatAPodIsOnTwiceIsReachedByTheInterfaceThatCameFirst() {
    List<ExtraAttachment> extras = extras("vpc,vpc");
    TestAttachment one = next(first(NODE, pod("vpc,vpc")), extras.getFirst()).withAddress("10.0.77.9", eni());
    TestAttachment two = next(one, extras.getLast()).withAddress("10.0.77.10", eni());
    List<Integer> metrics = Stream.of(one, two).map(a -> plan(a).elements(Route.class).stream()
        .filter(r -> r.destination().toString().equals("10.9.0.0/16")).findFirst().orElseThrow().metric().orElseThrow()).toList();
    assertThat(metrics).isSorted().doesNotHaveDuplicates().hasSize(2);
  }

  @Test
  void thePodsFirstInterfaceIsClaimedWhereItNamesALane() {
    TestPod claimed = TestPod.named("first").withAnnotation(Annotation.DEFAULT_NETWORK, "default/vpc");
    assertThat(mode(Fields.empty()).claim(TestAttachment.of(NODE, claimed)).plan()).contains(EnumSet.of(AddressFamily.IPV4));
    assertThat(mode(Fields.empty()).addresses(TestAttachment.of(NODE, claimed)).plan().orElseThrow())
        .containsExactly(AddressRequest.from("multus.default.vpc", AddressFamily.IPV4));
    assertThat(mode(Fields.empty()).claim(TestAttachment.of(NODE, TestPod.named("plain")))).isInstanceOf(Answer.Pass.class);
    TestAttachment other = TestAttachment.of(NODE, TestPod.named("first").withAnnotation(Annotation.DEFAULT_NETWORK, "default/fast")
        .withCapabilities(Fields.empty().with("bandwidth", Fields.empty().with("ingressRate", 9))));
    assertThat(mode(Fields.empty()).claim(other).plan()).contains(EnumSet.allOf(AddressFamily.class));
    assertThat(mode(Fields.empty()).addresses(other).plan().orElseThrow()).isEmpty();
    Act act = plan(other).elements(Act.class).getFirst();
    assertThat(act.interfaceName()).contains("eth0");
    assertThat(act.arguments().fields("capabilities").fields("bandwidth").number("ingressRate")).hasValue(9);
    TestAttachment made = other.withOutcome(Plugins.ACT, Nets.outcome("eth0", "10.1.1.7/24", "10.1.1.1"));
    assertThat(NetworkStatus.text(List.of(made))).contains("\"name\":\"default/fast\",\"interface\":\"eth0\"", "\"default\":true");
    for (String wrong : List.of("default/vpc,default/vpc", "vpc", "a/b/c")) {
      Answer<Set<AddressFamily>> answer = mode(Fields.empty()).claim(
          TestAttachment.of(NODE, TestPod.named("first").withAnnotation(Annotation.DEFAULT_NETWORK, wrong)));
      assertThat(refusal(answer).cause()).as(wrong).containsAnyOf(Annotation.DEFAULT_NETWORK, "kube-system/vpc");
    }
  }

  @Test
  void theStatusTellsOfAllInterfacesWhenTheLastIsThere() {
    List<ExtraAttachment> extras = extras("fast,vpc");
    TestAttachment first = first(NODE, pod("fast,vpc"));
    TestAttachment fast = next(first, extras.get(0)).withOutcome(Plugins.ACT, Nets.outcome("net1", "10.1.1.7/24", "10.1.1.1"));
    TestAttachment vpc = next(fast, extras.get(1)).withAddress("10.0.77.9", eni()).withMac(MacAddress.of("02:00:00:00:11:02"));
    NetworkStatus status = new NetworkStatus(true);
    assertThat(status.attachment(first).plan()).contains(ObjectPlan.empty());
    ObjectPlan ofFast = status.attachment(fast).plan().orElseThrow();
    assertThat(ofFast.patches()).isEmpty();
    assertThat(ofFast.events()).singleElement().satisfies(e -> {
      assertThat(e.code().name()).isEqualTo("AddedInterface");
      assertThat(e.text()).isEqualTo("Add net1 [10.1.1.7/24] from default/fast.");
    });
    ObjectPlan.Patch patch = status.attachment(vpc).plan().orElseThrow().patches().getFirst();
    assertThat(patch.subresource()).isEqualTo("status");
    Fields metadata = patch.content().fields("metadata");
    assertThat(metadata.text("uid")).contains(vpc.pod().uid());
    assertThat(metadata.fields("annotations").text(NetworkStatus.KEY)).contains(
        "[{\"name\":\"patchbay\",\"interface\":\"eth0\",\"ips\":[\"10.0.1.17\"],\"default\":true,\"dns\":{},\"gateway\":[\"169.254.1.1\"]},"
            + "{\"name\":\"default/fast\",\"interface\":\"net1\",\"ips\":[\"10.1.1.7\"],\"mac\":\"02:00:00:00:11:01\",\"dns\":{},"
            + "\"gateway\":[\"10.1.1.1\"]},"
            + "{\"name\":\"default/vpc\",\"interface\":\"net2\",\"ips\":[\"10.0.77.9\"],\"mac\":\"02:00:00:00:11:02\",\"dns\":{}}]");
    assertThat(status.attachment(first(NODE, TestPod.named("plain"))).plan().orElseThrow().patches()).hasSize(1);
    assertThat(new NetworkStatus(false).attachment(first(NODE, TestPod.named("plain"))).plan()).contains(ObjectPlan.empty());
  }

  @Test
  void aResultWithSeveralInterfacesHasAStatusForEachInThePod() {
    Fields result = Fields.empty().with("interfaces", List.of(
        Fields.empty().with("name", "veth1"), Fields.empty().with("name", "a").with("sandbox", "s").with("mtu", 1400),
        Fields.empty().with("name", "b").with("sandbox", "s")))
        .with("ips", List.of(Fields.empty().with("address", "10.1.1.1/24").with("interface", 1), Fields.empty().with("address", "10.1.1.2/24"),
            Fields.empty().with("address", "10.1.1.3/24").with("interface", 0)))
        .with("dns", Fields.empty().with("nameservers", List.of("10.1.1.9")));
    TestAttachment attachment = next(first(NODE, pod("fast")), extras("fast").getFirst())
        .withOutcome(Plugins.ACT, Fields.empty().with("result", result));
    assertThat(NetworkStatus.text(List.of(attachment))).isEqualTo(
        "[{\"name\":\"default/fast\",\"interface\":\"a\",\"ips\":[\"10.1.1.1\"],\"mtu\":1400,\"dns\":{\"nameservers\":[\"10.1.1.9\"]}},"
            + "{\"name\":\"default/fast\",\"interface\":\"b\",\"ips\":[\"10.1.1.2\"],\"dns\":{\"nameservers\":[\"10.1.1.9\"]}}]");
  }

  @Test
  void resultsOfOldVersionsAreRead() {
    PluginResult old = new PluginResult(Fields.empty().with("ip4", Fields.empty().with("ip", "10.1.1.1/24")
        .with("routes", List.of(Fields.empty().with("dst", "0.0.0.0/0").with("gw", "10.1.1.254")))));
    assertThat(old.ips()).extracting(PluginResult.Ip::bare).containsExactly("10.1.1.1");
    assertThat(old.gateways()).containsExactly(IpAddress.of("10.1.1.254"));
    PluginResult byAddress = new PluginResult(Fields.empty().with("routes", List.of(Fields.empty().with("dst", "::0/0")))
        .with("ips", List.of(Fields.empty().with("address", "fd00::2/64").with("gateway", "fd00::1"))));
    assertThat(byAddress.gateways()).containsExactly(IpAddress.of("fd00::1"));
    assertThat(Optional.of(new PluginResult(Fields.empty()).gateways())).contains(List.of());
  }
}
