/**
 * The deterministic simulation. The real brain, the real code of ledger and journal, and any modes run against models of EC2, IMDS,
 * API server, kernel, disk and container runtime, with faults at every step, in virtual time; all that happens follows from one seed.
 * It starts no thread, opens no file and reads no clock.
 */
module dev.patchbay.simulation {
  requires transitive dev.patchbay.cluster;
  requires transitive dev.patchbay.core;
  requires transitive dev.patchbay.store;
  // Annotations only: nothing of it is needed at run time.
  requires static transitive org.jspecify;

  exports dev.patchbay.simulation;
  exports dev.patchbay.simulation.cluster;
  exports dev.patchbay.simulation.model;
}
