package dev.patchbay.netlink;

/** Takes what a subscription receives; called on the subscription's own thread, one call at a time. */
public interface EventHandler {
  /**
   * The kernel told of a change.
   *
   * @param message valid during this call alone
   */
  void message(Message message);

  /**
   * Messages were lost, because they came faster than they were taken (ENOBUFS, netlink(7)). What is known from earlier ones may
   * be wrong now: read anew what matters. Called when all that was not lost has been handed over; what changes from here on is
   * announced again.
   */
  void overrun();
}
