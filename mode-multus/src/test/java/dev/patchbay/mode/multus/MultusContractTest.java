package dev.patchbay.mode.multus;

import dev.patchbay.spi.Fields;
import dev.patchbay.tck.ModeContract;
import dev.patchbay.tck.ModeUnderTest;
import dev.patchbay.tck.view.TestEni;
import dev.patchbay.tck.view.TestPod;
import dev.patchbay.tck.view.TestSubnet;
import java.util.List;

/** The mode keeps the contract of every mode. */
class MultusContractTest implements ModeContract {
  @Override
  public ModeUnderTest mode() {
    return ModeUnderTest.of(new MultusProvider())
        .withObject(Nets.macvlan("fast")).withObject(Nets.lane("vpc"))
        .withObject(Nets.of("card", Nets.MACVLAN).withAnnotation(Definitions.RESOURCE, "example.com/card"))
        .withObject(Nets.of("odd", "{")).withObject(Nets.of("upon", Nets.UPON))
        .withObject(Nets.of("filed", "")).withObject(Nets.file("10-filed.conf", Nets.MACVLAN.replace("{\"cni", "{\"name\":\"filed\",\"cni")))
        .withPod(TestPod.named("filed").withAnnotation(Annotation.NETWORKS, "filed"))
        .withEachNode(node -> node.withEni(TestEni.numbered(98, TestSubnet.numbered(9)).withDevices("eth5")))
        .withPod(TestPod.named("lent").withAnnotation(Annotation.NETWORKS, "upon,upon"))
        .withPod(TestPod.named("lentfirst").withAnnotation(Annotation.DEFAULT_NETWORK, "default/upon"))
        .withOutcome("device", Fields.empty().with("ids", List.of("0000:00:05.0")))
        .withOutcome(Plugins.ACT, Nets.outcome("net1", "10.1.1.11/24", "10.1.1.1"))
        .withSettings(Fields.empty().with("namespaceIsolation", true).with("defaultNetworks", List.of("kube-system/none")))
        .withSettings(Fields.empty().with("statusOfAllPods", false))
        .withPod(TestPod.named("three").withAnnotation(Annotation.NETWORKS, "fast,vpc@lane0,fast"))
        .withPod(TestPod.named("wired").withAnnotation(Annotation.NETWORKS, "card"))
        .withPod(TestPod.named("away").withAnnotation(Annotation.NETWORKS, "[{\"name\":\"fast\",\"default-route\":[\"10.1.1.254\"]}]"))
        .withPod(TestPod.named("first").withAnnotation(Annotation.DEFAULT_NETWORK, "default/vpc"))
        .withPod(TestPod.named("wrong").withAnnotation(Annotation.NETWORKS, "[{"))
        .withPod(TestPod.named("lost").withAnnotation(Annotation.NETWORKS, "nowhere"))
        .withPod(TestPod.named("bad").withAnnotation(Annotation.NETWORKS, "odd"))
        .withPod(TestPod.named("unreadable").unreadable());
  }
}
