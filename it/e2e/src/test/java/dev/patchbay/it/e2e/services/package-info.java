/** Services on nodes that run Patchbay. */
@NullMarked
package dev.patchbay.it.e2e.services;

import org.jspecify.annotations.NullMarked;
