package dev.patchbay.it.e2e.modes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.e2e.Ec2Calls;
import dev.patchbay.it.e2e.Figures;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Probe;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.CniException;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.LabSettings;
import dev.patchbay.lab.PodRequest;
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.CidrReservation;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.SecurityGroup;
import dev.patchbay.lab.vpc.Subnet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Which of several subnets pods lie in, by the node's configuration and by their namespaces, with real packets. */
class SubnetsTest {
  private static final Map<String, Object> SINGLE = Map.of("use", "secondary-ip", "settings", Map.of("warmIpTarget", 1));
  private static final Map<String, Object> PREFIX = Map.of("use", "prefix");
  private static final String ROLE = "kubernetes.io/role/cni";
  private static final AtomicInteger PODS = new AtomicInteger();
  private static final String CLUSTERS = "cni.networking.k8s.aws/cluster/";

  /** A lab with a node that runs the base alone until {@link #run}, and whose VPC has a block for pods: subnets have their ids first. */
  private static Lab lab(String instanceType, Map<String, Object> base) {
    Map<String, Object> configuration = new LinkedHashMap<>(Modules.with(base, List.of(Map.of("use", "custom-net"))));
    configuration.put("cluster", Map.of("name", "ours"));
    Lab lab = Lab.start(LabSettings.discover(Labs.name()).withNodes(1).withInstanceType(instanceType).withConfiguration(configuration));
    lab.model().blocks().add(lab.vpcId(), Cidr.parse("100.64.0.0/16"));
    return lab;
  }

  private static LabNode run(Lab lab, Map<String, Object> base, Map<String, Object> settings) {
    lab.awaitFabric();
    Labs.reconfigure(lab.node(0), Map.of("modes", List.of(base, Map.of("use", "custom-net", "settings", settings))));
    return lab.node(0);
  }

  private static Subnet subnet(Lab lab, String zone, String block, Map<String, String> tags) {
    return lab.model().network().createSubnet(lab.vpcId(), lab.model().settings().region() + zone, Cidr.parse("100.64." + block),
        Optional.empty(), false, tags);
  }

  /** A pod of a namespace of that name; it is tried again as kubelet does, since the lane's first interface may be on its way. */
  private static LabPod pod(LabNode node, String namespace) {
    return Until.there("a pod in " + namespace, () -> {
      try {
        return Optional.of(node.addPod(PodRequest.of("pod" + PODS.getAndIncrement()).in(namespace)));
      } catch (CniException notYet) {
        return Optional.empty();
      }
    });
  }

  private static NetworkInterface eni(LabPod pod) {
    return Reports.eni(pod.node(), pod.address());
  }

  /** Each reaches each, and sees its own address. */
  private static void reachOneAnother(List<LabPod> pods) {
    for (LabPod from : pods) {
      for (LabPod to : pods) {
        if (from != to) {
          assertThat(Probe.seen(from.netns(), to.netns(), to.address())).as("%s to %s", from, to).contains(from.address());
        }
      }
    }
  }

