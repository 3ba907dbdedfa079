package dev.patchbay.netlink;

/** The kernel refused something. The message says what was tried, the error's name and meaning, and the kernel's own words. */
public class NetlinkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Errno errno;

  public NetlinkException(String attempt, Errno errno) {
    this(attempt, errno, "");
  }

  /**
   * Composes the message.
   *
   * @param attempt what was tried, to be read after "Cannot"
   * @param details the kernel's own words, or empty
   */
  public NetlinkException(String attempt, Errno errno, String details) {
    super("Cannot " + attempt + ": " + errno + (details.isEmpty() ? "" : ": " + details) + Advice.on(errno));
    this.errno = errno;
  }

  /** For a message that is already whole. */
  NetlinkException(Errno errno, String message) {
    super(message);
    this.errno = errno;
  }

  /** The error, of the first failure if there were several. */
  public final Errno errno() {
    return errno;
  }
}
