package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.linux.host.Sysctls;
import dev.patchbay.netlink.Batch;
import dev.patchbay.netlink.Errno;
import dev.patchbay.netlink.Failure;
import dev.patchbay.netlink.MacAddress;
import dev.patchbay.netlink.NetlinkException;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.route.Link;
import dev.patchbay.netlink.route.Links;
import dev.patchbay.netlink.route.RouteFilter;
import dev.patchbay.netlink.route.RouteSocket;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.spi.datapath.Delivery;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.MovedDevice;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.RateLimit;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.Sysctl;
import dev.patchbay.spi.datapath.UnknownElement;
import dev.patchbay.spi.net.AddressFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One attempt to render an attachment. The pod's side is complete before the node sends anything to it or for it; when anything
 * fails, all that was done is undone in reverse.
 */
final class AttachRun implements Compiler.Devices {
  private static final int INDEX_ATTEMPTS = 8;

  private final HostContext host;
  private final PacketFilter filter;
  private final AttachmentPath path;
  private final Netns pod;
  private final NewLinks links;
  private final Compiler compiler;
  private final Map<MovedDevice, Integer> movedIndexes = new HashMap<>();
  private final List<Runnable> undo = new ArrayList<>();
  private final RouteSocket podRoutes;

  private AttachRun(HostContext host, PacketFilter filter, AttachmentPath path, Netns pod, RouteSocket podRoutes) {
    this.host = host;
    this.filter = filter;
    this.path = path;
    this.pod = pod;
    this.podRoutes = podRoutes;
    this.links = new NewLinks(host, path.plan(), path.enis());
    this.compiler = new Compiler(host.renderer, Numbers.ATTACHMENT_PROTOCOL, path.plan(), path.enis(), this);
  }

  /** Renders an attachment; throws {@link DatapathException} with everything undone. */
  static Attached attach(HostContext host, PacketFilter filter, AttachmentPath path, Netns pod) {
    for (PlanElement element : path.plan().elements()) {
      if (element instanceof Act || element instanceof UnknownElement) {
        throw new DatapathException(DatapathException.Code.ELEMENT_UNSUPPORTED, element,
            element instanceof Act ? "acts are not part of the datapath" : "this version does not know it",
            element instanceof Act ? "Carry it out and plan again." : "Use the version that planned it.");
      }
    }
    if (pod.equals(host.node)) {
      throw new DatapathException(DatapathException.Code.POD_NAMESPACE_IS_NODE, pod + " is the node's own",
          "Pods on the host's network need no attachment.");
    }
    try (RouteSocket podRoutes = open(pod)) {
      return new AttachRun(host, filter, path, pod, podRoutes).run();
    }
  }

  private static RouteSocket open(Netns pod) {
    try {
      return RouteSocket.open(pod);
    } catch (NetlinkException e) {
      throw new DatapathException(DatapathException.Code.POD_NAMESPACE_UNUSABLE, null, Refusals.words(e),
          "Give a descriptor of the pod's network namespace.", e);
    }
  }

  private Attached run() {
    try {
      step("links");
      makeLinks();
      step("moved devices");
      moveDevices();
      step("sysctls");
      setSysctls(Space.HOST);
      setSysctls(Space.POD);
      step("pod");
      setUpPod();
      step("node");
      setUpNode();
      step("filter");
      filter.add(path);
      undo.add(() -> filter.remove(List.of(path)));
      step("done");
    } catch (RuntimeException e) {
      rollBack(e);
      throw e instanceof NetlinkException refused ? Refusals.of(null, refused) : e;
    }
    return new Attached(links.all().stream().filter(m -> !(m.element instanceof RateLimit)).map(m -> new Attached.Interface(m.space, m.name, m.index,
        m.mac.map(Kernel::mac), m.mtu)).toList());
  }

  private void step(String step) {
    host.steps.before(step);
  }

  private void rollBack(RuntimeException reason) {
    for (Runnable action : undo.reversed()) {
      try {
        action.run();
      } catch (RuntimeException e) {
        reason.addSuppressed(e);
      }
    }
  }

  // Links

  private void makeLinks() {
    makeLinks(host.routes, links.jobs().stream().filter(j -> !NewLinks.fromPod(j)).toList());
    makeLinks(podRoutes, links.jobs().stream().filter(NewLinks::fromPod).toList());
  }

