package dev.patchbay.linux.socket;

/** What the daemon does with the calls of the container runtime. */
@FunctionalInterface
public interface CniHandler {

  /**
   * Takes a call. Runs on one of the server's platform threads, several at a time; it may block, but while it does one thread
   * fewer takes calls, so waiting for anything is better done elsewhere. Every call must be answered or refused at some time, by
   * any thread, also when the caller has hung up: that is when its descriptor is closed. An exception refuses the call with code 999,
   * unless it has been answered.
   *
   * @param call may already be {@link CniCall#hungUp() hung up}
   */
  void handle(CniCall call);
}
