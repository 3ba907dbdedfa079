package dev.patchbay.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.patchbay.spi.Needs;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.spi.datapath.ChildLink;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Delivery;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.InterfaceAddress;
import dev.patchbay.spi.datapath.MovedDevice;
import dev.patchbay.spi.datapath.Neighbour;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.PolicyRule;
import dev.patchbay.spi.datapath.PortMapping;
import dev.patchbay.spi.datapath.RateLimit;
import dev.patchbay.spi.datapath.ReturnPath;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.datapath.SourceEgress;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.StandaloneLink;
import dev.patchbay.spi.datapath.Sysctl;
import dev.patchbay.spi.datapath.Table;
import dev.patchbay.spi.datapath.Translation;
import dev.patchbay.spi.datapath.UnknownElement;
import dev.patchbay.spi.datapath.VethPair;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.EniView;
import dev.patchbay.spi.view.HeldAddressView;
import dev.patchbay.spi.view.NodeView;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads a plan as the kernel would meet it: element by element, each relying only on what came before.
 */
final class PlanRules {
  private final NodeView node;
  private final Optional<AttachmentView> attachment;
  private final DatapathPlan plan;
  private final Set<String> onHost = new HashSet<>();
  private final Set<String> inPod = new HashSet<>(Set.of("lo"));
  private final Map<IpAddress, HeldAddressView> held = new HashMap<>();

  private PlanRules(NodeView node, Optional<AttachmentView> attachment, DatapathPlan plan) {
    this.node = node;
    this.attachment = attachment;
    this.plan = plan;
  }

  static PlanRules ofNode(NodeView node, DatapathPlan plan) {
    return new PlanRules(node, Optional.empty(), plan);
  }

  /**
   * Rules for an attachment's plan.
   *
   * @param attachment the attachment with its addresses
   * @param onNode the same mode's plan for the node, whose devices attachments may use
   * @param plan the plan
   */
  static PlanRules ofAttachment(AttachmentView attachment, DatapathPlan onNode, DatapathPlan plan) {
    PlanRules rules = new PlanRules(attachment.node(), Optional.of(attachment), plan);
    onNode.elements().forEach(rules::make);
    Stream.concat(attachment.earlier().stream(), Stream.of(attachment)).forEach(each ->
        each.addresses().forEach(address -> rules.held.put(address.address(), address)));
    attachment.earlier().forEach(earlier -> {
      rules.inPod.add(earlier.interfaceName());
      rules.onHost.add(earlier.hostInterfaceName());
    });
    return rules;
  }

  /** What the plan uses stands in the mode's needs. */
  static void declared(Needs needs, DatapathPlan plan, boolean ofNode) {
    for (PlanElement element : plan.elements()) {
      feature(element).ifPresent(feature -> assertThat(Stream.concat(needs.kernelFeatures().stream(),
          needs.kernelFeaturesOfSome().stream())).as("kernel features that the mode declares; its plan has %s", element).contains(feature));
      if (ofNode && element instanceof Sysctl sysctl && sysctl.device().isEmpty()) {
        assertThat(needs.sysctls()).as("sysctls that the mode declares; its plan sets one of the whole node")
            .contains(sysctl.key() + "=" + sysctl.value());
      }
    }
  }

  private static Optional<String> feature(PlanElement element) {
    return switch (element) {
      case VethPair ignored -> Optional.of("veth");
      case ChildLink link -> Optional.of(link.type().equals("vlan") ? "8021q" : link.type());
      case StandaloneLink link -> Optional.of(link.type());
      case Translation ignored -> Optional.of("nftables");
      case PortMapping ignored -> Optional.of("nftables");
      default -> Optional.empty();
    };
  }

  void check() {
    for (PlanElement element : plan.elements()) {
      check(element);
      make(element);
    }
  }

