/**
 * Durable journals: records of opaque bytes that are on the disk before their writer is told so, recovered after a crash
 * at any instruction, with damage reported and never skipped. Knows nothing of what the records mean.
 */
module dev.patchbay.store {
  // Annotations only: nothing of it is needed at run time.
  requires static transitive org.jspecify;

  exports dev.patchbay.store;
}
