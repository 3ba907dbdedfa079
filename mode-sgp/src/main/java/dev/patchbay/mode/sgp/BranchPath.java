package dev.patchbay.mode.sgp;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.datapath.ChildLink;
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
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.plans.RoutedPod;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.EniView;
import dev.patchbay.spi.view.HeldAddressView;
import java.util.ArrayList;
import java.util.List;

/**
 * The way of a pod with a branch: a VLAN device on the trunk, and a table of routes with the branch's router.
 *
 * <p>Where strict holds, all that the pod sends goes by the VLAN, and all that comes by the VLAN goes to the pod, before the node's
 * own addresses are looked at: to another pod of the node, too, it goes through the VPC. Two exceptions keep probes and a node-local
 * DNS cache working without a rule in any group: what the node itself sends to the pod goes straight to it, and what the pod sends to
 * the node's own address and to link-local addresses goes straight to the node.
 */
final class BranchPath {
  /** A pod asks for a port of the node, and its groups would not see what comes by it. */
  static final Code HOST_PORT_LEFT_OUT = Code.of(341, "HostPortLeftOut");

  private static final String FIRST = "first";

  private final boolean strict;

  BranchPath(boolean strict) {
    this.strict = strict;
  }

  Answer<DatapathPlan> attachment(AttachmentView attachment, EniView trunk) {
    List<HeldAddressView> own = attachment.addresses();
    Answer<DatapathPlan> pod = RoutedPod.attachment(attachment, own);
    if (pod.plan().isEmpty()) {
      return pod;
    }
    Fields details = own.getFirst().request().details();
    Branched branched = new Branched(attachment, trunk, Branch.vlan(details), own);
    List<PlanElement> elements = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    for (PlanElement element : pod.plan().orElseThrow().elements()) {
      if (strict && element instanceof PortMapping mapping) {
        findings.add(hostPort(attachment, mapping));
      } else if (!strict || !(element instanceof Delivery)) {
        elements.add(element);
      }
    }
    branched.links(details, elements);
    own.forEach(held -> branched.routes(held, elements));
    if (strict) {
      elements.add(PolicyRule.of(FIRST, branched.table).withIncoming(branched.onHost));
    }
    return Answer.of(DatapathPlan.of(elements), findings);
  }

  /** What is said of a port of the node that does not lead to a pod. */
  static Finding hostPort(AttachmentView attachment, PortMapping mapping) {
    return Finding.of(HOST_PORT_LEFT_OUT, "Port " + mapping.hostPort() + " of the node does not lead to pod "
        + attachment.pod().name() + ": what came by it would pass the pod's security groups by.",
        "Reach the pod by its own address or by a service; or let the mode enforce as \"standard\".").about(attachment.pod().name());
  }

  private static Cidr everything(AddressFamily family) {
    return Cidr.of(family == AddressFamily.IPV4 ? "0.0.0.0/0" : "::/0");
  }

  private static Cidr linkLocal(AddressFamily family) {
    return Cidr.of(family == AddressFamily.IPV4 ? "169.254.0.0/16" : "fe80::/10");
  }

  /** One pod's branch, with the names of its devices and its table. */
  private final class Branched {
    private final AttachmentView attachment;
    private final EniView trunk;
    private final int vlanId;
    private final List<HeldAddressView> own;
    private final Device vlan;
    private final Device onHost;
    private final Table table;

    private Branched(AttachmentView attachment, EniView trunk, int vlanId, List<HeldAddressView> own) {
      this.attachment = attachment;
      this.trunk = trunk;
      this.vlanId = vlanId;
      this.own = own;
      this.vlan = Device.named("vlan.eth." + vlanId);
      this.onHost = Device.named(attachment.hostInterfaceName());
      this.table = Table.own("vlan-" + vlanId);
    }

    private void links(Fields details, List<PlanElement> elements) {
      elements.add(ChildLink.vlan("vlan.eth." + vlanId, Space.HOST, Device.ofEni(trunk.id()), vlanId)
          .withMac(Branch.mac(details)));
      // What comes by it came from anywhere in the VPC, where the main table would leave by the primary interface.
      elements.add(Sysctl.of(Space.HOST, "net.ipv4.conf.DEVICE.rp_filter", "2").withDevice(vlan));
      elements.add(Sysctl.of(Space.HOST, "net.ipv6.conf.DEVICE.accept_ra", "0").withDevice(vlan));
      elements.add(Sysctl.of(Space.HOST, "net.ipv6.conf.DEVICE.accept_redirects", "0").withDevice(vlan));
      if (own.stream().anyMatch(a -> a.address().family() == AddressFamily.IPV6)) {
        // Else the router would not be asked for before the device's own address was found to be nobody else's.
        elements.add(Sysctl.of(Space.HOST, "net.ipv6.conf.DEVICE.accept_dad", "0").withDevice(vlan));
      }
      if (strict) {
        elements.add(Sysctl.of(Space.HOST, "net.ipv4.conf.DEVICE.rp_filter", "2").withDevice(onHost));
      }
    }

    private void routes(HeldAddressView held, List<PlanElement> elements) {
      AddressFamily family = held.address().family();
      IpAddress router = Branch.router(held.request().details());
      elements.add(Route.to(Space.HOST, table, router.asCidr(), vlan));
      elements.add(Route.to(Space.HOST, table, everything(family), vlan).withVia(router));
      if (!strict) {
        // But for what the runtime sends by the primary interface: what the node translates, and answers to the node's ports. An
        // answer to somebody who came in by the branch goes by it, wherever he is.
        elements.add(PolicyRule.of("egress", table).withFrom(held.address().asCidr()));
        return;
      }
      elements.add(Route.to(Space.HOST, table, held.address().asCidr(), onHost));
      elements.add(Route.elsewhere(Space.HOST, table, linkLocal(family)));
      if (family == AddressFamily.IPV6) {
        // Asked for as usual, it would answer only once the node's end has made sure of its own address.
        elements.add(Neighbour.ofDevice(Space.HOST, onHost, held.address(), Device.named(attachment.interfaceName())));
      }
      // For the pod alone: the router's answers to the node's own questions for it come by the same device.
      elements.add(PolicyRule.of(FIRST, table).withIncoming(vlan).withTo(held.address().asCidr()));
      // Probes come from the node, and their answers must find it.
      attachment.node().primaryEni().primaryAddress(family)
          .ifPresent(node -> elements.add(Route.elsewhere(Space.HOST, table, node.asCidr())));
      elements.add(PolicyRule.of(FIRST, table).withIncoming(PolicyRule.FROM_NODE).withTo(held.address().asCidr()));
    }
  }
}
