package dev.patchbay.core.kernel;

import dev.patchbay.spi.Finding;
import java.util.List;
import java.util.Optional;

/**
 * What was not as it should be in the kernel, of an attachment or of the node itself, and whether it was brought back.
 *
 * @param key the attachment, or {@link #NODE}
 * @param found what was missing or altered, sentences; at least one
 * @param refusal why it could not be brought back; empty if it was
 */
public record Mended(String key, List<String> found, Optional<Finding> refusal) {
  /** What stands for the node's own part in place of an attachment. */
  public static final String NODE = "node";

  /**
   * Copies the list.
   */
  public Mended {
    found = List.copyOf(found);
  }
}
