package dev.patchbay.tck.synthetic;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.datapath.ChildLink;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.DatapathPlanner;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.InterfaceAddress;
import dev.patchbay.spi.datapath.MovedDevice;
import dev.patchbay.spi.datapath.PolicyRule;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.StandaloneLink;
import dev.patchbay.spi.datapath.Sysctl;
import dev.patchbay.spi.datapath.Table;
import dev.patchbay.spi.ipam.ExtraAttachment;
import dev.patchbay.spi.ipam.ExtraPlanner;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.NodeView;
import java.util.List;
import java.util.Optional;

/**
 * Uses the elements that no other synthetic mode has: devices on top of others and alone, a VRF, a device that moves into the
 * pod, routes that refuse, rules of every band. The kinds of links stand in an annotation of the pod.
 */
final class ElementsExtra extends Synthetic implements DatapathPlanner, ExtraPlanner {
  static final String ANNOTATION = KEY + "links";

  ElementsExtra() {
    super("elements");
  }

  @Override
  public ModeDescriptor descriptor() {
    return ModeDescriptor.of("Adds links of every kind.")
        .role(Role.extra(Role.WhenUnreadable.PASS))
        .nodeReads(ObjectKind.POD)
        .needs(StockBase.NEEDS.withNodeObjects(ObjectKind.POD, "get", "list", "watch")
            .withKernelFeatures("macvlan", "ipvlan", "dummy", "bridge", "vrf"))
        .build();
  }

  @Override
  public Optional<DatapathPlanner> datapathPlanner() {
    return Optional.of(this);
  }

  @Override
  public Optional<ExtraPlanner> extraPlanner() {
    return Optional.of(this);
  }

  @Override
  public Answer<List<ExtraAttachment>> extras(AttachmentView first) {
    String links = first.pod().object().map(o -> o.annotations().getOrDefault(ANNOTATION, "")).orElse("");
    return Answer.of(links.isEmpty() ? List.of() : List.of(links.split(",", -1)).stream()
        .map(link -> new ExtraAttachment(link + "0", Fields.empty().with("link", link))).toList());
  }

  @Override
  public Answer<DatapathPlan> node(NodeView node) {
    Table table = Table.own("synthetic");
    Device bridge = Device.named("synbr0");
    return Answer.of(DatapathPlan.of(
        StandaloneLink.of("bridge", "synbr0", Space.HOST),
        InterfaceAddress.of(Space.HOST, bridge, IpAddress.of("192.0.2.1"), 24),
        StandaloneLink.of("vrf", "synvrf0", Space.HOST).withTable(table.symbol()),
        Route.unreachable(Space.HOST, table, Cidr.of("198.51.100.0/24")).withMetric(4_000),
        Route.to(Space.HOST, table, Cidr.of("203.0.113.0/24"), Device.ofEni(node.primaryEni().id()))
            .withVia(IpAddress.of("169.254.1.2")).withOnlink().withSource(IpAddress.of("192.0.2.1")),
        PolicyRule.of("first", table).withTo(Cidr.of("203.0.113.0/24")).withProtocol("tcp"),
        PolicyRule.of("egress", table).withFrom(Cidr.of("192.0.2.0/24")),
        PolicyRule.of("last", Table.ofEni(node.primaryEni().id())).withIncoming(bridge),
        Sysctl.of(Space.HOST, "net.ipv4.conf.DEVICE.rp_filter", "2").withDevice(bridge)));
  }

  @Override
  public Answer<DatapathPlan> attachment(AttachmentView attachment) {
    String name = attachment.interfaceName();
    Device parent = Device.ofEni(attachment.node().primaryEni().id());
    DatapathPlan link = switch (attachment.request().required("link")) {
      case "macvlan" -> DatapathPlan.of(ChildLink.macvlan(name, Space.POD, parent, "bridge")
          .withMac(new MacAddress(0x0200_0000_0077L)).withMtu(1400));
      case "ipvlan" -> DatapathPlan.of(ChildLink.ipvlan(name, Space.POD, parent, "l3s"));
      case "dummy" -> DatapathPlan.of(StandaloneLink.of("dummy", name, Space.POD),
          Sysctl.of(Space.POD, "net.ipv4.conf.DEVICE.arp_notify", "1").withDevice(Device.named(name)));
      default -> attachment.node().enis().stream().filter(e -> e.lane().isEmpty()).findFirst()
          .map(e -> DatapathPlan.of(MovedDevice.of(Device.ofEni(e.id()), name))).orElse(DatapathPlan.empty());
    };
    return Answer.of(link);
  }
}
