/**
 * The decisions of the cluster side: which replica acts, what dead nodes have left in EC2, what the modes' cluster planners want, and
 * what is to be called next. As pure as core: events in, effects out, time passed in as a value.
 */
module dev.patchbay.cluster {
  requires transitive dev.patchbay.core;
  // Annotations only: nothing of it is needed at run time.
  requires static transitive org.jspecify;

  // One package for each concern: who acts, what planners see, what is left over, and the machine that holds them together.
  exports dev.patchbay.cluster;
  exports dev.patchbay.cluster.admission;
  exports dev.patchbay.cluster.lease;
  exports dev.patchbay.cluster.sweep;
  exports dev.patchbay.cluster.view;
}
