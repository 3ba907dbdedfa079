package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.kernel.KernelObject;
import dev.patchbay.core.kernel.Mended;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.netlink.nft.NftEvent;
import dev.patchbay.netlink.nft.NftSocket;
import dev.patchbay.spi.datapath.DatapathPlan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The chains of aws-node, and beside them, only while a plan asks for what they can't say, our own table. */
final class ClassicFilter implements PacketFilter {
  private final HostContext host;
  private final ClassicRenderer renderer;
  private final NftSocket socket;
  private final NftFilter beside;
  private boolean besideIsThere;
  private @Nullable NodeDatapath applied;

  ClassicFilter(HostContext host, ClassicRenderer renderer) {
    this.host = host;
    this.renderer = renderer;
    this.socket = NftSocket.open(host.node);
    this.beside = new NftFilter(host.node, FilterPlace.BESIDE);
    found(beside.isThere());
  }

  private void found(boolean there) {
    besideIsThere = there;
    renderer.setBeside(there);
  }

  private static AttachmentPath beside(AttachmentPath path) {
    return new AttachmentPath(path.key(), ClassicIntents.beside(path.plan()), path.enis());
  }

  private static NodeDatapath beside(NodeDatapath node) {
    return new NodeDatapath(node.enis(), DatapathPlan.of(ClassicIntents.of(node).beside()), node.vethPrefix(), node.vpc());
  }

  @Override
  public void applyNode(NodeDatapath node, HostContext context) {
    applied = node;
    List<DatapathException> problems = new ArrayList<>(ClassicChains.of(node, context).apply(socket));
    if (host.switching) {
      // Our own table is the other rendering's until its turn comes: packets still find their way by it.
      DatapathException.throwFirst(problems);
      return;
    }
    boolean wanted = ClassicIntents.of(node).needsBeside() || !beside.keys().isEmpty();
    if (wanted) {
      problems.addAll(begin(node));
    } else if (besideIsThere) {
      problems.addAll(end(node));
    }
    DatapathException.throwFirst(problems);
  }

  /** Makes our own table, and the rules for its marks. */
  private List<DatapathException> begin(NodeDatapath node) {
    List<DatapathException> problems = new ArrayList<>();
    try {
      beside.applyNode(beside(node), host);
    } catch (DatapathException e) {
      problems.add(e);
    }
    if (!besideIsThere) {
      found(beside.isThere());
      problems.addAll(NodeRun.again(host, node));
    }
    return problems;
  }

  private List<DatapathException> end(NodeDatapath node) {
    beside.removeAll();
    found(false);
    return NodeRun.again(host, node);
  }

  /** What is wrong with the node's part, the node's own application tells. */
  private void require(AttachmentPath part) {
    if (!besideIsThere && !part.plan().elements().isEmpty() && applied != null) {
      begin(applied);
    }
  }

  /** Takes our own table out once nothing is in it. */
  private void settle() {
    NodeDatapath node = applied;
    if (besideIsThere && node != null && beside.isIdle() && !ClassicIntents.of(node).needsBeside()) {
      DatapathException.throwFirst(end(node));
    }
  }

  @Override
  public List<KernelObject> examineNode(NodeDatapath node, HostContext context) {
    List<KernelObject> objects = new ArrayList<>(ClassicChains.of(node, context).examine(socket));
    if (besideIsThere || ClassicIntents.of(node).needsBeside()) {
      objects.addAll(beside.examineNode(beside(node), context));
    }
    return objects;
  }

  @Override
  public void add(AttachmentPath path) {
    AttachmentPath part = beside(path);
    try {
      require(part);
      beside.add(part);
    } catch (RuntimeException e) {
      settle();
      throw e;
    }
  }

  @Override
  public void change(AttachmentPath before, AttachmentPath after) {
    AttachmentPath part = beside(after);
    require(part);
    beside.change(beside(before), part);
  }

  @Override
  public Map<String, List<String>> mend(Collection<AttachmentPath> paths) {
    List<AttachmentPath> parts = paths.stream().map(ClassicFilter::beside).filter(p -> !p.plan().elements().isEmpty()).toList();
    parts.forEach(this::require);
    return beside.mend(parts);
  }

  @Override
  public Optional<String> altered(NftEvent.Deleted event) {
    return beside.altered(event).or(() -> ClassicChains.isOurs(event) && event.port() != socket.port()
        ? Optional.of(Mended.NODE) : Optional.empty());
  }

  @Override
  public void remove(Collection<AttachmentPath> paths) {
    beside.remove(paths);
    settle();
  }

  @Override
  public List<KernelObject> examine(AttachmentPath path) {
    return beside.examine(beside(path));
  }

  @Override
  public Set<String> keys() {
    return beside.keys();
  }

  @Override
  public boolean isThere() {
    return ClassicChains.areThere(socket) || beside.isThere();
  }

  @Override
  public void removeOthers(Set<String> keep) {
    beside.removeOthers(keep);
    settle();
  }

  @Override
  public void takeOver(Collection<AttachmentPath> live) {
    live.forEach(path -> beside.change(path, beside(path)));
    NodeDatapath node = applied;
    if (node != null && (!beside.keys().isEmpty() || ClassicIntents.of(node).needsBeside())) {
      DatapathException.throwFirst(begin(node));
    } else {
      beside.removeAll();
      found(false);
    }
  }

  @Override
  public void removeAll() {
    DatapathException.throwFirst(ClassicChains.none().apply(socket));
    beside.removeAll();
    found(false);
  }

  @Override
  public void close() {
    beside.close();
    socket.close();
  }
}
