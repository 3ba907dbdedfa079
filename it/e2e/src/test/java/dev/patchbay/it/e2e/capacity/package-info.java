/** How many pods fit on a node, where their addresses lie, and what that costs in calls of EC2. */
@NullMarked
package dev.patchbay.it.e2e.capacity;

import org.jspecify.annotations.NullMarked;
