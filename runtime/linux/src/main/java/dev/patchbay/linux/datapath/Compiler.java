package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.netlink.route.Address;
import dev.patchbay.netlink.route.RouteType;
import dev.patchbay.netlink.route.Rule;
import dev.patchbay.spi.datapath.ChildLink;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Delivery;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.InterfaceAddress;
import dev.patchbay.spi.datapath.MovedDevice;
import dev.patchbay.spi.datapath.Neighbour;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.PolicyRule;
import dev.patchbay.spi.datapath.RateLimit;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.datapath.SourceEgress;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.StandaloneLink;
import dev.patchbay.spi.datapath.Sysctl;
import dev.patchbay.spi.datapath.VethPair;
import dev.patchbay.spi.net.AddressFamily;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Turns the elements that are routes, rules, addresses and neighbours into objects of rtnetlink, with every symbol resolved. */
final class Compiler {
  /** Finds devices. */
  interface Devices {
    /** The index of a device; empty if there is none. */
    Optional<Integer> index(Space space, Device device);

    /** The name of a device; empty if there is none. */
    Optional<String> name(Space space, Device device);

    /** The hardware address of a device; empty if there is none. */
    Optional<dev.patchbay.netlink.MacAddress> mac(Space space, Device device);
  }

  private final Renderer renderer;
  private final int protocol;
  private final List<EniPath> enis;
  private final Devices devices;
  private final Set<String> made;

  /**
   * For one plan.
   *
   * @param renderer how intents are rendered
   * @param protocol the mark that its objects get
   * @param plan the plan, whose own links are known by name
   * @param enis the interfaces that it names
   * @param devices finds devices
   */
  Compiler(Renderer renderer, int protocol, DatapathPlan plan, List<EniPath> enis, Devices devices) {
    this.renderer = renderer;
    this.protocol = protocol;
    this.enis = enis;
    this.devices = devices;
    this.made = new HashSet<>();
    for (PlanElement element : plan.elements()) {
      switch (element) {
        case VethPair veth -> {
          made.add(Space.HOST + veth.hostName());
          made.add(Space.POD + veth.podName());
        }
        case ChildLink link -> made.add(link.space() + link.name());
        case StandaloneLink link -> made.add(link.space() + link.name());
        case MovedDevice moved -> made.add(Space.POD + moved.podName());
        default -> {
          // Makes no link.
        }
      }
    }
  }

  /** Whether an element is on a link that the same plan makes, and so disappears with it. */
  boolean goesWithLink(PlanElement element) {
    return switch (element) {
      case Route route -> route.device().filter(d -> isMade(route.space(), d)).isPresent();
      case Delivery delivery -> isMade(Space.HOST, delivery.device());
      case InterfaceAddress address -> isMade(address.space(), address.device());
      case Neighbour neighbour -> isMade(neighbour.space(), neighbour.device());
      case RateLimit limit -> isMade(Space.HOST, limit.device());
      case Sysctl sysctl -> sysctl.device().filter(d -> isMade(sysctl.space(), d)).isPresent();
      default -> false;
    };
  }

  private boolean isMade(Space space, Device device) {
    return device.name().filter(n -> made.contains(space + n)).isPresent();
  }

  /**
   * The objects of an element, none if it is of another kind. Fails if a device that it names is not there.
   */
  List<Piece> compile(PlanElement element) {
    List<Piece> pieces = new ArrayList<>(1);
    switch (element) {
      case Route route -> pieces.add(piece(element, route.space(), new Piece.OfRoute(route(route))));
      case Delivery delivery -> {
        pieces.add(piece(element, Space.HOST, new Piece.OfRoute(
            dev.patchbay.netlink.route.Route.to(Kernel.host(delivery.address())).table(renderer.podsTable())
                .link(index(element, Space.HOST, delivery.device())).protocol(protocol).build())));
        pieces.addAll(rules(delivery));
      }
      case SourceEgress _ -> pieces.addAll(rules(element));
      case InterfaceAddress address ->
          pieces.add(piece(element, address.space(), new Piece.OfAddress(address(address))));
      case Neighbour neighbour -> pieces.add(piece(element, neighbour.space(),
          new Piece.OfNeighbour(dev.patchbay.netlink.route.Neighbour.permanent(
              index(element, neighbour.space(), neighbour.device()), Kernel.address(neighbour.address()), mac(neighbour))
              .withProtocol(protocol))));
      case PolicyRule rule -> {
        for (Family family : families(rule)) {
          pieces.add(new Piece(element, Space.HOST, false, new Piece.OfRule(rule(rule, family))));
        }
      }
      default -> {
        // Rendered elsewhere.
      }
    }
    return pieces;
  }

