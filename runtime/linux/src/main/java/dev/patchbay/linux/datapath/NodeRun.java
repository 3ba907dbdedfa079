package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.core.kernel.KernelObject;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.netlink.Batch;
import dev.patchbay.netlink.Failure;
import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.netlink.MacAddress;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.route.Address;
import dev.patchbay.netlink.route.Link;
import dev.patchbay.netlink.route.Links;
import dev.patchbay.netlink.route.Rule;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.spi.datapath.ChildLink;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.InterfaceAddress;
import dev.patchbay.spi.datapath.MovedDevice;
import dev.patchbay.spi.datapath.Neighbour;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.PolicyRule;
import dev.patchbay.spi.datapath.RateLimit;
import dev.patchbay.spi.datapath.ReturnPath;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.StandaloneLink;
import dev.patchbay.spi.datapath.Sysctl;
import dev.patchbay.spi.datapath.Table;
import dev.patchbay.spi.datapath.UnknownElement;
import dev.patchbay.spi.datapath.VethPair;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the node's own part what it should be, for all but the packet filter: compares with what is there, adds what is missing, and
 * then removes what carries the node's mark and is not wanted.
 */
final class NodeRun implements Compiler.Devices {
  private final HostContext host;
  private final NodeDatapath node;
  private final List<DatapathException> problems = new ArrayList<>();
  private View view;
  /** Whether what is there and not wanted stays. */
  private boolean keep;
  /** Whether it is a part of a step that is told already. */
  private boolean step;

  private NodeRun(HostContext host, NodeDatapath node) {
    this.host = host;
    this.node = node;
    this.view = View.of(host.routes);
  }

  /** Applies all that can be applied; returns what could not. */
  static List<DatapathException> apply(HostContext host, NodeDatapath node) {
    NodeRun run = new NodeRun(host, node);
    run.apply();
    return run.problems;
  }

  /** The same in the middle of a step of another's, when what it depends on has changed. */
  static List<DatapathException> again(HostContext host, NodeDatapath node) {
    NodeRun run = new NodeRun(host, node);
    run.step = true;
    run.apply();
    return run.problems;
  }

  /** The same as the first, but all that is there stays. */
  static List<DatapathException> add(HostContext host, NodeDatapath node) {
    NodeRun run = new NodeRun(host, node);
    run.keep = true;
    run.apply();
    return run.problems;
  }

  /** Looks without changing anything: what should be there, and whether it is. */
  static List<KernelObject> examine(HostContext host, NodeDatapath node) {
    NodeRun run = new NodeRun(host, node);
    List<KernelObject> objects = new ArrayList<>();
    for (EniPath eni : node.enis()) {
      Optional<String> name = HostContext.eniDevice(eni, run.view.links()).map(Link::name);
      if (eni.primary()) {
        objects.add(new KernelObject(ReturnPath.of(eni.id()), "link", Space.HOST, name.orElse("device of " + eni.id()) + " lladdr "
            + eni.mac() + ", the operating system's own", name.isPresent() ? KernelObject.State.PRESENT : KernelObject.State.MISSING,
            name.isPresent() ? List.of() : List.of("there is no device with hardware address " + eni.mac())));
        continue;
      }
      Observation seen = run.eniDeviation(eni).map(name.isPresent() ? Observation::altered : Observation::missing)
          .orElse(Observation.PRESENT);
      objects.add(new KernelObject(run.anchor(eni), "link", Space.HOST,
          name.orElse("device of " + eni.id()) + " lladdr " + eni.mac() + " mtu " + eni.mtu() + " up", seen.state(), seen.found()));
    }
    for (Piece piece : run.basics()) {
      Observation seen = run.view.observe(piece.subject());
      objects.add(new KernelObject(piece.element(), Words.kind(piece.subject()), Space.HOST, run.view.words(piece.subject()),
          seen.state(), seen.found()));
    }
    objects.addAll(Verifier.examineNode(host, node.plan(), node.enis(), run.view));
    return objects;
  }

