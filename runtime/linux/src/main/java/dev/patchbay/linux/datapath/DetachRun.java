package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.netlink.Batch;
import dev.patchbay.netlink.Errno;
import dev.patchbay.netlink.Failure;
import dev.patchbay.netlink.MacAddress;
import dev.patchbay.netlink.NetlinkException;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.route.Link;
import dev.patchbay.netlink.route.Links;
import dev.patchbay.netlink.route.RouteSocket;
import dev.patchbay.spi.datapath.ChildLink;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.MovedDevice;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.RateLimit;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.StandaloneLink;
import dev.patchbay.spi.datapath.VethPair;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The first half of taking an attachment out: everything but its links in the node's namespace, which are only put into the group
 * that the reaper deletes. Works from the plan alone; what is not there is not missed.
 */
final class DetachRun implements Compiler.Devices {
  private static final Set<Errno> GONE = Set.of(Errno.ENOENT, Errno.ESRCH, Errno.ENODEV, Errno.EADDRNOTAVAIL);

  private final HostContext host;
  private final AttachmentPath path;
  private final @Nullable RouteSocket podRoutes;
  private final Compiler compiler;

  private DetachRun(HostContext host, Renderer renderer, AttachmentPath path, @Nullable RouteSocket podRoutes) {
    this.host = host;
    this.path = path;
    this.podRoutes = podRoutes;
    this.compiler = new Compiler(renderer, Numbers.ATTACHMENT_PROTOCOL, path.plan(), path.enis(), this);
  }

  /** Takes an attachment out, but for the packet filter's part; returns whether links wait for the reaper. */
  static boolean detach(HostContext host, AttachmentPath path, Optional<Netns> pod) {
    if (host.switching) {
      remove(host.routes, lasting(host, host.renderer.other(), path), Space.HOST);
    }
    Optional<Netns> other = pod.filter(p -> !p.equals(host.node));
    if (other.isEmpty()) {
      return new DetachRun(host, host.renderer, path, null).run();
    }
    try (RouteSocket podRoutes = RouteSocket.open(other.get())) {
      return new DetachRun(host, host.renderer, path, podRoutes).run();
    }
  }

  /** The objects of an attachment in the node's namespace that do not disappear with its links. */
  static List<Piece> lasting(HostContext host, Renderer renderer, AttachmentPath path) {
    return new DetachRun(host, renderer, path, null).lasting();
  }

  /** All objects of an attachment in the node's namespace. */
  static List<Piece> pieces(HostContext host, Renderer renderer, AttachmentPath path) {
    DetachRun run = new DetachRun(host, renderer, path, null);
    return path.plan().elements().stream().flatMap(e -> compiled(() -> run.compiler.compile(e)).stream())
        .filter(p -> p.space() == Space.HOST).toList();
  }

  private List<Piece> lasting() {
    List<Piece> pieces = new ArrayList<>();
    for (PlanElement element : path.plan().elements()) {
      pieces.addAll(compiled(() -> compiler.lasting(element)));
    }
    return pieces;
  }

  private boolean run() {
    host.steps.before("detach");
    List<Piece> pieces = lasting();
    remove(host.routes, pieces, Space.HOST);
    if (LocalRule.isNeeded(path.plan())) {
      LocalRule.settle(host);
    }
    if (podRoutes != null) {
      remove(podRoutes, pieces, Space.POD);
      removePodLinks(podRoutes);
    }
    if (!path.plan().elements(MovedDevice.class).isEmpty()) {
      MovedDevices.restore(host, path.key());
    }
    return markHostLinks();
  }

  /** What can't be compiled now, because a device is gone or was never described, is not there either. */
  private static List<Piece> compiled(Supplier<List<Piece>> compilation) {
    try {
      return compilation.get();
    } catch (DatapathException e) {
      return List.of();
    }
  }

  private static void remove(RouteSocket routes, List<Piece> pieces, Space space) {
    Batch batch = new Batch();
    pieces.stream().filter(p -> p.space() == space).forEach(p -> batch.add(p.subject().delete()));
    attempt(routes, batch);
  }

  static void attempt(RouteSocket routes, Batch batch) {
    if (batch.isEmpty()) {
      return;
    }
    List<Failure> refused = routes.attempt(batch).stream().filter(f -> !GONE.contains(f.errno())).toList();
    if (!refused.isEmpty()) {
      Failure first = refused.getFirst();
      throw new DatapathException(DatapathException.Code.KERNEL_REFUSED, "the kernel refused to " + first.request() + ": "
          + first.errno() + " " + first.details(), "Detach again; look at the kernel's log if that fails too.");
    }
  }

  private void removePodLinks(RouteSocket pod) {
    for (PlanElement element : path.plan().elements()) {
      if (element instanceof MovedDevice moved) {
        MovedDevices.bringBack(host, pod, path.key(), moved);
      }
      String name = switch (element) {
        case ChildLink link when link.space() == Space.POD -> link.name();
        case StandaloneLink link when link.space() == Space.POD -> link.name();
        default -> "";
      };
      if (!name.isEmpty()) {
        pod.link(name).filter(HostContext::isOurs)
            .ifPresent(l -> AttachRun.ignoring(pod, Links.delete(l.index()), Errno.ENODEV));
      }
    }
  }

  private boolean markHostLinks() {
    Set<String> names = new HashSet<>();
    for (PlanElement element : path.plan().elements()) {
      switch (element) {
        case VethPair veth -> names.add(veth.hostName());
        case ChildLink link when link.space() == Space.HOST -> names.add(link.name());
        case StandaloneLink link when link.space() == Space.HOST -> names.add(link.name());
        case RateLimit limit when RateLimits.isFromPod(limit) -> names.add(RateLimits.throttleName(limit));
        default -> {
          // Makes no link in the node's namespace.
        }
      }
    }
    Batch batch = new Batch();
    String alias = Numbers.alias(path.key());
    for (String name : names) {
      // A link of that name with another alias is that of a later attachment of the same pod.
      host.routes.link(name).filter(HostContext::isOurs).filter(l -> l.alias().equals(alias) || l.alias().isEmpty())
          .ifPresent(l -> batch.add(Links.change(l.index()).group(Numbers.DYING_GROUP)));
    }
    attempt(host.routes, batch);
    return !batch.isEmpty();
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
    // Not compared when a neighbour is deleted.
    return link(space, device).flatMap(Link::mac).or(() -> Optional.of(new MacAddress(0x0200_0000_0000L)));
  }

  private Optional<Link> link(Space space, Device device) {
    try {
      if (space == Space.POD) {
        return podRoutes == null ? Optional.empty() : device.name().flatMap(podRoutes::link);
      }
      return device.name().flatMap(host.routes::link)
          .or(() -> device.eni().map(id -> Numbers.eni(id, path.enis())).flatMap(host::eniDevice));
    } catch (NetlinkException e) {
      throw Refusals.of(null, e);
    }
  }
}
