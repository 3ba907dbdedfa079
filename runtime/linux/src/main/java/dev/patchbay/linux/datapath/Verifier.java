package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.kernel.Deviation;
import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.linux.host.Sysctls;
import dev.patchbay.netlink.MacAddress;
import dev.patchbay.netlink.Netns;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares a plan with what the kernel has, for all but the packet filter's part. */
final class Verifier implements Compiler.Devices {
  private final Netns node;
  private final View host;
  private final Optional<View> pod;
  private final List<EniPath> enis;
  private final String key;
  private final List<Deviation> deviations = new ArrayList<>();

  private Verifier(Netns node, View host, Optional<View> pod, List<EniPath> enis, String key) {
    this.node = node;
    this.host = host;
    this.pod = pod;
    this.enis = enis;
    this.key = key;
  }

  /**
   * Compares an attachment's plan.
   *
   * @param pod the pod's namespace; what is in it is not looked at if it is empty
   */
  static List<Deviation> check(Netns node, AttachmentPath path, View host, Optional<View> pod, Sysctls hostSysctls, Optional<Sysctls> podSysctls) {
    Verifier verifier = new Verifier(node, host, pod, path.enis(), path.key());
    verifier.plan(Numbers.ATTACHMENT_PROTOCOL, path.plan());
    verifier.sysctls(path.plan(), Space.HOST, hostSysctls);
    podSysctls.ifPresent(s -> verifier.sysctls(path.plan(), Space.POD, s));
    return verifier.deviations;
  }

  /** Compares the elements of the node's plan. */
  static List<Deviation> checkNode(Netns node, DatapathPlan plan, List<EniPath> enis, View host, Sysctls sysctls) {
    Verifier verifier = new Verifier(node, host, Optional.empty(), enis, Numbers.NODE_KEY);
    verifier.plan(Numbers.NODE_PROTOCOL, plan);
    verifier.sysctls(plan, Space.HOST, sysctls);
    return verifier.deviations;
  }

  private void plan(int protocol, DatapathPlan plan) {
    Compiler compiler = new Compiler(protocol, plan, enis, this);
    for (PlanElement element : plan.elements()) {
      switch (element) {
        case VethPair veth -> veth(veth);
        case ChildLink link -> child(link);
        case StandaloneLink link -> view(link.space()).ifPresent(v -> present(link, link.space(), v, link.name(), link.type()));
        case MovedDevice moved -> pod.ifPresent(v -> moved(moved, v));
        case UnknownElement unknown -> add(unknown, "this version does not know it, and left it as it is");
        case RateLimit limit -> RateLimits.deviation(limit, host, node).ifPresent(found -> add(limit, found));
        case Act act -> add(act, "acts are not part of the datapath");
        default -> pieces(compiler, element);
      }
    }
  }

  private void pieces(Compiler compiler, PlanElement element) {
    try {
      for (Piece piece : compiler.compile(element)) {
        view(piece.space()).flatMap(v -> v.deviation(piece.subject())).ifPresent(found -> add(element, found));
      }
    } catch (DatapathException e) {
      if (!isPodUnseen(e)) {
        add(element, e.reason());
      }
    }
  }

  /** Whether something is missing only because nobody looked into the pod. */
  private boolean isPodUnseen(DatapathException e) {
    return pod.isEmpty() && e.code() == DatapathException.Code.DEVICE_MISSING && e.reason().contains("pod's");
  }

  private void add(PlanElement element, String found) {
    deviations.add(new Deviation(element, found));
  }

  private Optional<View> view(Space space) {
    return space == Space.HOST ? Optional.of(host) : pod;
  }

