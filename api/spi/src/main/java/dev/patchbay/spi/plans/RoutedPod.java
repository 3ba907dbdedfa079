package dev.patchbay.spi.plans;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Delivery;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.InterfaceAddress;
import dev.patchbay.spi.datapath.Neighbour;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.datapath.SourceEgress;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.Sysctl;
import dev.patchbay.spi.datapath.Table;
import dev.patchbay.spi.datapath.VethPair;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.HeldAddressView;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * A routed veth pair per pod: the pod has its addresses alone (/32, /128) and sends everything to a gateway that no device has,
 * to the hardware address of the host's end; the host routes. No bridge, no proxy, no question for a neighbour from the pod at
 * all.
 *
 * <p>Where two modes share an attachment, one for each family, each plans the addresses that are its own; what both want alike,
 * the pair above all, is made once.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RoutedPod {
  /** The MTU of a VPC, in bytes (EC2 user guide, "Network maximum transmission unit"). */
  private static final long VPC_MTU = 9001;

  private RoutedPod() {}

  /**
   * {@return the gateway that pods see by their first interface, link-local, so it can't collide with an address of the VPC}
   * @param family the family
   */
  public static IpAddress gateway(AddressFamily family) {
    return gateway(1, family);
  }

  /**
   * {@return the gateway that a pod sees by an interface; each has one of its own, since the pod has one route to it}
   * @param attachment the interface
   * @param family the family
   */
  public static IpAddress gateway(AttachmentView attachment, AddressFamily family) {
    return gateway(attachment.earlier().size() + 1, family);
  }

  private static IpAddress gateway(int number, AddressFamily family) {
    return IpAddress.of(family == AddressFamily.IPV4 ? "169.254.1." + number : "fe80::" + Integer.toHexString(number));
  }

  private static Cidr everything(AddressFamily family) {
    return Cidr.of(family == AddressFamily.IPV4 ? "0.0.0.0/0" : "::/0");
  }

  /**
   * Plans an attachment with some of its addresses: the pair, each address with its way in and out, and what the container
   * runtime asks for by the capabilities {@code portMappings} and {@code bandwidth}. Addresses in another role than the pod's
   * own get no port mappings.
   *
   * @param attachment the attachment
   * @param own the addresses to plan with, those that the mode asked for; at least one
   * @return the plan; a refusal where the capabilities ask for what can't be
   */
  public static Answer<DatapathPlan> attachment(AttachmentView attachment, List<HeldAddressView> own) {
    Device inPod = Device.named(attachment.interfaceName());
    Device onHost = Device.named(attachment.hostInterfaceName());
    int mtu = Math.toIntExact(attachment.node().datapath().number("mtu").orElse(VPC_MTU));
    Set<AddressFamily> families = EnumSet.noneOf(AddressFamily.class);
    own.forEach(a -> families.add(a.address().family()));
    List<PlanElement> elements = new ArrayList<>();
    elements.add(VethPair.of(attachment.interfaceName(), attachment.hostInterfaceName(), mtu));
    // A pod must not become the node's IPv6 router by announcing itself (ip-sysctl, accept_ra and accept_redirects).
    elements.add(Sysctl.of(Space.HOST, "net.ipv6.conf.DEVICE.accept_ra", "0").withDevice(onHost));
    elements.add(Sysctl.of(Space.HOST, "net.ipv6.conf.DEVICE.accept_redirects", "0").withDevice(onHost));
    if (families.contains(AddressFamily.IPV6)) {
      // Some images switch IPv6 off for every new device; the pod's own routes leave nothing for a router to announce.
      elements.add(Sysctl.of(Space.POD, "net.ipv6.conf.DEVICE.disable_ipv6", "0").withDevice(inPod));
      elements.add(Sysctl.of(Space.POD, "net.ipv6.conf.DEVICE.accept_ra", "0").withDevice(inPod));
    }
    for (HeldAddressView held : own) {
      elements.add(InterfaceAddress.of(Space.POD, inPod, held.address(), held.address().family().bits()));
    }
    for (AddressFamily family : families) {
      elements.add(Route.to(Space.POD, Table.MAIN, gateway(attachment, family).asCidr(), inPod));
      if (attachment.earlier().isEmpty()) {
        elements.add(Route.to(Space.POD, Table.MAIN, everything(family), inPod).withVia(gateway(attachment, family)));
      }
      elements.add(Neighbour.ofDevice(Space.POD, inPod, gateway(attachment, family), onHost));
    }
    for (HeldAddressView held : own) {
      elements.add(Delivery.of(held.address(), onHost));
      held.eni().ifPresent(eni -> elements.add(SourceEgress.of(held.address().asCidr(), eni.id())));
      if (held.request().role().equals(AddressRequest.ROLE_POD)) {
        Answer<List<PlanElement>> asked = Capabilities.elements(attachment.capabilities(), held.address(), onHost);
        if (asked instanceof Answer.Refuse<List<PlanElement>> refusal) {
          return Answer.refuse(refusal.reason().code(), refusal.reason().cause(), refusal.reason().remedy());
        }
        asked.plan().ifPresent(elements::addAll);
      }
    }
    return Answer.of(DatapathPlan.of(elements));
  }
}
