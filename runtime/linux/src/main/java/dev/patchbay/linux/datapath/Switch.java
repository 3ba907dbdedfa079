package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.netlink.Batch;
import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.conntrack.ConntrackSocket;
import dev.patchbay.spi.datapath.Delivery;
import dev.patchbay.spi.datapath.Translation;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Goes over from one rendering to the other while pods run: all that is new is there before anything that is old goes, so packets have
 * a way at every moment. Cut short, it is done again from the beginning at the next start.
 */
final class Switch {
  private Switch() {}

  /** Whether the node was rendered in the other way. */
  static boolean isNeeded(HostContext host) {
    return host.renderer.other().isThere(View.of(host.routes), host.node);
  }

  /**
   * Goes over.
   *
   * @param live the attachments that were rendered in the other way
   * @return what could not be done; then the old is still there, too
   */
  static List<DatapathException> run(HostContext host, PacketFilter filter, NodeDatapath node, Collection<AttachmentPath> live) {
    List<DatapathException> problems = new ArrayList<>(NodeRun.add(host, node));
    try {
      filter.applyNode(node, host);
    } catch (DatapathException e) {
      problems.add(e);
    }
    MendRun.mend(host, filter, live).forEach(m -> m.refusal().ifPresent(finding ->
        problems.add(new DatapathException(DatapathException.Code.KERNEL_REFUSED, finding.cause(), finding.remedy()))));
    if (!problems.isEmpty()) {
      return problems;
    }
    markTranslated(host, node, live);
    Batch batch = new Batch();
    for (AttachmentPath path : live) {
      Set<Piece.Subject> wanted = new HashSet<>();
      DetachRun.pieces(host, host.renderer, path).forEach(p -> wanted.add(p.subject()));
      DetachRun.pieces(host, host.renderer.other(), path).stream().map(Piece::subject).filter(s -> !wanted.contains(s))
          .forEach(s -> batch.add(s.delete()));
    }
    DetachRun.attempt(host.routes, batch);
    filter.takeOver(live);
    return NodeRun.apply(host, node);
  }

  /**
   * Connections that are translated already have to go on by the primary interface, by the mark that new ones get from the chains of
   * aws-node. The other rendering looks at every packet, and needs no mark.
   */
  private static void markTranslated(HostContext host, NodeDatapath node, Collection<AttachmentPath> live) {
    Set<InetAddress> pods = new HashSet<>();
    Set<InetAddress> own = new HashSet<>();
    node.plan().elements(Translation.class).forEach(t -> own.add(Kernel.address(t.to())));
    live.forEach(path -> path.plan().elements(Delivery.class).forEach(d -> pods.add(Kernel.address(d.address()))));
    try (ConntrackSocket connections = ConntrackSocket.open(host.node)) {
      connections.mark(Family.IPV4, c -> pods.contains(c.original().source()) && own.contains(c.reply().destination()), Numbers.RETURN_MARK, Numbers.RETURN_MARK);
    }
  }
}
