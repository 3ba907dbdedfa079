package dev.patchbay.linux.datapath;

import static dev.patchbay.linux.datapath.TestNode.own;
import static dev.patchbay.linux.datapath.TestNode.pod;
import static dev.patchbay.linux.datapath.TestNode.pod6;
import static dev.patchbay.linux.datapath.TestNode.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.kernel.KernelObject;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.netlink.Netns;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.PolicyRule;
import dev.patchbay.spi.datapath.PortMapping;
import dev.patchbay.spi.datapath.ReturnPath;
import dev.patchbay.spi.datapath.Table;
import dev.patchbay.spi.datapath.Translation;
import dev.patchbay.spi.net.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The classic rendering makes the rules, routes and chains that aws-node makes, exactly. Rules of iptables are compared with what iptables
 * itself makes of the commands, in a namespace of its own.
 */
class ClassicTest {
  private static final String SNAT = "-t nat -A AWS-SNAT-CHAIN-0 ";
  private static final String RETURN = SNAT + "-d 10.0.0.0/16 -m comment --comment 'AWS SNAT CHAIN' -j RETURN";
  private static final String TRANSLATE =
      SNAT + "! -o vlan+ -m comment --comment 'AWS, SNAT' -m addrtype ! --dst-type LOCAL -j SNAT --to-source 10.0.0.10";
  private static final String JUMP = "-t nat -A POSTROUTING -m comment --comment 'AWS SNAT CHAIN' -j AWS-SNAT-CHAIN-0";
  private static final String ARRIVING = "-t mangle -A PREROUTING -i eth0 -m comment --comment 'AWS, primary ENI' -m addrtype"
      + " --dst-type LOCAL --limit-iface-in -j CONNMARK --set-mark 0x80/0x80";
  private static final String FROM_PODS =
      "-t mangle -A PREROUTING -i eni+ -m comment --comment 'AWS, primary ENI' -j CONNMARK --restore-mark --mask 0x80";
  private static final String FROM_VLANS =
      "-t mangle -A PREROUTING -i vlan+ -m comment --comment 'AWS, primary ENI' -j CONNMARK --restore-mark --mask 0x80";

  private final TestNode test = new TestNode();
  private final KernelDatapath datapath = test.datapath(Rendering.CLASSIC);

  @AfterEach
  void close() {
    test.close();
  }

  private List<String> rules(String family) {
    return run(test.node, "", "ip", family, "rule").lines().map(l -> l.replaceAll(" proto \\S+", "").replace('\t', ' ').strip()).toList();
  }

  private List<String> routes(String family, String table) {
    return run(test.node, "", "ip", family, "route", "show", "table", table).lines()
        .map(l -> l.replaceAll(" (proto|metric|pref) \\S+", "").replace(" linkdown", "").strip()).toList();
  }

  private static List<String> saved(Netns where, String... tool) {
    return run(where, "", tool).lines().filter(l -> !l.startsWith("#")).map(l -> l.replaceAll("\\[\\d+:\\d+\\]", ""))
        // iptables shows all chains of a table where it made one; a chain without rules is nothing.
        .filter(l -> !l.matches(":(INPUT|FORWARD|OUTPUT|PREROUTING|POSTROUTING) ACCEPT ?")).toList();
  }

  /** What iptables makes of some commands. */
  private List<String> byIptables(String tool, List<String> commands) {
    Netns apart = test.newPod();
    commands.forEach(c -> run(apart, "", "bash", "-c", tool + " " + c));
    return saved(apart, tool + "-save");
  }