  private void makeLinks(RouteSocket routes, List<NewLinks.Job> jobs) {
    List<NewLinks.Job> pending = jobs;
    for (int attempt = 0; !pending.isEmpty(); attempt++) {
      Batch batch = new Batch();
      for (NewLinks.Job job : pending) {
        batch.add(links.request(job, pod));
      }
      List<Failure> failures = routes.attempt(batch);
      List<NewLinks.Job> again = new ArrayList<>();
      DatapathException refusal = null;
      for (int i = 0; i < pending.size(); i++) {
        NewLinks.Job job = pending.get(i);
        int position = i;
        Optional<Failure> failure = failures.stream().filter(f -> f.position() == position).findFirst();
        if (failure.isEmpty()) {
          undo.add(() -> deleteLink(routes, job));
        } else {
          again.add(job);
        }
      }
      // Only now: what a batch has made must be known before anything is thrown.
      for (Failure failure : failures) {
        NewLinks.Job job = pending.get(failure.position());
        boolean taken = failure.errno().equals(Errno.EEXIST) || failure.errno().equals(Errno.EBUSY);
        if (!taken || attempt == INDEX_ATTEMPTS) {
          refusal = Refusals.of(job.element(), failure);
        } else {
          makeRoom(job);
        }
      }
      if (refusal != null) {
        throw refusal;
      }
      pending = again;
    }
  }

  private static void deleteLink(RouteSocket routes, NewLinks.Job job) {
    // Deleting either end of a pair deletes both; what was made in the pod from outside is deleted with the namespace's socket.
    ignoring(routes, Links.delete(job.ends().getFirst().index), Errno.ENODEV);
  }

  /** The name or the index is taken: removes a leftover of ours, complains about anybody else's, or chooses another index. */
  private void makeRoom(NewLinks.Job job) {
    if (job.has(Space.POD) && podRoutes.link(job.end(Space.POD).name).isPresent()) {
      throw new DatapathException(DatapathException.Code.POD_INTERFACE_EXISTS, job.element(), "the pod has an interface "
          + job.end(Space.POD).name + " already", "Detach the pod first, or choose another interface name.");
    }
    if (job.has(Space.HOST)) {
      Optional<Link> there = host.routes.link(job.end(Space.HOST).name);
      if (there.isPresent() && !HostContext.isOurs(there.get())) {
        throw new DatapathException(DatapathException.Code.HOST_INTERFACE_TAKEN, job.element(), "the node has a device "
            + there.get().name() + " that is not ours", "Remove that device, or choose another prefix for pods' devices.");
      }
      if (there.isPresent()) {
        ignoring(host.routes, Links.delete(there.get().index()), Errno.ENODEV);
      }
    }
    for (NewLinks.Made end : job.ends()) {
      end.index = host.otherIndex();
    }
  }

  private void moveDevices() {
    for (MovedDevice moved : path.plan().elements(MovedDevice.class)) {
      Link link = hostLink(moved.device()).orElseThrow(() -> Compiler.missing(moved, Space.HOST, moved.device()));
      if (podRoutes.link(moved.podName()).isPresent()) {
        throw new DatapathException(DatapathException.Code.POD_INTERFACE_EXISTS, moved, "the pod has an interface "
            + moved.podName() + " already", "Detach the pod first, or choose another interface name.");
      }
      undo.add(() -> MovedDevices.bringBack(host, podRoutes, path.key(), moved));
      run(host.routes, List.of(moved, moved), new Batch()
          .add(Links.change(link.index()).alias(MovedDevices.alias(path.key(), link)).down())
          .add(Links.change(link.index()).namespace(pod).name(moved.podName())));
      movedIndexes.put(moved, podRoutes.link(moved.podName()).map(Link::index)
          .orElseThrow(() -> Compiler.missing(moved, Space.POD, Device.named(moved.podName()))));
    }
  }

  // Settings

  private void setSysctls(Space space) {
    List<Sysctl> planned = path.plan().elements(Sysctl.class).stream().filter(s -> s.space() == space).toList();
    List<Sysctl> wanted = space == Space.HOST ? withFastDiscovery(planned) : planned;
    if (!wanted.isEmpty()) {
      SysctlElements.set(space == Space.HOST ? host.sysctls : Sysctls.of(pod), wanted,
          device -> name(space, device));
    }
  }

  /**
   * The node asks for a pod's hardware address from its own end's link-local address, which duplicate address detection would hold
   * back for the first second or two (ip-sysctl, accept_dad): the pod would be unreachable for so long.
   */
  private List<Sysctl> withFastDiscovery(List<Sysctl> wanted) {
    List<Sysctl> all = new ArrayList<>(wanted);
    for (Delivery delivery : path.plan().elements(Delivery.class)) {
      if (delivery.address().family() == AddressFamily.IPV6 && made(Space.HOST, delivery.device()).isPresent()) {
        all.addFirst(Sysctl.of(Space.HOST, "net.ipv6.conf.DEVICE.accept_dad", "0").withDevice(delivery.device()));
      }
    }
    return all;
  }

  private void setUpPod() {
    Batch batch = new Batch();
    List<PlanElement> elements = new ArrayList<>();
    if (path.plan().elements().isEmpty()) {
      return;
    }
    batch.add(Links.change("lo").up());
    elements.add(path.plan().elements().getFirst());
    for (NewLinks.Made made : links.all()) {
      if (made.space == Space.POD) {
        batch.add(Links.change(made.index).up());
        elements.add(made.element);
      }
    }
    movedIndexes.forEach((moved, index) -> {
      batch.add(Links.change(index).up());
      elements.add(moved);
    });
    removeRivals();
    addPieces(Space.POD, batch, elements, podRoutes);
  }

