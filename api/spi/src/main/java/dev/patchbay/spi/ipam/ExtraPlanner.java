package dev.patchbay.spi.ipam;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.ImplementedByMode;
import dev.patchbay.spi.view.AttachmentView;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Decides which further interfaces a pod gets.
 */
@ImplementedByMode
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface ExtraPlanner {
  /**
   * Names the further attachments of a pod whose first is there. For each, in order, the runtime asks the address and datapath
   * planners of this mode; if one fails, those before it are undone in reverse.
   *
   * @param first the pod's first attachment, with its addresses
   * @return the further attachments, possibly none
   */
  Answer<List<ExtraAttachment>> extras(AttachmentView first);
}
