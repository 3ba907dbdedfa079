package dev.patchbay.spi.eni;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.ImplementedByMode;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.NodeView;
import org.apiguardian.api.API;

/**
 * Changes where addresses come from, whatever base supplies them.
 */
@ImplementedByMode
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface LaneModifier {
  /**
   * Changes the lanes that the bases of the modifier's families planned: other subnets and groups, the primary interface left
   * out, further lanes beside them. The base supplies addresses to every lane of the result as it would to its own.
   *
   * @param node the node
   * @param planned the lanes that the base planned
   * @return the lanes instead; {@link Answer#pass()} to leave them
   */
  Answer<EniPlan> modify(NodeView node, EniPlan planned);

  /**
   * Chooses the lane for one pod among those of {@link #modify}.
   *
   * @param attachment the attachment; it has no addresses yet
   * @return the lane's name; {@link Answer#pass()}, the default, for {@link Lane#DEFAULT}
   */
  default Answer<String> choose(AttachmentView attachment) {
    return Answer.pass();
  }
}
