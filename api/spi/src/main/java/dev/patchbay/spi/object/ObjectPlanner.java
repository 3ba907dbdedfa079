package dev.patchbay.spi.object;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.ImplementedByMode;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.NodeView;
import org.apiguardian.api.API;

/**
 * Says what the API server and the operator should see. The runtime writes it behind the work on pods, again after failures,
 * and never lets a pod wait for it.
 */
@ImplementedByMode
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface ObjectPlanner {
  /**
   * Plans for the node. Asked whenever the view has changed. Must not block.
   *
   * @param node the node
   * @return the plan; the default wants nothing
   */
  default Answer<ObjectPlan> node(NodeView node) {
    return Answer.of(ObjectPlan.empty());
  }

  /**
   * Plans for an attachment that is complete. Must not block.
   *
   * @param attachment the attachment
   * @return the plan; the default wants nothing
   */
  default Answer<ObjectPlan> attachment(AttachmentView attachment) {
    return Answer.of(ObjectPlan.empty());
  }
}
