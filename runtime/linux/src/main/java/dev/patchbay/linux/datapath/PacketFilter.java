package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.kernel.KernelObject;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.netlink.nft.NftEvent;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /**
   * Whose was what was taken away, if it may have been ours and it was not us: an attachment, the node's own, or empty text where that
   * can't be told. Any thread may ask.
   */
  Optional<String> altered(NftEvent.Deleted event);

  /** Takes out what the other rendering has, of the node and of attachments that were rendered by it. */
  void takeOver(Collection<AttachmentPath> live);

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
