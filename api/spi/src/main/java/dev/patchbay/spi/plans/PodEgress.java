package dev.patchbay.spi.plans;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.PolicyRule;
import dev.patchbay.spi.datapath.ReturnPath;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.Sysctl;
import dev.patchbay.spi.datapath.Table;
import dev.patchbay.spi.datapath.Translation;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.view.EniView;
import dev.patchbay.spi.view.NodeView;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * How pods leave the node: what a base mode's plan for the node holds.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PodEgress {
  private PodEgress() {}

  private static List<EniView> ofPods(NodeView node) {
    return node.enis().stream().filter(e -> e.lane().isPresent() || e.primary()).toList();
  }

  /**
   * Plans IPv4 for pods with addresses of the VPC: inside the VPC they are seen with their own addresses, outside as the node,
   * as {@link NodeView#datapath()} says; connections to the node's own ports are answered by the interface they came in by.
   *
   * @param node the node
   * @return the plan, with a finding while the VPC's networks are not known
   */
  public static Answer<DatapathPlan> ofVpcAddresses(NodeView node) {
    List<PlanElement> elements = new ArrayList<>();
    for (EniView eni : ofPods(node)) {
      // What comes in for a pod came by the pod's interface, while the main table's way back leads over the primary: loose
      // instead of strict (ip-sysctl, rp_filter).
      elements.add(Sysctl.of(Space.HOST, "net.ipv4.conf.DEVICE.rp_filter", "2").withDevice(Device.ofEni(eni.id())));
    }
    Fields egress = node.datapath().fields("egress");
    if (wanted(egress, "nodePorts")) {
      elements.add(ReturnPath.of(node.primaryEni().id()));
    }
    egress.texts("mainTable").stream().map(Cidr::of).filter(c -> c.family() == AddressFamily.IPV4)
        .forEach(c -> elements.add(PolicyRule.of("egress", Table.MAIN).withTo(c)));
    Optional<IpAddress> own = node.primaryEni().primaryAddress(AddressFamily.IPV4);
    if (!wanted(egress, "translate") || own.isEmpty()) {
      return Answer.of(DatapathPlan.of(elements));
    }
    List<Cidr> vpc = node.vpcCidrs(AddressFamily.IPV4);
    if (vpc.isEmpty()) {
      return Answer.of(DatapathPlan.of(elements), List.of(Finding.of(Codes.CLOUD_UNREACHABLE,
          "The networks of VPC " + node.vpcId() + " are not known yet, so pods can't be told from what lies outside.",
          "Pods reach the VPC only until IMDS has answered; nothing is to be done if that comes soon.")
          .about(node.vpcId())));
    }
    Set<Cidr> sources = new LinkedHashSet<>();
    for (EniView eni : ofPods(node)) {
      sources.addAll(eni.subnet().cidrs(AddressFamily.IPV4));
    }
    Set<Cidr> exceptions = new LinkedHashSet<>(vpc);
    egress.texts("exceptions").stream().map(Cidr::of).filter(c -> c.family() == AddressFamily.IPV4).forEach(exceptions::add);
    elements.add(ported(Translation.of(List.copyOf(sources), own.get()).withExceptions(List.copyOf(exceptions)), egress));
    return Answer.of(DatapathPlan.of(elements));
  }

  /**
   * {@return two plans as one}
   * @param own the plan for the family that pods have addresses of
   * @param other the plan for the other one
   */
  public static Answer<DatapathPlan> both(Answer<DatapathPlan> own, Answer<DatapathPlan> other) {
    if (own instanceof Answer.Planned<DatapathPlan> a && other instanceof Answer.Planned<DatapathPlan> b) {
      List<Finding> findings = new ArrayList<>(a.findings());
      findings.addAll(b.findings());
      return Answer.of(a.value().and(b.value()), findings);
    }
    return own instanceof Answer.Planned<DatapathPlan> ? other : own;
  }

  private static boolean wanted(Fields egress, String what) {
    return !egress.has(what) || egress.isTrue(what);
  }

  private static Translation ported(Translation translation, Fields egress) {
    return egress.text("ports").map(translation::withPorts).orElse(translation);
  }

  /**
   * Plans the other family for pods that have addresses of it which never leave the node: they reach everything as the node,
   * and not one another. Where the node has no address of that family there is nothing to translate to, and the pods have no
   * way out.
   *
   * @param node the node
   * @param block the node-local block from which pods have such addresses
   * @param table a name for the routing table that keeps pods apart, the mode's own
   * @return the plan, with a finding where the node has no address of the block's family
   */
  public static Answer<DatapathPlan> ofLocalAddresses(NodeView node, Cidr block, String table) {
    Optional<IpAddress> own = node.primaryEni().primaryAddress(block.family());
    if (own.isEmpty()) {
      return Answer.of(DatapathPlan.empty(), List.of(Finding.of(Codes.INSTANCE_TYPE_UNSUITABLE,
          "The node's primary interface has no " + block.family() + " address, so its pods reach nothing of that family.",
          "Give the instance an " + block.family() + " address, or switch this egress off.").about(node.name())));
    }
    // Its own address a pod reaches without the node; that of another pod it has no business with.
    return Answer.of(DatapathPlan.of(
        Route.unreachable(Space.HOST, Table.own(table), block),
        PolicyRule.of("claim", Table.own(table)).withFrom(block).withTo(block),
        ported(Translation.of(List.of(block), own.get()), node.datapath().fields("egress"))));
  }
}
