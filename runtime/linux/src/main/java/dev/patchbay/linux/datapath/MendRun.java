package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.kernel.Mended;
import dev.patchbay.netlink.Batch;
import dev.patchbay.netlink.Failure;
import dev.patchbay.netlink.MacAddress;
import dev.patchbay.netlink.NetlinkException;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.route.Link;
import dev.patchbay.netlink.route.Links;
import dev.patchbay.spi.datapath.ChildLink;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.Sysctl;
import dev.patchbay.spi.datapath.VethPair;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Brings back what others have taken out of live attachments in the node's namespace: routes, rules, addresses, neighbours, and elements of
 * the packet filter, and devices on those of the node; devices that were set down are set up. An attachment whose own device is gone is
 * gone itself, or about to be.
 */
final class MendRun implements Compiler.Devices {
  private final HostContext host;
  private final AttachmentPath path;
  private View view;
  private final List<String> found = new ArrayList<>();
  private Optional<DatapathException> refusal = Optional.empty();

  private MendRun(HostContext host, AttachmentPath path, View view) {
    this.host = host;
    this.path = path;
    this.view = view;
  }

  /** Returns what was missing, by attachment. */
  static List<Mended> mend(HostContext host, PacketFilter filter, Collection<AttachmentPath> paths) {
    View view = View.of(host.routes);
    Map<String, MendRun> runs = new LinkedHashMap<>();
    for (AttachmentPath path : paths) {
      MendRun run = new MendRun(host, path, view);
      if (run.isLive()) {
        runs.put(path.key(), run);
      }
    }
    runs.values().forEach(MendRun::makeLinks);
    if (runs.values().stream().anyMatch(r -> !r.found.isEmpty())) {
      View renewed = View.of(host.routes);
      runs.values().forEach(r -> r.view = renewed);
    }
    runs.values().forEach(MendRun::run);
    try {
      filter.mend(runs.values().stream().map(r -> r.path).toList())
          .forEach((key, found) -> Optional.ofNullable(runs.get(key)).ifPresent(r -> r.found.addAll(found)));
    } catch (DatapathException | NetlinkException e) {
      DatapathException reason = e instanceof DatapathException known ? known : Refusals.of(null, (NetlinkException) e);
      runs.values().forEach(r -> r.refuse("a part of the packet filter is missing", reason));
    }
    return runs.values().stream().filter(r -> !r.found.isEmpty())
        .map(r -> new Mended(r.path.key(), r.found, r.refusal.map(DatapathException::finding))).toList();
  }

  /** Returns the attachments of which no device is there, whatever name it may have by now. */
  static Set<String> absent(HostContext host, Collection<AttachmentPath> paths) {
    Set<String> there = new HashSet<>();
    host.routes.links().stream().filter(l -> l.group() == Numbers.GROUP).forEach(l -> there.add(l.alias()));
    return paths.stream().filter(p -> !p.plan().elements(VethPair.class).isEmpty()).map(AttachmentPath::key)
        .filter(key -> !there.contains(Numbers.alias(key))).collect(Collectors.toSet());
  }

  private boolean isLive() {
    String alias = Numbers.alias(path.key());
    return path.plan().elements(VethPair.class).stream().anyMatch(
        veth -> view.link(veth.hostName()).filter(l -> l.group() == Numbers.GROUP && l.alias().equals(alias)).isPresent());
  }

  /** Makes devices of the node's namespace that are gone, and sets up those that are down: what is on them is mended after that. */
  private void makeLinks() {
    for (ChildLink element : path.plan().elements(ChildLink.class)) {
      Optional<Link> there = element.space() == Space.HOST ? view.link(element.name()) : Optional.empty();
      if (element.space() == Space.HOST && there.filter(Link::isUp).isEmpty()) {
        found.add("device " + element.name() + " is " + (there.isPresent() ? "down" : "missing"));
        try {
          NewLinks links = new NewLinks(host, DatapathPlan.of(element), path.enis());
          Request making = links.request(links.jobs().getFirst(), host.node);
          if (there.isEmpty()) {
            host.routes.execute(making);
            SysctlElements.set(host.sysctls, path.plan().elements(Sysctl.class).stream().filter(
                s -> s.space() == Space.HOST && s.device().flatMap(Device::name).filter(element.name()::equals).isPresent()).toList(), Device::name);
          }
          host.routes.execute(Links.change(there.map(Link::index).orElse(links.all().getFirst().index))
              .alias(Numbers.alias(path.key())).up());
        } catch (DatapathException e) {
          refusal = Optional.of(e);
        } catch (NetlinkException e) {
          refusal = Optional.of(Refusals.of(element, e));
        }
      }
    }
  }

  private void run() {
    Batch batch = new Batch();
    List<PlanElement> elements = new ArrayList<>();
    for (VethPair veth : path.plan().elements(VethPair.class)) {
      view.link(veth.hostName()).filter(l -> !l.isUp()).ifPresent(l -> {
        found.add("device " + l.name() + " is down");
        batch.add(Links.change(l.index()).up());
        elements.add(veth);
      });
    }
    Compiler compiler = new Compiler(host.renderer, Numbers.ATTACHMENT_PROTOCOL, path.plan(), path.enis(), this);
    for (PlanElement element : path.plan().elements()) {
      for (Piece piece : compile(compiler, element)) {
        Observation seen = piece.space() == Space.HOST ? view.observe(piece.subject()) : Observation.PRESENT;
        if (!seen.isPresent()) {
          found.addAll(seen.found());
          batch.add(piece.subject() instanceof Piece.OfRoute route ? route.route().replace() : piece.subject().add());
          elements.add(element);
        }
      }
    }
    List<Failure> failures = batch.isEmpty() ? List.of() : host.routes.attempt(batch);
    if (!failures.isEmpty()) {
      Failure first = failures.getFirst();
      refusal = Optional.of(Refusals.of(elements.get(first.position()), first));
    }
  }

  /** What is in the pod can't be compiled from here, and need not be. */
  private static List<Piece> compile(Compiler compiler, PlanElement element) {
    if (Words.space(element) == Space.POD) {
      return List.of();
    }
    try {
      return compiler.compile(element);
    } catch (DatapathException e) {
      return List.of();
    }
  }

  private void refuse(String what, DatapathException reason) {
    found.add(what);
    refusal = Optional.of(reason);
  }

  private Optional<Link> link(Space space, Device device) {
    if (space == Space.POD) {
      return Optional.empty();
    }
    return device.name().flatMap(view::link)
        .or(() -> device.eni().flatMap(id -> HostContext.eniDevice(Numbers.eni(id, path.enis()), view.links())));
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
}