  @Test
  void aNodeAndItsPodsHaveTheRulesAndRoutesOfAwsNode() {
    datapath.applyNode(test.nodeDatapath(PolicyRule.of("egress", Table.MAIN).withTo(Cidr.of("192.0.2.0/24"))));
    datapath.attach(test.path("one", 1, 0), test.newPod());
    datapath.attach(test.path("two", 0, 0), test.newPod());
    assertThat(rules("-4")).containsExactlyInAnyOrder(
        "0: from all lookup local",
        "512: from all to " + pod(1, 0) + " lookup main",
        "512: from all to " + pod(0, 0) + " lookup main",
        "1024: from all fwmark 0x80/0x80 lookup main",
        "1535: from all to 192.0.2.0/24 lookup main",
        "1536: from " + pod(1, 0) + " lookup 3",
        "32765: from " + own(1) + " lookup 3",
        "32765: from " + own(2) + " lookup 4",
        "32766: from all lookup main",
        "32767: from all lookup default");
    assertThat(routes("-4", "main")).containsExactlyInAnyOrder(
        "default via 10.0.0.1 dev eth0",
        "10.0.0.0/24 dev eth0 scope link src 10.0.0.10",
        pod(1, 0) + " dev " + TestNode.hostName(1, 0) + " scope link",
        pod(0, 0) + " dev " + TestNode.hostName(0, 0) + " scope link");
    assertThat(routes("-4", "3")).containsExactlyInAnyOrder("default via 10.0.0.1 dev eth1", "10.0.0.1 dev eth1 scope link");
    assertThat(routes("-4", "4")).containsExactlyInAnyOrder("default via 10.0.0.1 dev eth2", "10.0.0.1 dev eth2 scope link");
    assertThat(rules("-6")).contains("512: from all to " + pod6(1, 0) + " lookup main", "1536: from " + pod6(1, 0) + " lookup 3")
        .noneMatch(r -> r.startsWith("1024:"));
    assertThat(routes("-6", "main")).contains(pod6(1, 0) + " dev " + TestNode.hostName(1, 0));
    assertThat(run(test.node, "", "ip", "-o", "address", "show", "eth1")).contains("inet 10.0.0.11/24");
  }

  @Test
  void theChainsAreThoseOfAwsNode() {
    datapath.applyNode(test.nodeDatapath());
    assertThat(saved(test.node, "iptables-save")).containsExactlyInAnyOrderElementsOf(byIptables("iptables", List.of("-t nat -N AWS-SNAT-CHAIN-0",
        RETURN, TRANSLATE + " --random-fully", JUMP, ARRIVING, FROM_PODS, FROM_VLANS)));
    assertThat(saved(test.node, "iptables-save", "-t", "mangle")).as("in this order")
        .isEqualTo(byIptables("iptables", List.of(ARRIVING, FROM_PODS, FROM_VLANS)));
    Netns apart = test.newPod();
    run(apart, """
        table ip aws-cni {
          chain snat-mark {
            counter ip daddr 10.0.0.0/16 return
            counter ct mark set ct mark | 0x80
          }
          chain nat-prerouting {
            type nat hook prerouting priority -90; policy accept;
            fib daddr type local return
            iifname "eni*" counter jump snat-mark
            counter meta mark set ct mark & 0x80
          }
        }
        """, "nft", "-f", "-");
    for (String chain : List.of("nat-prerouting", "snat-mark")) {
      assertThat(run(test.node, "", "nft", "list", "chain", "ip", "aws-cni", chain).replaceAll("packets \\d+ bytes \\d+", ""))
          .isEqualTo(run(apart, "", "nft", "list", "chain", "ip", "aws-cni", chain).replaceAll("packets \\d+ bytes \\d+", ""));
    }
    assertThat(run(test.node, "", "nft", "list", "tables").lines()).containsExactlyInAnyOrder("table ip nat", "table ip mangle",
        "table ip aws-cni");
  }

  private NodeDatapath node(PlanElement... elements) {
    return new NodeDatapath(test.enis, DatapathPlan.of(elements), "eni", List.of(TestNode.VPC, Cidr.of("100.64.0.0/10")));
  }

  private static Translation outside(Cidr... exceptions) {
    return Translation.of(List.of(TestNode.SUBNET), own(0)).withExceptions(List.of(exceptions));
  }

  @ParameterizedTest
  @CsvSource({"random-fully, ' --random-fully'", "random, ' --random'", "kernel, ''"})
  void eachWayToChoosePortsIsThatOfAwsNode(String ports, String words) {
    datapath.applyNode(node(outside(TestNode.VPC).withPorts(ports)));
    assertThat(saved(test.node, "iptables-save", "-t", "nat"))
        .isEqualTo(byIptables("iptables", List.of("-t nat -N AWS-SNAT-CHAIN-0", RETURN, TRANSLATE + words, JUMP)));
  }