  /** Removes the node's own part; its links are put into the group that the reaper deletes. */
  static void removeAll(HostContext host) {
    NodeRun run = new NodeRun(host, new NodeDatapath(List.of(), DatapathPlan.empty(), "", List.of()));
    Batch batch = new Batch();
    run.superfluous(List.of()).forEach(batch::add);
    run.view.links().stream().filter(HostContext::isOurs).forEach(l -> batch.add(Links.change(l.index()).group(Numbers.DYING_GROUP)));
    DetachRun.attempt(host.routes, batch);
    LocalRule.settle(host);
  }

  private void apply() {
    for (PlanElement element : node.plan().elements()) {
      unfit(element).ifPresent(problems::add);
    }
    tell("node links");
    makeLinks();
    setUpEnis();
    setSysctls();
    view = View.of(host.routes);

    tell("node routes");
    List<Piece> wanted = new ArrayList<>(basics());
    Compiler compiler = new Compiler(host.renderer, Numbers.NODE_PROTOCOL, node.plan(), node.enis(), this);
    for (PlanElement element : node.plan().elements()) {
      try {
        if (unfit(element).isEmpty()) {
          wanted.addAll(compiler.compile(element));
        }
      } catch (DatapathException e) {
        problems.add(e);
      }
    }
    List<Piece> missing = wanted.stream().filter(p -> !view.observe(p.subject()).isPresent()).toList();
    List<Request> superfluous = keep ? List.of() : superfluous(wanted);
    if (LocalRule.isNeeded(node.plan())) {
      LocalRule.makeRoom(host);
    }
    // A route that changed has the same destination as the one that goes, and the kernel refuses a second one. What others put in the
    // place of ours in our own tables goes; the main table is everybody's.
    Batch batch = new Batch();
    superfluous.forEach(batch::add);
    missing.forEach(p -> batch.add(bring(p.subject())));
    if (!batch.isEmpty()) {
      for (Failure failure : host.routes.attempt(batch)) {
        int piece = failure.position() - superfluous.size();
        if (piece >= 0) {
          problems.add(Refusals.of(missing.get(piece).element(), failure));
        }
      }
    }
    LocalRule.settle(host);
  }

  private static Request bring(Piece.Subject subject) {
    return subject instanceof Piece.OfRoute(dev.patchbay.netlink.route.Route route) && route.table() != Numbers.MAIN_TABLE
        ? route.replace() : subject.add();
  }

  private void tell(String what) {
    if (!step) {
      host.steps.before(what);
    }
  }

  /** What can't be part of a node's plan is said, not skipped. */
  private static Optional<DatapathException> unfit(PlanElement element) {
    return switch (element) {
      case VethPair e -> unfit(e, "a pair needs a pod");
      case MovedDevice e -> unfit(e, "a device is moved into a pod");
      case RateLimit e -> unfit(e, "rates are limited for pods");
      case Act e -> unfit(e, "acts are not part of the datapath");
      case UnknownElement e -> unfit(e, "this version does not know it");
      case Route e when e.space() == Space.POD -> unfit(e, "the node has no pod");
      case Neighbour e when e.space() == Space.POD -> unfit(e, "the node has no pod");
      case InterfaceAddress e when e.space() == Space.POD -> unfit(e, "the node has no pod");
      case Sysctl e when e.space() == Space.POD -> unfit(e, "the node has no pod");
      case ChildLink e when e.space() == Space.POD -> unfit(e, "the node has no pod");
      case StandaloneLink e when e.space() == Space.POD -> unfit(e, "the node has no pod");
      default -> Optional.empty();
    };
  }

  private static Optional<DatapathException> unfit(PlanElement element, String why) {
    return Optional.of(new DatapathException(DatapathException.Code.ELEMENT_UNSUPPORTED, element, why, "Put it into an attachment's plan."));
  }

  private List<EniPath> secondaries() {
    return node.enis().stream().filter(e -> !e.primary()).toList();
  }

  // Interfaces of the instance

