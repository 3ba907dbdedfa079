package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.netlink.MacAddress;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.route.Link;
import dev.patchbay.netlink.route.LinkKind;
import dev.patchbay.netlink.route.Links;
import dev.patchbay.netlink.route.NewLink;
import dev.patchbay.spi.datapath.ChildLink;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.RateLimit;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.StandaloneLink;
import dev.patchbay.spi.datapath.Table;
import dev.patchbay.spi.datapath.VethPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The links that one attempt at a plan makes, each with an index and a hardware address chosen beforehand, so that nothing need be
 * read back.
 */
final class NewLinks {
  /** One end or one link. */
  static final class Made {
    final PlanElement element;
    final Space space;
    final String name;
    final int mtu;
    final Optional<MacAddress> mac;
    int index;

    Made(PlanElement element, Space space, String name, int index, Optional<MacAddress> mac, int mtu) {
      this.element = element;
      this.space = space;
      this.name = name;
      this.index = index;
      this.mac = mac;
      this.mtu = mtu;
    }
  }

  /**
   * One request's worth.
   *
   * @param element what is made
   * @param ends the links that appear, that in the node's namespace first
   */
  record Job(PlanElement element, List<Made> ends) {
    Made end(Space space) {
      return ends.stream().filter(e -> e.space == space).findFirst().orElseThrow();
    }

    boolean has(Space space) {
      return ends.stream().anyMatch(e -> e.space == space);
    }
  }

  private final HostContext host;
  private final List<EniPath> enis;
  private final List<Job> jobs = new ArrayList<>();

  NewLinks(HostContext host, DatapathPlan plan, List<EniPath> enis) {
    this.host = host;
    this.enis = enis;
    for (PlanElement element : plan.elements()) {
      switch (element) {
        case VethPair veth -> jobs.add(new Job(veth, List.of(
            made(veth, Space.HOST, veth.hostName(), Optional.of(host.newMac()), veth.mtu()),
            made(veth, Space.POD, veth.podName(), Optional.of(veth.podMac().map(Kernel::mac).orElseGet(host::newMac)), veth.mtu()))));
        case ChildLink link -> jobs.add(new Job(link, List.of(made(link, link.space(), link.name(), mac(link), link.mtu().orElse(0)))));
        case StandaloneLink link ->
            jobs.add(new Job(link, List.of(made(link, link.space(), link.name(), Optional.of(host.newMac()), 0))));
        case RateLimit limit when RateLimits.isFromPod(limit) ->
            jobs.add(new Job(limit, List.of(made(limit, Space.HOST, RateLimits.throttleName(limit), Optional.empty(), 0))));
        default -> {
          // Makes no link.
        }
      }
    }
  }

  private Made made(PlanElement element, Space space, String name, Optional<MacAddress> mac, int mtu) {
    return new Made(element, space, name, host.newIndex(), mac, mtu);
  }

  /** An ipvlan has its parent's address and takes no other; a VLAN has its parent's unless told otherwise. */
  private Optional<MacAddress> mac(ChildLink link) {
    if (link.mac().isPresent()) {
      return link.mac().map(Kernel::mac);
    }
    return link.type().equals("macvlan") && !link.mode().orElse("").equals("passthru") ? Optional.of(host.newMac()) : Optional.empty();
  }

  List<Job> jobs() {
    return jobs;
  }

  List<Made> all() {
    return jobs.stream().flatMap(j -> j.ends().stream()).toList();
  }

  Optional<Made> find(Space space, String name) {
    return all().stream().filter(m -> m.space == space && m.name.equals(name)).findFirst();
  }

  /** Whether a job is asked for in the pod's namespace; all others are in the node's, wherever the link appears. */
  static boolean fromPod(Job job) {
    return job.element() instanceof StandaloneLink link && link.space() == Space.POD;
  }

  /** The request that does a job, with the indexes as they are now. */
  Request request(Job job, Netns pod) {
    return switch (job.element()) {
      case VethPair veth -> {
        Made hostEnd = job.end(Space.HOST);
        Made podEnd = job.end(Space.POD);
        yield Links.veth(veth.hostName(), Links.peer(veth.podName()).index(podEnd.index).mac(podEnd.mac.orElseThrow())
                .mtu(veth.mtu()).namespace(pod))
            .index(hostEnd.index).mac(hostEnd.mac.orElseThrow()).mtu(veth.mtu()).group(Numbers.GROUP);
      }
      case ChildLink link -> {
        Made made = job.ends().getFirst();
        NewLink request = Links.create(link.name(), kind(link)).index(made.index).group(Numbers.GROUP);
        made.mac.ifPresent(request::mac);
        link.mtu().ifPresent(request::mtu);
        yield link.space() == Space.POD ? request.namespace(pod) : request;
      }
      case StandaloneLink link -> {
        Made made = job.ends().getFirst();
        yield Links.create(link.name(), kind(link)).index(made.index).mac(made.mac.orElseThrow()).group(Numbers.GROUP);
      }
      case RateLimit limit -> TrafficControl.ifb(job.ends().getFirst().name, job.ends().getFirst().index);
      default -> throw new IllegalStateException(job.element() + " makes no link");
    };
  }

  private LinkKind kind(StandaloneLink link) {
    return switch (link.type()) {
      case "dummy" -> new LinkKind.Dummy();
      case "bridge" -> LinkKind.Bridge.plain();
      case "vrf" -> new LinkKind.Vrf(host.renderer.table(new Table(link.table().orElseThrow(() -> invalid(link, "a VRF has a table"))), enis));
      default -> throw invalid(link, "there is no such type of link");
    };
  }

  private LinkKind kind(ChildLink link) {
    int parent = parent(link);
    String mode = link.mode().orElse("");
    try {
      return switch (link.type()) {
        case "vlan" -> new LinkKind.Vlan(parent, link.vlanId().orElseThrow(() -> invalid(link, "a VLAN has an id")));
        case "macvlan" -> new LinkKind.Macvlan(parent, LinkKind.Macvlan.Mode.valueOf(mode.toUpperCase(Locale.ROOT)));
        case "ipvlan" -> new LinkKind.Ipvlan(parent, LinkKind.Ipvlan.Mode.valueOf(mode.toUpperCase(Locale.ROOT)));
        default -> throw invalid(link, "there is no such type of link");
      };
    } catch (IllegalArgumentException e) {
      throw invalid(link, "there is no mode \"" + mode + "\"");
    }
  }

  /** The parent is in the node's namespace, wherever the child goes. */
  private int parent(ChildLink link) {
    Device parent = link.parent();
    Optional<Integer> made = parent.name().flatMap(n -> find(Space.HOST, n)).map(m -> m.index);
    return made.or(() -> parent.name().flatMap(host.routes::link).map(Link::index))
        .or(() -> parent.eni().flatMap(id -> host.eniDevice(Numbers.eni(id, enis))).map(this::raised))
        .orElseThrow(() -> Compiler.missing(link, Space.HOST, parent));
  }

  /** An interface that carries no addresses of pods itself, a trunk say, is down until something is put on it, which could not be up. */
  private int raised(Link parent) {
    if (!parent.isUp()) {
      host.routes.execute(Links.change(parent.index()).up());
    }
    return parent.index();
  }

  private static DatapathException invalid(PlanElement element, String why) {
    return new DatapathException(DatapathException.Code.PLAN_INVALID, element, why, "Correct the plan.");
  }
}