  @Test
  void withoutNodePortsOrTranslationTheChainsAreAsManyAsInAwsNode() {
    datapath.applyNode(node(outside(TestNode.VPC)));
    assertThat(saved(test.node, "iptables-save", "-t", "mangle")).as("no node ports").isEqualTo(byIptables("iptables", List.of(FROM_PODS)));
    assertThat(rules("-4")).contains("1024: from all fwmark 0x80/0x80 lookup main");
    datapath.applyNode(node(ReturnPath.of("eni-0")));
    assertThat(saved(test.node, "iptables-save", "-t", "mangle")).as("external translation")
        .isEqualTo(byIptables("iptables", List.of(ARRIVING, FROM_PODS, FROM_VLANS)));
    assertThat(saved(test.node, "iptables-save", "-t", "nat")).as("the chain is there, and empty")
        .isEqualTo(byIptables("iptables", List.of("-t nat -N AWS-SNAT-CHAIN-0")));
    assertThat(run(test.node, "", "nft", "list", "tables")).doesNotContain("aws-cni");
    assertThat(rules("-4")).contains("1024: from all fwmark 0x80/0x80 lookup main");
    datapath.applyNode(node());
    assertThat(rules("-4")).as("neither").noneMatch(r -> r.startsWith("1024:"));
    assertThat(run(test.node, "", "nft", "list", "ruleset")).isBlank();
  }

  @Test
  void whatIsExemptIsInTheOrderAndWithTheCommentsOfAwsNode() {
    Cidr second = Cidr.of("100.64.0.0/10");
    Cidr excluded = Cidr.of("192.0.2.0/25");
    datapath.applyNode(node(outside(TestNode.VPC, second, excluded)));
    assertThat(saved(test.node, "iptables-save", "-t", "nat")).isEqualTo(byIptables("iptables", List.of("-t nat -N AWS-SNAT-CHAIN-0",
        SNAT + "-d 192.0.2.0/25 -m comment --comment 'AWS SNAT CHAIN EXCLUSION' -j RETURN",
        SNAT + "-d 100.64.0.0/10 -m comment --comment 'AWS SNAT CHAIN' -j RETURN", RETURN, TRANSLATE + " --random-fully", JUMP)));
    assertThat(run(test.node, "", "nft", "list", "chain", "ip", "aws-cni", "snat-mark")).containsSubsequence("192.0.2.0/25", "100.64.0.0/10",
        "10.0.0.0/16", "ct mark set");
    datapath.applyNode(node(outside(Cidr.of("0.0.0.0/0"))));
    assertThat(saved(test.node, "iptables-save", "-t", "nat")).as("the kernel leaves out what is all")
        .contains("-A AWS-SNAT-CHAIN-0 -m comment --comment \"AWS SNAT CHAIN EXCLUSION\" -j RETURN");
  }

  @Test
  void nodeLocalBlocksOfBothFamiliesLeaveByChainsOfTheirOwn() {
    Cidr four = Cidr.of("169.254.172.0/22");
    Cidr six = Cidr.of("fd00::ac:0/118");
    NodeDatapath node = node(Translation.of(List.of(four), own(0)).withPorts("random"), Translation.of(List.of(six), TestNode.own6(0)));
    datapath.applyNode(node);
    String chain4 = run(test.node, "", "iptables-save", "-t", "nat").replaceAll("(?s).*:(CNI-E4-[0-9a-f]{21}) .*", "$1");
    String id4 = " -m comment --comment 'name: \"patchbay\" id: \"" + four + "\"' ";
    assertThat(saved(test.node, "iptables-save", "-t", "nat")).isEqualTo(byIptables("iptables", List.of("-t nat -N " + chain4,
        "-t nat -A " + chain4 + " -d 224.0.0.0/4" + id4 + "-j ACCEPT",
        "-t nat -A " + chain4 + id4 + "-j SNAT --to-source 10.0.0.10 --random",
        "-t nat -A POSTROUTING -s " + four + id4 + "-j " + chain4)));
    String chain6 = run(test.node, "", "ip6tables-save", "-t", "nat").replaceAll("(?s).*:(CNI-E6-[0-9a-f]{21}) .*", "$1");
    String id6 = " -m comment --comment 'name: \"patchbay\" id: \"" + six + "\"' ";
    assertThat(saved(test.node, "ip6tables-save", "-t", "nat")).isEqualTo(byIptables("ip6tables", List.of("-t nat -N " + chain6,
        "-t nat -A " + chain6 + " -d ff00::/8" + id6 + "-j ACCEPT",
        "-t nat -A " + chain6 + id6 + "-j SNAT --to-source " + TestNode.own6(0) + " --random-fully",
        "-t nat -A POSTROUTING -s " + six + id6 + "-j " + chain6)));
    assertThat(datapath.checkNode(node)).isEmpty();
  }

