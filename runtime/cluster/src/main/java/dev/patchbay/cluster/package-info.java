/**
 * The controller: one state machine that turns what is heard of the cluster and of EC2 into calls.
 */
@NullMarked
package dev.patchbay.cluster;

import org.jspecify.annotations.NullMarked;
