package dev.patchbay.core.kernel;

import dev.patchbay.spi.datapath.DatapathPlan;
import java.util.List;

/**
 * One attachment's part of the datapath.
 *
 * @param key the attachment, unique on the node
 * @param plan the elements
 * @param enis the interfaces that the elements name
 */
public record AttachmentPath(String key, DatapathPlan plan, List<EniPath> enis) {
  /**
   * Copies the list.
   */
  public AttachmentPath {
    enis = List.copyOf(enis);
  }
}
