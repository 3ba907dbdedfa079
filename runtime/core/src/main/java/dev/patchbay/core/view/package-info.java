/**
 * The views that modes see, over the brain's state.
 */
@NullMarked
package dev.patchbay.core.view;

import org.jspecify.annotations.NullMarked;
