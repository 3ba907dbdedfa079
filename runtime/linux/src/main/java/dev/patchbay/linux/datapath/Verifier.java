package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.core.kernel.KernelObject;
import dev.patchbay.linux.host.Sysctls;
import dev.patchbay.netlink.MacAddress;
import dev.patchbay.netlink.route.Link;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.spi.datapath.ChildLink;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.MovedDevice;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.RateLimit;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.StandaloneLink;
import dev.patchbay.spi.datapath.Sysctl;
import dev.patchbay.spi.datapath.UnknownElement;
import dev.patchbay.spi.datapath.VethPair;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks for what a plan stands for in the kernel, for all but the packet filter's part. */
final class Verifier implements Compiler.Devices {
  private final HostContext context;
  private final View host;
  private final Optional<View> pod;
  private final List<EniPath> enis;
  private final String key;
  private final List<KernelObject> objects = new ArrayList<>();

  private Verifier(HostContext context, View host, Optional<View> pod, List<EniPath> enis, String key) {
    this.context = context;
    this.host = host;
    this.pod = pod;
    this.enis = enis;
    this.key = key;
  }

  /**
   * Looks for what an attachment's plan stands for.
   *
   * @param pod the pod's namespace; what is in it is not looked at if it is empty
   */
  static List<KernelObject> examine(HostContext context, AttachmentPath path, View host, Optional<View> pod,
      Optional<Sysctls> podSysctls) {
    Verifier verifier = new Verifier(context, host, pod, path.enis(), path.key());
    verifier.plan(Numbers.ATTACHMENT_PROTOCOL, path.plan());
    verifier.sysctls(path.plan(), Space.HOST, Optional.of(context.sysctls));
    verifier.sysctls(path.plan(), Space.POD, podSysctls);
    return verifier.objects;
  }

  /** Looks for what the elements of the node's plan stand for. */
  static List<KernelObject> examineNode(HostContext context, DatapathPlan plan, List<EniPath> enis, View host) {
    Verifier verifier = new Verifier(context, host, Optional.empty(), enis, Numbers.NODE_KEY);
    verifier.plan(Numbers.NODE_PROTOCOL, plan);
    verifier.sysctls(plan, Space.HOST, Optional.of(context.sysctls));
    return verifier.objects;
  }

  private void plan(int protocol, DatapathPlan plan) {
    Compiler compiler = new Compiler(context.renderer, protocol, plan, enis, this);
    for (PlanElement element : plan.elements()) {
      switch (element) {
        case VethPair veth -> veth(veth);
        case ChildLink link -> add(link, "link", link.space(), link.type() + " " + link.name() + " on " + words(link.parent()), child(link));
        case StandaloneLink link -> add(link, "link", link.space(), link.type() + " " + link.name(),
            view(link.space()).map(v -> observe(link.space(), v, link.name(), link.type())).orElse(Observation.UNSEEN));
        case MovedDevice moved -> add(moved, "link", Space.POD, moved.podName() + ", " + words(moved.device()) + " on the node before",
            pod.map(v -> moved(moved, v)).orElse(Observation.UNSEEN));
        case UnknownElement unknown -> add(unknown, "element", Space.HOST, unknown.toString(),
            new Observation(KernelObject.State.UNSEEN, List.of("this version does not know it, and left it as it is")));
        case RateLimit limit -> add(limit, "rate", Space.HOST, limit.rate() + " bit/s " + limit.direction() + " on " + words(limit.device()),
            Observation.altered(RateLimits.deviation(limit, host, context.node)));
        case Act act -> add(act, "element", Space.HOST, act.toString(), Observation.altered("acts are not part of the datapath"));
        default -> pieces(compiler, element);
      }
    }
  }

  private static String words(Device device) {
    return device.name().or(device::eni).orElse(device.text());
  }

  private void pieces(Compiler compiler, PlanElement element) {
    try {
      for (Piece piece : compiler.compile(element)) {
        Optional<View> view = view(piece.space());
        add(element, Words.kind(piece.subject()), piece.space(),
            view.map(v -> v.words(piece.subject())).orElseGet(() -> Words.planned(element)),
            view.map(v -> v.observe(piece.subject())).orElse(Observation.UNSEEN));
      }
    } catch (DatapathException e) {
      add(element, element.kind(), Words.space(element), Words.planned(element),
          isPodUnseen(e) ? Observation.UNSEEN : Observation.missing(e.reason()));
    }
  }

  /** Whether something is missing only because nobody looked into the pod. */
  private boolean isPodUnseen(DatapathException e) {
    return pod.isEmpty() && e.code() == DatapathException.Code.DEVICE_MISSING && e.reason().contains("pod's");
  }

  private void add(PlanElement element, String kind, Space space, String text, Observation seen) {
    objects.add(new KernelObject(element, kind, space, text, seen.state(), seen.found()));
  }

  private Optional<View> view(Space space) {
    return space == Space.HOST ? Optional.of(host) : pod;
  }

  private void veth(VethPair veth) {
    Optional<Link> hostLink = host.link(veth.hostName());
    Observation hostEnd = observe(Space.HOST, host, veth.hostName(), "veth");
    if (hostLink.isPresent() && hostLink.get().mtu() != veth.mtu()) {
      hostEnd = hostEnd.and("the MTU of " + veth.hostName() + " is " + hostLink.get().mtu());
    }
    add(veth, "link", Space.HOST, "veth " + veth.hostName() + " mtu " + veth.mtu() + ", its other end " + veth.podName() + " in the pod",
        hostEnd);
    add(veth, "link", Space.POD, "veth " + veth.podName() + " mtu " + veth.mtu()
        + veth.podMac().map(m -> " lladdr " + m).orElse(""), pod.map(v -> podEnd(veth, v, hostLink)).orElse(Observation.UNSEEN));
  }

