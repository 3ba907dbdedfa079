package dev.patchbay.mode.sgp;

import dev.patchbay.mode.sgp.policy.Answers;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Delivery;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.Neighbour;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.PolicyRule;
import dev.patchbay.spi.datapath.PortMapping;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.Sysctl;
import dev.patchbay.spi.datapath.Table;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.plans.RoutedPod;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.EniView;
import dev.patchbay.spi.view.HeldAddressView;
import dev.patchbay.spi.view.NodeView;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The way of a pod that shares an ordinary interface with others of its groups: that of any pod on a secondary interface.
 *
 * <p>Where strict holds, what it sends into the VPC goes by the interface's table before anything else is looked at, and what comes by the
 * interface goes to it; other pods of the node reach it through the VPC, but for those that share the interface. The table knows those,
 * since EC2 sends nothing back by the interface that it came by.
 */
final class SharedPath {
  private static final String FIRST = "first";
  private static final Cidr LINK_LOCAL_4 = Cidr.of("169.254.0.0/16");
  private static final Cidr LINK_LOCAL_6 = Cidr.of("fe80::/10");

  private final boolean strict;

  SharedPath(boolean strict) {
    this.strict = strict;
  }

  /** What the pods of an interface have in common: the node is reached as the node, and not through the VPC. */
  Answer<DatapathPlan> node(NodeView node) {
    List<PlanElement> elements = new ArrayList<>();
    for (EniView eni : node.enis()) {
      if (eni.lane().filter(GroupSet::isLane).isEmpty()) {
        continue;
      }
      Table table = Table.ofEni(eni.id());
      for (AddressFamily family : AddressFamily.values()) {
        // Also where strict does not hold any more: pods that run keep what they started with.
        node.primaryEni().primaryAddress(family).ifPresent(own -> elements.add(Route.elsewhere(Space.HOST, table, own.asCidr())));
      }
      if (strict) {
        elements.add(Route.elsewhere(Space.HOST, table, LINK_LOCAL_4));
        elements.add(Route.elsewhere(Space.HOST, table, LINK_LOCAL_6));
      }
    }
    return Answer.of(DatapathPlan.of(elements));
  }

  Answer<DatapathPlan> attachment(AttachmentView attachment) {
    Answer<EniView> checked = SharedInterfaces.checked(attachment);
    if (checked.plan().isEmpty()) {
      return Answers.instead(checked);
    }
    EniView eni = checked.plan().orElseThrow();
    Answer<DatapathPlan> pod = RoutedPod.attachment(attachment, attachment.addresses());
    if (pod.plan().isEmpty() || !strict) {
      return pod;
    }
    List<PlanElement> elements = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    for (PlanElement element : pod.plan().orElseThrow().elements()) {
      if (element instanceof PortMapping mapping) {
        findings.add(BranchPath.hostPort(attachment, mapping));
      } else if (!(element instanceof Delivery)) {
        elements.add(element);
      }
    }
    Device onHost = Device.named(attachment.hostInterfaceName());
    elements.add(Sysctl.of(Space.HOST, "net.ipv4.conf.DEVICE.rp_filter", "2").withDevice(onHost));
    attachment.addresses().forEach(held -> enclose(attachment, eni, held, elements));
    return Answer.of(DatapathPlan.of(elements), findings);
  }

  private static void enclose(AttachmentView attachment, EniView eni, HeldAddressView held, List<PlanElement> elements) {
    AddressFamily family = held.address().family();
    Table table = Table.ofEni(eni.id());
    Cidr own = held.address().asCidr();
    Device onHost = Device.named(attachment.hostInterfaceName());
    elements.add(Route.to(Space.HOST, table, own, onHost));
    if (family == AddressFamily.IPV6) {
      // Asked for as usual, it would answer only once the node's end has made sure of its own address.
      elements.add(Neighbour.ofDevice(Space.HOST, onHost, held.address(), Device.named(attachment.interfaceName())));
    }
    for (Cidr destination : destinations(attachment.node(), eni, family)) {
      elements.add(PolicyRule.of(FIRST, table).withIncoming(onHost).withTo(destination));
    }
    elements.add(PolicyRule.of(FIRST, table).withIncoming(Device.ofEni(eni.id())).withTo(own));
    elements.add(PolicyRule.of(FIRST, table).withIncoming(PolicyRule.FROM_NODE).withTo(own));
  }

  /** What its pods reach by it whatever the node has for others: all, or the VPC where what leaves that goes as the node. */
  private static Set<Cidr> destinations(NodeView node, EniView eni, AddressFamily family) {
    Fields egress = node.datapath().fields("egress");
    if (family == AddressFamily.IPV6 || (egress.has("translate") && !egress.isTrue("translate"))) {
      return Set.of(Cidr.of(family == AddressFamily.IPV4 ? "0.0.0.0/0" : "::/0"));
    }
    Set<Cidr> destinations = new LinkedHashSet<>(node.vpcCidrs(family));
    eni.subnet().cidrs(family).stream().filter(c -> destinations.stream().noneMatch(v -> v.overlaps(c))).forEach(destinations::add);
    return destinations;
  }
}
