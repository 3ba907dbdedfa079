package dev.patchbay.spi.ipam;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.ImplementedByMode;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.NodeView;
import java.util.List;
import org.apiguardian.api.API;

/**
 * The IPAM SPI: from which lanes and in what units addresses come, how much stock is held, and what an attachment gets.
 */
@ImplementedByMode
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface AddressPlanner {
  /**
   * Plans how lanes are supplied. Asked whenever the lanes or the node have changed; not for each pod. Must not block.
   *
   * @param node the node
   * @param lanes the lanes that this mode supplies, after modifiers: a base's, or the mode's own; for a claim or extra
   *     that plans no lanes, those of the bases
   * @return the supplies of the mode's families, for lanes among those given
   */
  Answer<AddressPlan> plan(NodeView node, EniPlan lanes);

  /**
   * Says which addresses an attachment should hold. Asked once per attachment, in time that does not grow with the pods on
   * the node. Must not block. The runtime draws the addresses, writes them down, and only then goes on.
   *
   * @param attachment the attachment; it holds nothing yet
   * @return the requests, in the order in which results show them
   */
  Answer<List<AddressRequest>> addresses(AttachmentView attachment);
}
