package dev.patchbay.spi.datapath;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.ImplementedByMode;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.NodeView;
import org.apiguardian.api.API;

/**
 * The datapath SPI: the links, addresses, routes, neighbours and sysctls that should exist, and, as intent, what should hold.
 */
@ImplementedByMode
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface DatapathPlanner {
  /**
   * Plans the node's own part. Asked whenever the view's interfaces, networks or settings have changed; not for each pod. Must
   * not block. That each interface with pods has its own table with the way to its gateway is the runtime's business.
   *
   * @param node the node
   * <p>An act of the type {@code plugin} says in this plan that every pod needs that plugin: the node is not ready for pods while it
   * says by STATUS that it is not, and what the container runtime says by GC reaches it. It is run for no pod.
   *
   * @return the plan; the default wants nothing
   */
  default Answer<DatapathPlan> node(NodeView node) {
    return Answer.of(DatapathPlan.empty());
  }

  /**
   * Plans one attachment. Asked when its addresses are drawn, and again after each act, in time that does not grow with the
   * pods on the node. Must not block. The plan that was applied is kept, and is what CHECK, DEL and restart work from.
   *
   * @param attachment the attachment, with its addresses
   * @return the plan
   */
  Answer<DatapathPlan> attachment(AttachmentView attachment);

  /**
   * {@return whether a live attachment may be planned again when the node has changed, and the difference applied to it; the
   * default is no}
   */
  default boolean replansLiveAttachments() {
    return false;
  }
}
