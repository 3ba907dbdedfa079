package dev.patchbay.tck.synthetic;

import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Delivery;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.InterfaceAddress;
import dev.patchbay.spi.datapath.Neighbour;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.datapath.SourceEgress;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.Table;
import dev.patchbay.spi.datapath.VethPair;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.HeldAddressView;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The datapath that most synthetic modes share: a routed veth pair, whatever families the addresses are of.
 */
final class Routed {
  private Routed() {}

  static IpAddress gateway(AddressFamily family) {
    return IpAddress.of(family == AddressFamily.IPV4 ? "169.254.1.1" : "fe80::1");
  }

  static Cidr everything(AddressFamily family) {
    return Cidr.of(family == AddressFamily.IPV4 ? "0.0.0.0/0" : "::/0");
  }

  static DatapathPlan plan(AttachmentView attachment) {
    return DatapathPlan.of(inPod(attachment)).and(onHost(attachment));
  }

  /** The pair, and all that the pod sees. */
  static List<PlanElement> inPod(AttachmentView attachment) {
    Device inPod = Device.named(attachment.interfaceName());
    Device onHost = Device.named(attachment.hostInterfaceName());
    List<PlanElement> elements = new ArrayList<>();
    elements.add(VethPair.of(attachment.interfaceName(), attachment.hostInterfaceName(),
        (int) attachment.node().datapath().number("mtu").orElse(1500)));
    Set<AddressFamily> families = EnumSet.noneOf(AddressFamily.class);
    for (HeldAddressView held : attachment.addresses()) {
      families.add(held.address().family());
      elements.add(InterfaceAddress.of(Space.POD, inPod, held.address(), held.address().family().bits()));
    }
    boolean first = attachment.earlier().isEmpty();
    for (AddressFamily family : families) {
      elements.add(Route.to(Space.POD, Table.MAIN, gateway(family).asCidr(), inPod));
      if (first) {
        elements.add(Route.to(Space.POD, Table.MAIN, everything(family), inPod).withVia(gateway(family)));
      }
      elements.add(Neighbour.ofDevice(Space.POD, inPod, gateway(family), onHost));
    }
    return elements;
  }

  /** The ways to the pod and from it. */
  static DatapathPlan onHost(AttachmentView attachment) {
    List<PlanElement> elements = new ArrayList<>();
    for (HeldAddressView held : attachment.addresses()) {
      elements.add(Delivery.of(held.address(), Device.named(attachment.hostInterfaceName())));
      held.eni().ifPresent(eni -> elements.add(SourceEgress.of(held.address().asCidr(), eni.id())));
    }
    return DatapathPlan.of(elements);
  }
}
