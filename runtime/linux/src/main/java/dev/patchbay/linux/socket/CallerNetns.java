package dev.patchbay.linux.socket;

/** The network namespace that {@code CNI_NETNS} names, as the executable could open it. */
public sealed interface CallerNetns {

  /**
   * Opened by the executable; closed when the call is answered or refused. Whether it is a network namespace shows at
   * setns(2): EINVAL.
   */
  record Opened(OwnedDescriptor descriptor) implements CallerNetns {}

  /**
   * The executable could not open it.
   *
   * @param errno why, as open(2) says it
   */
  record Failed(int errno) implements CallerNetns {}

  /** No path was given, or the verb has no namespace. */
  record None() implements CallerNetns {}
}