  /** Routes in whose place one of the plan's comes, by whomever they were made. */
  private void removeRivals() {
    for (Route route : path.plan().elements(Route.class)) {
      if (!route.isAlone() || route.space() != Space.POD) {
        continue;
      }
      for (Piece piece : compiler.compile(route)) {
        if (piece.subject() instanceof Piece.OfRoute(dev.patchbay.netlink.route.Route wanted)) {
          podRoutes.routes(RouteFilter.all()).stream()
              .filter(r -> r.family() == wanted.family() && r.table() == wanted.table() && r.destination().equals(wanted.destination()))
              .forEach(rival -> ignoring(podRoutes, rival.delete(), Errno.ESRCH, Errno.ENOENT, Errno.ENODEV));
        }
      }
    }
  }

  private void setUpNode() {
    if (LocalRule.isNeeded(path.plan())) {
      undo.add(() -> LocalRule.settle(host));
      LocalRule.makeRoom(host);
    }
    Batch batch = new Batch();
    List<PlanElement> elements = new ArrayList<>();
    String alias = Numbers.alias(path.key());
    for (NewLinks.Made made : links.all()) {
      if (made.space == Space.HOST) {
        batch.add(Links.change(made.index).alias(alias).up());
        elements.add(made.element);
      }
    }
    for (RateLimit limit : path.plan().elements(RateLimit.class)) {
      int device = made(Space.HOST, limit.device()).map(m -> m.index).orElseThrow(() -> Compiler.missing(limit, Space.HOST, limit.device()));
      Optional<NewLinks.Made> throttle = RateLimits.isFromPod(limit) ? links.find(Space.HOST, RateLimits.throttleName(limit)) : Optional.empty();
      for (Request request : RateLimits.requests(limit, device, throttle)) {
        batch.add(request);
        elements.add(limit);
      }
    }
    addPieces(Space.HOST, batch, elements, host.routes);
  }

  private void addPieces(Space space, Batch batch, List<PlanElement> elements, RouteSocket routes) {
    List<Piece> pieces = path.plan().elements().stream().flatMap(e -> compiler.compile(e).stream())
        .filter(p -> p.space() == space).toList();
    int before = elements.size();
    for (Piece piece : pieces) {
      batch.add(piece.subject().add());
      elements.add(piece.element());
    }
    if (batch.isEmpty()) {
      return;
    }
    List<Failure> failures = routes.attempt(batch);
    for (int i = 0; i < pieces.size(); i++) {
      Piece piece = pieces.get(i);
      int position = before + i;
      boolean added = failures.stream().noneMatch(f -> f.position() == position);
      if (added && !piece.goesWithLink()) {
        undo.add(() -> ignoring(routes, piece.subject().delete(), Errno.ENOENT, Errno.ESRCH, Errno.ENODEV, Errno.EADDRNOTAVAIL));
      }
    }
    if (!failures.isEmpty()) {
      throw Refusals.of(elements.get(failures.getFirst().position()), failures.getFirst());
    }
  }

  private static void run(RouteSocket routes, List<PlanElement> elements, Batch batch) {
    List<Failure> failures = routes.attempt(batch);
    if (!failures.isEmpty()) {
      throw Refusals.of(elements.get(failures.getFirst().position()), failures.getFirst());
    }
  }

  static void ignoring(RouteSocket routes, Request request, Errno... harmless) {
    try {
      routes.execute(request);
    } catch (NetlinkException e) {
      if (!List.of(harmless).contains(e.errno())) {
        throw e;
      }
    }
  }

  // Devices

  private Optional<Link> hostLink(Device device) {
    return device.name().flatMap(host.routes::link)
        .or(() -> device.eni().map(id -> Numbers.eni(id, path.enis())).flatMap(host::eniDevice));
  }

  private Optional<NewLinks.Made> made(Space space, Device device) {
    return device.name().flatMap(n -> links.find(space, n));
  }

  private Optional<Link> link(Space space, Device device) {
    return space == Space.HOST ? hostLink(device) : device.name().flatMap(podRoutes::link);
  }

  @Override
  public Optional<Integer> index(Space space, Device device) {
    return made(space, device).map(m -> m.index).or(() -> link(space, device).map(Link::index));
  }

  @Override
  public Optional<String> name(Space space, Device device) {
    return device.name().or(() -> link(space, device).map(Link::name));
  }

  @Override
  public Optional<MacAddress> mac(Space space, Device device) {
    return made(space, device).flatMap(m -> m.mac).or(() -> link(space, device).flatMap(Link::mac));
  }
}
