/**
 * What the daemon asks of the Linux kernel beside netlink. Native access through the Foreign Function and Memory API is for this
 * module and {@code dev.patchbay.netlink} alone.
 */
module dev.patchbay.linux {
  requires transitive dev.patchbay.core;
  requires transitive dev.patchbay.netlink;
  requires transitive dev.patchbay.wire;

  // Annotations only: nothing of it is needed at run time.
  requires static transitive org.jspecify;

  // Three things that the daemon wants of one machine: its callers, its datapath, its settings. Who needs one need not see the others.
  exports dev.patchbay.linux.datapath;
  exports dev.patchbay.linux.host;
  exports dev.patchbay.linux.socket;
}
