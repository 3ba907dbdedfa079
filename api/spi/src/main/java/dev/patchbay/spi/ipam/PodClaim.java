package dev.patchbay.spi.ipam;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.ImplementedByMode;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.view.AttachmentView;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Decides which pods a mode takes over.
 */
@ImplementedByMode
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface PodClaim {
  /**
   * Decides about one pod. Asked only while the pod's object can be read; otherwise what the role declares holds. Must not
   * block.
   *
   * @param attachment the attachment; it holds nothing yet
   * @return the families taken over, among those of the role, at least one; {@link Answer#pass()} for a pod that is not this
   *     mode's
   */
  Answer<Set<AddressFamily>> claim(AttachmentView attachment);
}
