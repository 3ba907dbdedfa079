/**
 * The frames that pass between the CNI executable and the daemon: values and a codec, pure functions over bytes. Sockets,
 * files and threads are elsewhere.
 */
module dev.patchbay.wire {
  // Annotations only: nothing of it is needed at run time.
  requires static transitive org.jspecify;

  exports dev.patchbay.wire;
}
