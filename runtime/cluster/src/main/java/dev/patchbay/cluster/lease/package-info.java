/**
 * Which of several replicas acts: election by a Lease.
 */
@NullMarked
package dev.patchbay.cluster.lease;

import org.jspecify.annotations.NullMarked;
