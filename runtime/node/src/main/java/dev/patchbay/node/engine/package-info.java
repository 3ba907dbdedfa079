/**
 * What turns events of the world into events of the brain, and the brain's effects into effects on the world.
 */
@NullMarked
package dev.patchbay.node.engine;

import org.jspecify.annotations.NullMarked;