  private PlanElement anchor(EniPath eni) {
    EniPath.Own own = eni.addresses().getFirst();
    return InterfaceAddress.of(Space.HOST, Device.ofEni(eni.id()), own.address(), own.subnet().length());
  }

  private Optional<String> eniDeviation(EniPath eni) {
    Optional<Link> link = HostContext.eniDevice(eni, view.links());
    if (link.isEmpty()) {
      return Optional.of("there is no device with hardware address " + eni.mac());
    }
    if (!link.get().isUp()) {
      return Optional.of("device " + link.get().name() + " is down");
    }
    return link.get().mtu() == eni.mtu() ? Optional.empty()
        : Optional.of("the MTU of " + link.get().name() + " is " + link.get().mtu() + " and should be " + eni.mtu());
  }

  private void setUpEnis() {
    for (EniPath eni : secondaries()) {
      Optional<Link> link = HostContext.eniDevice(eni, view.links());
      if (link.isEmpty()) {
        problems.add(Compiler.missing(anchor(eni), Space.HOST, Device.ofEni(eni.id())));
      } else if (eniDeviation(eni).isPresent()) {
        Batch batch = new Batch().add(Links.change(link.get().index()).mtu(eni.mtu()).up());
        host.routes.attempt(batch).forEach(f -> problems.add(Refusals.of(anchor(eni), f)));
      }
    }
  }

  /** The rules and routes that every node has, each with the element that would ask for it. */
  private List<Piece> basics() {
    List<Piece> pieces = new ArrayList<>();
    boolean ipv6 = view.rules().stream().anyMatch(r -> r.family() == Family.IPV6);
    host.renderer.nodeRules(node, ipv6, (element, rule) -> rule(pieces, element, rule));
    for (EniPath eni : secondaries()) {
      Table table = Table.ofEni(eni.id());
      for (EniPath.Own own : eni.addresses()) {
        rule(pieces, PolicyRule.of("last", table).withFrom(own.address().asCidr()),
            Rule.of(Kernel.family(own.address().family()), Numbers.OWN_ADDRESS_PRIORITY).from(Kernel.host(own.address()))
                .lookup(host.renderer.table(eni)));
      }
      HostContext.eniDevice(eni, view.links()).ifPresent(link -> onDevice(pieces, eni, link));
    }
    return pieces;
  }

  private static void rule(List<Piece> pieces, PlanElement element, Rule.Builder rule) {
    pieces.add(new Piece(element, Space.HOST, false, new Piece.OfRule(rule.protocol(Numbers.NODE_PROTOCOL).build())));
  }

  private void onDevice(List<Piece> pieces, EniPath eni, Link link) {
    Device device = Device.ofEni(eni.id());
    Table table = Table.ofEni(eni.id());
    for (EniPath.Own own : eni.addresses()) {
      // Without a route to the subnet: in the main table it would compete with the primary interface's.
      pieces.add(new Piece(InterfaceAddress.of(Space.HOST, device, own.address(), own.subnet().length()), Space.HOST, false,
          new Piece.OfAddress(Address.of(link.index(), new IpPrefix(Kernel.address(own.address()), own.subnet().length()))
              .withFlags(Address.NO_PREFIX_ROUTE | (own.address().bytes().length == 16 ? Address.NO_DUPLICATE_DETECTION : 0))
              .withProtocol(Numbers.NODE_PROTOCOL))));
    }
    for (IpAddress gateway : eni.gateways()) {
      Cidr any = Cidr.containing(gateway, 0);
      route(pieces, Route.to(Space.HOST, table, gateway.asCidr(), device),
          dev.patchbay.netlink.route.Route.to(Kernel.host(gateway)).link(link.index()).table(host.renderer.table(eni)));
      route(pieces, Route.to(Space.HOST, table, any, device).withVia(gateway),
          way(dev.patchbay.netlink.route.Route.to(Kernel.prefix(any)).via(Kernel.address(gateway)).link(link.index())
              .table(host.renderer.table(eni))));
    }
  }

  private dev.patchbay.netlink.route.Route.Builder way(dev.patchbay.netlink.route.Route.Builder way) {
    return host.renderer.onlink() ? way.onlink() : way;
  }

