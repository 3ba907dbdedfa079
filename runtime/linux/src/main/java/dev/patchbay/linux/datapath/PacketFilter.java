package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.kernel.KernelObject;
import dev.patchbay.core.kernel.NodeDatapath;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The elements of plans that are rendered in the packet filter: marks, translations, ports. Used by the writer thread alone. */
interface PacketFilter extends AutoCloseable {
  /** Makes the node's part what it should be; elements of attachments stay. */
  void applyNode(NodeDatapath node, HostContext host);

  /** The objects of the node's part, and whether they are there. */
  List<KernelObject> examineNode(NodeDatapath node, HostContext host);

  /** Adds an attachment's elements, all or none. */
  void add(AttachmentPath path);

  /** Makes an attachment's elements others, all at once or none. */
  void change(AttachmentPath before, AttachmentPath after);

  /**
   * Brings back what others have taken out of the attachments' elements.
   *
   * @return what was missing, sentences by attachment
   */
  Map<String, List<String>> mend(Collection<AttachmentPath> paths);

  /** The port of the socket with which it is changed, or 0. */
  int port();

  /** Removes the elements of attachments, as far as they are there. */
  void remove(Collection<AttachmentPath> paths);

  /** The objects of an attachment's elements, and whether they are there. */
  List<KernelObject> examine(AttachmentPath path);

  /** The attachments that have elements. */
  Set<String> keys();

  /** Whether there is anything of it. */
  boolean isThere();

  /** Removes all elements of attachments other than these. */
  void removeOthers(Set<String> keep);

  /** Removes everything. */
  void removeAll();

  @Override
  void close();
}