  private void check(PlanElement element) {
    switch (element) {
      case VethPair veth -> {
        inAttachment(element);
        assertThat(veth.mtu()).as("MTU of %s", element).isBetween(576, 65_535);
        name(element, veth.podName());
        name(element, veth.hostName());
      }
      case ChildLink link -> {
        name(element, link.name());
        // The device below is found on the node, and the child may be made straight in the pod's namespace.
        device(element, Space.HOST, link.parent());
        link.vlanId().ifPresent(id -> assertThat(id).as("VLAN id of %s", element).isBetween(1, 4094));
        assertThat(link.type()).as("type of %s", element).isIn("vlan", "macvlan", "ipvlan");
        assertThat(link.vlanId().isPresent()).as("%s has a VLAN id if it is a VLAN device", element)
            .isEqualTo(link.type().equals("vlan"));
      }
      case StandaloneLink link -> {
        name(element, link.name());
        assertThat(link.type()).as("type of %s", element).isIn("dummy", "bridge", "vrf");
        assertThat(link.table().isPresent()).as("%s has a table if it is a VRF", element).isEqualTo(link.type().equals("vrf"));
        link.table().ifPresent(Table::new);
      }
      case MovedDevice moved -> {
        inAttachment(element);
        device(element, Space.HOST, moved.device());
        name(element, moved.podName());
      }
      case InterfaceAddress address -> {
        device(element, address.space(), address.device());
        assertThat(address.length()).as("prefix length of %s", element).isBetween(0, address.address().family().bits());
        if (address.space() == Space.POD) {
          own(element, address.address().asCidr());
        } else {
          boolean ofVpc = node.vpcCidrs(address.address().family()).stream().anyMatch(c -> c.contains(address.address()));
          assertThat(ofVpc && !held.containsKey(address.address()))
              .as("%s puts an address of the VPC on the node that nobody gave to this attachment", element).isFalse();
        }
      }
      case Route route -> {
        route.device().ifPresent(device -> device(element, route.space(), device));
        assertThat(route.device().isPresent()).as("%s has a device unless it refuses", element)
            .isEqualTo(route.type().isEmpty());
        route.via().ifPresent(via -> assertThat(via.family()).as("family of the gateway of %s", element)
            .isEqualTo(route.destination().family()));
        table(element, route.table());
      }
      case Neighbour neighbour -> {
        device(element, neighbour.space(), neighbour.device());
        neighbour.peer().ifPresent(peer -> device(element, neighbour.space() == Space.POD ? Space.HOST : Space.POD, peer));
        assertThat(neighbour.mac().isPresent()).as("%s has a hardware address or a device's", element)
            .isNotEqualTo(neighbour.peer().isPresent());
      }
      case Sysctl sysctl -> {
        assertThat(sysctl.key()).as("key of %s", element).startsWith("net.");
        assertThat(sysctl.key().contains("DEVICE")).as("%s names a device if its key has DEVICE", element)
            .isEqualTo(sysctl.device().isPresent());
        sysctl.device().ifPresent(device -> device(element, sysctl.space(), device));
        assertThat(attachment.isPresent() && sysctl.space() == Space.HOST && sysctl.device().isEmpty())
            .as("%s of an attachment changes the whole node", element).isFalse();
      }
      case PolicyRule rule -> {
        assertThat(rule.band()).as("band of %s", element).isIn("first", "claim", "egress", "last");
        table(element, rule.table());
        rule.incoming().filter(d -> !d.equals(PolicyRule.FROM_NODE)).ifPresent(device -> device(element, Space.HOST, device));
        rule.from().ifPresent(from -> {
          if (attachment.isPresent()) {
            own(element, from);
          }
        });
      }
      case SourceEgress egress -> {
        eni(element, egress.eni());
        if (attachment.isPresent()) {
          own(element, egress.source());
          Optional<String> lies = Optional.ofNullable(held.get(egress.source().address()))
              .flatMap(HeldAddressView::eni).map(EniView::id);
          assertThat(lies).as("interface on which the source of %s lies: a VPC drops what leaves by"
              + " another", element).contains(egress.eni());
        }
      }
      case Delivery delivery -> {
        inAttachment(element);
        own(element, delivery.address().asCidr());
        device(element, Space.HOST, delivery.device());
      }
      case Translation translation -> translation(element, translation);
      case ReturnPath path -> eni(element, path.eni());
      case PortMapping mapping -> {
        inAttachment(element);
        own(element, mapping.address().asCidr());
        assertThat(mapping.protocol()).as("protocol of %s", element).isIn("tcp", "udp", "sctp");
        assertThat(mapping.hostPort()).as("port of %s", element).isBetween(1, 65_535);
        assertThat(mapping.podPort()).as("port of %s", element).isBetween(1, 65_535);
      }
      case RateLimit limit -> {
        inAttachment(element);
        device(element, Space.HOST, limit.device());
        assertThat(limit.rate()).as("rate of %s", element).isPositive();
        assertThat(limit.burst()).as("burst of %s", element).isPositive();
      }
      case Act act -> {
        assertThat(act.id()).as("id of %s", element).isNotBlank();
        assertThat(act.type()).as("type of %s", element).isIn("plugin", "device");
        act.interfaceName().ifPresent(name -> name(element, name));
      }
      case UnknownElement ignored -> fail("%s is no element of this version of the API", element);
    }
  }

