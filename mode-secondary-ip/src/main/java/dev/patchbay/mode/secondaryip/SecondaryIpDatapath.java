package dev.patchbay.mode.secondaryip;

import static dev.patchbay.spi.net.AddressFamily.IPV4;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.DatapathPlanner;
import dev.patchbay.spi.datapath.Delivery;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.InterfaceAddress;
import dev.patchbay.spi.datapath.Neighbour;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.ReturnPath;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.datapath.SourceEgress;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.Sysctl;
import dev.patchbay.spi.datapath.Table;
import dev.patchbay.spi.datapath.Translation;
import dev.patchbay.spi.datapath.VethPair;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.EniView;
import dev.patchbay.spi.view.HeldAddressView;
import dev.patchbay.spi.view.NodeView;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A routed veth pair per pod: the pod has its address alone (/32) and sends everything to a gateway that no device has, to
 * the hardware address of the host's end; the host routes. No bridge, no proxy ARP, no ARP from the pod at all.
 */
final class SecondaryIpDatapath implements DatapathPlanner {
  /** The gateway that pods see; link-local, so it can't collide with an address of the VPC. */
  static final IpAddress GATEWAY = IpAddress.of("169.254.1.1");
  /** The MTU of a VPC, in bytes (EC2 user guide, "Network maximum transmission unit"). */
  private static final long VPC_MTU = 9001;
  private static final Code VPC_UNKNOWN = Codes.CLOUD_UNREACHABLE;

  @Override
  public Answer<DatapathPlan> node(NodeView node) {
    List<EniView> enis = node.enis().stream().filter(e -> e.lane().isPresent() || e.primary()).toList();
    List<PlanElement> elements = new ArrayList<>();
    for (EniView eni : enis) {
      // What comes in for a pod came by the pod's interface, while the main table's way back leads over the primary: loose
      // instead of strict (ip-sysctl, rp_filter).
      elements.add(Sysctl.of(Space.HOST, "net.ipv4.conf.DEVICE.rp_filter", "2").withDevice(Device.ofEni(eni.id())));
    }
    Fields egress = node.datapath().fields("egress");
    if (wanted(egress, "nodePorts")) {
      elements.add(ReturnPath.of(node.primaryEni().id()));
    }
    Optional<IpAddress> own = node.primaryEni().primaryAddress(IPV4);
    if (!wanted(egress, "translate") || own.isEmpty()) {
      return Answer.of(DatapathPlan.of(elements));
    }
    List<Cidr> vpc = node.vpcCidrs(IPV4);
    if (vpc.isEmpty()) {
      return Answer.of(DatapathPlan.of(elements), List.of(Finding.of(VPC_UNKNOWN,
          "The networks of VPC " + node.vpcId() + " are not known yet, so pods can't be told from what lies outside.",
          "Pods reach the VPC only until IMDS has answered; nothing is to be done if that comes soon.")
          .about(node.vpcId())));
    }
    Set<Cidr> sources = new LinkedHashSet<>();
    for (EniView eni : enis) {
      sources.addAll(eni.subnet().cidrs(IPV4));
    }
    Set<Cidr> exceptions = new LinkedHashSet<>(vpc);
    egress.texts("exceptions").stream().map(Cidr::of).filter(c -> c.family() == IPV4).forEach(exceptions::add);
    Translation translation = Translation.of(List.copyOf(sources), own.get()).withExceptions(List.copyOf(exceptions));
    elements.add(egress.text("ports").map(translation::withPorts).orElse(translation));
    return Answer.of(DatapathPlan.of(elements));
  }

  private static boolean wanted(Fields egress, String what) {
    return !egress.has(what) || egress.isTrue(what);
  }

  @Override
  public Answer<DatapathPlan> attachment(AttachmentView attachment) {
    Device inPod = Device.named(attachment.interfaceName());
    Device onHost = Device.named(attachment.hostInterfaceName());
    int mtu = Math.toIntExact(attachment.node().datapath().number("mtu").orElse(VPC_MTU));

    List<PlanElement> elements = new ArrayList<>();
    elements.add(VethPair.of(attachment.interfaceName(), attachment.hostInterfaceName(), mtu));
    // A pod must not become the node's IPv6 router by announcing itself (ip-sysctl, accept_ra and accept_redirects).
    elements.add(Sysctl.of(Space.HOST, "net.ipv6.conf.DEVICE.accept_ra", "0").withDevice(onHost));
    elements.add(Sysctl.of(Space.HOST, "net.ipv6.conf.DEVICE.accept_redirects", "0").withDevice(onHost));

    List<HeldAddressView> held =
        attachment.addresses().stream().filter(a -> a.address().family() == IPV4).toList();
    for (HeldAddressView address : held) {
      elements.add(InterfaceAddress.of(Space.POD, inPod, address.address(), IPV4.bits()));
    }
    elements.add(Route.to(Space.POD, Table.MAIN, GATEWAY.asCidr(), inPod));
    elements.add(Route.to(Space.POD, Table.MAIN, Cidr.of("0.0.0.0/0"), inPod).withVia(GATEWAY));
    elements.add(Neighbour.ofDevice(Space.POD, inPod, GATEWAY, onHost));
    for (HeldAddressView address : held) {
      elements.add(Delivery.of(address.address(), onHost));
      address.eni().ifPresent(eni -> elements.add(SourceEgress.of(address.address().asCidr(), eni.id())));
      Answer<List<PlanElement>> asked = Capabilities.elements(attachment.capabilities(), address.address(), onHost);
      if (asked instanceof Answer.Refuse<List<PlanElement>> refusal) {
        return Answer.refuse(refusal.reason().code(), refusal.reason().cause(), refusal.reason().remedy());
      }
      asked.plan().ifPresent(elements::addAll);
    }
    return Answer.of(DatapathPlan.of(elements));
  }
}