  @Test
  void whatIsSaidToBeThereIsFoundByTheTools() {
    datapath.applyNode(test.nodeDatapath());
    AttachmentPath path = test.path("one", 1, 0);
    Netns pod = test.newPod();
    datapath.attach(path, pod);
    List<KernelObject> objects = new ArrayList<>(datapath.examineNode(test.nodeDatapath()));
    objects.addAll(datapath.examine(path, Optional.of(pod)));
    assertThat(objects).allSatisfy(o -> assertThat(o.state()).as("%s", o).isEqualTo(KernelObject.State.PRESENT));
    List<String> byIptables = objects.stream().map(KernelObject::text).filter(t -> t.startsWith("iptables ")).toList();
    assertThat(byIptables).hasSize(6).allSatisfy(words -> run(test.node, "", "bash", "-c", words.replace(" -A ", " -C ")));
    assertThat(objects).extracting(KernelObject::text).anyMatch(t -> t.startsWith("1536: from " + pod(1, 0)))
        .anyMatch(t -> t.startsWith("512: from all to " + pod(1, 0)));
  }

  @Test
  void rulesOfOthersInTheSameChainsStayAndNothingOfOursRemains() {
    run(test.node, "", "bash", "-c", "iptables -t nat -N KUBE-POSTROUTING && iptables -t nat -A POSTROUTING -j KUBE-POSTROUTING"
        + " && iptables -t mangle -A PREROUTING -i eth9 -j ACCEPT");
    String before = test.everything();
    AttachmentPath path = test.path("one", 1, 0, PortMapping.of("tcp", 8080, pod(1, 0), 80));
    for (int round = 0; round < 2; round++) {
      datapath.applyNode(test.nodeDatapath());
    }
    datapath.attach(path, test.newPod());
    assertThat(saved(test.node, "iptables-save")).filteredOn(l -> l.contains("-j AWS-SNAT-CHAIN-0")).hasSize(1);
    datapath.detach(path);
    datapath.removeAll();
    assertThat(TestNode.difference(plain(before), plain(test.everything()))).isEmpty();
  }

  private static String plain(String all) {
    return all.replaceAll("# handle \\d+", "").replaceAll("(packets|bytes) \\d+", "")
        // That devices of interfaces are up stays.
        .replace(",UP", "").replaceAll("(?m)\\s+$", "");
  }

