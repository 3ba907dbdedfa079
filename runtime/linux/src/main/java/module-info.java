/**
 * What the daemon asks of the Linux kernel beside netlink. Native access through the Foreign Function and Memory API is for this
 * module and {@code dev.patchbay.netlink} alone.
 */
module dev.patchbay.linux {
  requires transitive dev.patchbay.wire;

  // Annotations only: nothing of it is needed at run time.
  requires static transitive org.jspecify;

  exports dev.patchbay.linux.socket;
}