  private Observation podEnd(VethPair veth, View view, Optional<Link> hostLink) {
    Observation seen = observe(Space.POD, view, veth.podName(), "veth");
    Optional<Link> link = view.link(veth.podName());
    if (link.isEmpty()) {
      return seen;
    }
    if (link.get().mtu() != veth.mtu()) {
      seen = seen.and("the MTU of " + veth.podName() + " in the pod is " + link.get().mtu());
    }
    if (veth.podMac().isPresent() && !link.get().mac().equals(veth.podMac().map(Kernel::mac))) {
      seen = seen.and("the hardware address of " + veth.podName() + " in the pod is "
          + link.get().mac().map(Object::toString).orElse("none"));
    }
    boolean pair = hostLink.isEmpty()
        || (hostLink.get().parent() == link.get().index() && link.get().parent() == hostLink.get().index());
    return pair ? seen : seen.and(veth.hostName() + " and the pod's " + veth.podName() + " are not the ends of one pair");
  }

  private Observation child(ChildLink link) {
    Optional<View> view = view(link.space());
    if (view.isEmpty()) {
      return Observation.UNSEEN;
    }
    Observation seen = observe(link.space(), view.get(), link.name(), link.type());
    Optional<Link> found = view.get().link(link.name());
    if (found.isEmpty() || !found.get().kind().equals(link.type())) {
      return seen;
    }
    Link there = found.get();
    if (link.vlanId().isPresent() && there.vlan() != link.vlanId().getAsInt()) {
      seen = seen.and("the VLAN id of " + there.name() + " is " + there.vlan());
    }
    if (link.mtu().isPresent() && there.mtu() != link.mtu().getAsInt()) {
      seen = seen.and("the MTU of " + there.name() + " is " + there.mtu());
    }
    if (link.mac().isPresent() && !there.mac().equals(link.mac().map(Kernel::mac))) {
      seen = seen.and("the hardware address of " + there.name() + " is " + there.mac().map(Object::toString).orElse("none"));
    }
    Optional<Integer> parent = index(Space.HOST, link.parent());
    return parent.isPresent() && there.parent() == parent.get() ? seen : seen.and(there.name() + " is not on " + link.parent());
  }

  /** A link of a kind that we made. */
  private Observation observe(Space space, View view, String name, String kind) {
    String where = space == Space.POD ? " in the pod" : "";
    Optional<Link> link = view.link(name);
    if (link.isEmpty()) {
      return Observation.missing("device " + name + " is missing" + where);
    }
    if (!link.get().kind().equals(kind)) {
      return Observation.altered("device " + name + where + " is of kind \"" + link.get().kind() + "\"");
    }
    if (space == Space.HOST && !link.get().alias().equals(Numbers.alias(key))) {
      return Observation.altered("device " + name + " is not this attachment's: its alias is \"" + link.get().alias() + "\"");
    }
    return link.get().isUp() ? Observation.PRESENT : Observation.altered("device " + name + where + " is down");
  }

  private static Observation moved(MovedDevice moved, View view) {
    Optional<Link> link = view.link(moved.podName());
    if (link.isEmpty()) {
      return Observation.missing("device " + moved.podName() + " is missing in the pod");
    }
    return link.get().isUp() ? Observation.PRESENT : Observation.altered("device " + moved.podName() + " in the pod is down");
  }

  private void sysctls(DatapathPlan plan, Space space, Optional<Sysctls> sysctls) {
    Map<Sysctls.Key, Sysctl> wanted = new LinkedHashMap<>();
    for (Sysctl element : plan.elements(Sysctl.class)) {
      if (element.space() == space && sysctls.isEmpty()) {
        add(element, "sysctl", space, Words.planned(element), Observation.UNSEEN);
      } else if (element.space() == space) {
        try {
          wanted.put(SysctlElements.key(element, d -> name(space, d)), element);
        } catch (DatapathException e) {
          add(element, "sysctl", space, Words.planned(element), Observation.missing(e.reason()));
        }
      }
    }
    if (wanted.isEmpty() || sysctls.isEmpty()) {
      return;
    }
    Map<Sysctls.Key, String> values = new LinkedHashMap<>();
    wanted.forEach((k, element) -> values.put(k, element.value()));
    Map<Sysctls.Key, Sysctls.Difference> differences = new HashMap<>();
    sysctls.get().differences(values).forEach(d -> differences.put(d.key(), d));
    wanted.forEach((k, element) -> {
      Sysctls.Difference difference = differences.get(k);
      Observation seen = difference == null ? Observation.PRESENT : difference.found().isEmpty()
          ? Observation.missing(difference.toString()) : Observation.altered(difference.toString());
      add(element, "sysctl", space, k + " = " + element.value(), seen);
    });
  }

  @Override
  public Optional<Integer> index(Space space, Device device) {
    return link(space, device).map(Link::index);
  }

  @Override
  public Optional<String> name(Space space, Device device) {
    return device.name().or(() -> link(space, device).map(Link::name));
  }

  @Override
  public Optional<MacAddress> mac(Space space, Device device) {
    return link(space, device).flatMap(Link::mac);
  }

  private Optional<Link> link(Space space, Device device) {
    Optional<View> view = view(space);
    return device.name().flatMap(n -> view.flatMap(v -> v.link(n)))
        .or(() -> device.eni().flatMap(id -> HostContext.eniDevice(Numbers.eni(id, enis), host.links())));
  }
}