  private void veth(VethPair veth) {
    Optional<Link> hostEnd = present(veth, Space.HOST, host, veth.hostName(), "veth");
    hostEnd.filter(l -> l.mtu() != veth.mtu()).ifPresent(l -> add(veth, "the MTU of " + l.name() + " is " + l.mtu()));
    if (pod.isEmpty()) {
      return;
    }
    Optional<Link> podEnd = present(veth, Space.POD, pod.get(), veth.podName(), "veth");
    podEnd.filter(l -> l.mtu() != veth.mtu()).ifPresent(l -> add(veth, "the MTU of " + l.name() + " in the pod is " + l.mtu()));
    podEnd.ifPresent(l -> veth.podMac().filter(m -> l.mac().filter(Kernel.mac(m)::equals).isEmpty())
        .ifPresent(m -> add(veth, "the hardware address of " + l.name() + " in the pod is " + l.mac().map(Object::toString).orElse("none"))));
    if (hostEnd.isPresent() && podEnd.isPresent()
        && (hostEnd.get().parent() != podEnd.get().index() || podEnd.get().parent() != hostEnd.get().index())) {
      add(veth, veth.hostName() + " and the pod's " + veth.podName() + " are not the ends of one pair");
    }
  }

  private void child(ChildLink link) {
    Optional<Link> found = view(link.space()).flatMap(v -> present(link, link.space(), v, link.name(), link.type()));
    if (found.isEmpty()) {
      return;
    }
    Link there = found.get();
    if (link.vlanId().isPresent() && there.vlan() != link.vlanId().getAsInt()) {
      add(link, "the VLAN id of " + there.name() + " is " + there.vlan());
    }
    if (link.mtu().isPresent() && there.mtu() != link.mtu().getAsInt()) {
      add(link, "the MTU of " + there.name() + " is " + there.mtu());
    }
    if (link.mac().isPresent() && !there.mac().equals(link.mac().map(Kernel::mac))) {
      add(link, "the hardware address of " + there.name() + " is " + there.mac().map(Object::toString).orElse("none"));
    }
    Optional<Integer> parent = index(Space.HOST, link.parent());
    if (parent.isEmpty() || there.parent() != parent.get()) {
      add(link, there.name() + " is not on " + link.parent());
    }
  }

  private Optional<Link> present(PlanElement element, Space space, View view, String name, String kind) {
    String where = space == Space.POD ? " in the pod" : "";
    Optional<Link> link = view.link(name);
    if (link.isEmpty()) {
      add(element, "device " + name + " is missing" + where);
      return link;
    }
    if (!link.get().kind().equals(kind)) {
      add(element, "device " + name + where + " is of kind \"" + link.get().kind() + "\"");
      return Optional.empty();
    }
    if (space == Space.HOST && !link.get().alias().equals(Numbers.alias(key))) {
      add(element, "device " + name + " is not this attachment's: its alias is \"" + link.get().alias() + "\"");
      return Optional.empty();
    }
    if (!link.get().isUp()) {
      add(element, "device " + name + where + " is down");
    }
    return link;
  }

  private void moved(MovedDevice moved, View view) {
    Optional<Link> link = view.link(moved.podName());
    if (link.isEmpty()) {
      add(moved, "device " + moved.podName() + " is missing in the pod");
    } else if (!link.get().isUp()) {
      add(moved, "device " + moved.podName() + " in the pod is down");
    }
  }

  private void sysctls(DatapathPlan plan, Space space, Sysctls sysctls) {
    Map<Sysctls.Key, Sysctl> wanted = new LinkedHashMap<>();
    for (Sysctl element : plan.elements(Sysctl.class)) {
      if (element.space() == space) {
        try {
          wanted.put(SysctlElements.key(element, d -> name(space, d)), element);
        } catch (DatapathException e) {
          add(element, e.reason());
        }
      }
    }
    if (!wanted.isEmpty()) {
      Map<Sysctls.Key, String> values = new LinkedHashMap<>();
      wanted.forEach((k, element) -> values.put(k, element.value()));
      for (Sysctls.Difference difference : sysctls.differences(values)) {
        Sysctl element = wanted.get(difference.key());
        if (element != null) {
          add(element, difference.toString());
        }
      }
    }
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