  @Test
  void theRulesOfAwsNodeItselfAreTakenOver() {
    run(test.node, "", "bash", "-c", String.join(" && ", List.of("-t nat -N AWS-SNAT-CHAIN-0", RETURN, TRANSLATE, JUMP, ARRIVING, FROM_PODS,
        FROM_VLANS).stream().map(c -> "iptables " + c).toList()));
    datapath.applyNode(test.nodeDatapath());
    assertThat(saved(test.node, "iptables-save")).containsExactlyInAnyOrderElementsOf(byIptables("iptables", List.of(
        "-t nat -N AWS-SNAT-CHAIN-0", RETURN, TRANSLATE + " --random-fully", JUMP, ARRIVING, FROM_PODS, FROM_VLANS)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"iptables -t nat -F", "iptables -t nat -D AWS-SNAT-CHAIN-0 2", "iptables -t mangle -F PREROUTING",
      "nft delete table ip aws-cni", "nft flush ruleset", "nft flush chain ip aws-cni snat-mark", "ip rule del pref 1536", "ip rule del pref 512",
      "ip rule del pref 1024", "ip route del 10.0.0.150", "ip route replace 10.0.0.150 dev eth2"})
  void whatOthersTakeOutIsToldAndComesBack(String command) throws Exception {
    NodeDatapath node = test.nodeDatapath();
    datapath.applyNode(node);
    AttachmentPath path = test.path("one", 1, 0);
    datapath.attach(path, test.newPod());
    List<String> before = state();
    java.util.concurrent.LinkedBlockingQueue<DeviceEvent> events = new java.util.concurrent.LinkedBlockingQueue<>();
    try (KernelDatapath.Watch watch = datapath.watch(events::add)) {
      assertThat(watch).isNotNull();
      run(test.node, "", "bash", "-c", command);
      assertThat(state()).isNotEqualTo(before);
      DeviceEvent event;
      do {
        event = events.poll(60, java.util.concurrent.TimeUnit.SECONDS);
        assertThat(event).as("it is told").isNotNull();
      } while (!(event instanceof DeviceEvent.OwnAltered));
      assertThat(datapath.checkNode(node).size() + datapath.check(path, Optional.empty()).size()).isPositive();
      assertThat(datapath.mend(Optional.of(node), List.of(path))).isNotEmpty()
          .allSatisfy(m -> assertThat(m.refusal()).isEmpty());
      assertThat(state()).isEqualTo(before);
      assertThat(datapath.mend(Optional.of(node), List.of(path))).isEmpty();
    }
  }

  private List<String> state() {
    List<String> all = new ArrayList<>(saved(test.node, "iptables-save"));
    all.addAll(rules("-4"));
    all.addAll(routes("-4", "main"));
    all.addAll(run(test.node, "", "nft", "list", "ruleset").replaceAll("packets \\d+ bytes \\d+", "").lines().toList());
    return all.stream().sorted().toList();
  }

  @Test
  void podsKeepTheirConnectionsFromOneRenderingToTheOtherAndBack() {
    datapath.close();
    NodeDatapath node = test.nodeDatapath();
    AttachmentPath path = test.path("one", 1, 0, PortMapping.of("tcp", 8080, pod(1, 0), 7001));
    AttachmentPath primary = test.path("two", 0, 0);
    KernelDatapath fast = test.datapath(Rendering.FAST);
    fast.applyNode(node);
    Netns one = test.newPod();
    fast.attach(path, one);
    fast.attach(primary, test.newPod());
    fast.close();
    List<AttachmentPath> live = List.of(path, primary);
    String asFast = stable();
    test.close(Talk.serve(test.fabric, TestNode.OUTSIDE, 7000));
    test.close(Talk.serve(test.fabric, TestNode.VPC_HOST, 7000));
    test.close(Talk.serve(one, 7001));
    try (Talk.Line outside = Talk.line(one, TestNode.OUTSIDE, 7000); Talk.Line inside = Talk.line(one, TestNode.VPC_HOST, 7000)) {
      assertThat(outside.asks()).isEqualTo(own(0).toString());
      KernelDatapath classic = test.datapath(Rendering.CLASSIC);
      classic.removeLeftovers(live);
      assertThat(outside.asks()).as("before the node's part").isEqualTo(own(0).toString());
      classic.applyNode(node);
      assertThat(outside.asks()).as("a connection that was translated before").isEqualTo(own(0).toString());
      assertThat(inside.asks()).isEqualTo(pod(1, 0).toString());
      works(one);
      assertThat(classic.checkNode(node)).isEmpty();
      assertThat(classic.inventory().filters()).contains("chains and rules in table ip nat", "chains and rules in table ip mangle");
      assertThat(live).allSatisfy(p -> assertThat(classic.check(p, Optional.empty())).isEmpty());
      assertThat(rules("-4")).noneMatch(r -> r.contains("20000"));
      assertThat(run(test.node, "", "ip", "route", "show", "table", "all")).doesNotContain("table 20000");
      assertThat(run(test.node, "", "nft", "list", "ruleset")).as("the fast rendering's sources").doesNotContain("10.0.0.150 comment \"one\" : goto");
      classic.close();
      KernelDatapath again = test.datapath(Rendering.FAST);
      again.removeLeftovers(live);
      again.applyNode(node);
      assertThat(outside.asks()).isEqualTo(own(0).toString());
      assertThat(inside.asks()).isEqualTo(pod(1, 0).toString());
      works(one);
      assertThat(TestNode.difference(asFast, stable())).isEmpty();
      again.detach(path);
      again.detach(primary);
      assertThat(again.inventory().keys()).isEmpty();
      assertThat(again.inventory().filters()).containsExactly("the table inet patchbay");
    }
  }

  private void works(Netns one) {
    assertThat(Talk.asks(one, TestNode.OUTSIDE, 7000)).isEqualTo(own(0).toString());
    assertThat(Talk.asks(one, TestNode.VPC_HOST, 7000)).isEqualTo(pod(1, 0).toString());
    assertThat(Talk.asks(test.fabric, TestNode.OUTSIDE, own(2), 8080)).as("a port of the node").isEqualTo(TestNode.OUTSIDE.toString());
  }

  private String stable() {
    return plain(test.everything()).lines().map(String::strip).sorted().reduce("", (a, b) -> a + b + "\n");
  }
}
