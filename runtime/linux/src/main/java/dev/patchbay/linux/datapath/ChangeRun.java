package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.netlink.Batch;
import dev.patchbay.netlink.Errno;
import dev.patchbay.netlink.Failure;
import dev.patchbay.netlink.MacAddress;
import dev.patchbay.netlink.route.Link;
import dev.patchbay.spi.datapath.Delivery;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.InterfaceAddress;
import dev.patchbay.spi.datapath.Neighbour;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.PolicyRule;
import dev.patchbay.spi.datapath.PortMapping;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.datapath.SourceEgress;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.Sysctl;
import dev.patchbay.spi.datapath.Translation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Brings a live attachment from one plan to another without its namespace: what is new is added before what is old goes, so that packets
 * have a way at every moment. Links and what is in the pod stay as they are; a plan that differs in these is refused.
 */
final class ChangeRun implements Compiler.Devices {
  private final HostContext host;
  private final PacketFilter filter;
  private final AttachmentPath before;
  private final AttachmentPath after;
  private final List<Runnable> undo = new ArrayList<>();

  private ChangeRun(HostContext host, PacketFilter filter, AttachmentPath before, AttachmentPath after) {
    this.host = host;
    this.filter = filter;
    this.before = before;
    this.after = after;
  }

  /** Changes an attachment; throws {@link DatapathException} with everything as before. */
  static void change(HostContext host, PacketFilter filter, AttachmentPath before, AttachmentPath after) {
    new ChangeRun(host, filter, before, after).run();
  }

  private void run() {
    List<PlanElement> more = less(after, before);
    List<PlanElement> gone = less(before, after);
    more.forEach(ChangeRun::requireChangeable);
    gone.forEach(ChangeRun::requireChangeable);
    try {
      host.steps.before("change");
      setSysctls(more);
      add(more);
      host.steps.before("change filter");
      filter.change(before, after);
      undo.add(() -> filter.change(after, before));
      host.steps.before("change done");
    } catch (RuntimeException e) {
      for (Runnable action : undo.reversed()) {
        try {
          action.run();
        } catch (RuntimeException suppressed) {
          e.addSuppressed(suppressed);
        }
      }
      throw e;
    }
    remove(gone);
  }

  private static List<PlanElement> less(AttachmentPath these, AttachmentPath those) {
    Set<PlanElement> without = new HashSet<>(those.plan().elements());
    return these.plan().elements().stream().filter(e -> !without.contains(e)).toList();
  }

  private static void requireChangeable(PlanElement element) {
    Optional<Space> space = switch (element) {
      case Delivery _, SourceEgress _, Translation _, PortMapping _, PolicyRule _ -> Optional.of(Space.HOST);
      case Route route -> Optional.of(route.space());
      case InterfaceAddress address -> Optional.of(address.space());
      case Neighbour neighbour -> Optional.of(neighbour.space());
      case Sysctl sysctl -> Optional.of(sysctl.space());
      default -> Optional.empty();
    };
    if (!space.equals(Optional.of(Space.HOST))) {
      throw new DatapathException(DatapathException.Code.ELEMENT_UNSUPPORTED, element,
          space.isEmpty() ? "it can't be changed while the pod runs" : "it is in the pod, which can't be entered now",
          "Delete the pod, so that it is made anew.");
    }
  }

  private void setSysctls(List<PlanElement> more) {
    List<Sysctl> wanted = more.stream().filter(Sysctl.class::isInstance).map(Sysctl.class::cast).toList();
    if (!wanted.isEmpty()) {
      SysctlElements.set(host.sysctls, wanted, device -> name(Space.HOST, device));
    }
  }

  private List<Piece> pieces(AttachmentPath path, List<PlanElement> elements) {
    Compiler compiler = new Compiler(host.renderer, Numbers.ATTACHMENT_PROTOCOL, path.plan(), path.enis(), this);
    return elements.stream().flatMap(e -> compiler.compile(e).stream()).toList();
  }

  private void add(List<PlanElement> more) {
    List<Piece> pieces = pieces(after, more);
    if (pieces.isEmpty()) {
      return;
    }
    Batch batch = new Batch();
    pieces.forEach(p -> batch.add(p.subject().add()));
    List<Failure> failures = host.routes.attempt(batch);
    for (int i = 0; i < pieces.size(); i++) {
      Piece piece = pieces.get(i);
      int position = i;
      if (failures.stream().noneMatch(f -> f.position() == position)) {
        undo.add(() -> AttachRun.ignoring(host.routes, piece.subject().delete(), Errno.ENOENT, Errno.ESRCH, Errno.ENODEV,
            Errno.EADDRNOTAVAIL));
      }
    }
    if (!failures.isEmpty()) {
      throw Refusals.of(pieces.get(failures.getFirst().position()).element(), failures.getFirst());
    }
  }

  private void remove(List<PlanElement> gone) {
    Batch batch = new Batch();
    pieces(before, gone).forEach(p -> batch.add(p.subject().delete()));
    DetachRun.attempt(host.routes, batch);
  }

  private Optional<Link> link(Device device) {
    return device.name().flatMap(host.routes::link)
        .or(() -> device.eni().map(id -> Numbers.eni(id, after.enis())).flatMap(host::eniDevice));
  }

  @Override
  public Optional<Integer> index(Space space, Device device) {
    return space == Space.HOST ? link(device).map(Link::index) : Optional.empty();
  }

  @Override
  public Optional<String> name(Space space, Device device) {
    return device.name().or(() -> space == Space.HOST ? link(device).map(Link::name) : Optional.empty());
  }

  @Override
  public Optional<MacAddress> mac(Space space, Device device) {
    return space == Space.HOST ? link(device).flatMap(Link::mac) : Optional.empty();
  }
}