  @Test
  void theNodeAndTheNamespaceSayInWhichSubnetsPodsLie() {
    try (Lab lab = lab("m5.4xlarge", SINGLE)) {
      Subnet small = subnet(lab, "a", "0.0/26", Map.of());
      Subnet large = subnet(lab, "a", "1.0/24", Map.of());
      Subnet elsewhere = subnet(lab, "b", "2.0/23", Map.of());
      Subnet full = subnet(lab, "a", "4.0/28", Map.of());
      lab.model().others().fill(full.id(), 0);
      Subnet shop = subnet(lab, "a", "5.0/25", Map.of("team", "shop"));
      SecurityGroup group = lab.model().groups().create(lab.vpcId(), "shop", "pods of the shop", Map.of("team", "shop"));
      lab.model().groups().authorizeIngress(group.id(), List.of(SecurityGroup.Rule.all(new SecurityGroup.Members(lab.nodeGroup().id()))));
      lab.model().groups().authorizeIngress(lab.nodeGroup().id(), List.of(SecurityGroup.Rule.all(new SecurityGroup.Members(group.id()))));
      Subnet found = subnet(lab, "a", "6.0/27", Map.of(ROLE, "1"));
      Subnet ours = subnet(lab, "a", "7.0/28", Map.of(ROLE, "1", CLUSTERS + "ours", "shared"));
      // Each has more free addresses than those that are found.
      subnet(lab, "a", "8.0/24", Map.of(ROLE, "0"));
      subnet(lab, "a", "9.0/24", Map.of(ROLE, "1", CLUSTERS + "another", "shared"));
      subnet(lab, "a", "10.0/24", Map.of());
      String nodes = lab.node(0).interfaces().getFirst().subnetId();
      lab.model().tags().create(List.of(nodes), Map.of(ROLE, "0"));

      LabNode node = run(lab, SINGLE, Map.of("subnets", List.of(small.id(), elsewhere.id(), large.id()), "namespaces", Map.of(
          "ordered", Map.of("namespaces", List.of("ordered"), "order", "as-written", "subnets",
              List.of(elsewhere.id(), full.id(), small.id(), large.id())),
          "shop", Map.of("namespaces", List.of("shop"), "subnetTags", Map.of("team", "shop"), "securityGroupTags", Map.of("team", "shop")),
          "found", Map.of("namespaces", List.of("found"), "discoverSubnets", true))));
      LabPod mostFree = pod(node, "default");
      LabPod ordered = pod(node, "ordered");
      LabPod tagged = pod(node, "shop");
      LabPod discovered = pod(node, "found");
      assertThat(eni(mostFree).subnetId()).as("the most free of the zone").isEqualTo(large.id());
      assertThat(eni(ordered).subnetId()).as("the first of the zone that has room").isEqualTo(small.id());
      assertThat(eni(tagged).subnetId()).as("by tag").isEqualTo(shop.id());
      assertThat(eni(tagged).groups()).as("groups by tag").containsExactly(group.id());
      assertThat(eni(mostFree).groups()).isEqualTo(node.interfaces().getFirst().groups());
      assertThat(eni(discovered).subnetId()).as("of those found and not excluded the most free").isEqualTo(found.id());
      reachOneAnother(List.of(mostFree, ordered, tagged, discovered));
      assertThat(node.interfaces().getFirst().secondaries()).as("the primary interface carries no pods").isEmpty();

      // The subnet that was found is left out from now on: what lies there stays, a node that begins looks elsewhere.
      lab.model().tags().create(List.of(found.id()), Map.of(ROLE, "0"));
      node.daemon().stop();
      node.daemon().start();
      node.daemon().awaitServing(Until.LONG);
      LabPod later = Until.there("a pod in the other subnet", Until.LONG.multipliedBy(2), () -> {
        LabPod pod = pod(node, "found");
        if (eni(pod).subnetId().equals(ours.id())) {
          return Optional.of(pod);
        }
        pod.delete();
        return Optional.empty();
      });
      reachOneAnother(List.of(discovered, later, tagged));
      Until.holds("the status names the interface that lies elsewhere", () -> Reports.of(node).path("findings").findParents("code")
          .stream().anyMatch(f -> f.toString().contains("EniDiffers") && f.toString().contains(eni(discovered).id())));
      Figures.print("custom-net", "4 lanes on a node; EC2: %s", Ec2Calls.of(lab, node).counts());
    }
  }

  @Test
  void prefixesAreSoughtWhereTheyAreLikeliestToBeHad() {
    try (Lab lab = lab("t3.small", PREFIX)) {
      Subnet scattered = subnet(lab, "a", "0.0/24", Map.of());
      lab.model().others().fragment(scattered.id());
      Subnet whole = subnet(lab, "a", "1.0/25", Map.of());
      Subnet reserving = subnet(lab, "a", "2.0/26", Map.of());
      Cidr reserved = Cidr.parse("100.64.2.32/27");
      lab.model().network().reserve(reserving.id(), reserved, CidrReservation.Kind.PREFIX, "for pods", Map.of());
      LabNode node = run(lab, PREFIX, Map.of("subnets", List.of(scattered.id(), whole.id()), "order", "prefix-friendly", "namespaces",
          Map.of("reserved", Map.of("namespaces", List.of("reserved"), "order", "prefix-friendly", "subnets",
              List.of(scattered.id(), whole.id(), reserving.id())))));
      LabPod next = pod(node, "default");
      LabPod first = pod(node, "reserved");
      assertThat(eni(next).subnetId()).as("the most free has no block").isEqualTo(whole.id());
      assertThat(eni(next).ipv4Prefixes()).anyMatch(p -> p.contains(Ip.of(next.address())));
      assertThat(eni(first).subnetId()).as("one that reserves a range comes first").isEqualTo(reserving.id());
      assertThat(reserved.contains(Ip.of(first.address()))).isTrue();
      reachOneAnother(List.of(next, first));
      // Each subnet was asked once for what it reserves, and the scattered one for a prefix no more than twice: several, then one.
      Ec2Calls calls = Ec2Calls.of(lab, node);
      assertThat(calls.of("GetSubnetCidrReservations").all().stream().filter(c -> !c.parameters().containsKey("DryRun"))).hasSize(3);
      assertThat(calls.of("CreateNetworkInterface").all().stream().filter(c -> c.parameters().containsValue(scattered.id())))
          .hasSizeBetween(1, 2);
      Figures.print("custom-net", "prefix-friendly; EC2: %s", calls.counts());
    }
  }
}
