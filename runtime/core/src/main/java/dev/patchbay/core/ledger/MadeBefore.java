package dev.patchbay.core.ledger;

import java.util.OptionalLong;

/**
 * The moment of a DEL: only attachments that were made before it are meant, since container ids may be used again. What was written by
 * a version that knew the wall clock alone is compared by that.
 *
 * @param uptime in milliseconds of the monotonic clock of this boot; empty if that is not known
 * @param wall in milliseconds since 1970
 */
public record MadeBefore(OptionalLong uptime, long wall) {
  /** Whatever is there is meant. */
  public static final MadeBefore ANYTHING = new MadeBefore(OptionalLong.of(Long.MAX_VALUE), Long.MAX_VALUE);

  /**
   * {@return whether an attachment was made before}
   * @param attachment the attachment
   */
  public boolean includes(AttachmentRecord attachment) {
    return includes(attachment.opened(), attachment.since());
  }

  /**
   * {@return whether something that was opened at a time was opened before}
   * @param opened in milliseconds of the monotonic clock; 0 if that is not known
   * @param since in milliseconds since 1970
   */
  public boolean includes(long opened, long since) {
    return opened > 0 && uptime.isPresent() ? opened <= uptime.getAsLong() : since <= wall;
  }
}
