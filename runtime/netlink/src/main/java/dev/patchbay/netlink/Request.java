package dev.patchbay.netlink;

/**
 * One netlink message to the kernel. The typed packages make them; anybody may write more.
 */
public interface Request {
  /**
   * Writes the message: one {@link MessageWriter#begin} with what follows it. Called each time the request is sent.
   */
  void encode(MessageWriter writer);

  /** What the request does, as it shall read after "cannot" in an error message, for example {@code delete link 5}. */
  String describe();
}
