package dev.patchbay.spi.eni;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.ImplementedByMode;
import dev.patchbay.spi.view.NodeView;
import org.apiguardian.api.API;

/**
 * The ENI-management SPI: which interfaces a node should have, in which subnets and security groups, and which of them
 * pods may use.
 */
@ImplementedByMode
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface EniPlanner {
  /**
   * Plans the lanes. Asked at start and whenever what the view shows of the node, its object or the objects read has
   * changed; not for each pod. Must not block.
   *
   * @param node the node
   * @return the lanes; a base refuses where it can't work at all (the instance type, say)
   */
  Answer<EniPlan> plan(NodeView node);
}
