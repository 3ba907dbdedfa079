package dev.patchbay.netlink;

/**
 * One request of a batch that the kernel refused.
 *
 * @param position of the request in its batch, from 0
 * @param label the caller's label of it
 * @param request what it was to do
 * @param errno the error
 * @param details the kernel's extended acknowledgement (NETLINK_EXT_ACK), or empty: many errors carry none
 */
public record Failure(int position, String label, String request, Errno errno, String details) {
  /** Reads {@code LABEL: cannot add route 10.0.0.0/8: EEXIST (File exists)}. */
  @Override
  public String toString() {
    return (label.isEmpty() ? "" : label + ": ") + "cannot " + request + ": " + errno
        + (details.isEmpty() ? "" : ": " + details) + Advice.on(errno);
  }
}
