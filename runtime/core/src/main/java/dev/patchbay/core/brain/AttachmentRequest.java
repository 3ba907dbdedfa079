package dev.patchbay.core.brain;

import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.spi.Fields;
import java.util.Map;

/**
 * What a container runtime asks for with ADD.
 *
 * @param key what tells the attachment apart
 * @param network the CNI network's name
 * @param podNamespace the pod's namespace; empty if the caller named no pod
 * @param podName the pod's name; empty if the caller named no pod
 * @param podUid the pod's uid; empty if unknown
 * @param netns the path of the pod's namespace
 * @param capabilities what was asked for by capability
 * @param arguments the arguments of {@code CNI_ARGS}
 */
public record AttachmentRequest(AttachmentKey key, String network, String podNamespace, String podName, String podUid,
    String netns, Fields capabilities, Map<String, String> arguments) {
  /**
   * Copies the map.
   */
  public AttachmentRequest {
    arguments = Map.copyOf(arguments);
  }
}