  private void translation(PlanElement element, Translation translation) {
    assertThat(translation.sources()).as("sources of %s", element).isNotEmpty()
        .allMatch(s -> s.family() == translation.to().family());
    boolean ofNode = node.enis().stream().anyMatch(e ->
        e.primaryAddress(translation.to().family()).equals(Optional.of(translation.to())));
    assertThat(ofNode).as("%s translates to an address of one of the node's interfaces", element).isTrue();
    translation.ports().ifPresent(ports -> assertThat(ports).as("ports of %s", element)
        .isIn("random-fully", "random", "kernel"));
    if (attachment.isPresent()) {
      translation.sources().forEach(source -> own(element, source));
    }
  }

  private void make(PlanElement element) {
    switch (element) {
      case VethPair veth -> {
        onHost.add(veth.hostName());
        inPod.add(veth.podName());
      }
      case ChildLink link -> (link.space() == Space.HOST ? onHost : inPod).add(link.name());
      case StandaloneLink link -> (link.space() == Space.HOST ? onHost : inPod).add(link.name());
      case MovedDevice moved -> inPod.add(moved.podName());
      case Act act -> act.interfaceName().ifPresent(inPod::add);
      default -> { }
    }
  }

  private void inAttachment(PlanElement element) {
    assertThat(attachment).as("%s is for a pod, and stands in a node's plan", element).isPresent();
  }

  private static void name(PlanElement element, String name) {
    // include/uapi/linux/if.h: IFNAMSIZ is 16, with the zero at the end; net/core/dev.c, dev_valid_name.
    assertThat(name).as("name of a device in %s", element).matches("[^\\s/:]{1,15}").isNotIn(".", "..");
  }

  private void device(PlanElement element, Space space, Device device) {
    if (space == Space.POD) {
      inAttachment(element);
    }
    device.eni().ifPresent(id -> {
      assertThat(space).as("namespace in which %s is looked for, named by %s", device, element).isEqualTo(Space.HOST);
      eni(element, id);
    });
    device.name().ifPresent(name -> assertThat(space == Space.HOST ? onHost : inPod)
        .as("devices of namespace %s that the plan has made before %s", space, element).contains(name));
  }

  private void eni(PlanElement element, String id) {
    Set<String> known = new LinkedHashSet<>(node.enis().stream().map(EniView::id).toList());
    held.values().forEach(address -> address.eni().ifPresent(eni -> known.add(eni.id())));
    assertThat(known).as("interfaces in the view; %s names one", element).contains(id);
  }

  private void table(PlanElement element, Table table) {
    if (table.symbol().startsWith("eni:")) {
      eni(element, table.symbol().substring(4));
    }
  }

  /** The source is an address that the attachment holds, or link-local, or what a plugin said that it gave. */
  private void own(PlanElement element, Cidr source) {
    if (source.address().isLinkLocal() || byAPlugin(source)) {
      return;
    }
    List<Cidr> own = held.keySet().stream().map(IpAddress::asCidr).toList();
    assertThat(own).as("addresses that the attachment holds; %s uses another", element).contains(source);
  }

  private boolean byAPlugin(Cidr source) {
    boolean ofVpc = Stream.of(AddressFamily.values()).flatMap(f -> node.vpcCidrs(f).stream())
        .anyMatch(network -> network.overlaps(source));
    return !ofVpc && !plan.elements(Act.class).isEmpty();
  }
}