  /** The rules of an intent, which stay when the devices that it names go. */
  private List<Piece> rules(PlanElement element) {
    List<Rule> rules = switch (element) {
      case Delivery delivery -> renderer.delivery(delivery.address(), protocol);
      case SourceEgress egress -> renderer.egress(egress, enis, protocol);
      default -> List.of();
    };
    return rules.stream().map(r -> new Piece(element, Space.HOST, false, new Piece.OfRule(r))).toList();
  }

  /** Those of an element's objects that do not disappear with a link that the same plan makes. */
  List<Piece> lasting(PlanElement element) {
    return goesWithLink(element) ? rules(element) : compile(element);
  }

  private Piece piece(PlanElement element, Space space, Piece.Subject subject) {
    return new Piece(element, space, goesWithLink(element), subject);
  }

  private int index(PlanElement element, Space space, Device device) {
    return devices.index(space, device).orElseThrow(() -> missing(element, space, device));
  }

  static DatapathException missing(PlanElement element, Space space, Device device) {
    boolean eni = device.eni().isPresent();
    return new DatapathException(eni ? DatapathException.Code.ENI_DEVICE_MISSING : DatapathException.Code.DEVICE_MISSING, element,
        "there is no device " + device + " in the " + (space == Space.HOST ? "node's" : "pod's") + " namespace",
        eni ? "Wait until the kernel shows the interface's device, or look for it in the output of \"ip link\"."
            : "Plan it before it is named.");
  }

  private dev.patchbay.netlink.route.Route route(Route route) {
    var builder = dev.patchbay.netlink.route.Route.to(Kernel.prefix(route.destination()))
        .table(renderer.table(route.table(), enis)).protocol(protocol);
    route.type().ifPresent(type -> builder.type(switch (type) {
      case "unreachable" -> RouteType.UNREACHABLE;
      case "throw" -> RouteType.THROW;
      default -> throw new DatapathException(DatapathException.Code.PLAN_INVALID, route, "there is no route type \"" + type + "\"",
          "Use unreachable or throw, or none for a route to a device.");
    }));
    route.device().ifPresent(device -> builder.link(index(route, route.space(), device)));
    route.via().ifPresent(via -> builder.via(Kernel.address(via)));
    route.source().ifPresent(source -> builder.preferredSource(Kernel.address(source)));
    route.metric().ifPresent(builder::metric);
    if (route.onlink()) {
      builder.onlink();
    }
    return builder.build();
  }

  private Address address(InterfaceAddress address) {
    return Address.of(index(address, address.space(), address.device()),
            new IpPrefix(Kernel.address(address.address()), address.length()))
        .withFlags(address.address().family() == AddressFamily.IPV6 ? Address.NO_DUPLICATE_DETECTION : 0)
        .withProtocol(protocol);
  }

  private dev.patchbay.netlink.MacAddress mac(Neighbour neighbour) {
    if (neighbour.mac().isPresent()) {
      return Kernel.mac(neighbour.mac().get());
    }
    Space other = neighbour.space() == Space.POD ? Space.HOST : Space.POD;
    Device peer = neighbour.peer().orElseThrow(() -> new DatapathException(DatapathException.Code.PLAN_INVALID, neighbour,
        "it has neither a hardware address nor a device that has one", "Give one of the two."));
    return devices.mac(other, peer).orElseThrow(() -> missing(neighbour, other, peer));
  }

  /** A rule that names no address is for both families. */
  private static List<Family> families(PolicyRule rule) {
    return rule.from().or(rule::to).map(c -> List.of(Kernel.family(c.family()))).orElse(List.of(Family.IPV4, Family.IPV6));
  }

  private Rule rule(PolicyRule rule, Family family) {
    Rule.Builder builder = Rule.of(family, Numbers.priority(rule)).lookup(renderer.table(rule.table(), enis))
        .protocol(protocol);
    rule.from().ifPresent(from -> builder.from(Kernel.prefix(from)));
    rule.to().ifPresent(to -> builder.to(Kernel.prefix(to)));
    // By name, and so it also works before the device is there; a plan's own links need no look-up.
    rule.incoming().ifPresent(device -> builder.inputLink(device.name()
        .or(() -> devices.name(Space.HOST, device)).orElseThrow(() -> missing(rule, Space.HOST, device))));
    rule.protocol().ifPresent(transport -> {
      throw new DatapathException(DatapathException.Code.ELEMENT_UNSUPPORTED, rule,
          "rules for one protocol only, as \"" + transport + "\", are not rendered yet", "Leave the protocol out.");
    });
    return builder.build();
  }
}
