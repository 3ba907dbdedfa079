/**
 * The kernel as core sees it: what the node's datapath should be, with every symbol resolved to a number. Values only.
 */
@NullMarked
package dev.patchbay.core.kernel;

import org.jspecify.annotations.NullMarked;
