/**
 * What is known of the cluster and EC2, and how planners see it.
 */
@NullMarked
package dev.patchbay.cluster.view;

import org.jspecify.annotations.NullMarked;
