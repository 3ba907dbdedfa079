/**
 * What dead nodes have left in EC2, and what proves that they are dead.
 */
@NullMarked
package dev.patchbay.cluster.sweep;

import org.jspecify.annotations.NullMarked;