  private static void route(List<Piece> pieces, PlanElement element, dev.patchbay.netlink.route.Route.Builder route) {
    pieces.add(new Piece(element, Space.HOST, false, new Piece.OfRoute(route.protocol(Numbers.NODE_PROTOCOL).build())));
  }

  private List<Request> superfluous(List<Piece> wanted) {
    List<Request> requests = new ArrayList<>();
    for (Rule rule : view.rules()) {
      if (rule.protocol() == Numbers.NODE_PROTOCOL && !LocalRule.isMoved(rule)
          && wanted.stream().noneMatch(p -> p.subject() instanceof Piece.OfRule w && w.rule().equals(rule))) {
        requests.add(rule.delete());
      }
    }
    for (dev.patchbay.netlink.route.Route route : view.routes()) {
      if (route.protocol() == Numbers.NODE_PROTOCOL
          && wanted.stream().noneMatch(p -> p.subject() instanceof Piece.OfRoute w && View.same(w.route(), route))) {
        requests.add(route.delete());
      }
    }
    for (Address address : view.addresses()) {
      if (address.protocol() == Numbers.NODE_PROTOCOL
          && wanted.stream().noneMatch(p -> p.subject() instanceof Piece.OfAddress w && View.same(w.address(), address))) {
        requests.add(address.delete());
      }
    }
    return requests;
  }

  // The plan's own links and settings

  private void makeLinks() {
    List<PlanElement> makers = node.plan().elements().stream()
        .filter(e -> e instanceof ChildLink || e instanceof StandaloneLink).filter(e -> unfit(e).isEmpty()).toList();
    String alias = Numbers.alias(Numbers.NODE_KEY);
    Set<String> wanted = new HashSet<>();
    for (PlanElement element : makers) {
      NewLinks links = new NewLinks(host, DatapathPlan.of(element), node.enis());
      NewLinks.Made made = links.all().getFirst();
      wanted.add(made.name);
      Optional<Link> there = view.link(made.name).filter(l -> l.alias().equals(alias));
      boolean asWanted = there.isPresent()
          && Verifier.examineNode(host, DatapathPlan.of(element), node.enis(), view).stream()
              .allMatch(o -> o.state() == KernelObject.State.PRESENT);
      if (!asWanted) {
        try {
          there.ifPresent(l -> host.routes.execute(Links.delete(l.index())));
          host.routes.execute(links.request(links.jobs().getFirst(), host.node));
          host.routes.execute(Links.change(made.index).alias(alias).up());
        } catch (dev.patchbay.netlink.NetlinkException e) {
          problems.add(Refusals.of(element, e));
        } catch (DatapathException e) {
          problems.add(e);
        }
      }
    }
    for (Link link : view.links()) {
      if (link.alias().equals(alias) && HostContext.isOurs(link) && !wanted.contains(link.name())) {
        AttachRun.ignoring(host.routes, Links.delete(link.index()), dev.patchbay.netlink.Errno.ENODEV);
      }
    }
    view = View.of(host.routes);
  }

  private void setSysctls() {
    for (Sysctl element : node.plan().elements(Sysctl.class)) {
      if (element.space() == Space.POD) {
        continue;
      }
      try {
        SysctlElements.set(host.sysctls, List.of(element), d -> name(Space.HOST, d));
      } catch (DatapathException e) {
        problems.add(e);
      }
    }
  }

  @Override
  public Optional<Integer> index(Space space, Device device) {
    return link(device).map(Link::index);
  }

  @Override
  public Optional<String> name(Space space, Device device) {
    return device.name().or(() -> link(device).map(Link::name));
  }

  @Override
  public Optional<MacAddress> mac(Space space, Device device) {
    return link(device).flatMap(Link::mac);
  }

  private Optional<Link> link(Device device) {
    return device.name().flatMap(view::link)
        .or(() -> device.eni().flatMap(id -> HostContext.eniDevice(Numbers.eni(id, node.enis()), view.links())));
  }
}
